"""Scans in a language that text recognition (OCR) lacks say so, as their accents are lost."""

from __future__ import annotations

import pytest

from documents.pipeline import left_out, missing_language, recognition
from documents.pipeline.extraction import ReadPage

POLISH = (
    "Zarzad zatwierdzil budzet na rok 2026, ale nie wszystkie wydatki zostaly przyjete. Jest to "
    "wynik rozmow, ktore byly prowadzone przez caly rok. Dlatego tez prosimy, aby kazdy z was "
    "przeslal swoje uwagi do konca tygodnia, bo tylko tak mozemy to zrobic na czas."
)
GERMAN = (
    "Die Geschaftsfuhrung beschliesst grossere Massnahmen an der Kaimauer und bittet alle, die "
    "noch nicht unterschrieben haben, bis zum Ende der Woche zu antworten. Es ist wichtig, dass "
    "wir das nicht vergessen, weil es sonst zu spat sein wird."
)
ENGLISH = (
    "The committee approved the repair of the quay wall, and it asked all owners to send their "
    "surveys to the insurer before the end of the week. This is what we have agreed on with them."
)


@pytest.fixture(autouse=True)
def languages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recognition, "languages", lambda: ("eng",))


def page(text: str, *, confidence: int | None = 92) -> ReadPage:
    return ReadPage(1, text, "read_by_ocr", "ocr", ocr_confidence=confidence)


@pytest.mark.parametrize(("text", "language"), [(POLISH, "pl"), (GERMAN, "de")])
def test_a_language_without_its_data_is_told(text: str, language: str) -> None:
    entries = missing_language.entries([page(text)])
    assert entries == [{"reason": "ocr_language", "language": language}]


@pytest.mark.parametrize(
    "text",
    [ENGLISH, "Copy 7", "", "12 400 EUR\n3 500 EUR\n99 EUR", f"{ENGLISH} {ENGLISH} {GERMAN}"],
    ids=["English", "a stamp", "nothing", "numbers", "mostly English"],
)
def test_there_is_no_false_alarm(text: str) -> None:
    assert missing_language.entries([page(text)]) == []


def test_pages_that_are_text_do_not_count() -> None:
    assert missing_language.entries([page(GERMAN, confidence=None)]) == []


@pytest.mark.parametrize("names", [("eng", "deu"), ("script/Latin",)])
def test_a_language_that_is_there_is_no_word_worth(
    monkeypatch: pytest.MonkeyPatch, names: tuple[str, ...]
) -> None:
    monkeypatch.setattr(recognition, "languages", lambda: names)
    assert missing_language.entries([page(GERMAN)]) == []


@pytest.mark.parametrize(("code", "name"), [("pl", "Polish"), ("xx", "xx")])
def test_it_is_said_in_words(code: str, name: str) -> None:
    said = left_out.told({"reason": "ocr_language", "language": code})
    assert said.startswith(f"its pictures look like {name}, which text recognition (OCR)")
