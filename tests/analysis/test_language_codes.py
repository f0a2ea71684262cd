"""What a model calls the language of a document is a language, or nothing."""

from __future__ import annotations

import pytest

from documents.pipeline.analysis import language_codes


@pytest.mark.parametrize(
    ("said", "known"),
    [
        *(("en", "en"), ("DE", "de"), ("pt-BR", "pt"), (" zh_Hans", "zh"), ("yue", "yue")),
        *(("eng", "en"), ("ger", "de"), ("deu", "de"), ("fil", "fil")),
    ],
)
def test_codes_of_languages_are_kept(said: str, known: str) -> None:
    assert language_codes.known(said) == known


@pytest.mark.parametrize("said", ["iso", "xx", "doc", "new", "the", "English", "", "12", "e"])
def test_what_names_no_language_is_none(said: str) -> None:
    assert language_codes.known(said) is None
