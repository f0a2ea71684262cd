"""API keys as staff see them: whose they are and when they were used, never a hash."""

from __future__ import annotations

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts import staff_rights
from accounts.keys import api_keys
from accounts.models import ApiKey
from accounts.read_only_admin import ReadOnlyAdmin


@admin.register(ApiKey)
class ApiKeyAdmin(ReadOnlyAdmin):
    fields = ("owner", "name", "shown", "scope", "made_at", "expires_at", "used_at", "ended_at")
    list_display = fields
    list_filter = ("scope", "made_at", "ended_at")
    list_select_related = ("owner",)
    search_fields = ("owner__username", "prefix")
    search_help_text = "Name of a user, or the part of a key that may be seen, without atom_"
    date_hierarchy = "made_at"
    actions = ("end_keys",)

    def has_sign_out_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(staff_rights.SIGN_OUT)

    @admin.action(description="End selected keys", permissions=["sign_out"])
    def end_keys(self, request: HttpRequest, keys: QuerySet[ApiKey]) -> None:
        managed = [
            key
            for key in keys.select_related("owner")
            if staff_rights.may_manage(request.user, key.owner)
        ]
        for key in managed:
            api_keys.end(key, request=request)
        if refused := len(keys) - len(managed):
            messages.warning(request, f"Left as they were, as their owners may do more: {refused}.")
        messages.success(request, f"Ended: {len(managed)}.")
