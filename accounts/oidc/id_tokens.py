"""ID tokens: what the provider signed about who signed in (OpenID Connect Core 1.0, 3.1.3.7)."""

from __future__ import annotations

from typing import Any

import jwt
from django.conf import settings
from django.utils.crypto import constant_time_compare

from accounts.oidc import provider
from accounts.oidc.model import LONGEST
from accounts.oidc.refusals import TokenRefused

LEEWAY = 60  # seconds by which clocks may differ
LONGEST_TOKEN = 64 * 1024
CODES: dict[type[Exception], str] = {
    jwt.ExpiredSignatureError: "expired",
    jwt.ImmatureSignatureError: "not_yet_valid",
    jwt.InvalidIssuerError: "wrong_issuer",
    jwt.InvalidAudienceError: "wrong_audience",
    jwt.MissingRequiredClaimError: "missing_claim",
    jwt.InvalidSignatureError: "wrong_signature",
}


def verify(raw: Any, *, nonce: str) -> dict[str, Any]:
    """Its claims, once every rule holds; raises `TokenRefused`."""
    if not isinstance(raw, str) or len(raw) > LONGEST_TOKEN:
        raise TokenRefused("no_token")
    claims = _signed(raw)
    client_id = settings.ATOM_OIDC.client_id
    # Exactly: a token that is meant for others as well may have come by them.
    audience = claims["aud"] if isinstance(claims["aud"], list) else [claims["aud"]]
    if audience != [client_id] or claims.get("azp", client_id) != client_id:
        raise TokenRefused("wrong_audience")
    # Never by two that are missing: the one of a login that nobody began would fit as well.
    given = claims.get("nonce")
    if not nonce or not isinstance(given, str) or not constant_time_compare(given, nonce):
        raise TokenRefused("wrong_nonce")
    if not 0 < len(claims["sub"]) <= LONGEST:
        raise TokenRefused("wrong_subject")
    return claims


def _signed(raw: str) -> dict[str, Any]:
    try:
        header = jwt.get_unverified_header(raw)
        if header.get("alg") not in provider.ALGORITHMS:
            raise TokenRefused("wrong_algorithm")
        claims: dict[str, Any] = jwt.decode(
            raw,
            provider.signing_key(header),
            algorithms=[header["alg"]],
            audience=settings.ATOM_OIDC.client_id,
            issuer=settings.ATOM_OIDC.issuer,
            leeway=LEEWAY,
            options={"require": ["iss", "sub", "aud", "exp", "iat"]},
        )
    except jwt.PyJWTError as error:
        raise TokenRefused(CODES.get(type(error), "not_a_token")) from None
    # What odd headers and claims do to Python.
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError):
        raise TokenRefused("not_a_token") from None
    return claims
