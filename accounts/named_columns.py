"""What every model of the admin rests on: columns and filters are those it names, no others."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.contrib.admin.exceptions import (
    DisallowedModelAdminLookup,
    DisallowedModelAdminToField,
)
from django.contrib.admin.utils import get_fields_from_path
from django.core.exceptions import BadRequest, ImproperlyConfigured
from django.db import models
from django.http import HttpRequest, HttpResponse

from atom_project.exception_table import problem_of
from atom_project.problems import answer

logger = logging.getLogger(__name__)


class NamedColumnsAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # Not generic when it runs.
    """Shows the columns in `fields` and filters by `list_filter` and `date_hierarchy` only.

    Django's own shows whatever is not excluded, and answers a lookup over any column of the
    table (`?answer__startswith=a`): a hidden column could be read letter by letter. A refused
    filter is a 400 and one line in the log.
    """

    def __init__(self, model: type[models.Model], admin_site: admin.AdminSite) -> None:
        super().__init__(model, admin_site)
        if not (self.fields or self.fieldsets):
            # A new column would be shown to everybody who may look at the table.
            raise ImproperlyConfigured(f"{type(self).__name__} must name the columns it shows.")

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest | None = None) -> bool:
        named = {
            parameter
            for entry in (self.get_list_filter(request) if request else self.list_filter)
            for parameter in _parameters(self.model, entry)
        }
        if self.date_hierarchy:
            named |= {f"{self.date_hierarchy}__{part}" for part in ("year", "month", "day")}
        return lookup in named

    def to_field_allowed(self, request: HttpRequest, to_field: str) -> bool:
        """Columns only: Django fails at the other end of a relation."""
        names = {field.name for field in self.opts.concrete_fields}
        return to_field in names and bool(super().to_field_allowed(request, to_field))

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        try:
            return super().changelist_view(request, extra_context)
        except (DisallowedModelAdminLookup, DisallowedModelAdminToField):
            return self._refused(request)

    def changeform_view(self, request: HttpRequest, *about: Any, **more: Any) -> HttpResponse:
        try:
            return super().changeform_view(request, *about, **more)
        except DisallowedModelAdminToField:
            return self._refused(request)

    def _refused(self, request: HttpRequest) -> HttpResponse:
        # By Django it would be an error with all its frames, as often as anybody likes.
        logger.warning(
            "User %s asked %s for a filter or a column it does not offer",
            request.user.pk,
            self.opts.label,
        )
        return answer(request, problem_of(BadRequest()))


def _parameters(model: type[models.Model], entry: Any) -> Iterator[str]:
    """What one entry of `list_filter` puts into addresses, as Django's filters spell it."""
    if isinstance(entry, type):
        yield entry.parameter_name  # type: ignore[attr-defined]  # A filter of our own.
        return
    path = entry[0] if isinstance(entry, tuple) else entry
    field: Any = get_fields_from_path(model, path)[-1]
    yield f"{path}__isnull"
    if field.remote_field:
        yield f"{path}__{field.target_field.name}__exact"
    elif isinstance(field, models.DateField):
        yield from (f"{path}__gte", f"{path}__lt")
    elif isinstance(field, models.BooleanField) or field.flatchoices:
        yield f"{path}__exact"
    else:
        yield path
