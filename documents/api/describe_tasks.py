"""What the calls for action items take and answer, for the OpenAPI description."""

from __future__ import annotations

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema

from documents.api import serializers
from documents.api.describe import CURSOR, JSON, LIST_PROBLEMS, answers
from documents.api.describe_lists import PAGES
from documents.models.analyses import LONGEST_NAME
from documents.todo.exports import MOST
from documents.todo.filters import DUES, OPEN, STATES

HEX = "[0-9a-fA-F]{%s}"

ITEM_ID = OpenApiParameter("id", OpenApiTypes.INT, OpenApiParameter.PATH)
NO_ITEM = {404: "No action item of yours has this id."}

FILTERS = [
    OpenApiParameter("state", enum=[*STATES, ""], default=OPEN),
    OpenApiParameter(
        "due",
        enum=[*DUES, ""],
        description="`overdue`: before today; `week`: from this Monday to Sunday; `none`: without "
        "a date. Days are those of UTC. Blank: all.",
    ),
    OpenApiParameter(
        "assignee",
        description=f"Who is asked, as the document names them, at most {LONGEST_NAME} characters. "
        "Capitals and spaces do not count.",
    ),
    OpenApiParameter(
        "document",
        {"type": "string", "pattern": f"^({'-'.join(HEX % n for n in (8, 4, 4, 4, 12))})?$"},
        description="Of this document only, by its id; blank: of all.",
    ),
]

EXAMPLE: dict[str, Any] = {
    "id": 7,
    "document_id": "6f8e7c1e-4d0b-4a6e-9a57-0f1f0a2b3c4d",
    "filename": "harbor-committee-minutes.pdf",
    "task": "Send the survey to the insurer",
    "assignee": "Maria Lopez",
    "due_text": "by 20 March 2026",
    "due_date": "2026-03-20",
    "priority": "high",
    "done": False,
    "evidence": [
        {
            "page": 2,
            "start": 120,
            "end": 180,
            "quote": "Maria Lopez sends the survey to the insurer by 20 March 2026",
            "match": "verbatim",
        }
    ],
}

action_item_list = extend_schema(
    operation_id="list_action_items",
    tags=["findings"],
    description="The tasks of all your documents, by due date, then by document; those without a "
    "date last. Only the newest analysis of each document counts.",
    parameters=[
        *FILTERS,
        *PAGES,
        CURSOR,
    ],
    responses=answers({200: serializers.ActionItemSerializer(many=True)}, LIST_PROBLEMS),
    # One entry: the framework puts it into a page.
    examples=[OpenApiExample("One task", value=EXAMPLE, response_only=True, status_codes=["200"])],
)

action_item_export = extend_schema(
    operation_id="export_action_items",
    tags=["findings"],
    description="The tasks of the list as a table (CSV), or as iCalendar: a to-do for each, and an "
    f"event of a whole day for each with a date. At most {MOST:,}, the soonest.",
    parameters=[*FILTERS, OpenApiParameter("as", enum=["csv", "ics"], default="csv")],
    responses=answers(
        {(200, "text/csv"): OpenApiTypes.STR, (200, "text/calendar"): OpenApiTypes.STR},
        LIST_PROBLEMS,
    ),
)

action_item = extend_schema(
    operation_id="get_action_item",
    tags=["findings"],
    parameters=[ITEM_ID],
    responses=answers({200: serializers.ActionItemSerializer}, NO_ITEM),
    examples=[OpenApiExample("A task", value=EXAMPLE, response_only=True, status_codes=["200"])],
)

tick = extend_schema(
    operation_id="tick_action_item",
    tags=["findings"],
    parameters=[ITEM_ID],
    request={
        JSON: {
            "type": "object",
            "required": ["done"],
            "properties": {"done": {"type": "boolean"}},
        }
    },
    responses=answers(
        {200: serializers.ActionItemSerializer}, {400: "`done` is missing or wrong.", **NO_ITEM}
    ),
)
