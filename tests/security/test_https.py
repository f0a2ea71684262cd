"""With an https address: what every answer tells browsers, and whose word about https counts."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from atom_project.forwarded_scheme import ForwardedScheme
from tests.processes import Installation

BINDING = {
    "strict-transport-security": "max-age=31536000; includeSubDomains; preload",
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "x-frame-options": "DENY",
}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """As somebody runs it who named the https address and forgot the proxy."""
    public = {"ATOM_PUBLIC_URL": "https://atom.example.com", "ATOM_DEMO": "on"}
    made = Installation.prepared(tmp_path_factory.mktemp("https"), **public)
    running = made.up("--no-worker")
    running.wait_for("ATOM_TRUSTED_PROXY names no proxy")
    with httpx.Client(base_url=f"http://127.0.0.1:{made.environment['ATOM_PORT']}") as client:
        yield client
    running.interrupt()
    running.end()


def chunks() -> Iterator[bytes]:
    yield b"{}"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("status", "asked"),
    [
        (200, {"url": "/login"}),
        (200, {"url": "/healthz"}),
        (200, {"url": "/static/css/base.css"}),
        (401, {"url": "/documents"}),
        (404, {"url": "/nothing"}),
        (400, {"url": "/login", "headers": {"Host": "evil.example"}}),
        (405, {"method": "TRACE", "url": "/login"}),
        (411, {"method": "POST", "url": "/auth/login", "content": chunks}),
        (413, {"method": "POST", "url": "/auth/login", "content": b"x" * (1024 * 1024 + 1)}),
    ],
    ids=lambda each: str(each) if isinstance(each, int) else each["url"],
)
def test_every_answer_keeps_browsers_with_https(
    server: httpx.Client, status: int, asked: dict[str, Any]
) -> None:
    asked = {"method": "GET", **asked}
    if callable(asked.get("content")):
        asked["content"] = asked["content"]()
    answer = server.request(**asked)
    assert answer.status_code == status
    assert {name: answer.headers.get(name) for name in BINDING} == BINDING
    assert len(answer.headers.get_list("strict-transport-security")) == 1


# Whose word counts.


def scheme_of(peer: tuple[str, int] | None, *forwarded: str) -> str:
    seen: list[str] = []

    async def application(scope: Any, receive: Any, send: Any) -> None:
        seen.append(scope["scheme"])

    headers = [(b"x-forwarded-proto", value.encode()) for value in forwarded]
    scope = {"type": "http", "scheme": "http", "client": peer, "headers": headers}
    unused: Any = None
    asyncio.run(ForwardedScheme(application)(scope, unused, unused))
    return seen[0]


def test_the_named_proxy_says_what_came_by_https(settings: Any) -> None:
    settings.ATOM_TRUSTED_PROXY = "10.9.9.9"
    assert scheme_of(("10.9.9.9", 4000), "https") == "https"
    assert scheme_of(("10.9.9.9", 4000), "https", "https, http") == "http"
    assert scheme_of(("10.9.9.9", 4000), "gopher") == "http"
    assert scheme_of(("10.9.9.9", 4000)) == "http"


def test_behind_the_named_proxy_the_log_still_hears_who_asked(settings: Any) -> None:
    settings.ATOM_TRUSTED_PROXY = "10.9.9.9"

    async def application(scope: Any, receive: Any, send: Any) -> None:
        scope["atom_user"] = 7

    scope = {"type": "http", "scheme": "http", "client": ("10.9.9.9", 4000), "headers": []}
    unused: Any = None
    asyncio.run(ForwardedScheme(application)(scope, unused, unused))
    assert scope["atom_user"] == 7


@pytest.mark.parametrize("named", ["", "10.9.9.9"])
def test_nobody_else_says_what_came_by_https(settings: Any, named: str) -> None:
    settings.ATOM_TRUSTED_PROXY = named
    for peer in (("127.0.0.1", 4000), ("10.9.9.8", 4000), None):
        assert scheme_of(peer, "https") == "http"
    assert settings.SECURE_PROXY_SSL_HEADER is None
