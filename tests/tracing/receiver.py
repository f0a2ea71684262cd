"""A receiver of OTLP over HTTP in this process: what it was sent, as spans and as bytes."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

import pytest

PROTO = "opentelemetry.proto.collector.trace.v1.trace_service_pb2"
ExportTraceServiceRequest = pytest.importorskip(PROTO).ExportTraceServiceRequest

WITHIN = 60  # seconds; only a test that fails waits so long


@dataclass(frozen=True)
class Received:
    service: str
    name: str
    trace: str
    id: str
    parent: str  # blank: the span is a root
    kind: int
    error: str  # blank: it went well
    attributes: dict[str, Any]
    events: list[dict[str, Any]]


class Receiver:
    """Answers at once, or is silent until `release`."""

    def __init__(self, *, silent: bool = False) -> None:
        self.bodies: list[bytes] = []
        self._arrived = threading.Condition()
        self._released = threading.Event()
        if not silent:
            self._released.set()
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                receiver.take(self.rfile.read(int(self.headers["Content-Length"])))
                self.send_response(200 if self.path == "/v1/traces" else 404)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None: ...

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.endpoint = f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *exc: object) -> None:
        self.release()
        self._server.shutdown()
        self._server.server_close()

    def release(self) -> None:
        self._released.set()

    def take(self, body: bytes) -> None:
        with self._arrived:
            self.bodies.append(body)
            self._arrived.notify_all()
        self._released.wait(WITHIN)

    @property
    def spans(self) -> list[Received]:
        return [span for body in list(self.bodies) for span in _read(body)]

    def named(self, name: str) -> list[Received]:
        return [span for span in self.spans if span.name == name]

    def the(self, name: str) -> Received:
        """The only span of this name, waited for."""
        with self._arrived:
            assert self._arrived.wait_for(lambda: self.named(name), WITHIN), self.tree()
        (span,) = self.named(name)
        return span

    def tree(self) -> str:
        return "\n".join(
            f"{span.trace[:6]} {span.parent}>{span.id} {span.name}" for span in self.spans
        )


def _read(body: bytes) -> list[Received]:
    return [
        Received(
            service=_values(resource.resource.attributes)["service.name"],
            name=span.name,
            trace=span.trace_id.hex(),
            id=span.span_id.hex(),
            parent=span.parent_span_id.hex(),
            kind=span.kind,
            error=_values(span.attributes)["error.type"] if span.status.code == 2 else "",
            attributes=_values(span.attributes),
            events=[{"name": event.name} | _values(event.attributes) for event in span.events],
        )
        for resource in ExportTraceServiceRequest.FromString(body).resource_spans
        for scope in resource.scope_spans
        for span in scope.spans
    ]


def _values(attributes: Any) -> dict[str, Any]:
    return {each.key: _value(each.value) for each in attributes}


def _value(value: Any) -> Any:
    kind = value.WhichOneof("value")
    if kind == "array_value":
        return [_value(each) for each in value.array_value.values]
    return getattr(value, kind)
