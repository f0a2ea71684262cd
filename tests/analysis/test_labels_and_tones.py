"""Labels, tones and running heads prove no more than their words say."""

from __future__ import annotations

from typing import Any

import pytest

from documents.pipeline.analysis import SourcePage
from documents.pipeline.analysis.chunks import divide
from documents.pipeline.analysis.evidence import quotes
from documents.pipeline.analysis.model import answers
from documents.pipeline.analysis.model.verification import verify
from documents.pipeline.analysis.model.verifier import ChunkFindings

NEUTRAL = "The auditor reviewed the invoices of the harbor in May and returned them in June."
PLEASED = "The council is very pleased with the quick repair of the quay wall."
HEAD = "Harbor committee annual report"


def verified(pages: list[str], **claims: Any) -> ChunkFindings:
    nothing: dict[str, Any] = {"key_points": [], "summary": [], "topics": [], "action_items": []}
    neutral = {"label": "neutral", "evidence": []}
    answer = answers.ChunkAnswer.model_validate(
        {"language": "en", **nothing, "sentiment": neutral, **claims}
    )
    source = [SourcePage(number, text) for number, text in enumerate(pages, start=1)]
    return verify(answer, divide(source, 24_000)[0], quotes.index(source))


def said(quote: str, page: int = 1) -> list[dict[str, Any]]:
    return [{"page": page, "quote": quote}]


def labels(*wanted: str, text: str = NEUTRAL, **claims: Any) -> list[str]:
    topics = [{"label": label, "evidence": said(text)} for label in wanted]
    return [topic.label for topic in verified([text], topics=topics, **claims).topics]


def test_a_label_that_stands_nowhere_is_set_aside() -> None:
    topics = [{"label": "Embezzlement", "evidence": said(NEUTRAL)}]
    findings = verified([NEUTRAL], topics=topics)
    assert findings.topics == []
    [aside] = findings.unverified
    assert (aside["kind"], aside["reason"]) == ("topic", "not_named")


@pytest.mark.parametrize("label", ["Harbor invoices", "invoice", "Review of the audit", "AUDITORS"])
def test_a_label_of_words_that_stand_there_is_kept(label: str) -> None:
    assert labels(label) == [label]


def test_labels_in_another_language_than_the_document_are_kept() -> None:
    german = "Der Prüfer hat die Rechnungen des Hafens im Mai geprüft und nicht beanstandet."
    points = [{"text": german, "evidence": said(NEUTRAL)}]
    assert labels("Rechnungen", key_points=points) == ["Rechnungen"]


@pytest.mark.parametrize(("label", "kept"), [("码头墙", ["码头墙"]), ("欺诈", [])])
def test_labels_without_spaces_are_looked_for_as_they_are(label: str, kept: list[str]) -> None:
    assert labels(label, text="委员会批准了码头墙的维修。") == kept


def tone(label: str, rationale: str, quote: str) -> Any:
    claim = {"label": label, "rationale": rationale, "evidence": said(quote)}
    return verified([f"{NEUTRAL} {PLEASED}"], sentiment=claim)


def test_a_tone_without_a_word_of_it_is_not_assessed() -> None:
    findings = tone("negative", "The auditor is furious about fraud.", NEUTRAL)
    assert findings.sentiment.label == "not_assessed"
    [aside] = findings.unverified
    assert aside["reason"] == "no_such_tone"


def test_a_tone_against_the_words_of_its_quote_is_not_assessed() -> None:
    assert tone("negative", "", PLEASED).sentiment.label == "not_assessed"


def test_a_tone_is_shown_without_a_reason_that_does_not_follow() -> None:
    kept = tone("positive", "The mayor celebrates the new stadium.", PLEASED).sentiment
    assert (kept.label, kept.rationale) == ("positive", "")


def test_a_reason_that_follows_is_shown() -> None:
    kept = tone("positive", "The council is pleased with the repair.", PLEASED).sentiment
    assert kept.rationale == "The council is pleased with the repair."


def head_as_proof(claim: str) -> Any:
    bodies = ["The survey took place in March", "Nobody was hurt", "The fees stay as they are"]
    pages = [f"{HEAD}\n\n{body} and the chair thanked all.\n\n{body} again." for body in bodies]
    points = [{"text": claim, "evidence": said(HEAD, page=2)}]
    [point] = verified(pages, key_points=points).key_points
    return point


def test_a_running_head_proves_no_more_than_it_says() -> None:
    point = head_as_proof("The harbor committee report praises the crane drivers.")
    assert point.support == "partly"
    assert {"praises", "crane", "drivers"} <= set(point.unsupported_words)


def test_a_running_head_proves_what_it_says() -> None:
    assert head_as_proof("It is an annual report of the harbor committee.").support == "supported"


def test_the_text_below_a_running_head_is_no_part_of_it() -> None:
    point = head_as_proof("The harbor committee report says that nobody was hurt.")
    assert "hurt" in point.unsupported_words
