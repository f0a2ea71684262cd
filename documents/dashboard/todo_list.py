"""The to-do list as its page shows it: one page of tasks, and the ways to the others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page as ListPage
from django.core.paginator import Paginator
from django.db.models import Count, Q, Subquery

from documents.models import ActionItem
from documents.models.analyses import ActionItemQuerySet, name_key
from documents.todo import exports, filters
from documents.todo.filters import ALL, DONE, NO_DATE, OPEN, OVERDUE, WEEK, TaskFilter

PAGE_SIZE = 50
MOST_AHEAD = 5  # deadlines that an overview shows
MOST_NAMES = 8  # of people offered as filters

STATES = {OPEN: "Open", DONE: "Done", ALL: "All"}
DUES = {"": "Any date", OVERDUE: "Overdue", WEEK: "This week", NO_DATE: "No date"}
SECTIONS = {
    "overdue": "Overdue",
    "today": "Today",
    "week": "Later this week",
    "later": "Later",
    "undated": "No date",
}


@dataclass(frozen=True)
class Link:
    """A filter to choose; `count` of what it shows."""

    label: str
    address: str
    is_current: bool
    id: str
    count: int | None = None


@dataclass(frozen=True)
class Section:
    id: str
    heading: str
    items: list[ActionItem]


@dataclass(frozen=True)
class Chosen:
    """What the address asks for."""

    state: str = ""
    due: str = ""
    assignee: str = ""
    document: str = ""

    @property
    def is_plain(self) -> bool:
        return not any(vars(self).values())

    def address(self, **changes: object) -> str:
        """The query string of this list with some of it changed."""
        parts = {**vars(self), **changes}
        return "?" + urlencode({name: value for name, value in parts.items() if value})


@dataclass(frozen=True)
class TodoList:
    chosen: Chosen
    sections: list[Section]
    page: ListPage[int]
    states: list[Link]
    dues: list[Link]
    names: list[Link]
    is_empty: bool  # whether there is no task at all, filter aside
    address: str  # of this page of the list
    exported: str  # the query string of the same list, to take away
    everybody: str  # the same whoever is asked
    previous_address: str = field(default="")
    next_address: str = field(default="")
    most_exported: int = exports.MOST


def read(items: ActionItemQuerySet, query: Mapping[str, str]) -> TodoList:
    """The page that `query` asks for of these tasks: a count, a page, and the names in them."""
    chosen = Chosen(**filters.sensible(query))
    found = TaskFilter(vars(chosen), items).qs
    counts = _counts(items, chosen)
    # Of ids, which the index has: the rows before a late page are not looked at.
    paginator = Paginator(found.values_list("pk", flat=True), PAGE_SIZE)
    # Known already: counting once more would double the cost.
    paginator.count = counts[chosen.state or OPEN, chosen.due]
    page = paginator.get_page(query.get("page"))
    return TodoList(
        chosen=chosen,
        sections=_sections(items.told().in_this_order(list(page.object_list)), chosen),
        page=page,
        states=_states(chosen, counts),
        dues=_dues(chosen, counts),
        names=_names(items, chosen),
        is_empty=not counts[ALL, ""] and not items.exists(),
        address=chosen.address(page=page.number),
        exported=chosen.address(),
        everybody=chosen.address(assignee=""),
        previous_address=chosen.address(page=page.number - 1) if page.has_previous() else "",
        next_address=chosen.address(page=page.number + 1) if page.has_next() else "",
    )


def _counts(items: ActionItemQuerySet, chosen: Chosen) -> dict[tuple[str, str], int]:
    """How many there are in each state and at each date, of the person and document chosen.

    One walk over an index counts by day; days are put together here.
    """
    asked = Chosen(state=ALL, assignee=chosen.assignee, document=chosen.document)
    days = TaskFilter(vars(asked), items).qs.order_by().values("due_date")
    # Of columns of the index: a look at each row would take ten times as long.
    counted = days.annotate(count=Count("*"), done=Count("done", filter=Q(done=True)))
    counts = {(state, due): 0 for state in STATES for due in DUES}
    for day, count, done in counted.values_list("due_date", "count", "done"):
        for due in filters.dues_of(day):
            counts[ALL, due] += count
            counts[DONE, due] += done
            counts[OPEN, due] += count - done
    return counts


def _states(chosen: Chosen, counts: Mapping[tuple[str, str], int]) -> list[Link]:
    current = chosen.state or OPEN
    return [
        Link(
            label,
            chosen.address(state="" if state == OPEN else state),
            state == current,
            f"state-{state}",
            counts[state, chosen.due],
        )
        for state, label in STATES.items()
    ]


def _dues(chosen: Chosen, counts: Mapping[tuple[str, str], int]) -> list[Link]:
    state = chosen.state or OPEN
    return [
        Link(
            label,
            chosen.address(due=due),
            due == chosen.due,
            f"due-{due or 'any'}",
            counts[state, due],
        )
        for due, label in DUES.items()
    ]


def _names(items: ActionItemQuerySet, chosen: Chosen) -> list[Link]:
    """Whom the tasks of this state are asked of: those with most of them, and who is chosen."""
    asked = TaskFilter(vars(Chosen(state=chosen.state, document=chosen.document)), items).qs
    counted = asked.exclude(assignee_key="").order_by().values("assignee_key")
    ranked = counted.annotate(count=Count("*")).order_by("-count", "assignee_key")[:MOST_NAMES]
    counts: dict[str, int | None] = dict(ranked.values_list("assignee_key", "count"))
    current = name_key(chosen.assignee)
    if current:
        counts.setdefault(current, None)
    names = _spelled(items, list(counts))
    return [
        Link(names.get(key, key), chosen.address(assignee=key), key == current, f"name-{n}", count)
        for n, (key, count) in enumerate(counts.items())
    ]


def _spelled(items: ActionItemQuerySet, keys: list[str]) -> dict[str, str]:
    """Each name as one of its tasks spells it: one statement, of one probe for each."""
    probes = [
        Subquery(items.filter(assignee_key=key).order_by().values("assignee")[:1]) for key in keys
    ]
    # Not `first()`, which would put all tasks in order to take one.
    rows = list(items.order_by().values_list(*probes)[:1]) if probes else []
    return {key: name for row in rows for key, name in zip(keys, row, strict=True) if name}


def _sections(items: list[ActionItem], chosen: Chosen) -> list[Section]:
    """By how soon they are due; of what is done the dates do not press any more."""
    if chosen.state == DONE:
        return [Section("done", "", items)] if items else []
    grouped = groupby(items, key=_when)
    return [Section(when, SECTIONS[when], list(some)) for when, some in grouped]


def _when(item: ActionItem) -> str:
    today = filters.today()
    if item.due_date is None:
        return "undated"
    if item.due_date < today:
        return "overdue"
    if item.due_date == today:
        return "today"
    return "week" if item.due_date <= filters.week_of(today)[1] else "later"


def deadlines(items: ActionItemQuerySet) -> dict[str, Any]:
    """What an overview says of them: how many are missed or near, and the next of them."""
    dated = items.open()
    return {
        OVERDUE: dated.filter(**filters.due_condition(OVERDUE)).count(),
        WEEK: dated.filter(**filters.due_condition(WEEK)).count(),
        "ahead": list(
            dated.filter(due_date__gte=filters.today()).told().by_due_date()[:MOST_AHEAD]
        ),
    }
