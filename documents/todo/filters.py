"""Which tasks a to-do list shows: one filter for the API, the page, exports and the feed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils import timezone

from documents.models import ActionItem
from documents.models.analyses import LONGEST_NAME, ActionItemQuerySet, name_key

OPEN, DONE, ALL = STATES = ("open", "done", "all")
OVERDUE, WEEK, NO_DATE = DUES = ("overdue", "week", "none")


class TaskFilter(django_filters.FilterSet):  # type: ignore[misc]  # It has no types.
    """`state` (blank: open), `due`, `assignee` and `document`; soonest first."""

    state = django_filters.ChoiceFilter(
        choices=[(name, name) for name in STATES], method="in_state"
    )
    due = django_filters.ChoiceFilter(choices=[(name, name) for name in DUES], method="due_then")
    assignee = django_filters.CharFilter(max_length=LONGEST_NAME, method="asked_of")
    document = django_filters.UUIDFilter(field_name="analysis__document")

    class Meta:
        model = ActionItem
        fields: list[str] = []

    def in_state(self, items: ActionItemQuerySet, name: str, state: str) -> ActionItemQuerySet:
        return items if state == ALL else items.filter(done=state == DONE)

    def due_then(self, items: ActionItemQuerySet, name: str, due: str) -> ActionItemQuerySet:
        return items.undated() if due == NO_DATE else items.filter(**due_condition(due))

    def asked_of(self, items: ActionItemQuerySet, name: str, assignee: str) -> ActionItemQuerySet:
        return items.filter(assignee_key=name_key(assignee))

    def filter_queryset(self, queryset: QuerySet[ActionItem]) -> QuerySet[ActionItem]:
        items: Any = queryset
        if not self.form.cleaned_data["state"]:
            items = items.open()
        found: QuerySet[ActionItem] = super().filter_queryset(items.by_due_date())
        return found


def sensible(query: Mapping[str, str]) -> dict[str, str]:
    """What an address asks for that makes sense; the rest is left out."""
    form = TaskFilter(query).form
    form.is_valid()
    return {name: str(value) for name, value in form.cleaned_data.items() if value}


def due_condition(due: str) -> dict[str, Any]:
    if due == OVERDUE:
        return {"due_date__lt": today()}
    if due == WEEK:
        return {"due_date__range": week_of(today())}
    return {"due_date": None}


def dues_of(day: date | None) -> Iterator[str]:
    """Which of `DUES` a task of this day is found by; blank is every task."""
    yield ""
    if day is None:
        yield NO_DATE
        return
    monday, sunday = week_of(today())
    if day < today():
        yield OVERDUE
    if monday <= day <= sunday:
        yield WEEK


def week_of(day: date) -> tuple[date, date]:
    """Monday and Sunday."""
    monday = day - timedelta(days=day.weekday())
    return monday, monday + timedelta(days=6)


def today() -> date:
    """Days are those of UTC, wherever people and servers are."""
    return timezone.now().date()
