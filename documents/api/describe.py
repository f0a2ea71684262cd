"""What each call takes and answers, said once for the OpenAPI description."""

from __future__ import annotations

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import (
    OpenApiParameter,
    OpenApiResponse,
    extend_schema,
)

from accounts.api.serializers import ProblemSerializer
from documents.api import serializers
from documents.api.usage_serializers import UsageSerializer

PROBLEM = "application/problem+json"
JSON = "application/json"

ID = OpenApiParameter("id", OpenApiTypes.UUID, OpenApiParameter.PATH)
# With `response`, spectacular makes of a parameter a header of these answers.
CURSOR = OpenApiParameter(
    "Last-Event-ID",
    OpenApiTypes.INT,
    OpenApiParameter.HEADER,
    response=[200],
    description="A stream that begins after this id misses nothing that is not in the answer.",
)


def problem(description: str) -> OpenApiResponse:
    return OpenApiResponse(ProblemSerializer, description)


def answers(good: dict[Any, Any], problems: dict[int, str]) -> Any:
    """What any call may meet besides, such as 401, `openapi.refusals` says once."""
    # Under their own media type: by the status alone they would be described as JSON.
    refusals = {(status, PROBLEM): problem(text) for status, text in problems.items()}
    return {**good, **refusals}


NOT_FOUND = {404: "No document of yours has this id."}
LIST_PROBLEMS = {400: "A parameter is not understood; `code` and `detail` say which."}
PAGING = "How many in one answer; more than 100 are cut to 100."

document = extend_schema(
    operation_id="get_document",
    tags=["documents"],
    parameters=[ID, CURSOR],
    responses=answers({200: serializers.DocumentDetailSerializer}, NOT_FOUND),
)

deletion = extend_schema(
    operation_id="delete_document",
    tags=["documents"],
    description="Remove a document with everything known about it, in any state. It is gone at "
    "once: the trash belongs to the pages, and what is in it is unknown here.",
    parameters=[ID],
    responses=answers({204: OpenApiResponse(description="It is gone.")}, NOT_FOUND),
)

PAGES_OF = [
    ID,
    OpenApiParameter("page", OpenApiTypes.INT),
    OpenApiParameter("page_size", OpenApiTypes.INT, description=PAGING),
]

pages = extend_schema(
    operation_id="list_pages",
    tags=["findings"],
    parameters=PAGES_OF,
    responses=answers({200: serializers.PageSerializer(many=True)}, {**LIST_PROBLEMS, **NOT_FOUND}),
)

analyses = extend_schema(
    operation_id="list_analyses",
    tags=["findings"],
    parameters=PAGES_OF,
    responses=answers(
        {200: serializers.AnalysisVersionSerializer(many=True)}, {**LIST_PROBLEMS, **NOT_FOUND}
    ),
)

file = extend_schema(
    operation_id="download_file",
    tags=["documents"],
    description="The bytes as they came, whole or one range of them: a download that broke off "
    "goes on with `Range` and `If-Range`. A file never changes; its `ETag` is its SHA-256.",
    parameters=[
        ID,
        OpenApiParameter(
            "Range",
            OpenApiTypes.STR,
            OpenApiParameter.HEADER,
            description="One range, such as `bytes=1000-`. Several are answered by the whole file.",
        ),
        OpenApiParameter(
            "If-Range",
            OpenApiTypes.STR,
            OpenApiParameter.HEADER,
            description="The `ETag` of what is there already; of another file all is sent.",
        ),
        OpenApiParameter(
            "ETag",
            OpenApiTypes.STR,
            OpenApiParameter.HEADER,
            response=[200, 206, 304],
            description="The SHA-256 of the whole file, in quotation marks.",
        ),
        OpenApiParameter(
            "Content-Range",
            OpenApiTypes.STR,
            OpenApiParameter.HEADER,
            response=[206, 416],
            description="Which bytes of how many.",
        ),
    ],
    responses=answers(
        {
            (200, "application/octet-stream"): OpenApiTypes.BINARY,
            (206, "application/octet-stream"): OpenApiTypes.BINARY,
            304: OpenApiResponse(description="You have it already."),
        },
        {
            **NOT_FOUND,
            412: "It is not the file that `If-Match` names.",
            416: "It has none of the bytes of `Range`.",
        },
    ),
)

