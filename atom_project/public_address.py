"""Absolute addresses in answers: below ATOM_PUBLIC_URL where it is set, else as the client asked.

Behind a proxy that is not trusted, `Host` and scheme are those of the proxy's own connection.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from rest_framework.request import Request


def absolute(path: str, request: HttpRequest | Request) -> str:
    """The address of a path of this service, to be told to whoever sent this request."""
    return published(path) or request.build_absolute_uri(path)


def published(path: str) -> str:
    """The same where there is no request; blank where nobody said what people type."""
    public = settings.ATOM_PUBLIC_URL
    return f"{public.rstrip('/')}{path}" if public else ""


def moved(address: str) -> str:
    """An address that was built from the request, below ATOM_PUBLIC_URL."""
    parts = urlsplit(address)
    query = f"?{parts.query}" if parts.query else ""
    return published(f"{parts.path}{query}") or address
