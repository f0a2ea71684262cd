"""The extractive engine: findings without a model or a network, in the document's own words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal

from documents.pipeline.analysis.evidence import injection
from documents.pipeline.analysis.offline import (
    language,
    people,
    sentences,
    summary,
    tone,
    topics,
)
from documents.pipeline.analysis.offline.actions import action_items
from documents.pipeline.analysis.schema import Evidence, Findings, KeyPoint, Ledger, SourcePage

# A text without sentences is shown by its beginning, in characters.
BEGINNING = 300

STEPS = 4


class OfflineEngine:
    """Deterministic: the same pages give the same findings on every machine."""

    name = "offline"
    model = ""
    prompt_version = "offline-1"

    def analyze(
        self,
        pages: Sequence[SourcePage],
        *,
        language: str | None,
        ledger: Ledger,
        on_progress: Callable[[int, int], None],
    ) -> Findings:
        """The findings; `language` is recorded where the text does not tell its own."""
        flagged = injection.find(pages)
        pages = injection.without(pages, flagged)
        found = sentences.read(pages)
        spoken = _language_of(pages)
        small_words = _small_words(spoken)
        on_progress(1, STEPS)
        chosen = summary.choose(found, small_words)
        key_points = [_key_point(found.without_bullet(n)) for n in chosen] or _beginning(pages)
        on_progress(2, STEPS)
        subjects = topics.find(found, small_words, people.names_in(found))
        on_progress(3, STEPS)
        findings = Findings(
            summary=" ".join(point.text for point in key_points),
            summary_sentences=key_points,
            key_points=key_points,
            topics=subjects,
            sentiment=tone.assess(found, spoken),
            actionable_items=action_items.find(found, spoken),
            flagged=flagged,
            language=spoken or language,
            cost_usd=Decimal(0),
        )
        on_progress(STEPS, STEPS)
        return findings


def _language_of(pages: Sequence[SourcePage]) -> str | None:
    return language.detect(pages)


def _small_words(code: str | None) -> frozenset[str]:
    return language.stop_words(code)


def _beginning(pages: Sequence[SourcePage]) -> list[KeyPoint]:
    """What stands first, where nothing reads as a sentence; nothing for an empty document."""
    for page in pages:
        text = page.text.strip()[:BEGINNING].rstrip()
        if text:
            start = page.text.index(text)
            return [_key_point(Evidence(page.number, start, start + len(text), text, "verbatim"))]
    return []


def _key_point(evidence: Evidence) -> KeyPoint:
    # The claim is its quote: there is nothing to compare.
    return KeyPoint(" ".join(evidence.quote.split()), [evidence], support="supported")
