"""Pages of named origins read answers, also refusals; pages of others read nothing."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from atom_project.cross_origin import CrossOrigin, allowed, origin

OURS, THEIRS = "https://app.example.com", "https://evil.example"


@pytest.fixture(autouse=True)
def _named(settings: Any) -> None:
    settings.ATOM_CORS_ORIGINS = frozenset({OURS})


def answer(method: str = "GET", status: int = 200, **headers: str) -> tuple[int, dict[str, str]]:
    """Status and headers of an answer; -1 from the application itself."""
    sent: list[Any] = []

    async def application(scope: Any, receive: Any, send: Any) -> None:
        own = [(b"content-type", b"text/plain"), (b"vary", b"Cookie")]
        await send({"type": "http.response.start", "status": status, "headers": own})
        await send({"type": "http.response.body", "body": b"inside"})

    async def send(message: Any) -> None:
        sent.append(message)

    given = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": "http", "method": method, "path": "/documents", "headers": given}
    asyncio.run(CrossOrigin(application)(scope, None, send))  # type: ignore[arg-type]
    pairs: dict[str, str] = {}
    for name, value in sent[0]["headers"]:
        pairs[name.decode()] = ", ".join(filter(None, [pairs.get(name.decode()), value.decode()]))
    return sent[0]["status"], pairs


def told(headers: dict[str, str]) -> set[str]:
    return {name for name in headers if name.startswith("access-control-")}


@pytest.mark.parametrize("status", [200, 401, 413, 500])
def test_a_named_origin_reads_answers_and_refusals(status: int) -> None:
    found, headers = answer(status=status, origin=OURS)
    assert found == status
    assert headers["access-control-allow-origin"] == OURS
    assert "Retry-After" in headers["access-control-expose-headers"]
    assert headers["vary"] == "Cookie, Origin"
    assert "access-control-allow-credentials" not in headers


def test_a_preflight_of_a_named_origin_is_answered_before_anybody_is_asked() -> None:
    asked = {"origin": OURS, "access_control_request_method": "PATCH"}
    status, headers = answer("OPTIONS", 401, **asked)
    assert status == 204
    assert "PATCH" in headers["access-control-allow-methods"]
    assert "Authorization" in headers["access-control-allow-headers"]
    assert "access-control-allow-credentials" not in headers


@pytest.mark.parametrize(
    "asking",
    [
        THEIRS,
        "null",
        "",
        f"{OURS}.evil.example",
        f"{OURS}:8443",
        "http://app.example.com",
        f"{OURS}/",
        "https://app.example.com@evil.example",
        OURS.upper(),
        f"{OURS}\r\nx: y",
    ],
)
def test_another_origin_reads_nothing(asking: str) -> None:
    for method in ("GET", "OPTIONS"):
        more = {"access_control_request_method": "GET"} if method == "OPTIONS" else {}
        status, headers = answer(method, origin=asking, **more)
        assert status == 200  # The application's own; a browser keeps it from the page.
        assert not told(headers)
        assert headers["vary"] == "Cookie, Origin"


def test_a_question_for_what_can_be_done_is_the_applications() -> None:
    status, headers = answer("OPTIONS", origin=OURS)
    assert (status, headers["access-control-allow-origin"]) == (200, OURS)


def test_without_a_named_origin_nothing_is_said(settings: Any) -> None:
    settings.ATOM_CORS_ORIGINS = frozenset()
    _, headers = answer(origin=OURS)
    assert headers == {"content-type": "text/plain", "vary": "Cookie"}


@pytest.mark.parametrize(
    "wrong",
    [
        "*",
        "app.example.com",
        f"{OURS}/",
        f"{OURS}/path",
        "null",
        "ftp://app.example.com",
        "https://",
    ],
)
def test_what_is_no_origin_stops_the_start(wrong: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="without a path"):
        allowed((OURS, wrong))


def test_origins_are_told_in_the_case_of_browsers() -> None:
    assert allowed(("HTTPS://App.Example.com",)) == {OURS}
    assert origin(f"{OURS}:8443/path?x=y") == f"{OURS}:8443"
    assert origin("") == ""
