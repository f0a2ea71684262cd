"""Tracing: what one request sets going, through every process, as spans of OpenTelemetry.

Nothing of OpenTelemetry is imported before `start` is told where spans go; until then each call
here is one comparison. Spans leave the house: their attributes hold ids, figures and codes of
ours, never a text, a file name or a prompt.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from importlib.util import find_spec
from types import TracebackType
from typing import Final, Literal, Protocol
from urllib.parse import unquote

Value = str | bool | int | float | Sequence[str]
Attributes = Mapping[str, Value]
Kind = Literal["internal", "server", "client", "consumer"]


class Span(Protocol):
    """One piece of work, with a beginning and an end."""

    def rename(self, name: str) -> None: ...
    def note(self, attributes: Attributes) -> None: ...
    def fail(self, code: str) -> None: ...
    def end(self) -> None: ...


class Recorder(Protocol):
    def span(
        self, name: str, attributes: Attributes, parent: str, kind: Kind
    ) -> AbstractContextManager[Span]: ...
    def begin(self, name: str, attributes: Attributes, kind: Kind) -> Span: ...
    def event(self, name: str, attributes: Attributes) -> None: ...
    def fail(self, code: str) -> None: ...
    def traceparent(self) -> str: ...
    def end(self) -> None: ...


class _NoSpan:
    """Stands for a span where nothing is recorded."""

    def rename(self, name: str) -> None: ...
    def note(self, attributes: Attributes) -> None: ...
    def fail(self, code: str) -> None: ...
    def end(self) -> None: ...

    def __enter__(self) -> Span:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...


NO_SPAN: Final = _NoSpan()
_NOTHING: Final[Attributes] = {}

_recorder: Recorder | None = None


def start(service: str, endpoint: str, headers: str = "") -> None:
    """Record from now on, if there is an endpoint (OTLP over HTTP) and the extra `otel`.

    In the process that does the work, not in the one that forks it: a thread sends the spans.
    """
    global _recorder
    if not endpoint or _recorder is not None or not is_installed():
        return
    from atom_project.tracing.recorder import OtlpRecorder

    _recorder = OtlpRecorder(service, endpoint, headers)


def is_installed() -> bool:
    """Whether the extra `otel` is there; looks without importing any of it."""
    try:
        return find_spec("opentelemetry.exporter.otlp.proto.http") is not None
    except ModuleNotFoundError:
        return False


def notes(endpoint: str) -> list[str]:
    """What the operator should know of this setting."""
    if not endpoint or is_installed():
        return []
    return [
        "OTEL_EXPORTER_OTLP_ENDPOINT is set, but the extra otel is not installed: nothing is "
        "traced. Run `pip install --require-hashes -r requirements/otel.txt`."
    ]


def headers(given: str) -> dict[str, str]:
    """`name=value,name=value`, percent-encoded, as OTEL_EXPORTER_OTLP_HEADERS has them."""
    pairs = (part.partition("=") for part in given.split(",") if "=" in part)
    return {name.strip().lower(): unquote(value.strip()) for name, _, value in pairs}


def end() -> None:
    """Send what is left, for two seconds at most; then record no more."""
    global _recorder
    recorder, _recorder = _recorder, None
    if recorder is not None:
        recorder.end()


def is_on() -> bool:
    return _recorder is not None


def span(
    name: str, attributes: Attributes = _NOTHING, *, parent: str = "", kind: Kind = "internal"
) -> AbstractContextManager[Span]:
    """The work of a `with` block; `parent` is a `traceparent`, or blank for the span around."""
    if _recorder is None:
        return NO_SPAN
    return _recorder.span(name, attributes, parent, kind)


def begin(name: str, attributes: Attributes = _NOTHING, *, kind: Kind = "internal") -> Span:
    """Work below the span around that ends elsewhere, also in another thread, by `end()`."""
    return NO_SPAN if _recorder is None else _recorder.begin(name, attributes, kind)


def event(name: str, attributes: Attributes = _NOTHING) -> None:
    """Something that happened at one moment of the span around."""
    if _recorder is not None:
        _recorder.event(name, attributes)


def fail(code: str) -> None:
    """The span around came to nothing, for this reason."""
    if _recorder is not None:
        _recorder.fail(code)


def traceparent() -> str:
    """The span around as W3C Trace Context writes it, 55 characters; blank where there is none."""
    return "" if _recorder is None else _recorder.traceparent()
