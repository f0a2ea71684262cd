"""Spans of requests: one for each, which goes on with the trace of whoever asks."""

from __future__ import annotations

import re
from functools import lru_cache

from atom_project import logs, static_version, tracing
from atom_project.web.protocol import Application, Message, Receive, Scope, Send

# Asked every few seconds by machines, or open for a quarter of an hour.
LEFT_OUT = {"/healthz", "/readyz", "/metrics", "/documents/stream"}
METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}

_NAMED_GROUP = re.compile(r"\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)")
_CONVERTED = re.compile(r"<(?:\w+:)?(\w+)>")
_SIGNS = re.compile(r"/\?|\\Z|[\^$\\?]")


def traced(application: Application) -> Application:
    """The application with spans around it; itself where nothing is recorded."""
    return Traced(application) if tracing.is_on() else application


class Traced:
    """Wraps an application, `RequestLog` included, so that log lines have the trace's id."""

    def __init__(self, application: Application) -> None:
        self.application = application

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or _is_left_out(scope["path"]):
            await self.application(scope, receive, send)
            return
        method = scope["method"] if scope["method"] in METHODS else "_OTHER"
        with tracing.span(
            method, {"http.request.method": method}, parent=_traceparent(scope), kind="server"
        ) as span:

            async def note(message: Message) -> None:
                if message["type"] == "http.response.start":
                    span.note(_answer(message))
                    if message["status"] >= 500:
                        span.fail(str(message["status"]))
                await send(message)

            try:
                with logs.about(trace_id=tracing.traceparent()[3:35]):
                    await self.application(scope, receive, note)
            finally:
                # Known only now, and never the path itself: it may hold a secret.
                if route := readable(scope.get("atom_route", "")):
                    span.rename(f"{method} {route}")
                    span.note({"http.route": route})


def _is_left_out(path: str) -> bool:
    return path.rstrip("/") in LEFT_OUT or path.startswith(f"/{static_version.ROOT}")


def _traceparent(scope: Scope) -> str:
    """Of whoever asks; two of them are none, says W3C."""
    given = [value for name, value in scope["headers"] if name == b"traceparent"]
    return given[0].decode("latin-1") if len(given) == 1 else ""


def _answer(message: Message) -> tracing.Attributes:
    headers = dict(message.get("headers", ()))
    request_id = headers.get(b"x-request-id", b"").decode("latin-1")
    return {"http.response.status_code": message["status"], "atom.request_id": request_id}


@lru_cache(maxsize=256)
def readable(route: str) -> str:
    """Django's pattern as people write it: `documents/{id}/pages`."""
    named = _NAMED_GROUP.sub(r"{\1}", route)
    return _SIGNS.sub("", _CONVERTED.sub(r"{\1}", named))
