"""The extractive engine: findings without a model or a network, in the document's own words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from documents.pipeline.analysis.evidence import injection
from documents.pipeline.analysis.offline import language as languages
from documents.pipeline.analysis.offline import people, sentences, summary, tone, topics
from documents.pipeline.analysis.offline.actions import action_items, assessment
from documents.pipeline.analysis.offline.facts import finder, leading, letters
from documents.pipeline.analysis.offline.kinds import classifier
from documents.pipeline.analysis.offline.sentences import Sentences
from documents.pipeline.analysis.schema import (
    ActionItem,
    DocumentKind,
    Evidence,
    Fact,
    Findings,
    KeyPoint,
    Ledger,
    SourcePage,
)

# A text without sentences is shown by its beginning, in characters.
BEGINNING = 300

STEPS = 4


class OfflineEngine:
    """Deterministic: the same pages give the same findings on every machine."""

    name = "offline"
    model = ""
    prompt_version = "offline-3"

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
        spoken = languages.detect(pages)
        parts = languages.parts(pages, spoken)
        found = sentences.read(parts[spoken], spoken)
        small_words = languages.stop_words(spoken)
        on_progress(1, STEPS)
        kind = classifier.tell(pages).kind if pages else None
        facts = finder.find(kind, parts[spoken], found, spoken)
        key_points = leading.told(facts) + self._points(found, kind, facts, spoken)
        key_points = key_points or _beginning(pages)
        on_progress(2, STEPS)
        subjects = topics.find(found, small_words, people.names_in(found))
        on_progress(3, STEPS)
        findings = Findings(
            summary=" ".join(point.text for point in key_points),
            summary_sentences=key_points,
            key_points=key_points,
            topics=subjects,
            sentiment=tone.assess(found, spoken, kind),
            actionable_items=_tasks(parts, spoken, found, kind),
            action_items_note=assessment.note(spoken),
            flagged=flagged,
            language=spoken or language,
            document_kind=kind,
            facts=facts,
            other_languages=_other_languages(parts, spoken),
            cost_usd=Decimal(0),
        )
        on_progress(STEPS, STEPS)
        return findings

    def _points(
        self, found: Sentences, kind: DocumentKind | None, facts: list[Fact], spoken: str | None
    ) -> list[KeyPoint]:
        """Sentences of the document; an invoice whose facts are known has no story to tell."""
        if kind == "invoice" and facts:
            return []
        chosen = summary.choose(found, languages.stop_words(spoken), spoken)
        points = [found.without_bullet(index) for index in chosen]
        told = [fact for fact in facts if fact.name in ("asked", "parties", "sender", "subject")]
        news = (each for each in points if not any(_holds(each, fact) for fact in told))
        return [_key_point(letters.without_greeting(each)) for each in news]


def _holds(point: Evidence, fact: Fact) -> bool:
    """Whether the point says what the fact has said: who the parties are, what is asked."""
    place = fact.evidence[0]
    if fact.name == "subject" and point.end > place.end + 1:
        return False  # It says more than the line that names it.
    return place.page == point.page and point.start <= place.start < point.end


def _tasks(
    parts: dict[str | None, list[SourcePage]],
    spoken: str | None,
    found: Sentences,
    kind: DocumentKind | None,
) -> list[ActionItem]:
    """The tasks of each part, read by the rules of its language."""
    # A report is what the classifier says of prose without other signs, short mails among it.
    known = None if kind == "report" else kind
    tasks = action_items.find(found, spoken, known)
    for other, pages in parts.items():
        if other != spoken:
            tasks += action_items.find(sentences.read(pages, other), other, known)
    return tasks


def _other_languages(
    parts: dict[str | None, list[SourcePage]], spoken: str | None
) -> list[dict[str, Any]]:
    """Parts in other languages, which the summary leaves out."""
    return [
        {"language": other, "pages": [page.number for page in pages]}
        for other, pages in parts.items()
        if other != spoken
    ]


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
