"""How many requests are left, in answers: the header fields `RateLimit` and `RateLimit-Policy`.

As in draft-ietf-httpapi-ratelimit-headers-10: a policy is its name, quota (`q`) and window in
seconds (`w`); what is left of it is `r` requests for `t` seconds.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from django.http import HttpRequest
from rest_framework.request import Request

WINDOW = 60  # seconds, from the first try
_NOTED = "_rate_limits"


class RateLimit(NamedTuple):
    """What a policy says of a request that it counted."""

    name: str
    limit: int
    left: int
    seconds: int  # until the window ends


def note(request: HttpRequest | Request, counted: RateLimit) -> None:
    """Keep it for the answer."""
    _noted(request)[counted.name] = counted


def fields(request: HttpRequest | Request) -> dict[str, str]:
    """The header fields of the answer, a refusal as well; none where nothing was counted."""
    counted = _noted(request).values()
    if not counted:
        return {}
    return {
        "RateLimit-Policy": ", ".join(f'"{one.name}";q={one.limit};w={WINDOW}' for one in counted),
        "RateLimit": ", ".join(f'"{one.name}";r={one.left};t={one.seconds}' for one in counted),
    }


def _noted(request: HttpRequest | Request) -> dict[str, RateLimit]:
    bare: Any = getattr(request, "_request", request)
    noted: dict[str, RateLimit] = bare.__dict__.setdefault(_NOTED, {})
    return noted
