"""Refusals at the door: answers that Django has no part in."""

from __future__ import annotations

import asyncio

from asgiref.sync import sync_to_async
from django.http import HttpRequest, HttpResponse

from atom_project.problems import Problem, answer
from atom_project.web.protocol import Receive, Scope, Send

POLICY = "default-src 'none'; style-src 'self'; img-src 'self'; frame-ancestors 'none'"


async def send_problem(problem: Problem, scope: Scope, send: Send) -> None:
    """Answer a request whose body is there."""
    response = await _begin(problem, scope, send)
    await send({"type": "http.response.body", "body": response.content})


async def refuse(
    problem: Problem, scope: Scope, receive: Receive, send: Send, linger_for: tuple[int, float]
) -> None:
    """Answer and close the connection, so that the rest of the body is never read."""
    response = await _begin(problem, scope, send, Connection="close")
    await send({"type": "http.response.body", "body": response.content, "more_body": True})
    await linger(receive, *linger_for)
    await send({"type": "http.response.body", "body": b""})


async def _begin(problem: Problem, scope: Scope, send: Send, **more: str) -> HttpResponse:
    response = await sync_to_async(answer, thread_sensitive=False)(_bare_request(scope), problem)
    headers = {
        "Content-Length": str(len(response.content)),
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": POLICY,
        **more,
        **response.headers,
    }
    raw = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": problem.status_code, "headers": raw})
    return response


def _bare_request(scope: Scope) -> HttpRequest:
    """What the answer depends on: whether a browser asks. Nobody is signed in, nothing is read."""
    request = HttpRequest()
    request.path = request.path_info = scope["path"]
    request.method = scope["method"]
    for name in ("accept", "authorization"):
        values = [value for key, value in scope["headers"] if key == name.encode()]
        if values:
            request.META[f"HTTP_{name.upper()}"] = values[0].decode("latin-1")
    return request


async def linger(receive: Receive, size: int, seconds: float) -> None:
    """Read on a little: a client still sending when the connection closes loses the answer."""
    drained = 0
    try:
        async with asyncio.timeout(seconds):
            while drained < size:
                message = await receive()
                drained += len(message.get("body", b""))
                if not message.get("more_body"):
                    return
    except TimeoutError:
        return
