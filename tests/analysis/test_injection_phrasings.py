"""Many ways of speaking to a model are noticed, and what manuals tell their readers is not."""

from __future__ import annotations

import pytest

from documents.pipeline.analysis import SourcePage
from documents.pipeline.analysis.evidence import injection
from documents.pipeline.analysis.evidence.disguise import undisguised
from tests.analysis.injections import reading


@pytest.mark.parametrize(("language", "text"), reading.orders("working"))
def test_each_phrasing_of_the_working_half_is_flagged(language: str, text: str) -> None:
    [passage] = injection.find([SourcePage(1, f"The wall moved.\n\n{text}\n\nIt held.")])
    assert passage.quote == text


def test_of_the_half_that_no_rule_was_written_for_most_are() -> None:
    orders = reading.orders("held_out")
    noticed = [text for _, text in orders if injection.find([SourcePage(1, text)])]
    assert len(noticed) >= 29


@pytest.mark.parametrize("half", ["working", "held_out"])
def test_no_innocent_sentence_is_flagged(half: str) -> None:
    sentences = reading.innocent(half)
    assert [text for text in sentences if injection.find([SourcePage(1, text)])] == []


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("Igno-\nre it", "ignore it"),
        ("instruc\u00ad\n tions", "instructions"),
        ("Ignоre аll", "ignore all"),
        ("well-known\nfacts", "well-known\nfacts"),
        ("Все инструкции", "все инструкции"),
        ("Ελλάδα and EU", "ελλάδα and eu"),
    ],
)
def test_a_text_is_seen_as_its_reader_sees_it(text: str, seen: str) -> None:
    assert undisguised(text)[0] == seen


@pytest.mark.parametrize("text", ["Igno-\nre İt", "a-\nb-\nc", "Ｉｇ\u200bnоre", "no\nthing"])
def test_each_character_knows_where_it_came_from(text: str) -> None:
    seen, offsets = undisguised(text)
    places = list(offsets) if offsets else list(range(len(text)))
    assert len(places) == len(seen)
    assert places == sorted(places)
    assert set(places) <= set(range(len(text)))
