"""The story of one claimed document; each step that is finished is not done again."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from copy import copy
from typing import Any

from django.conf import settings
from django.db import transaction

from atom_project.persistent_connections import reconnecting
from documents import events, queue, quotas
from documents.models import ActionItem, Analysis, Document, Page, Status, clock
from documents.originals import quarantine
from documents.pipeline import coverage, ledger, recognition, reuse
from documents.pipeline.analysis import Engine, Findings, SourcePage
from documents.pipeline.extraction import Reading, read_document

logger = logging.getLogger(__name__)

PROGRESS_INTERVAL = 1.0  # seconds


def read_and_analyze(
    document: Document, *, engine: Engine, check_claim: Callable[[], None]
) -> None:
    """Bring a claimed document to its end.

    `check_claim` raises `StaleDocument` when the claim is lost. Raises that, too,
    `UnreadableFile`, `OverQuota` and `AnalysisFailed`; the caller records how the document failed.
    """
    # Before anything else: the calls of a dead worker would be on their way for ever.
    ledger.close_abandoned(document)
    analysis = reuse.take_over(document, engine)
    if analysis is not None:
        # Although nothing is analyzed: clients know no step from `processing` to `completed`.
        events.advance(document, Status.ANALYZING)
        _complete(document, analysis, reason="reused")
        return
    if not document.is_extracted:
        _extract(document, check_claim)
    _after_sleep(document, lambda row: events.advance(row, Status.ANALYZING))
    findings = engine.analyze(
        _source_pages(document),
        language=document.output_language or None,
        ledger=ledger.DocumentLedger(document, ledger.account_of(engine)),
        on_progress=_Progress(document, "analyzing", check_claim),
    )
    analysis = reconnecting(lambda: _analysis(document, engine, findings))
    _after_sleep(document, lambda row: _complete(row, copy(analysis)))


def _after_sleep(document: Document, step: Callable[[Document], Any]) -> None:
    """Take a step after the parser or the model took its time; the connection may have broken.

    On a copy until it is committed: a repetition must begin with the row as it was.
    """

    def take() -> Document:
        row = copy(document)
        step(row)
        return row

    document.__dict__ = reconnecting(take).__dict__


class _Progress:
    """Tells how far a step is, at most once a second, and notices a lost claim.

    Engines also call it while they wait; what was told already is not told again.
    """

    def __init__(self, document: Document, step: str, check_claim: Callable[[], None]) -> None:
        self._document = document
        self._step = step
        self._check_claim = check_claim
        self._told_at = time.monotonic()
        self._told: tuple[int, int] | None = None

    def __call__(self, done: int, total: int) -> None:
        # Also where there is nothing to tell: so a lost claim ends a long wait.
        self._check_claim()
        is_news = (done, total) != self._told
        if is_news and time.monotonic() - self._told_at >= PROGRESS_INTERVAL:
            self._told_at, self._told = time.monotonic(), (done, total)
            reconnecting(
                lambda: events.progress(self._document, step=self._step, done=done, total=total)
            )


def _extract(document: Document, check_claim: Callable[[], None]) -> None:
    began_at = time.monotonic()
    reading = read_document(
        _stored_bytes(document),
        document.content_type,
        on_page=_Progress(document, "extracting", check_claim),
        pdf_engine=settings.ATOM_PDF_ENGINE,
        ocr=recognition.configured(),
        encoding=document.chosen_encoding or None,
    )
    _after_sleep(document, lambda row: _keep_pages(row, reading))
    took = {"seconds": round(time.monotonic() - began_at, 3), "pages": len(reading.pages)}
    logger.info("Document %s is extracted", document.pk, extra={"facts": took})


def _stored_bytes(document: Document) -> bytes:
    try:
        with quarantine.open_file(document) as file:
            data: bytes = file.read()
    except FileNotFoundError:
        # A deletion takes the row first and the file after its commit: then nothing has failed.
        if not Document.objects.filter(pk=document.pk).exists():
            raise events.StaleDocument(document.pk) from None
        raise
    return data


def _keep_pages(document: Document, reading: Reading) -> None:
    pages = [
        Page(
            document=document,
            number=page.number,
            text=page.text,
            condition=page.condition,
            engine=page.engine,
            lost_letters=page.lost_letters,
            ocr_confidence=page.ocr_confidence,
            ocr_poor_share=page.ocr_poor_share,
        )
        for page in reading.pages
    ]
    size = quotas.text_bytes(page.text for page in pages)
    # Under the lock, as uploads are: two slots would otherwise each be told of the same room.
    with queue.locked():
        quotas.RemainingQuota.of(document.owner_id).reserve_text(size)
        # The row first: who lost the claim stops here. `page_count` says that the pages are
        # there (`is_extracted`), so it is written in their transaction.
        events.change(
            document,
            page_count=reading.pages_total,
            encoding=reading.encoding or "",
            encoding_is_unsure=reading.encoding_is_unsure,
            unread=reading.unread,
            stored_bytes=quotas.grown_by(size),
        )
        Page.objects.bulk_create(pages, batch_size=500)


def _source_pages(document: Document) -> list[SourcePage]:
    readable = document.pages.filter(condition__in=coverage.READABLE).order_by("number")
    return [SourcePage(number, text) for number, text in readable.values_list("number", "text")]


def _analysis(document: Document, engine: Engine, findings: Findings) -> Analysis:
    receipt = coverage.of(document, findings)
    return Analysis(
        document=document,
        engine=engine.name,
        model=engine.model,
        prompt_version=engine.prompt_version,
        summary=findings.summary,
        result={
            **findings.plain(),
            "findings": findings.as_json(),
            "language": findings.language,
            "coverage": receipt,
            "provenance": _provenance(document, engine, findings),
        },
        coverage=receipt,
        language=(findings.language or "")[:35],
        calls=findings.calls,
        input_tokens=findings.input_tokens,
        output_tokens=findings.output_tokens,
        cost_usd=findings.cost_usd,
    )


def _provenance(document: Document, engine: Engine, findings: Findings) -> dict[str, Any]:
    return {
        "engine": engine.name,
        "model": engine.model,
        "prompt_version": engine.prompt_version,
        "calls": findings.calls,
        **ledger.unanswered(document),
        "input_tokens": findings.input_tokens,
        "output_tokens": findings.output_tokens,
        "cost_usd": None if findings.cost_usd is None else f"{findings.cost_usd:.4f}",
        "reused_from": None,
        "reused_from_document": None,
    }


@transaction.atomic
def _complete(document: Document, analysis: Analysis, *, reason: str = "") -> None:
    # The document first: it says whether the claim still holds, and locks come in that order.
    completed = events.advance(
        document,
        Status.COMPLETED,
        reason=reason,
        lease_expirations=0,
        wants_fresh=False,
        language=analysis.language,
        stored_bytes=quotas.grown_by(quotas.analysis_bytes(analysis)),
        finished_at=clock.now(),
        claimed_by="",
        lease_expires_at=None,
    )
    # By the same clock: a stream finds the analysis that a completion was about by its time.
    analysis.created_at = completed.created_at
    _keep_analysis(analysis)
    # In this transaction: until the analysis is stored, its answers are what a crash would cost.
    ledger.forget_answers(document)


def _keep_analysis(analysis: Analysis) -> None:
    analysis.save()
    # In the order of the JSON: `results` finds the row of an item by its position.
    ActionItem.objects.bulk_create(
        ActionItem(
            analysis=analysis,
            position=position,
            task=item["task"],
            assignee=item["assignee"] or "",
            due_text=item["due_text"] or "",
            due_date=item["due_date"],
            priority=item["priority"],
            evidence=item["evidence"],
        )
        for position, item in enumerate(analysis.result["findings"]["actionable_items"], start=1)
    )
