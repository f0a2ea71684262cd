"""Which account here somebody has who signed in at the provider: found, made, linked, unlinked."""

from __future__ import annotations

import re
import secrets
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils import timezone

from accounts import audit
from accounts.models import Identity, User
from accounts.oidc import refusals

Claims = Mapping[str, Any]

LONGEST_NAME = 140  # characters; a number may follow
LONGEST_EMAIL = 254
TRIES = 3  # to make an account, where others come between
_NOT_IN_NAMES = re.compile(r"[^\w.@+-]+")


def sign_in(claims: Claims, request: HttpRequest, more: Callable[[], Claims]) -> User:
    """The account of this identity, made where that is allowed; raises `SignInRefused`.

    `more` asks for claims that a new account is named by.
    """
    identity = _find(claims)
    user = identity.user if identity else _join(more, request)
    if not user.is_active:
        raise refusals.deactivated()
    Identity.objects.filter(issuer=claims["iss"], subject=claims["sub"]).update(
        used_at=timezone.now()
    )
    return user


def link(user: User, claims: Claims, request: HttpRequest) -> None:
    """From now on whoever signs in as this identity is `user`. Doing it again is no error."""
    try:
        with transaction.atomic():
            identity = Identity.objects.create(
                user=user, issuer=claims["iss"], subject=claims["sub"]
            )
            audit.record(audit.Action.IDENTITY_LINKED, identity, request=request, actor=user.pk)
    except IntegrityError:
        known = _find(claims)
        if known is None:
            raise refusals.has_another() from None
        if known.user_id != user.pk:
            raise refusals.linked_to_another() from None


def unlink(identity: Identity, request: HttpRequest) -> None:
    with transaction.atomic():
        audit.record(audit.Action.IDENTITY_UNLINKED, identity, request=request)
        identity.delete()


def _find(claims: Claims) -> Identity | None:
    known = Identity.objects.select_related("user").filter(issuer=claims["iss"])
    return known.filter(subject=claims["sub"]).first()


def _join(more: Callable[[], Claims], request: HttpRequest) -> User:
    """A new account, without a password; never one that is there, whatever its name or address."""
    if not settings.ATOM_OIDC.creates_users:
        raise refusals.no_account()
    claims = more()
    for _ in range(TRIES):
        try:
            with transaction.atomic():
                user: User = User.objects.create_user(_free_name(claims), email=_email(claims))
                Identity.objects.create(user=user, issuer=claims["iss"], subject=claims["sub"])
                audit.record(audit.Action.USER_JOINED, user, request=request, actor=user.pk)
                return user
        except IntegrityError:
            # Somebody took the name, or the same person came in by another tab.
            if identity := _find(claims):
                return identity.user
    raise refusals.busy()


def _free_name(claims: Claims) -> str:
    wanted = _wanted_name(claims)
    for name in _names(wanted):
        # In any case: two names that differ by that alone look like one person.
        if not User.objects.filter(username__iexact=name).exists():
            return name
    return f"{wanted}-{secrets.token_hex(4)}"


def _names(wanted: str) -> Iterator[str]:
    yield wanted
    yield from (f"{wanted}-{number}" for number in range(2, 10))


def _wanted_name(claims: Claims) -> str:
    given = (claims.get("preferred_username"), _email(claims).partition("@")[0], claims.get("name"))
    for each in given:
        plain = unicodedata.normalize("NFKC", each) if isinstance(each, str) else ""
        if name := _NOT_IN_NAMES.sub(".", plain[:LONGEST_NAME]).strip(".-"):
            return name
    return "user"


def _email(claims: Claims) -> str:
    """Blank where the provider has not verified it: the address may be somebody else's."""
    given, verified = claims.get("email"), claims.get("email_verified")
    # Some providers write the flag as a word.
    if not isinstance(given, str) or not (verified is True or verified == "true"):
        return ""
    try:
        validate_email(given)
    except ValidationError:
        return ""
    return given if len(given) <= LONGEST_EMAIL else ""
