"""What the calls for page images take and answer, for the OpenAPI description."""

from __future__ import annotations

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema

from documents.api.describe import ID, answers
from documents.page_images.pictures import USUAL, WIDTHS

_NUMBER = OpenApiParameter(
    "number", OpenApiTypes.INT, OpenApiParameter.PATH, description="Of the page, from 1."
)
_PROBLEMS = {
    404: "No document of yours has this id, or it has no such page, or it is a text file.",
    422: "The picture could not be made: the page is broken, or took too long to draw.",
    503: "Too many pages are being drawn; `Retry-After` says when to ask again.",
}
_SHARE = {"type": "number", "minimum": 0, "maximum": 1}
_BOX = {
    "type": "object",
    "required": ["left", "top", "width", "height"],
    "properties": {"left": _SHARE, "top": _SHARE, "width": _SHARE, "height": _SHARE},
}
_PLACE = {"type": "integer", "minimum": 0}
_QUOTE = {
    "type": "object",
    "required": ["start", "end", "boxes"],
    "properties": {"start": _PLACE, "end": _PLACE, "boxes": {"type": "array", "items": _BOX}},
}
_BOXES = {
    "type": "object",
    "required": ["page", "quotes"],
    "properties": {
        "page": {"type": "integer", "minimum": 1},
        "quotes": {"type": "array", "items": _QUOTE},
    },
}

image = extend_schema(
    operation_id="get_page_image",
    tags=["documents"],
    description="A page of a PDF or a picture file as it looks, as a PNG. It is drawn when it is "
    "first asked for. The answer has an `ETag`; ask with `If-None-Match` and it is not sent twice.",
    parameters=[
        ID,
        _NUMBER,
        OpenApiParameter(
            "width", OpenApiTypes.INT, enum=WIDTHS, default=USUAL, description="In pixels."
        ),
        OpenApiParameter(
            "ETag",
            OpenApiTypes.STR,
            OpenApiParameter.HEADER,
            response=[200, 304],
            description="Changes when the picture does.",
        ),
    ],
    responses=answers(
        {
            (200, "image/png"): OpenApiTypes.BINARY,
            304: OpenApiResponse(description="You have it already."),
        },
        {400: "`width` is unknown.", **_PROBLEMS},
    ),
)

boxes = extend_schema(
    operation_id="get_quote_boxes",
    tags=["documents"],
    description="Where on the picture of a page the places of its text stand that evidence names: "
    "a box for each line, as shares of the picture's width and height. A quote without boxes was "
    "not found there, as on a page whose text was recognized (OCR).",
    parameters=[
        ID,
        _NUMBER,
        OpenApiParameter(
            "quote",
            OpenApiTypes.STR,
            required=True,
            many=True,
            description="`start-end` of an item of evidence, such as `120-188`.",
        ),
    ],
    responses=answers(
        {200: OpenApiResponse(_BOXES, "A list of boxes for each quote, in the order asked.")},
        {400: "A `quote` is no place in the text of the page.", **_PROBLEMS},
    ),
)
