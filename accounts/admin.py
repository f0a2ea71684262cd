"""Staff create people, deactivate them and sign them out."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts import tokens
from accounts.models import LoginSession, User


@admin.register(User)
class UserAdmin(DjangoUserAdmin):  # type: ignore[type-arg]
    """A user who has documents cannot be deleted (the admin says so); deactivate instead."""

    list_display = ["username", "email", "is_active", "is_staff", "last_login", "date_joined"]
    actions = ["deactivate", "sign_out_everywhere"]

    @admin.action(description="Deactivate selected users", permissions=["change"])
    def deactivate(self, request: HttpRequest, users: QuerySet[User]) -> None:
        if request.user in users:
            messages.error(request, "You cannot deactivate yourself. Nothing was changed.")
            return
        # One by one: `User.save` ends their logins, which an `update()` would not.
        for user in users:
            user.is_active = False
            user.save(update_fields=["is_active"])
        messages.success(request, "They are deactivated and signed out. Their documents stay.")

    @admin.action(description="Sign out everywhere", permissions=["change"])
    def sign_out_everywhere(self, request: HttpRequest, users: QuerySet[User]) -> None:
        for user in users:
            tokens.end_all(user)
        messages.success(request, "They are signed out of every browser and program.")


@admin.register(LoginSession)
class LoginSessionAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Logins by token, to look at. Deleting one ends it."""

    list_display = ["user", "live", "created_at", "refreshed_at", "expires_at", "ended_at"]
    list_filter = ["created_at", "ended_at"]
    list_select_related = ["user"]
    search_fields = ["user__username"]
    date_hierarchy = "created_at"
    exclude = ["refresh_jti"]
    actions = ["sign_out_everywhere"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_sign_out_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("accounts.change_user")

    @admin.display(boolean=True)
    def live(self, login: LoginSession) -> bool:
        return login.is_live

    @admin.action(description="Sign these users out everywhere", permissions=["sign_out"])
    def sign_out_everywhere(self, request: HttpRequest, logins: QuerySet[LoginSession]) -> None:
        for user in User.objects.filter(pk__in=logins.values("user")):
            tokens.end_all(user)
        messages.success(request, "They are signed out of every browser and program.")
