"""The read-only admin: facts to look at."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from accounts.audited_admin import AuditedAdmin


class ReadOnlyAdmin(AuditedAdmin):
    """Facts: nobody adds, changes or deletes them by hand."""

    show_full_result_count = False  # It would count every row there is, on each page.
    list_per_page = 50

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
