"""Verifier: claim by claim, what the document's own words stand behind and what is set aside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from documents.pipeline.analysis.evidence import numbers
from documents.pipeline.analysis.evidence.quotes import Grounding
from documents.pipeline.analysis.evidence.support.judge import Judgement
from documents.pipeline.analysis.model import answers
from documents.pipeline.analysis.schema import (
    NOT_ASSESSED,
    ActionItem,
    DocumentDate,
    Evidence,
    KeyPoint,
    Sentiment,
    Topic,
)

_MOST_QUOTES = 5
_REPORTED = ("key_point", "topic", "action_item")


@dataclass
class ChunkFindings:
    """What of one chunk was verified; `weight` is its size, for putting several together."""

    weight: int
    language: str | None
    summary: list[KeyPoint] = field(default_factory=list)
    key_points: list[KeyPoint] = field(default_factory=list)
    topics: list[Topic] = field(default_factory=list)
    sentiment: Sentiment = NOT_ASSESSED
    actionable_items: list[ActionItem] = field(default_factory=list)
    unverified: list[dict[str, Any]] = field(default_factory=list)
    unseen_pages: list[int] = field(default_factory=list)  # nothing shows that they were seen
    kind: Topic | None = None
    document_date: DocumentDate | None = None

    @property
    def unverified_share(self) -> float:
        """How much of what the model reported has no quote that holds."""
        held = len(self.key_points) + len(self.topics) + len(self.actionable_items)
        # Quotes that contradict their claim do stand there: asking for better ones would not help.
        fell = sum(c["kind"] in _REPORTED and "reason" not in c for c in self.unverified)
        return fell / (held + fell) if held + fell else 0.0

    @property
    def failed_quotes(self) -> list[str]:
        quotes = (quote for claim in self.unverified for quote in claim.get("quotes", []))
        return list(dict.fromkeys(quotes))


class Verifier:
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
            evidence = self._look_up(quote)
            if evidence is None:
                missing.append(quote.quote)
            elif evidence not in found:
                found.append(evidence)
        is_verified = any(evidence.match == "verbatim" for evidence in found)
        if is_verified and not self._grounding.echoes_flagged(text):
            return found
        self.set_aside(kind, text, quotes=missing, evidence=[asdict(each) for each in found])
        return []

    def _look_up(self, quote: answers.Quote) -> Evidence | None:
        evidence = self._grounding.verify(quote.quote, quote.page)
        if evidence and evidence.match == "verbatim":
            return evidence
        bare = answers.without_page_labels(quote.quote)
        return (
            self._grounding.verify(bare, quote.page) if bare != quote.quote else None
        ) or evidence

    def judge(self, kind: str, text: str, evidence: Sequence[Evidence]) -> Judgement | None:
        """What its quotes say of a claim; None where they contradict it, and it is set aside."""
        judgement = self._grounding.judge(text, evidence)
        if judgement.support != "contradicted":
            return judgement
        places = [asdict(each) for each in evidence]
        self.set_aside(kind, text, reason="contradicted", evidence=places)
        return None

    def echoes_flagged(self, text: str) -> bool:
        return self._grounding.echoes_flagged(text)

    def set_aside(self, kind: str, text: str, **details: Any) -> None:
        given = {name: detail for name, detail in details.items() if detail}
        self._unverified.append({"kind": kind, "text": text, **given})


def as_point(
    text: str, evidence: list[Evidence], judgement: Judgement, importance: int | None = None
) -> KeyPoint:
    unquoted = numbers.unquoted(text, evidence)
    return KeyPoint(text, evidence, unquoted, importance=importance, **asdict(judgement))
