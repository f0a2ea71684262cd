"""What programs may ask of a list of documents besides what the pages ask."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import F
from django.utils.datastructures import MultiValueDict

from documents.filters import ORDERINGS, DocumentFilter, MomentFilter
from documents.models import DocumentQuerySet, Status

MOST_IDS = 100

# Each ends at the queue number and is served by an index, as those of the pages. Unfinished
# documents are the last of `-finished_at`, so that the newest result comes first.
API_ORDERINGS: dict[str, Sequence[Any]] = {
    **ORDERINGS,
    "-updated_at": ("-updated_at", "-queue_number"),
    "updated_at": ("updated_at", "queue_number"),
    "-finished_at": (F("finished_at").desc(nulls_last=True), "-queue_number"),
    "finished_at": (F("finished_at").asc(nulls_first=True), "queue_number"),
}


def several(query: MultiValueDict[str, str], name: str) -> list[str]:
    """What is named, repeated (`a=1&a=2`) or with commas in between; each once, blanks left out."""
    named = [one.strip() for values in query.getlist(name) for one in values.split(",")]
    return list(dict.fromkeys(filter(None, named)))


class SelectSeveral(forms.SelectMultiple):
    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        return several(data, name)


class WriteSeveral(forms.TextInput):
    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        return several(data, name)

    def format_value(self, value: Any) -> str:
        return ",".join(value or [])


class IdsField(forms.Field):
    widget = WriteSeveral

    def clean(self, value: Any) -> list[UUID]:
        if len(value) > MOST_IDS:
            raise ValidationError("too many")
        try:
            return [UUID(one) for one in value]
        except ValueError:
            raise ValidationError("not an id") from None


class IdsFilter(django_filters.Filter):  # type: ignore[misc]  # It has no types.
    field_class = IdsField


class ApiDocumentFilter(DocumentFilter):
    """All that an address of the API may ask for; `created_*` as ever, new moments with a zone."""

    id = IdsFilter(method="among")
    status = django_filters.MultipleChoiceFilter(
        choices=Status.choices, widget=SelectSeveral, method="in_statuses"
    )
    finished_after = MomentFilter(field_name="finished_at", lookup_expr="gte", needs_zone=True)
    finished_before = MomentFilter(
        field_name="finished_at", lookup_expr="lt", is_end=True, needs_zone=True
    )
    updated_after = MomentFilter(field_name="updated_at", lookup_expr="gte", needs_zone=True)
    updated_before = MomentFilter(
        field_name="updated_at", lookup_expr="lt", is_end=True, needs_zone=True
    )
    ordering = django_filters.ChoiceFilter(
        choices=[(name, name) for name in API_ORDERINGS], method="ordered"
    )

    orderings = API_ORDERINGS

    def among(self, documents: DocumentQuerySet, name: str, ids: list[UUID]) -> DocumentQuerySet:
        return documents.filter(pk__in=ids)

    def in_statuses(
        self, documents: DocumentQuerySet, name: str, statuses: list[str]
    ) -> DocumentQuerySet:
        # One alone by itself: its index has the documents in order.
        if len(statuses) == 1:
            return documents.filter(status=statuses[0])
        return documents.filter(status__in=statuses)
