"""Staff create people, deactivate them and sign them out, each with a permission of its own."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.admin import GroupAdmin as DjangoGroupAdmin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts import audit, staff_rights, tokens
from accounts.audited_admin import AuditedAdmin
from accounts.keys.admin import ApiKeyAdmin as ApiKeyAdmin  # Reading it registers it.
from accounts.models import AuditEvent, LoginSession, User
from accounts.oidc.admin import IdentityAdmin as IdentityAdmin
from accounts.read_only_admin import ReadOnlyAdmin

# Whoever could set one of these for himself, could do everything.
ROLES = ("is_staff", "is_superuser", "groups", "user_permissions")


@admin.register(User)
class UserAdmin(AuditedAdmin, DjangoUserAdmin):  # type: ignore[type-arg]
    """A user who has documents cannot be deleted (the admin says so); deactivate instead."""

    list_display = ["username", "email", "is_active", "is_staff", "last_login", "date_joined"]
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        ("Personal info", {"fields": ("first_name", "last_name", "email")}),
        ("Permissions", {"fields": ("is_active", *ROLES)}),
        ("Important dates", {"fields": ("last_login", "date_joined")}),
    )
    actions = ["deactivate", "sign_out_everywhere"]

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None or self.has_change_permission(request, obj):
            return fieldsets
        # Django shows how the password is kept, and the beginning of its hash.
        return ((None, {"fields": ("username",)}), *fieldsets[1:])

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        roles = () if request.user.is_superuser else ROLES
        is_active = () if self.has_deactivate_permission(request) else ("is_active",)
        return ("last_login", "date_joined", *roles, *is_active)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and _may_manage(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and _may_manage(request, obj)

    def has_deactivate_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(staff_rights.DEACTIVATE)

    def has_sign_out_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(staff_rights.SIGN_OUT)

    @admin.action(description="Deactivate selected users", permissions=["deactivate"])
    def deactivate(self, request: HttpRequest, users: QuerySet[User]) -> None:
        if request.user in users:
            messages.error(request, "You cannot deactivate yourself. Nothing was changed.")
            return
        # One by one: `User.save` ends their logins, which an `update()` would not.
        for user in _managed(request, users):
            user.is_active = False
            user.save(update_fields=["is_active"])
            self.log_change(request, user, "deactivated")
        messages.success(request, "They are deactivated and signed out. Their documents stay.")

    @admin.action(description="Sign out everywhere", permissions=["sign_out"])
    def sign_out_everywhere(self, request: HttpRequest, users: QuerySet[User]) -> None:
        for user in _managed(request, users):
            tokens.end_all(user)
            self.log_change(request, user, "signed out everywhere")
        messages.success(request, "They are signed out of every browser and program.")


def _may_manage(request: HttpRequest, user: User | None) -> bool:
    return user is None or staff_rights.may_manage(request.user, user)


def _managed(request: HttpRequest, users: Iterable[User]) -> list[User]:
    """Those whom the requester may manage; tells him of the others."""
    chosen = list(users)
    managed = [user for user in chosen if _may_manage(request, user)]
    if refused := len(chosen) - len(managed):
        messages.warning(request, f"Left as they were, because they may do more: {refused}.")
    return managed


admin.site.unregister(Group)


@admin.register(Group)
class GroupAdmin(AuditedAdmin, DjangoGroupAdmin):
    """Superusers change groups; whoever else could, would give his own group everything."""

    fields = ("name", "permissions")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_superuser)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_superuser)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_superuser)


@admin.register(LoginSession)
class LoginSessionAdmin(AuditedAdmin):
    """Logins by token, to look at. Deleting one ends it."""

    list_display = ["user", "live", "created_at", "refreshed_at", "expires_at", "ended_at"]
    list_filter = ["created_at", "ended_at"]
    list_select_related = ["user"]
    search_fields = ["user__username"]
    date_hierarchy = "created_at"
    fields = ("user", "live", "created_at", "refreshed_at", "expires_at", "ended_at")
    readonly_fields = ("live",)
    actions = ["sign_out_everywhere"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        user = obj.user if obj else None
        return super().has_delete_permission(request, obj) and _may_manage(request, user)

    def has_sign_out_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(staff_rights.SIGN_OUT)

    @admin.display(boolean=True)
    def live(self, login: LoginSession) -> bool:
        return login.is_live

    @admin.action(description="Sign these users out everywhere", permissions=["sign_out"])
    def sign_out_everywhere(self, request: HttpRequest, logins: QuerySet[LoginSession]) -> None:
        for user in _managed(request, User.objects.filter(pk__in=logins.values("user"))):
            tokens.end_all(user)
            audit.record(audit.Action.ADMIN_CHANGED, user, request=request)
        messages.success(request, "They are signed out of every browser and program.")


@admin.register(AuditEvent)
class AuditEventAdmin(ReadOnlyAdmin):
    """Who did what, to look at. Nobody adds, changes or deletes a line."""

    fields = ("at", "action", "actor", "subject_kind", "subject", "address", "request_id")
    list_display = ["at", "action", "actor", "subject_kind", "subject", "address", "request_id"]
    list_filter = ["action", "at"]
    search_fields = ["actor", "subject", "request_id"]
    search_help_text = "Id of a user or a document, or a request id"
    date_hierarchy = "at"
