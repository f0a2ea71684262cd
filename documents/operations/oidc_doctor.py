"""Health check of single sign-on: whether the provider is there, and what it has to be told."""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings

from accounts.oidc import provider
from accounts.oidc.refusals import ProviderUnavailable
from documents.operations.checks import CheckResult, broken, good, warning

CALLBACK = "/oidc/callback"


def examine() -> Iterator[CheckResult]:
    """Nothing where nobody signs in elsewhere."""
    if not settings.ATOM_OIDC:
        return
    issuer = settings.ATOM_OIDC.issuer
    try:
        found, keys = provider.current(), provider.keys()
    except ProviderUnavailable as error:
        yield broken(
            f"Nobody can sign in at {issuer}: {error.what}.",
            "Start the provider, or set ATOM_OIDC_ISSUER exactly as it calls itself.",
        )
        return
    there_too = "there as well" if found.end_session_endpoint else "here only"
    yield good(f"People can sign in at {issuer} ({len(keys)} keys); signing out is {there_too}.")
    if settings.ATOM_PUBLIC_URL:
        at = settings.ATOM_PUBLIC_URL.rstrip("/") + CALLBACK
        yield good(f"The provider must know {at} as an address to come back to.")
    else:
        yield warning(
            "ATOM_PUBLIC_URL is not set, so the provider is told to send people back to whatever "
            "address they typed.",
            f"Set it, and register that address with {CALLBACK} with the provider.",
        )