export = extend_schema(
    operation_id="export_analysis",
    tags=["findings"],
    description="The result as JSON, a report to read as Markdown, or the action items as CSV. "
    "Claims that no quote stands behind are left out.",
    parameters=[
        ID,
        OpenApiParameter("as", enum=["json", "md", "csv"], default="json"),
    ],
    responses=answers(
        {
            (200, JSON): OpenApiTypes.OBJECT,
            (200, "text/markdown"): OpenApiTypes.STR,
            (200, "text/csv"): OpenApiTypes.STR,
        },
        {400: "`as` is unknown.", **NOT_FOUND, 409: "There is no analysis yet."},
    ),
)

retry = extend_schema(
    operation_id="retry_document",
    tags=["documents"],
    parameters=[ID],
    request=serializers.RetrySerializer,
    responses=answers(
        {202: serializers.DocumentSerializer},
        {
            400: "The engine is not known; `detail` lists those that are.",
            **NOT_FOUND,
            409: "It is not finished.",
            429: "As many of your documents are waiting as may; `Retry-After` says when to ask.",
        },
    ),
)

read_as = extend_schema(
    operation_id="read_document_as",
    tags=["documents"],
    parameters=[ID],
    request=serializers.ReadAsSerializer,
    responses=answers(
        {202: serializers.DocumentSerializer},
        {
            400: "The encoding is not known; `detail` lists those that are.",
            **NOT_FOUND,
            409: "It is not finished, or is no text file.",
            429: "As many of your documents are waiting as may; `Retry-After` says when to ask.",
        },
    ),
)

recognize = extend_schema(
    operation_id="recognize_document",
    tags=["documents"],
    parameters=[ID],
    request=None,
    responses=answers(
        {202: serializers.DocumentSerializer},
        {
            **NOT_FOUND,
            409: "It is not finished, has no picture that was left unread, or there is no text "
            "recognition (OCR) here.",
            429: "As many of your documents are waiting as may; `Retry-After` says when to ask.",
        },
    ),
)

cancel = extend_schema(
    operation_id="cancel_document",
    tags=["documents"],
    parameters=[ID],
    request=None,
    responses=answers(
        {202: serializers.DocumentSerializer}, {**NOT_FOUND, 409: "It is finished already."}
    ),
)

stream = extend_schema(
    operation_id="stream_events",
    tags=["documents"],
    description="Server-Sent Events: `status`, `progress`, `changed`, `deleted` for your "
    "documents, and `stream-open`, `heartbeat`, `stream-reset` about the stream itself. Each "
    "carries its id; come back with the last one and nothing is missed. Without one, the stream "
    "begins with the latest status of each document that is unfinished or finished just now. "
    "Status events of unfinished documents have an `estimate` as in `DocumentStatus`. After "
    "`deleted`, a document comes back with `reason` `restored` if its owner takes it out of "
    "the trash. It does not end by itself, so trying it out here shows nothing until it is "
    "cancelled: open the address in a browser to watch it.",
    parameters=[
        OpenApiParameter("lastEventId", OpenApiTypes.INT, description="The same; the header wins."),
        OpenApiParameter(
            "Last-Event-ID",
            OpenApiTypes.INT,
            OpenApiParameter.HEADER,
            description="Go on after this event; 0 tells all that is kept.",
        ),
    ],
    responses=answers(
        # OpenAPI 3.1 has no words for the events of a stream; docs/streaming.md tells them.
        {(200, "text/event-stream"): OpenApiTypes.STR},
        {400: "A parameter is not understood.", 503: "The server does not speak ASGI."},
    ),
)

usage = extend_schema(
    operation_id="get_usage",
    tags=["operation"],
    responses=answers({200: UsageSerializer}, {}),
)
