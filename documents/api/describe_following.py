"""What the calls that follow documents take and answer, for the OpenAPI description."""

from __future__ import annotations

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema

from documents.api import serializers
from documents.api.describe import CURSOR, ID, NOT_FOUND, answers

LONGEST_WAIT = 60  # seconds; proxies cut off what is silent for longer
MOST_EVENTS, USUAL_EVENTS = 100, 50

PROBLEMS = {
    400: "A parameter is not understood; `code` and `detail` say which.",
    429: "Too many requests in a minute, or as many of your calls wait as may.",
}

document_status = extend_schema(
    operation_id="get_document_status",
    tags=["documents"],
    description="Where a document stands. With `wait`, the answer comes as soon as the document is "
    "finished, and after that time at the latest. A call counts once, however long it waits.",
    parameters=[
        ID,
        OpenApiParameter("wait", OpenApiTypes.INT, description="Seconds to wait for its end."),
        CURSOR,
    ],
    responses=answers({200: serializers.DocumentStatusSerializer}, {**PROBLEMS, **NOT_FOUND}),
)

event_list = extend_schema(
    operation_id="list_events",
    tags=["documents"],
    description="What happened to your documents, oldest first, from the log that the stream has "
    "as well, and with the same data. Ask again with `after` set to `next`, and nothing is missed "
    "or told twice. Without `after`: how each document stands that is unfinished, or finished "
    "within the last minute. With `wait`, the answer comes as soon as there is an event. After "
    "`reset`, read `/documents` again: something may have been missed. With `document`, all is "
    "about that one.",
    parameters=[
        OpenApiParameter(
            "after",
            OpenApiTypes.INT,
            description="Go on after this event: `next` of the answer before, `stream_cursor` of "
            "an upload, or `Last-Event-ID` of a list. 0 tells all that is kept.",
        ),
        OpenApiParameter("wait", OpenApiTypes.INT, description="Seconds to wait for an event."),
        OpenApiParameter("limit", OpenApiTypes.INT, description="How many in one answer."),
        OpenApiParameter(
            "document",
            OpenApiTypes.UUID,
            description="Events of this document alone; without `after`: how it stands.",
        ),
    ],
    responses=answers(
        {200: OpenApiResponse({"$ref": "#/components/schemas/EventPage"}, "Events, or none.")},
        {**PROBLEMS, **NOT_FOUND},
    ),
)
