"""Where the API begins: its addresses, and for people how to get in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from atom_project.browsable_api import ApiPage
from atom_project.browsable_views import BrowsableView
from atom_project.public_address import absolute

OF_LOGINS = ("auth_login", "auth_refresh", "auth_logout")


class RootPage(ApiPage):
    template = "rest_framework/root.html"

    def get_context(self, data: Any, accepted_media_type: str | None, renderer_context: Any) -> Any:
        context = super().get_context(data, accepted_media_type, renderer_context)
        return {**context, "addresses": data, "login": data.get("auth/login")}


class RootView(BrowsableView):
    """Every address that needs no id. Whatever else there is, /schema describes."""

    name = "API"
    names: Sequence[str] = ()  # of the addresses it lists
    permission_classes = [AllowAny]
    renderer_classes = [JSONRenderer, RootPage]

    # A list of addresses, which the description has anyway.
    @extend_schema(exclude=True)
    def get(self, request: Request) -> Response:
        return Response(dict(sorted(_addresses(request, [*self.names, *OF_LOGINS]))))


def _addresses(request: Request, names: Iterable[str]) -> Iterable[tuple[str, str]]:
    for name in names:
        path = reverse(name)
        yield path.removeprefix("/"), absolute(path, request)
