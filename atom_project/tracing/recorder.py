"""The recorder: spans by the SDK of OpenTelemetry, sent by a thread that drops what it cannot."""

from __future__ import annotations

import atexit
import logging
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import SpanKind, Status, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from atom_project import __version__, tracing
from atom_project.tracing import Attributes, Kind, Span

logger = logging.getLogger(__name__)

LAST_WORDS = 2.0  # seconds that the end of a process waits for a receiver
SILENCE = 60.0  # seconds between two lines about a receiver that does not answer

_W3C = TraceContextTextMapPropagator()
_KINDS = {
    "internal": SpanKind.INTERNAL,
    "server": SpanKind.SERVER,
    "client": SpanKind.CLIENT,
    "consumer": SpanKind.CONSUMER,
}


class OtlpRecorder:
    """Not the provider of the whole process: what libraries would record themselves stays out."""

    def __init__(self, service: str, endpoint: str, headers: str) -> None:
        _speak_seldom()
        exporter = OTLPSpanExporter(
            endpoint=f"{endpoint.rstrip('/')}/v1/traces", headers=tracing.headers(headers) or None
        )
        # Its own end at exit waits for a silent receiver as long as that is silent.
        self._provider = TracerProvider(resource=_resource(service), shutdown_on_exit=False)
        self._provider.add_span_processor(BatchSpanProcessor(exporter))
        self._tracer = self._provider.get_tracer("atom", __version__)
        self._is_ending = threading.Event()
        # Started now: at the end of the interpreter no thread can be.
        self._closer = threading.Thread(target=self._close, name="end of tracing", daemon=True)
        self._closer.start()
        atexit.register(self.end)

    @contextmanager
    def span(self, name: str, attributes: Attributes, parent: str, kind: Kind) -> Iterator[Span]:
        with self._tracer.start_as_current_span(
            name,
            context=_continued(parent) if parent else None,
            kind=_KINDS[kind],
            attributes=attributes,
            # Both would send the words of the exception, which may quote a document.
            record_exception=False,
            set_status_on_exception=False,
        ) as started:
            recorded = RecordedSpan(started)
            try:
                yield recorded
            except BaseException as error:
                recorded.fail(_code_of(error))
                raise

    def begin(self, name: str, attributes: Attributes, kind: Kind) -> Span:
        return RecordedSpan(self._tracer.start_span(name, kind=_KINDS[kind], attributes=attributes))

    def event(self, name: str, attributes: Attributes) -> None:
        trace.get_current_span().add_event(name, attributes)

    def fail(self, code: str) -> None:
        RecordedSpan(trace.get_current_span()).fail(code)

    def traceparent(self) -> str:
        carrier: dict[str, str] = {}
        _W3C.inject(carrier)
        return carrier.get("traceparent", "")

    def end(self) -> None:
        atexit.unregister(self.end)
        self._is_ending.set()
        self._closer.join(LAST_WORDS)
        # What is not sent by now will not be, and nobody may be there to read of it.
        logging.getLogger("opentelemetry").handlers = [logging.NullHandler()]

    def _close(self) -> None:
        self._is_ending.wait()
        self._provider.shutdown()


class RecordedSpan:
    def __init__(self, span: trace.Span) -> None:
        self._span = span

    def rename(self, name: str) -> None:
        self._span.update_name(name)

    def note(self, attributes: Attributes) -> None:
        self._span.set_attributes(attributes)

    def fail(self, code: str) -> None:
        self._span.set_status(Status(StatusCode.ERROR))
        self._span.set_attribute("error.type", code)

    def end(self) -> None:
        self._span.end()


def _continued(traceparent: str) -> Context:
    """Without `tracestate`: its content is anybody's, and would be sent on."""
    return _W3C.extract({"traceparent": traceparent}, Context())


def _code_of(error: BaseException) -> str:
    """By the name of its kind, or the code its owner reads; never by its words."""
    code = getattr(getattr(error, "failure", None), "code", None)
    return str(code or type(error).__qualname__)


def _resource(service: str) -> Resource:
    name = {} if os.environ.get("OTEL_SERVICE_NAME") else {"service.name": f"atom-{service}"}
    return Resource.create({**name, "service.version": __version__})


def _speak_seldom() -> None:
    """The SDK has a line, often with frames, for each batch that a receiver does not take."""
    theirs = logging.getLogger("opentelemetry")
    theirs.propagate = False
    theirs.handlers = [Seldom()]


class Seldom(logging.Handler):
    """Says once a minute, in one line of ours, that spans are not delivered."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self._silent_until = 0.0

    def emit(self, record: logging.LogRecord) -> None:
        if time.monotonic() < self._silent_until:
            return
        self._silent_until = time.monotonic() + SILENCE
        logger.warning("Spans are not delivered: %s", record.getMessage())
