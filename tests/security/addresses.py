"""Every address of the service, read from its URL configuration, so that none is forgotten."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RoutePattern

ROOMS = {"account", "admin", "auth", "d", "documents", "action-items", "uploads", "webhooks"}
PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")


@dataclass(frozen=True)
class Address:
    route: str  # with `{name}` where something is filled in
    view: Any

    @property
    def parameters(self) -> list[str]:
        return re.findall(r"{(\w+)}", self.route)

    def filled(self, **values: object) -> str:
        """Raises `KeyError` for what nobody has a value for: then a test has to learn it."""
        path = "/" + self.route.format_map(values)
        return f"{path}/" if self.room == "admin" else path

    @property
    def room(self) -> str:
        first = self.route.split("/")[0]
        return first if first in ROOMS else ""


def addresses() -> list[Address]:
    found = {address.route: address for address in _under("", get_resolver().url_patterns)}
    return sorted(found.values(), key=lambda address: address.route)


def _under(prefix: str, patterns: list[Any]) -> Iterator[Address]:
    for each in patterns:
        route = prefix + _readable(each.pattern)
        if isinstance(each, URLResolver):
            yield from _under(route, each.url_patterns)
        elif isinstance(each, URLPattern):
            yield Address(route.rstrip("/"), each.callback)


def _readable(pattern: Any) -> str:
    text = str(pattern)
    if isinstance(pattern, RoutePattern):
        return PARAMETER.sub(r"{\1}", text)
    text = re.sub(r"\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)", r"{\1}", text)
    return text.removeprefix("^").removesuffix("$").removesuffix("/?").replace("\\", "")
