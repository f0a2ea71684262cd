"""Who of the staff may manage whose account, so that nobody grows by somebody else's."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import Q

from accounts.models import User

SIGN_OUT = "accounts.sign_out_user"
DEACTIVATE = "accounts.deactivate_user"


def may_manage(staff: Any, user: User) -> bool:
    """Whether `staff` may set the password of `user` and change, deactivate or sign out him.

    Superusers may manage everybody. Others may manage who is no superuser and holds no
    permission that they lack: whoever sets a password can sign in with it.
    """
    if staff.is_superuser:
        return True
    return not user.is_superuser and _permissions(user) <= staff.get_all_permissions()


def _permissions(user: User) -> set[str]:
    # Not `get_all_permissions`: it says none of somebody deactivated, who may be activated again.
    held = Permission.objects.filter(Q(user=user) | Q(group__user=user)).order_by()
    names = held.values_list("content_type__app_label", "codename")
    return {f"{app}.{codename}" for app, codename in names}
