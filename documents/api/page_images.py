"""Pages as pictures, and where on them quotes stand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.http import Http404, HttpResponse
from django.utils.cache import get_conditional_response
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.throttles import PAGES, RequestThrottle
from atom_project.problem_codes import ProblemCode
from atom_project.problems import Problem
from documents.api import describe_page_images as describe
from documents.api.access import OneForm, OwnersView
from documents.models import Document
from documents.page_images import pictures, quotes
from documents.page_images.quotes import Box, Span
from documents.pipeline.extraction.drawing import NotDrawn

_SPAN = re.compile(r"(\d{1,9})-(\d{1,9})", re.ASCII)
MOST_QUOTES = 20


class PageImageThrottle(RequestThrottle):
    """Apart from other calls: a list shows fifty thumbnails at once."""

    scope = "page-images"
    limit = PAGES


class PageView(OwnersView):
    """One page of a document of one's own that has looks."""

    throttle_classes = [PageImageThrottle]

    def own_page(self) -> tuple[Document, int]:
        """Raises `Http404` for what is not there, and a problem for a text file."""
        document, number = self.own_document(), self.kwargs["number"]
        if not re.fullmatch(r"[1-9]\d{0,5}", number, re.ASCII):
            raise Http404
        if not pictures.has_pages(document):
            raise Problem(
                404,
                ProblemCode.NOT_FOUND,
                "A text file has no page images. Its text is in its `pages`.",
            )
        return document, int(number)


class PageImageView(PageView):
    """A page as it looks, as a PNG."""

    content_negotiation_class = OneForm

    @describe.image
    def get(self, request: Request, id: str, number: str) -> HttpResponse:
        document, page = self.own_page()
        width = _width(request)
        tag = pictures.entity_tag(document, page, width)
        answer = get_conditional_response(request._request, etag=tag)
        if answer is None:
            with _told():
                content = pictures.picture(document, page, width)
            answer = HttpResponse(content, content_type="image/png", headers={"ETag": tag})
        return answer

    def finalize_response(
        self, request: Request, response: Any, *args: Any, **kwargs: Any
    ) -> Response:
        answer = super().finalize_response(request, response, *args, **kwargs)
        if answer.status_code in (200, 304):
            # Kept by this browser only, and asked for each time: it may be deleted by then.
            answer["Cache-Control"] = "private, no-cache"
            answer["Cross-Origin-Resource-Policy"] = "same-origin"
        return answer


class QuoteBoxesView(PageView):
    """Where on the picture of a page these characters of its text stand."""

    @describe.boxes
    def get(self, request: Request, id: str, number: str) -> Response:
        document, page = self.own_page()
        row = document.pages.filter(number=page).first()
        if row is None:
            raise Http404
        spans = _spans(request, row.text)
        with _told():
            marks = quotes.marks(document, page, row.text, spans)
        found = [
            {"start": start, "end": end, "boxes": [_as_json(box) for box in boxes]}
            for (start, end), boxes in zip(spans, marks.quotes, strict=True)
        ]
        return Response({"page": page, "quotes": found})


@contextmanager
def _told() -> Iterator[None]:
    """A page that cannot be drawn, as a problem; one that is not there, as 404."""
    try:
        yield
    except NotDrawn as why:
        if why.is_missing:
            raise Http404 from None
        raise Problem(
            422,
            ProblemCode.PAGE_NOT_DRAWN,
            "The picture of this page could not be made. Its text is in the document’s `pages`.",
        ) from None
    except FileNotFoundError:
        # Deleted this moment, or lost from the disk: either way there is nothing to draw.
        raise Http404 from None


def _width(request: Request) -> int:
    asked = request.query_params.get("width", str(pictures.USUAL))
    for width in pictures.WIDTHS:
        if asked == str(width):
            return width
    known = ", ".join(map(str, pictures.WIDTHS))
    raise Problem(400, ProblemCode.BAD_WIDTH, f"`width` must be one of {known}.")


def _spans(request: Request, text: str) -> list[Span]:
    asked = request.query_params.getlist("quote")
    matches = [_SPAN.fullmatch(each) for each in asked]
    spans = [(int(match[1]), int(match[2])) for match in matches if match]
    sensible = [span for span in spans if span[0] < span[1] <= len(text)]
    if not asked or len(sensible) != len(asked) or len(asked) > MOST_QUOTES:
        raise Problem(
            400,
            ProblemCode.BAD_QUOTE,
            "`quote` is a place in the page’s text such as 120-188, as in an item of evidence; "
            f"at most {MOST_QUOTES} of them.",
        )
    return sensible


def _as_json(box: Box) -> dict[str, float]:
    left, top, right, bottom = (edge / quotes.WHOLE for edge in box)
    return {
        "left": left,
        "top": top,
        "width": round(right - left, 4),
        "height": round(bottom - top, 4),
    }
