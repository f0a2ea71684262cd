"""Where to sign out at the provider as well, noted in the session when somebody signed in there."""

from __future__ import annotations

from django.http import HttpRequest

ADDRESS = "oidc_sign_out"


def address(request: HttpRequest) -> str:
    """Blank for whoever came in by a password; to be asked before the session ends."""
    return str(request.session.get(ADDRESS, ""))
