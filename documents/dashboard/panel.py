"""Everything a document's page shows that can change, read together."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.translation import get_language_info

from documents import failures, queue, results
from documents.dashboard import coverage, rows
from documents.failures import FailureCode
from documents.models import Analysis, Document, Status, StatusEvent
from documents.pipeline.extraction import encoding_names
from documents.queue import WaitingReason
from documents.uploads.file_types import TEXTS

_REASONS = {
    "retry": "Asked for again.",
    "released": "The worker was stopped; the document kept its place in line.",
    "worker_lost": "The worker went silent; the document kept its place in line.",
    "line_paused": "The line is paused; the document kept its place in it.",
    "reused": "Taken over from an identical file.",
}


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

    @property
    def elapsed(self) -> int | None:
        return rows.elapsed(self.document)

    @property
    def progress(self) -> str:
        return rows.progress_in_words(self.document)

    @property
    def language(self) -> str:
        """In words, where it is known what the code stands for."""
        code = self.document.language
        with suppress(KeyError):
            return str(get_language_info(code)["name"])
        return code

    @property
    def encoding(self) -> str:
        return encoding_names.name_of(self.document.encoding)

    @property
    def encodings(self) -> dict[str, dict[str, str]]:
        """Those a finished text file can be read in instead, in groups."""
        can_be_read_anew = self.document.is_finished and self.document.content_type in TEXTS
        return encoding_names.GROUPS if can_be_read_anew else {}

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
    def recognized_pages(self) -> list[int]:
        """Pages whose quotes were read from a picture (OCR)."""
        ocr = self.analysis.coverage.get("ocr") if self.analysis else None
        return ocr["pages"] if ocr else []

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
    """The panel of this document, with this analysis or the newest; eight queries at most."""
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
    )


def _waiting_reason(document: Document) -> str:
    reason = queue.waiting_reason(document)
    if reason is None:
        return ""
    if reason is not WaitingReason.NO_WORKER:
        return reason.in_words()
    start = "Start one with python manage.py worker"
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
    due = item.get("due_date")
    return {**item, "due_on": date.fromisoformat(due) if due else None}


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
