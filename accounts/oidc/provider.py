"""What the provider says of itself: its addresses (OpenID Connect Discovery) and keys (JWKS).

Asked when somebody signs in, kept for an hour in each process. A key that is not known is asked for
again, so that a provider may change its keys at any time; once a minute at most, so that made-up
tokens do not make a flood of questions.
"""

from __future__ import annotations

import json
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.client import HTTPException
from typing import Any, Generic, TypeVar
from urllib.parse import urlsplit

import jwt
from django.conf import settings

from accounts.oidc.refusals import ProviderUnavailable, TokenRefused

ALGORITHMS = ("RS256", "ES256")  # by keys that anybody may know; never `none`, never a shared one
DISCOVERY = "/.well-known/openid-configuration"
KEPT = 3600.0  # seconds
KEY_ASKED_EVERY = 60.0
LEFT_ALONE = 5.0  # after a failure: others wait for a thread, too
TIMEOUT = 5.0
LARGEST = 1024 * 1024  # bytes

T = TypeVar("T")


@dataclass(frozen=True)
class Provider:
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str
    end_session_endpoint: str
    takes_secret_in_form: bool
    names_itself: bool  # in the address that people come back by (RFC 9207)


class _Kept(Generic[T]):
    """One answer of the provider, shared by threads."""

    def __init__(self, ask: Callable[[], T]) -> None:
        self._ask = ask
        self._lock = threading.Lock()
        self.forget()

    def forget(self) -> None:
        self._value: T | None = None
        self._asked_at = self._failed_at = float("-inf")

    def get(self, *, at_most: float = KEPT) -> T:
        """As it was within so many seconds."""
        with self._lock:
            now = time.monotonic()
            if self._value is None or now - self._asked_at > at_most:
                if now - self._failed_at < LEFT_ALONE:
                    raise ProviderUnavailable("it failed a moment ago")
                self._value = self._fresh()
                self._asked_at = now
            return self._value

    def _fresh(self) -> T:
        try:
            return self._ask()
        except ProviderUnavailable:
            self._failed_at = time.monotonic()
            raise


def current() -> Provider:
    """May raise `ProviderUnavailable`."""
    return _provider.get()


def signing_key(header: Mapping[str, Any]) -> jwt.PyJWK:
    """The one key that the header of a token can mean."""
    for age in (KEPT, KEY_ASKED_EVERY):
        found = [key for key in _keys.get(at_most=age) if _is_meant(key, header)]
        if len(found) == 1:
            return found[0]
    raise TokenRefused("unknown_key")


def keys() -> list[jwt.PyJWK]:
    """Those by which an ID token may be signed."""
    return _keys.get()


def forget() -> None:
    _provider.forget()
    _keys.forget()


def _is_meant(key: jwt.PyJWK, header: Mapping[str, Any]) -> bool:
    # Without `kid`, which is optional (RFC 7517, 4.5), the algorithm has to be enough.
    return key.algorithm_name == header.get("alg") and header.get("kid") in {None, key.key_id}


def _ask_provider() -> Provider:
    issuer = settings.ATOM_OIDC.issuer
    said = _json(issuer.rstrip("/") + DISCOVERY)
    if said.get("issuer") != issuer:
        raise ProviderUnavailable(f"it calls itself {said.get('issuer')!r}, not {issuer!r}")
    challenges = said.get("code_challenge_methods_supported")
    if isinstance(challenges, list) and "S256" not in challenges:
        raise ProviderUnavailable("it does not take PKCE with S256")
    ways = said.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
    return Provider(
        authorization_endpoint=_address(said, "authorization_endpoint"),
        token_endpoint=_address(said, "token_endpoint"),
        jwks_uri=_address(said, "jwks_uri"),
        userinfo_endpoint=_address(said, "userinfo_endpoint", is_needed=False),
        end_session_endpoint=_address(said, "end_session_endpoint", is_needed=False),
        takes_secret_in_form="client_secret_post" in ways,
        names_itself=said.get("authorization_response_iss_parameter_supported") is True,
    )


def _address(said: Mapping[str, Any], name: str, *, is_needed: bool = True) -> str:
    value = said.get(name)
    if value is None and not is_needed:
        return ""
    address = urlsplit(value if isinstance(value, str) else "")
    # No weaker than the issuer, which is https wherever it is not on this machine.
    schemes = {"https", urlsplit(settings.ATOM_OIDC.issuer).scheme}
    if address.scheme not in schemes or not address.hostname:
        raise ProviderUnavailable(f"its {name} is {value!r}")
    return str(value)


def _ask_keys() -> list[jwt.PyJWK]:
    said = _json(_provider.get().jwks_uri)
    listed = said.get("keys")
    if not isinstance(listed, list):
        raise ProviderUnavailable("it lists no keys")
    usable = [key for each in listed if (key := _key(each)) is not None]
    if not usable:
        raise ProviderUnavailable(f"none of its keys is for {' or '.join(ALGORITHMS)}")
    return usable


def _key(said: Any) -> jwt.PyJWK | None:
    """None for keys of other kinds, which may stand beside."""
    if not isinstance(said, dict) or said.get("use", "sig") != "sig":
        return None
    try:
        key = jwt.PyJWK(said)
    except (jwt.PyJWTError, ValueError, TypeError):
        return None
    return key if key.algorithm_name in ALGORITHMS else None


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """What the provider says is said at its own address."""

    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


def _json(address: str) -> dict[str, Any]:
    request = urllib.request.Request(address, headers={"Accept": "application/json"})  # noqa: S310
    opener = urllib.request.build_opener(_NoRedirects)
    try:
        with opener.open(request, timeout=TIMEOUT) as answer:
            said = json.loads(answer.read(LARGEST))
    except urllib.error.HTTPError as error:
        error.close()
        raise ProviderUnavailable(f"{address} answers {error.code}") from None
    except (OSError, HTTPException) as error:
        raise ProviderUnavailable(f"{address} cannot be reached: {error}") from None
    except (ValueError, RecursionError):
        raise ProviderUnavailable(f"{address} answers something else than JSON") from None
    if not isinstance(said, dict):
        raise ProviderUnavailable(f"{address} answers something else than an object")
    return said


_provider = _Kept(_ask_provider)
_keys = _Kept(_ask_keys)
