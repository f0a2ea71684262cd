"""Deduplication: an identical file of the same owner takes over the analysis of the first."""

from __future__ import annotations

from typing import Any

from documents import events, queue, quotas
from documents.models import Analysis, Document, Page, Status
from documents.pipeline import ledger
from documents.pipeline.analysis import Engine

_COPIED = (
    *("number", "text", "condition", "engine"),
    *("lost_letters", "ocr_confidence", "ocr_poor_share"),
)


def take_over(document: Document, engine: Engine) -> Analysis | None:
    """The newest analysis of an identical file, as one of this document, not saved yet.

    Its pages become the document's own, so that quotes stand where the analysis says and
    all of it survives the deletion of the other. None where there is nothing to take over,
    and where the owner asked for a fresh analysis.
    """
    earlier = None if document.wants_fresh else _earlier(document, engine)
    if earlier is None:
        return None
    pages = list(earlier.document.pages.values(*_COPIED))
    if not Analysis.objects.filter(pk=earlier.pk).exists():
        return None  # Deleted this moment, perhaps before its pages were read.
    _copy_pages(document, earlier.document, pages)
    return _copy(earlier, document)


def _earlier(document: Document, engine: Engine) -> Analysis | None:
    # Of the same owner only: a result that comes at once would tell that somebody has the file.
    # And only what a run would use now: other engines, models and prompts find other things.
    same = Analysis.objects.filter(
        document__owner=document.owner_id,
        document__sha256=document.sha256,
        document__content_type=document.content_type,
        document__output_language=document.output_language,
        # Read in another encoding, or about to be, it is another text than was analyzed.
        document__chosen_encoding=document.chosen_encoding,
        document__status=Status.COMPLETED,
        engine=engine.name,
        model=engine.model,
        prompt_version=engine.prompt_version,
    )
    return same.select_related("document").newest_first().first()


def _copy_pages(document: Document, source: Document, pages: list[Any]) -> None:
    with queue.locked():
        # A run that was cut off may have read them already.
        replaced = quotas.text_bytes(document.pages.values_list("text", flat=True))
        grown = quotas.text_bytes(page["text"] for page in pages) - replaced
        quotas.RemainingQuota.of(document.owner_id).reserve_text(grown)
        events.change(
            document,
            page_count=source.page_count,
            encoding=source.encoding,
            encoding_is_unsure=source.encoding_is_unsure,
            unread=source.unread,
            stored_bytes=quotas.grown_by(grown),
        )
        document.pages.all().delete()
        copies = (Page(document=document, **page) for page in pages)
        Page.objects.bulk_create(copies, batch_size=500)


def _copy(earlier: Analysis, document: Document) -> Analysis:
    provenance = {
        **earlier.result["provenance"],
        "calls": 0,
        **ledger.unanswered(document),
        "input_tokens": 0,
        "output_tokens": 0,
        "cost_usd": "0.0000",
        "reused_from": earlier.pk,
        "reused_from_document": str(earlier.document_id),
    }
    return Analysis(
        document=document,
        engine=earlier.engine,
        model=earlier.model,
        prompt_version=earlier.prompt_version,
        summary=earlier.summary,
        result={**earlier.result, "provenance": provenance},
        coverage=earlier.coverage,
        language=earlier.language,
        cost_usd=0,
    )
