"""What staff do in the admin goes into the audit log as well as into Django's own."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from accounts import audit
from accounts.named_columns import NamedColumnsAdmin

Action = audit.Action


class AuditedAdmin(NamedColumnsAdmin):
    """Django notes each act with the names of things; the audit log notes it by ids alone."""

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        audit.record(Action.ADMIN_ADDED, obj, request=request)
        return super().log_addition(request, obj, message)

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        audit.record(Action.ADMIN_CHANGED, obj, request=request)
        return super().log_change(request, obj, message)

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        for obj in queryset:
            audit.record(Action.ADMIN_DELETED, obj, request=request)
        return super().log_deletions(request, queryset)
