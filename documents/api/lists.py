"""Lists of the API: what may be asked of them, and what they refuse."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import QuerySet
from django.http import QueryDict

from atom_project.problem_codes import ProblemCode
from atom_project.problems import Problem
from documents.api.document_filter import API_ORDERINGS, MOST_IDS, ApiDocumentFilter, several
from documents.filters import LONGEST_SEARCH
from documents.models import (
    Document,
    DocumentQuerySet,
    Status,
    count_listed,
    counts_by_status,
)
from documents.models.analyses import LONGEST_NAME, ActionItemQuerySet
from documents.models.classifications import LONGEST_LABEL
from documents.models.uploads import LONGEST_EXTERNAL_ID
from documents.pipeline.analysis import wording
from documents.todo.filters import DUES, STATES, TaskFilter

MOMENT = "`{}` must be a date or a moment of ISO 8601, such as 2026-11-27 or 2026-11-27T08:00:00Z."
ZONED = MOMENT + " A moment needs its zone; write the `+` of one as %2B."
REFUSALS = {
    "id": (
        ProblemCode.BAD_ID,
        f"`id` must be the ids of documents, with commas in between, at most {MOST_IDS}.",
    ),
    "status": (ProblemCode.UNKNOWN_STATUS, f"`status` must be one of {', '.join(Status.values)}."),
    "kind": (ProblemCode.UNKNOWN_KIND, f"`kind` must be one of {', '.join(wording.KINDS)}."),
    "search": (
        ProblemCode.BAD_SEARCH,
        f"`search` must be at most {LONGEST_SEARCH} characters of text.",
    ),
    "ordering": (
        ProblemCode.UNKNOWN_ORDERING,
        f"`ordering` must be one of {', '.join(API_ORDERINGS)}.",
    ),
    "language": (
        ProblemCode.BAD_LANGUAGE,
        "`language` must be the code of a language, such as de, as documents have it.",
    ),
    "topic": (
        ProblemCode.BAD_TOPIC,
        f"`topic` must be at most {LONGEST_LABEL} characters of text.",
    ),
    "has_open_tasks": (ProblemCode.UNKNOWN_ANSWER, "`has_open_tasks` must be true or false."),
    "external_id": (
        ProblemCode.BAD_EXTERNAL_ID,
        f"`external_id` must be at most {LONGEST_EXTERNAL_ID} characters of text.",
    ),
    "created_after": (ProblemCode.BAD_DATE, MOMENT.format("created_after")),
    "created_before": (ProblemCode.BAD_DATE, MOMENT.format("created_before")),
    "finished_after": (ProblemCode.BAD_DATE, ZONED.format("finished_after")),
    "finished_before": (ProblemCode.BAD_DATE, ZONED.format("finished_before")),
    "updated_after": (ProblemCode.BAD_DATE, ZONED.format("updated_after")),
    "updated_before": (ProblemCode.BAD_DATE, ZONED.format("updated_before")),
}


TASK_REFUSALS = {
    "state": (ProblemCode.UNKNOWN_STATE, f"`state` must be one of {', '.join(STATES)}."),
    "due": (ProblemCode.UNKNOWN_DUE, f"`due` must be one of {', '.join(DUES)}."),
    "assignee": (
        ProblemCode.BAD_ASSIGNEE,
        f"`assignee` must be at most {LONGEST_NAME} characters of text.",
    ),
    "document": (ProblemCode.BAD_DOCUMENT, "`document` must be the id of a document."),
}

PAGES = ("page", "page_size")
CURSORS = ("after", "before")
FRAMEWORKS_OWN = "format"  # By which the browsable pages ask for JSON.


def refuse_unknown(parameters: QueryDict, known: Collection[str]) -> None:
    """A misspelt parameter would be a filter that lets everything through, in silence."""
    for name in parameters:
        if name not in known and name != FRAMEWORKS_OWN:
            raise Problem(
                400,
                ProblemCode.UNKNOWN_PARAMETER,
                f"There is no parameter `{name[:100]}` here. Known are {', '.join(known)}.",
            )


def chosen(
    documents: DocumentQuerySet, parameters: QueryDict, *, owner_id: int, besides: Collection[str]
) -> QuerySet[Document]:
    """Those of the owner's documents that the parameters ask for, ordered.

    Refuses what makes no sense, and whatever is neither a filter nor known `besides`.
    """
    names = ApiDocumentFilter.base_filters
    refuse_unknown(parameters, [*names, *besides])
    if not any(_is_given(parameters, name) for name in names):
        return documents.newest_first()
    wanted = ApiDocumentFilter(parameters, documents, owner_id=owner_id)
    if not wanted.is_valid():
        raise Problem(400, *REFUSALS[next(iter(wanted.errors))])
    found: QuerySet[Document] = wanted.qs
    return found


def _is_given(parameters: QueryDict, name: str) -> bool:
    if name in ("id", "status"):
        return bool(several(parameters, name))
    return bool(parameters.get(name, "").strip())  # A comma alone is a text like others.


def known_count(parameters: QueryDict, *, owner_id: int) -> int | None:
    """How many documents are chosen, where running totals tell; None where that is to be counted.

    Of parameters that were not refused.
    """
    narrowing = set(ApiDocumentFilter.base_filters) - {"status", "ordering"}
    if any(_is_given(parameters, name) for name in narrowing):
        return None
    if statuses := several(parameters, "status"):
        counts = counts_by_status(owner_id)
        return sum(counts.get(status, 0) for status in statuses)
    return count_listed(owner_id)


def chosen_tasks(
    items: ActionItemQuerySet, parameters: QueryDict, *, besides: Collection[str]
) -> ActionItemQuerySet:
    """Those of the tasks that the parameters ask for; refuses what makes no sense."""
    refuse_unknown(parameters, [*TaskFilter.base_filters, *besides])
    wanted = TaskFilter(parameters, items)
    if not wanted.is_valid():
        raise Problem(400, *TASK_REFUSALS[next(iter(wanted.errors))])
    found: ActionItemQuerySet = wanted.qs
    return found
