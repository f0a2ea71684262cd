"""Deduplication: an identical file of the same owner takes over the analysis of the first."""

from __future__ import annotations

from typing import Any

from documents import events, queue, quotas, search
from documents.models import TRASHED, Analysis, Document, Page, Status
from documents.pipeline import ledger, recognition
from documents.pipeline.analysis import Engine, not_analyzed

_COPIED = (
    *("number", "text", "condition", "engine"),
    *("lost_letters", "struck_out", "ocr_confidence", "ocr_poor_share"),
)


def take_over(document: Document, engine: Engine) -> Analysis | None:
    """The newest analysis of an identical file, as one of this document, not saved yet.

    Its pages become the document's own, so that quotes stand where the analysis says and
    all of it survives the deletion of the other; with them it goes on to analyzing. None where
    there is nothing to take over, and where the owner asked for a fresh analysis.
    """
    may_be_one = document.may_have_twin and not document.wants_fresh
    earlier = _earlier(document, engine) if may_be_one else None
    if earlier is None or recognition.is_outdated(earlier.document):
        return None
    if not_analyzed.lost_by_chance(earlier.coverage):
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
        # What found nothing is no result to share: another try may find more.
        document__warning="",
        engine=engine.name,
        model=engine.model,
        prompt_version=engine.prompt_version,
    )
    # That it is completed, said so that no index by status helps: SQLite would take that one, and
    # go through all that the owner has, instead of the few with these bytes.
    same = same.exclude(document__status__in=[*set(Status) - {Status.COMPLETED}, TRASHED])
    # Asked for the newest at once, SQLite may go through all analyses there are, newest first.
    newest = max(same.order_by().values_list("pk", flat=True), default=None)
    return Analysis.objects.select_related("document").filter(pk=newest).first() if newest else None


def _copy_pages(document: Document, source: Document, pages: list[Any]) -> None:
    words = search.fold((page["number"], page["text"]) for page in pages)  # Not under the lock.
    with queue.locked():
        # A run that was cut off may have read them already.
        replaced = document.pages.all() if document.was_tried_before else Page.objects.none()
        grown = quotas.text_bytes(page["text"] for page in pages)
        grown -= quotas.text_bytes(replaced.values_list("text", flat=True))
        quotas.RemainingQuota.of(document.owner_id).reserve_text(grown)
        events.advance(
            document,
            # Although nothing is analyzed: clients know no step from `processing` to `completed`.
            Status.ANALYZING,
            page_count=source.page_count,
            encoding=source.encoding,
            encoding_is_unsure=source.encoding_is_unsure,
            unread=source.unread,
            stored_bytes=quotas.grown_by(grown),
        )
        replaced.delete()
        copies = (Page(document=document, **page) for page in pages)
        Page.objects.bulk_create(copies, batch_size=500)
        search.index_pages(document, words)


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
