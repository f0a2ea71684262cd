"""The story of one claimed document; each step that is finished is not done again."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from copy import copy
from typing import Any, TypeVar

from django.conf import settings
from django.db import transaction

from atom_project import tracing
from atom_project.persistent_connections import reconnecting
from documents import events, queue, quotas, search
from documents.models import (
    BUILT_IN_ENGINE,
    Analysis,
    Counter,
    Document,
    Page,
    Status,
    clock,
)
from documents.pipeline import (
    coverage,
    current,
    engines,
    ledger,
    missing_language,
    recognition,
    reuse,
    server_memory,
    stored_content,
    ticks,
)
from documents.pipeline.analysis import (
    Engine,
    Findings,
    OutcomeWarning,
    SourcePage,
    outcomes,
)
from documents.pipeline.extraction import Content, Reading, read_document

logger = logging.getLogger(__name__)

PROGRESS_INTERVAL = 1.0  # seconds

Outcome = TypeVar("Outcome")


def read_and_analyze(
    document: Document, *, engine: Engine, check_claim: Callable[[], None]
) -> None:
    """Bring a claimed document to its end.

    By `engine`, unless its owner chose another one for it. `check_claim` raises `StaleDocument`
    when the claim is lost. Raises that, too,
    `UnreadableFile`, `OverQuota` and `AnalysisFailed`; the caller records how the document failed.
    """
    if document.was_tried_before:
        # Before anything else: the calls of a dead worker would be on their way for ever.
        ledger.close_abandoned(document)
    engine = engines.of(document, engine)
    analysis = reuse.take_over(document, engine)
    if analysis is not None:
        _complete(document, analysis, reason="reused")
        return
    if document.is_extracted:
        pages = _after_sleep(document, _stored_pages)
    else:
        with tracing.span("extract text", {"atom.content_type": document.content_type}) as span:
            pages = _extract(document, check_claim)
            span.note({"atom.pages": len(pages)})
    readable = [
        SourcePage(page.number, page.text) for page in pages if page.condition in coverage.READABLE
    ]
    books = ledger.DocumentLedger(document, ledger.account_of(engine))
    findings = _analyze(document, readable, engine, books, check_claim)
    warning = outcomes.warning_of(findings, readable)
    receipt = coverage.of(document, pages, findings)
    provenance = reconnecting(lambda: _provenance(engine, findings, books))
    analysis = _analysis(document, engine, findings, receipt, provenance, warning)
    _after_sleep(document, lambda row: _complete(row, copy(analysis), warning=warning))


def _analyze(
    document: Document,
    pages: Sequence[SourcePage],
    engine: Engine,
    books: ledger.DocumentLedger,
    check_claim: Callable[[], None],
) -> Findings:
    with server_memory.of(engine):
        return engine.analyze(
            pages,
            language=document.output_language or None,
            ledger=books,
            on_progress=_Progress(document, "analyzing", check_claim),
        )


def _after_sleep(document: Document, step: Callable[[Document], Outcome]) -> Outcome:
    """Take a step after the parser or the model took its time; the connection may have broken.

    On a copy until it is committed: a repetition must begin with the row as it was.
    """

    def take() -> tuple[Document, Outcome]:
        row = copy(document)
        return row, step(row)

    row, outcome = reconnecting(take)
    document.__dict__ = row.__dict__
    return outcome


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


def _extract(document: Document, check_claim: Callable[[], None]) -> list[Page]:
    began_at = time.monotonic()
    with ExitStack() as stack:
        reading = read_document(
            _stored_content(document, stack),
            document.content_type,
            on_page=_Progress(document, "extracting", check_claim),
            pdf_engine=settings.ATOM_PDF_ENGINE,
            ocr=recognition.configured(),
            encoding=document.chosen_encoding or None,
        )
    pages = _after_sleep(document, lambda row: _keep_pages(row, reading))
    took = {"seconds": round(time.monotonic() - began_at, 3), "pages": len(pages)}
    logger.info("Document %s is extracted", document.pk, extra={"facts": took})
    return pages


def _stored_content(document: Document, stack: ExitStack) -> Content:
    """The file, open until the stack ends where it is too large to be held."""
    try:
        return stack.enter_context(stored_content.opened(document))
    except FileNotFoundError:
        # A deletion takes the row first and the file after its commit: then nothing has failed.
        if not Document.objects.filter(pk=document.pk).exists():
            raise events.StaleDocument(document.pk) from None
        raise


def _keep_pages(document: Document, reading: Reading) -> list[Page]:
    """Store the pages and go on to analyzing, in one transaction."""
    pages = [
        Page(
            document=document,
            number=page.number,
            text=page.text,
            condition=page.condition,
            engine=page.engine,
            lost_letters=page.lost_letters,
            struck_out=page.struck_out,
            ocr_confidence=page.ocr_confidence,
            ocr_poor_share=page.ocr_poor_share,
        )
        for page in reading.pages
    ]
    size = quotas.text_bytes(page.text for page in pages)
    words = search.fold((page.number, page.text) for page in pages)  # Not under the lock.
    # Under the lock, as uploads are: two slots would otherwise each be told of the same room.
    with queue.locked():
        quotas.RemainingQuota.of(document.owner_id).reserve_text(size)
        # The row first: who lost the claim stops here. `page_count` says that the pages are
        # there (`is_extracted`), so it is written in their transaction.
        events.advance(
            document,
            Status.ANALYZING,
            page_count=reading.pages_total,
            encoding=reading.encoding or "",
            encoding_is_unsure=reading.encoding_is_unsure,
            unread=[*reading.unread, *missing_language.entries(reading.pages)],
            stored_bytes=quotas.grown_by(size),
        )
        Page.objects.bulk_create(pages, batch_size=500)
        search.index_pages(document, words)
    return pages


@transaction.atomic
def _stored_pages(document: Document) -> list[Page]:
    """The pages that an earlier attempt has stored, to go on to analyzing with."""
    events.advance(document, Status.ANALYZING)
    return list(document.pages.order_by("number"))


def _analysis(
    document: Document,
    engine: Engine,
    findings: Findings,
    receipt: dict[str, Any],
    provenance: dict[str, Any],
    warning: OutcomeWarning | None,
) -> Analysis:
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
            "warning": outcomes.as_json(warning) if warning else None,
            "coverage": receipt,
            "provenance": provenance,
        },
        coverage=receipt,
        language=(findings.language or "")[:35],
        calls=findings.calls,
        input_tokens=findings.input_tokens,
        output_tokens=findings.output_tokens,
        cost_usd=findings.cost_usd,
    )


def _provenance(engine: Engine, findings: Findings, books: ledger.DocumentLedger) -> dict[str, Any]:
    return {
        "engine": engine.name,
        "model": engine.model,
        "prompt_version": engine.prompt_version,
        "checked_by": ["words", *([engine.model] if findings.had_second_look else [])],
        "calls": findings.calls,
        **books.unanswered(),
        "input_tokens": findings.input_tokens,
        "output_tokens": findings.output_tokens,
        "cost_usd": None if findings.cost_usd is None else f"{findings.cost_usd:.4f}",
        "reused_from": None,
        "reused_from_document": None,
    }


@transaction.atomic
def _complete(
    document: Document,
    analysis: Analysis,
    *,
    reason: str = "",
    warning: OutcomeWarning | None = None,
) -> None:
    # The document first: it says whether the claim still holds, and locks come in that order.
    events.advance(
        document,
        Status.COMPLETED,
        reason=reason,
        warning=warning or "",
        lease_expirations=0,
        wants_fresh=False,
        language=analysis.language,
        stored_bytes=quotas.grown_by(quotas.analysis_bytes(analysis)),
        finished_at=clock.now(),
        claimed_by="",
        lease_expires_at=None,
    )
    # By the same clock: a stream finds the analysis that a completion was about by its time.
    analysis.created_at = document.updated_at
    _keep_analysis(analysis)
    # In this transaction: until the analysis is stored, its answers are what a crash would cost.
    if analysis.engine != BUILT_IN_ENGINE or document.was_tried_before:
        ledger.forget_answers(document)
    if warning:
        Counter.objects.add("warnings", warning)


def _keep_analysis(analysis: Analysis) -> None:
    carried = ticks.carry_over(analysis)
    analysis.save()
    search.index_findings(analysis.document, analysis)
    current.replace(analysis, carried)
