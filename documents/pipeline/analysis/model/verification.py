"""Verification: of what a model claims, only what the document's own words stand behind."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from typing import Any

from documents.pipeline.analysis.chunks import Chunk
from documents.pipeline.analysis.evidence import normalization, numbers
from documents.pipeline.analysis.evidence.quotes import Grounding
from documents.pipeline.analysis.model import answers
from documents.pipeline.analysis.schema import (
    NOT_ASSESSED,
    ActionItem,
    Evidence,
    KeyPoint,
    Sentiment,
    Topic,
)

_MOST_QUOTES = 5
_REPORTED = ("key_point", "topic", "action_item")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?![a-z])")


@dataclass
class ChunkFindings:
    """What of one chunk was verified; `weight` is its size, for putting several together."""

    weight: int
    language: str | None
    summary: list[str] = field(default_factory=list)
    key_points: list[KeyPoint] = field(default_factory=list)
    topics: list[Topic] = field(default_factory=list)
    sentiment: Sentiment = NOT_ASSESSED
    actionable_items: list[ActionItem] = field(default_factory=list)
    unverified: list[dict[str, Any]] = field(default_factory=list)

    @property
    def unverified_share(self) -> float:
        """How much of what the model reported has no quote that holds."""
        held = len(self.key_points) + len(self.topics) + len(self.actionable_items)
        fell = sum(claim["kind"] in _REPORTED for claim in self.unverified)
        return fell / (held + fell) if held + fell else 0.0

    @property
    def failed_quotes(self) -> list[str]:
        quotes = (quote for claim in self.unverified for quote in claim.get("quotes", []))
        return list(dict.fromkeys(quotes))


def verify(answer: answers.ChunkAnswer, chunk: Chunk, grounding: Grounding) -> ChunkFindings:
    """Keep what a verbatim quote stands behind; set the rest aside as unverified."""
    language = _LANGUAGE.match(answer.language.lower())
    findings = ChunkFindings(weight=chunk.tokens, language=language[0] if language else None)
    verifier = _Verifier(grounding, findings.unverified)
    verified_points = _verify_points(answer, verifier, findings)
    _verify_summary(answer, verified_points, findings, grounding)
    for topic in answer.topics:
        if evidence := verifier.evidence_for("topic", topic.label, topic.evidence):
            findings.topics.append(Topic(topic.label, evidence))
    findings.sentiment = _verify_sentiment(answer.sentiment, verifier)
    for claim in answer.action_items:
        if evidence := verifier.evidence_for("action_item", claim.task, claim.evidence):
            findings.actionable_items.append(_action_item(claim, evidence, chunk, grounding))
    return findings


class _Verifier:
    """Looks up the quotes of one claim after the other and sets aside what fails."""

    def __init__(self, grounding: Grounding, unverified: list[dict[str, Any]]) -> None:
        self._grounding = grounding
        self._unverified = unverified

    def evidence_for(self, kind: str, text: str, quotes: Sequence[answers.Quote]) -> list[Evidence]:
        """The evidence for a claim; empty where no quote of it is verbatim, or nothing is said."""
        if not text:
            return []
        found: list[Evidence] = []
        missing: list[str] = []
        for quote in quotes[:_MOST_QUOTES]:
            evidence = self._grounding.verify(quote.quote, quote.page)
            if evidence is None:
                missing.append(quote.quote)
            elif evidence not in found:
                found.append(evidence)
        is_verified = any(evidence.match == "verbatim" for evidence in found)
        if is_verified and not self._grounding.echoes_flagged(text):
            return found
        self._set_aside(kind, text, quotes=missing, evidence=[asdict(each) for each in found])
        return []

    def _set_aside(self, kind: str, text: str, **details: Any) -> None:
        given = {name: detail for name, detail in details.items() if detail}
        self._unverified.append({"kind": kind, "text": text, **given})


def _verify_points(
    answer: answers.ChunkAnswer, verifier: _Verifier, findings: ChunkFindings
) -> dict[int, KeyPoint]:
    """The points that hold, by their numbers from 1."""
    verified = {}
    for number, point in enumerate(answer.key_points, start=1):
        if evidence := verifier.evidence_for("key_point", point.text, point.evidence):
            unquoted = numbers.unquoted(point.text, evidence)
            verified[number] = KeyPoint(point.text, evidence, unquoted)
    findings.key_points += verified.values()
    return verified


def _verify_summary(
    answer: answers.ChunkAnswer,
    verified: dict[int, KeyPoint],
    findings: ChunkFindings,
    grounding: Grounding,
) -> None:
    """A sentence of the summary stands on its points: if one falls, so does the sentence."""
    for sentence in answer.summary:
        points = [verified[number] for number in sentence.sources if number in verified]
        is_founded = points and len(points) == len(sentence.sources)
        if sentence.text and is_founded and holds(sentence.text, points, grounding):
            findings.summary.append(sentence.text)
        elif sentence.text:
            findings.unverified.append({"kind": "summary", "text": sentence.text})
    if not findings.summary:
        findings.summary = [point.text for point in findings.key_points[:4]]


def holds(sentence: str, points: Sequence[KeyPoint], grounding: Grounding) -> bool:
    """Whether a sentence may stand on these points: a summary has no room for a mark, so a
    figure that none of their quotes has is enough to drop it."""
    quotes = [evidence.quote for point in points for evidence in point.evidence]
    return numbers.are_among(sentence, quotes) and not grounding.echoes_flagged(sentence)


def _verify_sentiment(claim: answers.SentimentClaim, verifier: _Verifier) -> Sentiment:
    if claim.label == "neutral" and not claim.evidence:
        # The absence of a tone cannot be quoted; what is said about it could be, and is not.
        return Sentiment("neutral", claim.score, "", [])
    text = f"{claim.label}: {claim.rationale}" if claim.rationale else claim.label
    evidence = verifier.evidence_for("sentiment", text, claim.evidence)
    if not evidence:
        return NOT_ASSESSED
    return Sentiment(claim.label, claim.score, claim.rationale, evidence)


def _action_item(
    claim: answers.ActionClaim, evidence: list[Evidence], chunk: Chunk, grounding: Grounding
) -> ActionItem:
    """A name or a date that is not on these pages was made up and is left out."""
    assignee, due_text = (
        text if text and grounding.mentions(text, chunk.pages) else None
        for text in (claim.assignee, claim.due_text)
    )
    item = ActionItem(
        task=claim.task,
        assignee=assignee,
        due_text=due_text,
        due_date=_plain_date(claim.due_date, due_text),
        priority=claim.priority,
        evidence=evidence,
    )
    return replace(item, unquoted_numbers=numbers.unquoted(item.in_words(), evidence))


def _plain_date(claimed: str | None, due_text: str | None) -> str | None:
    """The date, if the document's own words give its day and its year."""
    try:
        due = date.fromisoformat(claimed or "")
    except ValueError:
        return None
    written = re.findall(r"\d+", " ".join(normalization.numbers(due_text or "")))
    figures = {int(figure) for figure in written}
    has_year = bool(figures & {due.year, due.year % 100})
    return due.isoformat() if due.day in figures and has_year else None
