"""Who is linked to whom at the provider, as staff see it; deleting a row ends the link."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from accounts import staff_rights
from accounts.audited_admin import AuditedAdmin
from accounts.models import Identity


@admin.register(Identity)
class IdentityAdmin(AuditedAdmin):
    fields = ("user", "issuer", "subject", "linked_at", "used_at")
    list_display = fields
    list_filter = ("linked_at",)
    list_select_related = ("user",)
    search_fields = ("user__username", "subject")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        may = super().has_delete_permission(request, obj)
        return may and (obj is None or staff_rights.may_manage(request.user, obj.user))
