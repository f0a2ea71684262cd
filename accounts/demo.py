"""The first user of a new installation: known to everybody, so for this machine only."""

from __future__ import annotations

from functools import lru_cache

from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare

from accounts.models import User
from atom_project import paths
from atom_project.addresses import is_local

USERNAME = "user1"
PASSWORD = "password123"  # noqa: S105 - known to everybody, see `stands`
PASSED_ON = ("Forwarded", "X-Forwarded-For")  # Somebody else asked somebody here.
OBSERVERS = "observers"
OBSERVED_APPS = ("accounts", "documents")


class NotOnThisAddress(Exception):
    """A user whose password everybody knows is not made where others can reach it."""


def create() -> bool:
    """Make the demo user, unless there is a user already; says whether it did.

    An existing user keeps the password it has, whoever it is.
    """
    if User.objects.exists():
        return False
    if not is_allowed():
        raise NotOnThisAddress(
            "No demo user is made where others could sign in with its password. Make a user "
            f"with {paths.command('createsuperuser')}, or set ATOM_DEMO=1 if this "
            "installation is a throw-away."
        )
    with transaction.atomic():
        user = User.objects.create_user(USERNAME, password=PASSWORD, is_staff=True)
        user.groups.add(_observers())
    return True


def _observers() -> Group:
    """May see everything in the admin and change nothing."""
    group, _ = Group.objects.get_or_create(name=OBSERVERS)
    group.permissions.set(
        Permission.objects.filter(
            content_type__app_label__in=OBSERVED_APPS, codename__startswith="view_"
        )
    )
    return group


def is_allowed() -> bool:
    return settings.IS_LOCAL_ONLY or settings.ATOM_DEMO


def is_refused(request: HttpRequest, password: str) -> bool:
    """Whether this is the known password, from where others could have sent it.

    Asked at each sign-in, because `manage.py up` is not the only way to start a server: one
    started by hand may listen where the settings say nothing of.
    """
    if not constant_time_compare(password, PASSWORD) or settings.ATOM_DEMO:
        return False
    return not (settings.IS_LOCAL_ONLY and _comes_from_here(request))


def may_be_told(request: HttpRequest) -> bool:
    """Whether the page to sign in may tell the password: to this machine only, while it opens."""
    return settings.IS_LOCAL_ONLY and _comes_from_here(request) and stands()


def _comes_from_here(request: HttpRequest) -> bool:
    is_passed_on = any(header in request.headers for header in PASSED_ON)
    return is_local(request.META.get("REMOTE_ADDR")) and not is_passed_on


def stands() -> bool:
    """Whether anybody who has read the documentation could sign in."""
    user = User.objects.filter(username=USERNAME, is_active=True).first()
    return user is not None and _is_known(user.password)


@lru_cache(maxsize=4)
def _is_known(encoded: str) -> bool:
    """Asked once of each hash: it costs half a second, and a page to sign in asks each time."""
    return check_password(PASSWORD, encoded)
