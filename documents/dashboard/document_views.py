"""One document: its panel, its analyses, its pages, and what can be done with it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.requests import SignedInRequest
from documents import events, filters, queue, search
from documents.dashboard import freshness, highlights, panel, reflow, rows, undo
from documents.dashboard.access import analyze_again, change, own, own_or_404, requeue
from documents.models import ActionItem, Analysis, Document, Page
from documents.page_images import pictures
from documents.pipeline import engines, ticks
from documents.trash import moves
from documents.uploads import rereading

PAGES_FOUND = 20  # shown of those that have the words


def _panel_or_404(
    request: SignedInRequest, document_id: UUID, analysis: Analysis | None = None
) -> panel.Panel:
    document: Any = get_object_or_404(rows.with_version(own(request)), pk=document_id)
    return panel.read(document, version=document.version or 0, analysis=analysis)


def _in_panel(request: SignedInRequest, document_id: UUID) -> dict[str, Any]:
    # Before the document is read: what happens after it is told by the stream.
    cursor = events.latest_id()
    return {
        "cursor": cursor,
        "page_state": freshness.page_state(request.user),
        "panel": _panel_or_404(request, document_id),
        "trash_days": settings.ATOM_TRASH_DAYS,
    }


@require_safe
@never_cache
def document(request: SignedInRequest, document_id: UUID) -> HttpResponse:
    """The document; `?find=words` shows the pages that have them, `&page=7` opens one."""
    context = _in_panel(request, document_id)
    words = filters.sensible({"search": request.GET.get("find", "")}).get("search", "")
    found = search.pages_of(context["panel"].document, words, most=PAGES_FOUND)
    finding = {"words": words, "found": found, "page": request.GET.get("page", "")}
    return render(request, "documents/document.html", {**context, "finding": finding})


@require_safe
@never_cache
def document_panel(request: SignedInRequest, document_id: UUID) -> HttpResponse:
    return render(request, "documents/_document_panel.html", _in_panel(request, document_id))


@require_safe
@never_cache
def analysis(request: SignedInRequest, document_id: UUID, analysis_id: int) -> HttpResponse:
    """An earlier analysis, to read only."""
    chosen = get_object_or_404(own_or_404(request, document_id).analyses, pk=analysis_id)
    context = {
        "panel": _panel_or_404(request, document_id, chosen),
        "page_state": freshness.page_state(request.user),
    }
    return render(request, "documents/analysis.html", context)


@require_safe
@never_cache
def page(request: SignedInRequest, document_id: UUID, number: int) -> HttpResponse:
    """One page, as it looks and its text.

    `?quote=120-188` marks these characters of it, `?find=words` these words.
    """
    document = own_or_404(request, document_id)
    shown = _page_or_404(document, number)
    asked = request.GET.getlist("quote")
    places = highlights.spans(asked, shown.text)
    words = filters.sensible({"search": request.GET.get("find", "")}).get("search", "")
    found = search.marks(shown.text, words)
    context = {
        "document": document,
        "page": shown,
        "words": words,
        "blocks": reflow.blocks(highlights.segments(shown.text, [*places, *found])),
        "marks": highlights.query([*places, *found]),
        "has_picture": pictures.are_worth_a_try(document),
        "is_misplaced": len(places) < len(asked),
        **_neighbors(document, number),
    }
    return render(request, "documents/page.html", context)


def _page_or_404(document: Document, number: int) -> Page:
    """With its text or, of a file that was not read, only to be looked at."""
    found = document.pages.filter(number=number).first()
    if found is not None:
        return found
    if pictures.has_pages(document) and 0 < number <= (document.page_count or 1):
        return Page(document=document, number=number)
    raise Http404


def _neighbors(document: Document, number: int) -> dict[str, int | None]:
    """The pages before and after; numbers may be missing where limits cut."""
    if pictures.has_pages(document):
        last = document.page_count or 1
        return {
            "previous_number": number - 1 if number > 1 else None,
            "next_number": number + 1 if number < last else None,
        }
    numbers = Page.objects.filter(document=document).values_list("number", flat=True)
    return {
        "previous_number": numbers.filter(number__lt=number).order_by("-number").first(),
        "next_number": numbers.filter(number__gt=number).order_by("number").first(),
    }


@change
def retry(request: SignedInRequest, document_id: UUID) -> HttpResponse:
    document, engine = own_or_404(request, document_id), request.POST.get("engine", "")
    try:
        why_not = requeue(document, lambda row: analyze_again(row, engine))
    except engines.UnknownEngine:
        raise Http404 from None
    if why_not:
        messages.warning(request, f"The document was {why_not}, so it was left alone.")
    else:
        messages.success(request, "The document was put back in line.")
    return redirect("dashboard:document", document_id)


@change
def read_as(request: SignedInRequest, document_id: UUID) -> HttpResponse:
    """Read a text file in the encoding chosen, and analyze it anew."""
    document = own_or_404(request, document_id)
    encoding = request.POST.get("encoding") or rereading.AUTOMATIC
    try:
        why_not = requeue(document, lambda row: rereading.read_as(row, encoding))
    except (rereading.UnknownEncoding, rereading.NotATextFile):
        raise Http404 from None
    _tell_reread(request, why_not)
    return redirect("dashboard:document", document_id)


@change
def recognize(request: SignedInRequest, document_id: UUID) -> HttpResponse:
    """Read a document again whose pictures were not read (OCR), and analyze it anew."""
    try:
        why_not = requeue(own_or_404(request, document_id), rereading.recognize)
    except (rereading.NothingToRecognize, rereading.NoRecognition):
        raise Http404 from None
    _tell_reread(request, why_not)
    return redirect("dashboard:document", document_id)


def _tell_reread(request: SignedInRequest, why_not: str) -> None:
    if why_not:
        messages.warning(request, f"The document was {why_not}, so it was left alone.")
    else:
        messages.success(request, "The document was put back in line, to be read anew.")


@change
def cancel(request: SignedInRequest, document_id: UUID) -> HttpResponse:
    document = own_or_404(request, document_id)
    try:
        queue.cancel(document)
    except queue.AlreadyFinished:
        messages.warning(request, "The document was finished before it could be canceled.")
    except Document.DoesNotExist:
        return redirect("dashboard:documents")
    else:
        messages.success(request, "The work on the document was canceled.")
    return redirect("dashboard:document", document_id)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def delete(request: SignedInRequest, document_id: UUID) -> HttpResponse:
    """Ask, and on a POST delete: into the trash or, where that is off, for good."""
    document = own_or_404(request, document_id)
    if request.method != "POST":
        context = {"document": document, "trash_days": settings.ATOM_TRASH_DAYS}
        return render(request, "documents/delete.html", context)
    moves.delete(document, request=request)
    undo.offer(request, [document])
    return redirect("dashboard:documents")


@change
def tick(request: SignedInRequest, document_id: UUID, item_id: int) -> HttpResponse:
    """Set an action item to what the button said, so that pressing twice changes nothing more."""
    document = own_or_404(request, document_id)
    items = ActionItem.objects.filter(pk=item_id, analysis__document=document)
    item = get_object_or_404(items)
    ticks.tick(item, done=request.POST.get("done") == "yes")
    address = redirect("dashboard:document", document_id).url
    return redirect(f"{address}#tick-{item.pk}")
