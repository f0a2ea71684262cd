"""Memoization: asked once in one document, and forgotten with it."""

from __future__ import annotations

import threading
from dataclasses import asdict

import pytest

from documents.pipeline.analysis import SourcePage
from documents.pipeline.analysis.evidence import memo, quotes
from documents.pipeline.analysis.evidence.support import figure_words
from tests.analysis.claims.reading import read


@pytest.fixture
def asked():
    """What a memoized function was really asked."""
    return []


@pytest.fixture
def count(asked):
    @memo.memoized
    def count(text, sign=""):
        asked.append(text)
        return len(text + sign)

    return count


def test_the_same_is_asked_once_in_a_document(count, asked):
    with memo.of_document():
        assert [count("quay"), count("quay"), count("wall")] == [4, 4, 4]
    assert asked == ["quay", "wall"]


def test_what_is_named_tells_questions_apart(count):
    with memo.of_document():
        assert [count("quay"), count("quay", sign="!"), count("quay", "!!")] == [4, 5, 6]


def test_nothing_is_kept_outside_of_a_document(count, asked):
    with memo.of_document():
        count("quay")
    count("quay")
    count("quay")
    assert asked == ["quay"] * 3


def test_the_next_document_knows_nothing_of_the_one_before(count, asked):
    for _ in range(2):
        with memo.of_document():
            count("quay")
    assert asked == ["quay"] * 2


def test_two_threads_read_two_documents(count, asked):
    with memo.of_document():
        count("quay")
        other = threading.Thread(target=count, args=("quay",))
        other.start()
        other.join()
    assert asked == ["quay"] * 2


def test_a_document_with_very_many_claims_begins_anew(count, asked, monkeypatch):
    monkeypatch.setattr(memo, "MOST", 2)
    with memo.of_document():
        for text in ("one", "two", "three", "one"):
            count(text)
    assert asked == ["one", "two", "three", "one"]


def test_a_failure_is_not_kept():
    @memo.memoized
    def fail(text):
        raise ValueError(text)

    with memo.of_document():
        for _ in range(2):
            with pytest.raises(ValueError, match="quay"):
                fail("quay")


def test_an_engine_keeps_nothing_of_a_document_it_has_read(analyze, count, asked):
    during = []
    analyze(on_progress=lambda *_: during.append(count("quay")))
    assert len(during) > 1
    assert asked == ["quay"]
    count("quay")
    assert asked == ["quay"] * 2


@pytest.mark.parametrize("half", ["working", "derived"])
def test_a_claim_is_judged_alike_whatever_was_judged_before_it(half):
    with memo.of_document():
        together = [_judged(claim) for claim in read(half)]
    assert together == [_judged(claim) for claim in read(half)]


def _judged(claim):
    grounding = quotes.index([SourcePage(1, claim.paper.text)])
    evidence = [place for quote in claim.quotes if (place := grounding.verify(quote, 1))]
    return asdict(grounding.judge(claim.text, evidence))


def test_a_text_without_a_word_for_a_figure_stays_as_it_is():
    assert figure_words.respelled("the quay wall was inspected", "en") == (
        "the quay wall was inspected"
    )


@pytest.mark.parametrize(
    ("code", "text", "respelled"),
    [
        ("en", "one and a half tons within a fortnight", "1.5 tons within 14 days"),
        ("en", "three in four, fifty-three, one out of two", "75 percent, 53, 50 percent"),
        ("de", "anderthalb jahre, jeder vierte", "1.5 jahre, 25 percent"),
        ("fr", "une heure et demie dans quinze jours", "1.5 heure dans 14 jours"),
        ("es", "un año y medio, una docena", "1.5 año, 12"),
    ],
)
def test_several_words_for_figures_are_respelled_in_one_text(code, text, respelled):
    assert figure_words.respelled(text, code) == respelled
