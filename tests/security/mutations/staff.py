"""What staff may see, and what they may become."""

from __future__ import annotations

from tests.security.mutations.mutation import Body, Condition, Fragment, Mutation, Value, Without

SEEN = "tests/security/test_staff.py"
RIGHTS = "tests/accounts/test_staff_rights.py"

STAFF = [
    Mutation(
        "filters of the admin are those listed",
        "NamedColumnsAdmin.lookup_allowed",
        Body("return super().lookup_allowed(lookup, value, request)"),
        f"{SEEN}::can_be_read_by_filters",
    ),
    Mutation(
        "a refused filter is one line",
        "NamedColumnsAdmin.changelist_view",
        Body("return super().changelist_view(request, extra_context)"),
        f"{SEEN}::one_line_in_the_log",
    ),
    Mutation(
        "the admin names its columns",
        "LoginSessionAdmin.fields",
        Fragment("'user', 'live'", "'user', 'refresh_jti', 'live'"),
        f"{SEEN}::shows_viewers_a_word",
    ),
    Mutation(
        "findings want a permission",
        "FindingsAdmin.may_read",
        Body("return True"),
        f"{SEEN}::shows_viewers_a_word or searched",
    ),
    Mutation(
        "operations want a permission",
        "statistics.may_be_seen_by",
        Body("return bool(user.is_staff)"),
        f"{SEEN}::want_a_permission",
    ),
    Mutation(
        "the token of metrics is a Bearer token",
        "MetricsToken.authenticate",
        Fragment("is_bearer and ", ""),
        "tests/operations/test_metrics.py::by_no_other_scheme",
    ),
    Mutation(
        "viewers see nothing of a password",
        "UserAdmin.get_fieldsets",
        Body("return super().get_fieldsets(request, obj)"),
        f"{RIGHTS}::nothing_of_a_password",
    ),
    Mutation(
        "roles are given by superusers",
        "UserAdmin.get_readonly_fields",
        Fragment("() if request.user.is_superuser else ROLES", "()"),
        f"{RIGHTS}::gives_nobody_a_role",
    ),
    Mutation(
        "superusers are managed by superusers",
        "staff_rights.may_manage",
        Fragment("not user.is_superuser and ", ""),
        f"{RIGHTS}::touches_a_superuser",
    ),
    Mutation(
        "nobody takes over who may do more",
        "staff_rights.may_manage",
        Fragment(" and _permissions(user) <= staff.get_all_permissions()", ""),
        f"{RIGHTS}::takes_over_somebody",
    ),
    Mutation(
        "groups are changed by superusers",
        "GroupAdmin.has_change_permission",
        Body("return super().has_change_permission(request, obj)"),
        f"{RIGHTS}::only_superusers_change_groups",
    ),
    Mutation(
        "signing out is a right of its own",
        "staff_rights.SIGN_OUT",
        Value("'accounts.change_user'"),
        f"{RIGHTS}::rights_of_their_own",
    ),
    Mutation(
        "deactivating is a right of its own",
        "staff_rights.DEACTIVATE",
        Value("'accounts.change_user'"),
        f"{RIGHTS}::rights_of_their_own",
    ),
    Mutation(
        "restored logins are ended",
        "restore._settle",
        Without("end_all_of_everybody"),
        "tests/operations/test_restored_logins.py::brings_back",
    ),
    Mutation(
        "restored feeds are ended",
        "restore._settle",
        Without("TaskFeed"),
        "tests/operations/test_restored_logins.py::feed_that_a_backup_brings_back",
    ),
    Mutation(
        "the form does not deactivate without the right",
        "UserAdmin.get_readonly_fields",
        Condition("has_deactivate_permission", always=True),
        f"{RIGHTS}::rights_of_their_own",
    ),
]
