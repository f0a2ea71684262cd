"""A web process that asks itself, and tells its supervisor only that it answers."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from atom_project import watchdog
from atom_project.web.lifespan import Lifespan


async def served(status: int, seconds: float) -> list[str]:
    """The paths that were asked for while the server was up."""
    asked: list[str] = []

    async def application(scope: Any, receive: Any, send: Any) -> None:
        asked.append(scope["path"])
        await send({"type": "http.response.start", "status": status, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    said: list[str] = []
    messages = [{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}]

    async def receive() -> Any:
        if len(messages) == 1:
            await asyncio.sleep(seconds)
        return messages.pop(0)

    async def send(message: Any) -> None:
        said.append(message["type"])

    await Lifespan(application)({"type": "lifespan"}, receive, send)
    assert said == ["lifespan.startup.complete", "lifespan.shutdown.complete"]
    return asked


@pytest.fixture
def signs(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What a supervisor hears of this process."""
    heard: list[str] = []
    monkeypatch.setattr(watchdog, "INTERVAL", 0.01)
    monkeypatch.setattr(watchdog, "notify", heard.append)
    return heard


@pytest.fixture
def _supervised(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NOTIFY_SOCKET", "@nobody")
    monkeypatch.delenv("WATCHDOG_PID", raising=False)


@pytest.mark.usefixtures("_supervised")
def test_signs_of_life_are_given_while_it_answers(signs: list[str]) -> None:
    asked = asyncio.run(served(200, 0.2))
    assert set(asked) == {"/healthz"}
    assert len(signs) >= 3


@pytest.mark.usefixtures("_supervised")
def test_who_says_that_it_has_to_go_gives_no_sign(signs: list[str]) -> None:
    assert asyncio.run(served(503, 0.1))
    assert signs == []


def test_where_nobody_listens_nothing_is_asked(
    signs: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NOTIFY_SOCKET", raising=False)
    assert asyncio.run(served(200, 0.05)) == []
    assert signs == []
