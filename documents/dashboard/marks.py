"""Marks of quotes over the picture of a page, as an SVG of its own."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.requests import SignedInRequest
from documents.dashboard import highlights
from documents.dashboard.access import own_or_404
from documents.page_images import pictures, quotes
from documents.pipeline.extraction.drawing import NotDrawn

SVG = "image/svg+xml"
MOST_QUOTES = 20


@require_safe
@never_cache
def marks(request: SignedInRequest, document_id: UUID, number: int) -> HttpResponse:
    """Boxes around the quotes of `?quote=120-188`; `data-missing` says how many have none."""
    document = own_or_404(request, document_id)
    row = document.pages.filter(number=number).first()
    if row is None or not pictures.has_pages(document):
        raise Http404
    places = highlights.spans(request.GET.getlist("quote")[:MOST_QUOTES], row.text)
    try:
        found = quotes.marks(document, number, row.text, places)
        boxes = [box for quote in found.quotes for box in quote]
        missing = sum(not quote for quote in found.quotes)
    except (NotDrawn, FileNotFoundError):
        boxes, missing = [], len(places)
    context = {"boxes": [_sides(box) for box in boxes], "missing": missing, "whole": quotes.WHOLE}
    return render(request, "documents/_marks.svg", context, content_type=SVG)


def _sides(box: quotes.Box) -> dict[str, int]:
    left, top, right, bottom = box
    return {"x": left, "y": top, "width": right - left, "height": bottom - top}
