"""Which documents a list shows, and in which order: one filter for the API and the pages."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from atom_project.problem_codes import ProblemCode
from atom_project.problems import RETRY_SECONDS, Problem
from documents import search
from documents.models import ActionItem, Document, DocumentQuerySet, DocumentTopic, Status
from documents.models.analyses import name_key
from documents.models.classifications import LONGEST_LABEL
from documents.models.uploads import LONGEST_EXTERNAL_ID
from documents.pipeline.analysis import language_codes, wording
from documents.search import deadline

LONGEST_SEARCH = 200  # characters; SQLite refuses patterns of 50,000 bytes
YES_OR_NO = ("true", "false")
LONGEST_MOMENT = 40  # characters

_DATE = re.compile(r"\d{4}-\d\d-\d\d")

# Each ends at the queue number, which is unique, and is served by an index. `relevance` depends on
# the words of a search; without any, it is the newest first.
ORDERINGS = {
    "-created_at": ("-created_at", "-queue_number"),
    "created_at": ("created_at", "queue_number"),
    "status": ("status", "-created_at", "-queue_number"),
    "-status": ("-status", "created_at", "queue_number"),
    "filename": ("filename", "queue_number"),
    "-filename": ("-filename", "-queue_number"),
    "relevance": ("-created_at", "-queue_number"),
}
NEWEST_FIRST = "-created_at"
BEST_FIRST = "relevance"


@contextmanager
def searching(user_id: int, words: object) -> Iterator[None]:
    """Within this a list may be searched; raises the problem of a search that takes too long."""
    if not words:
        yield
        return
    try:
        with deadline.one_search(user_id):
            yield
    except deadline.SearchTimedOut:
        raise Problem(
            503,
            ProblemCode.SEARCH_TIMEOUT,
            "The search took too long and was ended. Search for a longer word, or choose a "
            "status as well.",
            headers={"Retry-After": str(RETRY_SECONDS)},
        ) from None


class MomentField(forms.CharField):
    """A date or a moment of ISO 8601; a date means its start, or its end, in UTC.

    A moment without a zone is one of UTC, or none where it `needs_zone`.
    """

    def __init__(self, *, is_end: bool = False, needs_zone: bool = False, **options: Any) -> None:
        super().__init__(max_length=LONGEST_MOMENT, **options)
        self._day = timedelta(days=1) if is_end else timedelta(0)
        self._needs_zone = needs_zone

    def clean(self, value: Any) -> datetime | None:
        given = super().clean(value)
        try:
            return self._moment(given) if given else None
        except (ValueError, OverflowError):
            raise ValidationError("not a moment") from None

    def _moment(self, given: str) -> datetime:
        if _DATE.fullmatch(given):
            start = datetime.combine(date.fromisoformat(given), time(), UTC)
            return start + self._day
        moment = datetime.fromisoformat(given)
        if self._needs_zone and moment.tzinfo is None:
            raise ValueError("no zone")
        aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return aware.astimezone(UTC)


class MomentFilter(django_filters.Filter):  # type: ignore[misc]  # It has no types.
    field_class = MomentField


class DocumentFilter(django_filters.FilterSet):  # type: ignore[misc]  # It has no types.
    """What an address may ask for of one owner's documents; blank means all, newest first."""

    status = django_filters.ChoiceFilter(choices=Status.choices)
    kind = django_filters.ChoiceFilter(choices=list(wording.KINDS.items()), method="of_kind")
    topic = django_filters.CharFilter(method="about", max_length=LONGEST_LABEL)
    has_open_tasks = django_filters.ChoiceFilter(
        choices=[(name, name) for name in YES_OR_NO], method="with_open_tasks"
    )
    language = django_filters.ChoiceFilter(
        choices=[(code, code) for code in sorted(language_codes.CODES)]
    )
    external_id = django_filters.CharFilter(max_length=LONGEST_EXTERNAL_ID)
    created_after = MomentFilter(field_name="created_at", lookup_expr="gte")
    created_before = MomentFilter(field_name="created_at", lookup_expr="lt", is_end=True)
    search = django_filters.CharFilter(method="matching", max_length=LONGEST_SEARCH)
    ordering = django_filters.ChoiceFilter(
        choices=[(name, name) for name in ORDERINGS], method="ordered"
    )

    orderings: Mapping[str, Sequence[Any]] = ORDERINGS

    class Meta:
        model = Document
        fields: list[str] = []

    def __init__(
        self,
        query: Mapping[str, str],
        documents: DocumentQuerySet | None = None,
        *,
        owner_id: int = 0,
    ) -> None:
        super().__init__(query, documents)
        self._owner_id = owner_id

    def matching(self, documents: DocumentQuerySet, name: str, words: str) -> DocumentQuerySet:
        return search.matching(documents, self._owner_id, words)

    # Each with the owner, as the indexes begin with: else every document is asked for its kind.

    def of_kind(self, documents: DocumentQuerySet, name: str, kind: str) -> DocumentQuerySet:
        return documents.filter(classification__owner=self._owner_id, classification__kind=kind)

    def about(self, documents: DocumentQuerySet, name: str, topic: str) -> DocumentQuerySet:
        named = DocumentTopic.objects.filter(owner=self._owner_id, key=name_key(topic))
        return documents.filter(pk__in=named.values("classification"))

    def with_open_tasks(
        self, documents: DocumentQuerySet, name: str, answer: str
    ) -> DocumentQuerySet:
        listed = ActionItem.objects.open().exclude(listed_for=None)
        own = listed.filter(listed_for=self._owner_id).values("analysis__document")
        return documents.filter(pk__in=own) if answer == "true" else documents.exclude(pk__in=own)

    def ordered(self, documents: DocumentQuerySet, name: str, ordering: str) -> DocumentQuerySet:
        words = self.form.cleaned_data["search"]
        if ordering == BEST_FIRST and words:
            return search.best_first(documents, self._owner_id, words)
        return documents.order_by(*self.orderings[ordering])

    def filter_queryset(self, queryset: QuerySet[Document]) -> QuerySet[Document]:
        found: QuerySet[Document] = super().filter_queryset(
            queryset.order_by(*ORDERINGS[NEWEST_FIRST])
        )
        return found


def asks(query: Mapping[str, str]) -> bool:
    """Whether an address asks for anything; for what it does not, no form has to be made."""
    return any(query.get(name) for name in DocumentFilter.base_filters)


def sensible(query: Mapping[str, str]) -> dict[str, str]:
    """What an address asks for that makes sense, as it stands there; the rest is left out."""
    if not asks(query):
        return {}
    form = DocumentFilter(query).form
    form.is_valid()
    return {name: query[name] for name, value in form.cleaned_data.items() if value}


def applied(
    documents: DocumentQuerySet, asked: Mapping[str, str], *, owner_id: int
) -> DocumentQuerySet:
    """The documents of this owner that something sensible asks for, ordered."""
    if not asks(asked):
        return documents.newest_first()
    found: DocumentQuerySet = DocumentFilter(asked, documents, owner_id=owner_id).qs
    return found
