"""Access and refresh tokens, and how logins are revoked: the one door to simplejwt.

A token carries the id of its login (`sid`), and the login's row is looked at each time. So an
access token is dead at once after logout, deactivation, a password change or a sign-out, and
only the newest refresh token of a login works. An API key is taken wherever an access token is.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db.models import F
from django.utils import timezone
from jwt import PyJWTError
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request
from rest_framework_simplejwt.exceptions import ExpiredTokenError, TokenError
from rest_framework_simplejwt.tokens import AccessToken, RefreshToken, Token

from accounts.keys import api_keys, scopes
from accounts.models import ApiKey, LoginSession, User
from atom_project.problem_codes import ProblemCode

LONGEST_TOKEN = 4096  # bytes; ours have about 400
CHALLENGE = 'Bearer realm="atom"'


class TokenRefused(Exception):
    """The token opens nothing. `code` says why as far as its bearer may know."""

    def __init__(self, code: ProblemCode, detail: str) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail


@dataclass(frozen=True)
class Pair:
    access: str
    refresh: str
    expires_in: int  # seconds the access token lives


@dataclass(frozen=True)
class Credential:
    """What a valid access token or API key proves; it has either a login or a key."""

    user: User
    expires_at: datetime | None
    login: LoginSession | None = None
    key: ApiKey | None = None


@dataclass(frozen=True)
class Claims:
    login_id: UUID
    user_id: int
    jti: str
    expires_at: datetime


# Logins begin, go on and end.


def log_in(user: User) -> Pair:
    user.login_sessions.filter(expires_at__lt=timezone.now()).delete()
    login = LoginSession(
        user=user,
        auth_hash=user.get_session_auth_hash(),
        expires_at=_login_expiry(timezone.now()),
    )
    refresh = _refresh_token(login)
    login.refresh_jti = refresh["jti"]
    login.save(force_insert=True)
    return _pair(refresh)


def refresh(raw: str) -> Pair:
    """A new pair for the newest refresh token; an older one ends its login.

    Of two that come at the same moment with the same token only one can be its holder, and
    nobody knows which: that ends the login as well.
    """
    claims = _claims(RefreshToken, raw)
    login = _live_login(claims)
    successor = _refresh_token(login)
    newest = LoginSession.objects.unended().filter(pk=login.pk, refresh_jti=claims.jti)
    if not newest.update(
        refresh_jti=successor["jti"],
        refreshed_at=timezone.now(),
        expires_at=_login_expiry(login.created_at),
    ):
        end(login)
        raise TokenRefused(
            ProblemCode.TOKEN_REUSED, "This refresh token was used before. Log in again."
        )
    return _pair(successor)


def end(login: LoginSession) -> None:
    """End one login: its access and refresh tokens are dead from now on."""
    LoginSession.objects.unended().filter(pk=login.pk).update(ended_at=timezone.now())


def end_by_refresh(raw: str) -> LoginSession:
    """End the login a refresh token belongs to; one that has ended already is no error."""
    login = _login(_claims(RefreshToken, raw))
    end(login)
    return login


def end_all(user: User) -> None:
    """Sign a user out everywhere, in browsers, by token and by key."""
    user.sign_out_everywhere()


def end_all_of_everybody() -> None:
    """Sign everybody out everywhere, for a database that was put back: its logins had ended."""
    User.objects.update(token_version=F("token_version") + 1)
    LoginSession.objects.unended().update(ended_at=timezone.now())
    ApiKey.objects.unended().update(ended_at=timezone.now())
    Session.objects.all().delete()


# Access.


def authenticate(raw: str | bytes) -> Credential:
    """What an access token or key proves; `TokenRefused`, nothing else, if it proves nothing."""
    given = raw.encode(errors="replace") if isinstance(raw, str) else raw
    if api_keys.looks_like_one(given):
        key = _live_key(given)
        return Credential(key.owner, key.expires_at, key=key)
    claims = _claims(AccessToken, raw)
    login = _live_login(claims)
    return Credential(login.user, claims.expires_at, login=login)


def in_header(authorization: str | bytes) -> bytes | None:
    """The token of an `Authorization` header; None if it speaks of something else."""
    if isinstance(authorization, str):
        authorization = authorization.encode("utf-8", errors="replace")
    scheme, *rest = authorization.split() or [b""]
    if scheme.lower() != b"bearer":
        return None
    if len(rest) != 1:
        raise _invalid()
    return rest[0]


class BearerAuthentication(BaseAuthentication):
    """`Authorization: Bearer …` for the API; `request.auth` is a `Credential`."""

    def authenticate(self, request: Request) -> tuple[User, Credential] | None:
        try:
            raw = in_header(request.META.get("HTTP_AUTHORIZATION", ""))
            if raw is None:
                return None
            credential = authenticate(raw)
        except TokenRefused as refusal:
            raise AuthenticationFailed(refusal.detail, refusal.code) from refusal
        if credential.key is not None:
            view = (request.parser_context or {}).get("view")
            scopes.require(credential.key, scopes.needed(str(request.method), view))
            api_keys.note_use(credential.key)
        return credential.user, credential

    def authenticate_header(self, request: Request) -> str:
        return CHALLENGE


# Inside.


def _login_expiry(began_at: datetime) -> datetime:
    """When a login ends that is used now: never later than `JWT_LOGIN_DAYS` after it began."""
    # An access token may be set to outlive the refresh token; its login must be there as long.
    slides_to = timezone.now() + max(settings.JWT_REFRESH_LIFETIME, settings.JWT_EXPIRY)
    return min(slides_to, began_at + settings.JWT_LOGIN_LIFETIME)


def _refresh_token(login: LoginSession) -> RefreshToken:
    token: RefreshToken = RefreshToken.for_user(login.user)
    token["sid"] = str(login.pk)
    return token


def _pair(refresh: RefreshToken) -> Pair:
    lifetime = int(settings.JWT_EXPIRY.total_seconds())
    return Pair(str(refresh.access_token), str(refresh), lifetime)


def _claims(kind: type[Token], raw: str | bytes) -> Claims:
    if len(raw) > LONGEST_TOKEN:
        raise _invalid()
    try:
        token: Any = kind(raw)  # type: ignore[arg-type]
        return Claims(
            UUID(token["sid"]),
            int(token["sub"]),
            str(token["jti"]),
            datetime.fromtimestamp(token["exp"], UTC),
        )
    except ExpiredTokenError:
        raise TokenRefused(ProblemCode.TOKEN_EXPIRED, "The token has expired.") from None
    except (TokenError, PyJWTError) as error:
        raise _invalid() from error
    # Both libraries let what odd headers and claims do to Python through.
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError, OSError) as error:
        raise _invalid() from error
    except RecursionError:
        raise _invalid() from None


def _live_key(raw: bytes) -> ApiKey:
    key = api_keys.find(raw)
    if key is None:
        raise TokenRefused(ProblemCode.TOKEN_INVALID, "The API key is not valid.")
    if key.ended_at is not None or not key.owner.is_active:
        raise TokenRefused(ProblemCode.KEY_ENDED, "This API key was ended. Make a new one.")
    if key.has_expired:
        raise TokenRefused(ProblemCode.TOKEN_EXPIRED, "This API key has expired. Make a new one.")
    return key


def _live_login(claims: Claims) -> LoginSession:
    login = _login(claims)
    if not login.is_live:
        raise TokenRefused(ProblemCode.LOGIN_ENDED, "This login has ended. Log in again.")
    return login


def _login(claims: Claims) -> LoginSession:
    """The login of a token, alive or not; a deleted user has none."""
    # Asked at every request; `first()` would sort, which costs more than finding.
    login = next(
        iter(LoginSession.objects.select_related("user").order_by().filter(pk=claims.login_id)),
        None,
    )
    if login is None or login.user_id != claims.user_id:
        raise _invalid()
    return login


def _invalid() -> TokenRefused:
    return TokenRefused(ProblemCode.TOKEN_INVALID, "The token is not valid.")
