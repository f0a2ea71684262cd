"""What lists of documents take and answer, for the OpenAPI description."""

from __future__ import annotations

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema

from documents.api import serializers
from documents.api.describe import CURSOR, LIST_PROBLEMS, PAGING, answers
from documents.api.document_filter import API_ORDERINGS, MOST_IDS
from documents.models import Status
from documents.pipeline.analysis import wording

SEARCH = (
    "Words that the document has, all of them, in its name, summary, topics, tasks or text. Each "
    "is looked for at the beginning of words (shorter than three letters: as a whole word), "
    "whatever its case and accents; in scripts without spaces, anywhere. The newest 1,000 "
    "documents that match are listed and counted. `ordering=relevance` has the best first."
)

DAY = "a date ({} in UTC) or a moment of ISO 8601{}."
FROM, UNTIL = DAY.format("its start", "{}"), DAY.format("its end", "{}")
ZONE = " with its zone"

FILTERS = [
    OpenApiParameter(
        "id",
        OpenApiTypes.STR,
        many=True,
        description=f"These alone, at most {MOST_IDS}; also with commas in between. Ids of nothing "
        "of yours are passed over.",
    ),
    OpenApiParameter(
        "status",
        OpenApiTypes.STR,
        many=True,
        enum=[*Status.values, ""],
        description="Any of these; also with commas in between. Blank: all.",
    ),
    OpenApiParameter("kind", enum=[*wording.KINDS, ""], description="As `document_kind`."),
    OpenApiParameter("search", description=SEARCH),
    OpenApiParameter("topic", description="A topic as the analysis has it, in any case."),
    OpenApiParameter(
        "has_open_tasks",
        enum=["true", "false", ""],
        description="Whether any of its action items is not done.",
    ),
    OpenApiParameter("language", description="Code of the document's language, such as de."),
    OpenApiParameter("external_id", description="Exactly as the upload gave it."),
    OpenApiParameter("created_after", description=f"Uploaded then or later: {FROM.format('')}"),
    OpenApiParameter("created_before", description=f"Uploaded earlier: {UNTIL.format('')}"),
    OpenApiParameter("finished_after", description=f"Finished then or later: {FROM.format(ZONE)}"),
    OpenApiParameter("finished_before", description=f"Finished earlier: {UNTIL.format(ZONE)}"),
    OpenApiParameter(
        "updated_after",
        description="Changed then or later, be it a step, progress or a tick of an action item: "
        f"{FROM.format(ZONE)}",
    ),
    OpenApiParameter("updated_before", description=f"Not changed since: {UNTIL.format(ZONE)}"),
    OpenApiParameter(
        "ordering",
        enum=[*API_ORDERINGS, ""],
        default="-created_at",
        description="Unfinished documents are the last by `-finished_at`.",
    ),
]
PAGES = [
    OpenApiParameter(
        "page",
        OpenApiTypes.INT,
        description="By number; what is added or deleted meanwhile moves entries to other pages.",
    ),
    OpenApiParameter("page_size", OpenApiTypes.INT, description=PAGING),
    OpenApiParameter(
        "after",
        description="A cursor, as `next` has it where the order allows one: the entries behind it, "
        "whatever is added or deleted meanwhile.",
    ),
    OpenApiParameter("before", description="The same the other way, as `previous` has it."),
]

document_list = extend_schema(
    operation_id="list_documents",
    tags=["documents"],
    parameters=[*FILTERS, *PAGES, CURSOR],
    responses=answers(
        {200: serializers.ListedDocumentSerializer(many=True)},
        {**LIST_PROBLEMS, 503: "The search took too long and was ended."},
    ),
)
