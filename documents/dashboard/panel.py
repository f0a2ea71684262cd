"""Everything a document's page shows that can change, read together."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from atom_project import paths
from documents import failures, queue, results
from documents.dashboard import coverage, engine_description, list_row
from documents.estimates import current
from documents.estimates.current import Estimate
from documents.failures import FailureCode
from documents.models import Analysis, Document, Status, StatusEvent
from documents.page_images import pictures
from documents.pipeline import engines, language_names, recognition
from documents.pipeline.analysis import wording
from documents.pipeline.analysis.evidence.normalization import are_same_figures, figures, fold
from documents.pipeline.extraction.encodings import encoding_names
from documents.queue import WaitingReason
from documents.uploads.file_types import TEXTS
from documents.waiting import turns

_REASONS = {
    "retry": "Put in line again on request.",
    "released": "The worker was stopped; the document kept its place in line.",
    "worker_lost": "The worker went silent; the document kept its place in line.",
    "line_paused": "The line is paused; the document kept its place in it.",
    "reused": "Taken over from an identical file.",
    "restored": "Taken out of the trash.",
}

MOST_PLACES = 3  # beside one sentence of the summary


@dataclass(frozen=True)
class Step:
    """One line of the history."""

    event: StatusEvent
    reason: str
    is_current: bool


@dataclass(frozen=True)
class Panel:
    document: Document
    version: int
    position: int | None
    waiting_reason: str
    history: list[Step]
    analysis: Analysis | None
    findings: dict[str, Any]
    items: list[dict[str, Any]]
    versions: list[Analysis]  # every analysis, newest first; only when and by what is read
    twin: Document | None  # the identical document whose analysis was taken over
    estimate: Estimate | None = None

    @property
    def order(self) -> str:
        """By what its position is counted."""
        return turns.order_in_words()

    @property
    def ready_in(self) -> str:
        return current.in_words(self.estimate) if self.estimate else ""

    @property
    def trust(self) -> str:
        """How often such estimates held."""
        return current.record_in_words(self.estimate) if self.estimate else ""

    @property
    def elapsed(self) -> int | None:
        return list_row.elapsed(self.document)

    @property
    def progress(self) -> str:
        return list_row.progress_in_words(self.document)

    @property
    def language(self) -> str:
        """In words, where it is known what the code stands for."""
        return language_names.in_words(self.document.language)

    @property
    def encoding(self) -> str:
        return encoding_names.name_of(self.document.encoding)

    @property
    def encodings(self) -> dict[str, dict[str, str]]:
        """Those a finished text file can be read in instead, in groups."""
        can_be_read_anew = self.document.is_finished and self.document.content_type in TEXTS
        return encoding_names.GROUPS if can_be_read_anew else {}

    @property
    def can_be_recognized(self) -> bool:
        """Whether nobody was there to read its pictures, and text recognition (OCR) is by now."""
        return self.document.is_finished and recognition.is_outdated(self.document)

    @property
    def has_picture(self) -> bool:
        """Whether its pages can be looked at."""
        return pictures.are_worth_a_try(self.document)

    @property
    def coverage(self) -> str:
        return coverage.in_words(self.analysis.coverage) if self.analysis else ""

    @property
    def is_partly_read(self) -> bool:
        return bool(self.analysis and self.analysis.coverage.get("not_read"))

    @property
    def hidden_text_pages(self) -> list[int]:
        return self.analysis.coverage.get("hidden_text", []) if self.analysis else []

    @property
    def struck_out_pages(self) -> list[int]:
        """Pages whose quotes may be words that somebody struck out."""
        return self.analysis.coverage.get("struck_out", []) if self.analysis else []

    @property
    def recognized_pages(self) -> list[int]:
        """Pages whose quotes were read from a picture (OCR)."""
        ocr = self.analysis.coverage.get("ocr") if self.analysis else None
        return ocr["pages"] if ocr else []

    @property
    def summary(self) -> list[dict[str, Any]]:
        """Each sentence with a place to look at on each of its first pages."""
        return [
            {"text": sentence["text"], "places": _first_of_each_page(sentence["evidence"])}
            for sentence in self.findings.get("summary_sentences", [])
        ]

    @property
    def warning(self) -> dict[str, str] | None:
        """Of the analysis shown: the document has text, and nothing said of it is borne out."""
        return self.analysis.result.get("warning") if self.analysis else None

    @property
    def engine_choices(self) -> list[engine_description.Choice]:
        """What may do better than what made the analysis shown."""
        if self.analysis is None:
            return []
        is_built_in = self.analysis.engine == engines.BUILT_IN
        return engine_description.others(engines.BUILT_IN if is_built_in else self.analysis.model)

    @property
    def has_unverified_items(self) -> bool:
        return any(claim["kind"] == "action_item" for claim in self.findings.get("unverified", []))

    @property
    def written_on(self) -> date | None:
        """The day the document itself says it was written."""
        dated = self.findings.get("document_date")
        return date.fromisoformat(dated["date"]) if dated else None

    @property
    def kind(self) -> str:
        """What kind of paper it was read as, in words; empty where that says nothing."""
        kind = self.findings.get("document_kind")
        return wording.KINDS[kind] if kind and kind != "other" else ""

    @property
    def facts(self) -> list[dict[str, Any]]:
        return [
            {
                **fact,
                "label": wording.FACTS.get(fact["name"], fact["name"]),
                "understood_as": _understood_as(fact),
            }
            for fact in self.findings.get("facts", [])
        ]

    @property
    def is_one_list(self) -> bool:
        return bool(self.analysis and results.is_one_list(self.analysis.result))

    @property
    def points_of_summary(self) -> list[dict[str, Any]]:
        """The key points without the first where it tells the facts, which stand apart."""
        return self.key_points[1:] if self.facts else self.key_points

    @property
    def key_points(self) -> list[dict[str, Any]]:
        """Each place with whether its quote only says the point once more."""
        return [
            {**point, "evidence": [_compared(place, point["text"]) for place in point["evidence"]]}
            for point in self.findings.get("key_points", [])
        ]

    @property
    def items_done(self) -> int:
        return sum(item["done"] for item in self.items)

    @property
    def is_outdated(self) -> bool:
        """Whether the analysis shown is of an earlier run."""
        return self.analysis is not None and self.document.status != Status.COMPLETED

    @property
    def is_earlier(self) -> bool:
        """Whether a newer analysis than the one shown exists."""
        return self.analysis is not None and self.analysis.pk != self.versions[0].pk

    @property
    def took(self) -> str:
        """How long the last run took, or nothing while it goes on."""
        document = self.document
        if not (document.is_finished and document.started_at and document.finished_at):
            return ""
        return in_words(document.finished_at - document.started_at)


def read(document: Document, *, version: int, analysis: Analysis | None = None) -> Panel:
    """The panel of this document, with this analysis or the newest; ten queries at most."""
    history = list(StatusEvent.objects.of(document).statuses().oldest_first())
    analysis = analysis or document.current_analysis
    findings = results.result_json(analysis)["findings"] if analysis else {}
    return Panel(
        document=document,
        version=version,
        position=queue.positions([document]).get(document.pk),
        waiting_reason=_waiting_reason(document),
        history=[_step(event, is_current=event is history[-1]) for event in history],
        analysis=analysis,
        findings=findings,
        items=[_with_date(item) for item in findings.get("actionable_items", [])],
        versions=_versions(document) if analysis else [],
        twin=_twin(document, analysis) if analysis else None,
        estimate=current.of([document]).get(document.pk),
    )


def _waiting_reason(document: Document) -> str:
    reason = queue.waiting_reason(document)
    if reason is None:
        return ""
    if reason is not WaitingReason.NO_WORKER:
        return reason.in_words()
    start = f"Start one with {paths.program()} worker"
    if document.is_queued:
        return f"No worker is running. {start}."
    return f"No worker is running, so the work stands still. {start}; it goes on by itself."


def _twin(document: Document, analysis: Analysis) -> Document | None:
    source = analysis.result.get("provenance", {}).get("reused_from_document")
    # It may be deleted by now; and no page ever names somebody else's document.
    own = Document.objects.filter(owner=document.owner_id)
    return own.filter(pk=source).first() if source else None


def _versions(document: Document) -> list[Analysis]:
    return list(document.analyses.newest_first().only("document", "engine", "model", "created_at"))


def _with_date(item: dict[str, Any]) -> dict[str, Any]:
    due, start = item.get("due_date"), item.get("due_from")
    return {
        **item,
        "due_on": date.fromisoformat(due) if due else None,
        "counted_from": date.fromisoformat(start["date"]) if start else None,
    }


def _compared(place: dict[str, Any], claim: str) -> dict[str, Any]:
    # Of a quote that was broken over lines, or hyphenated, the letters are the same.
    quote = place["quote"]
    # Signs are no letters: a claim of 5 degrees is not what "-5 degrees" says.
    is_same = fold(quote) == fold(claim) and are_same_figures(figures(quote), figures(claim))
    return {**place, "is_own_words": is_same}


def _understood_as(fact: dict[str, Any]) -> str:
    """Its value as programs get it, where that is more than other marks between its digits."""
    normalized = fact.get("normalized") or ""
    plain, said = (re.sub(r"[\W_]", "", text) for text in (normalized, fact["value"]))
    return normalized if plain != said else ""


def _first_of_each_page(evidence: list[dict[str, Any]]) -> list[dict[str, Any]]:
    pages: dict[int, dict[str, Any]] = {}
    for place in evidence:
        pages.setdefault(place["page"], place)
    return list(pages.values())[:MOST_PLACES]


def _step(event: StatusEvent, *, is_current: bool) -> Step:
    if event.status == Status.FAILED and failures.is_known(event.reason):
        why = failures.failure(FailureCode(event.reason))
        return Step(event, why.detail, is_current)
    return Step(event, _REASONS.get(event.reason, event.reason), is_current)


def in_words(duration: timedelta) -> str:
    seconds = max(duration.total_seconds(), 0)
    if seconds < 1:
        return "less than a second"
    if seconds < 60:
        return f"{seconds:.0f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest} s"
    return f"{minutes // 60} h {minutes % 60} min"
