"""What a span holds, where its trace comes from, and that nothing waits for its receiver."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from atom_project import logs, tracing
from atom_project.tracing.requests import Traced, readable
from documents import queue
from documents.failures import FailureCode, failure
from documents.models import Document
from documents.pipeline.analysis import AnalysisFailed, ModelServer
from documents.pipeline.analysis.model import call_spans
from documents.pipeline.analysis.model.replies import Reply
from documents.uploads import intake
from tests.processes import ROOT, Installation
from tests.tracing.receiver import Receiver

TRACE, CLIENT = "5a" * 16, "c1" * 8
PARENT = f"00-{TRACE}-{CLIENT}-01"
QUOTED = "Maria owes me money."

LOADED = """
import sys
import atom_project.asgi
from documents.worker import Worker
Worker(slots=1)
print(sorted(name for name in sys.modules if "opentelemetry" in name))
"""


def loaded(installation: Installation, **more: str) -> str:
    said = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", LOADED],
        env=installation.environment | {"PYTHONPATH": str(ROOT)} | more,
        capture_output=True,
        text=True,
        check=True,
    )
    return said.stdout.strip()


def test_without_a_receiver_nothing_of_opentelemetry_is_imported(tmp_path: Any) -> None:
    assert loaded(Installation.prepared(tmp_path)) == "[]"


def test_with_a_receiver_it_is(tmp_path: Any, receiver: Receiver) -> None:
    said = loaded(Installation.prepared(tmp_path), OTEL_EXPORTER_OTLP_ENDPOINT=receiver.endpoint)
    assert "opentelemetry.sdk.trace" in said


def test_off_every_call_is_answered_by_nothing() -> None:
    with tracing.span("work", {"atom.bytes": 1}, parent=PARENT) as span:
        assert span is tracing.NO_SPAN is tracing.begin("call")
        assert tracing.traceparent() == ""


def test_an_exception_is_told_by_its_kind_and_never_by_its_words(recording: Receiver) -> None:
    with pytest.raises(ValueError), tracing.span("work"):
        raise ValueError(QUOTED)
    with pytest.raises(AnalysisFailed), tracing.span("analysis"):
        raise AnalysisFailed(failure(FailureCode.INVALID_ANSWER, detail=QUOTED))
    tracing.end()
    assert [span.error for span in recording.spans] == ["ValueError", "invalid_answer"]
    assert not [span.events for span in recording.spans if span.events]
    assert QUOTED.encode() not in b"".join(recording.bodies)


def test_a_silent_receiver_holds_up_nobody() -> None:
    with Receiver(silent=True) as silent:
        tracing.start("tests", silent.endpoint)
        for _ in range(5_000):  # More than the queue of the SDK holds.
            with tracing.span("work"):
                pass
        ending = threading.Thread(target=tracing.end)
        ending.start()
        ending.join(30)
        assert not ending.is_alive()


def test_a_receiver_that_is_away_is_told_once(monkeypatch: Any, caplog: Any) -> None:
    monkeypatch.setenv("OTEL_BSP_SCHEDULE_DELAY", "10")
    tracing.start("tests", "http://127.0.0.1:9")
    for _ in range(1_200):  # Three batches.
        with tracing.span("work"):
            pass
    tracing.end()
    told = [record for record in caplog.records if "not delivered" in record.message]
    assert len(told) == 1
    assert told[0].exc_info is None


def exchange(path: str, *headers: tuple[str, str], status: int = 200, route: str = "") -> list[str]:
    """One request through the wrapper; the ids of the trace that its log lines had."""
    seen: list[str] = []

    async def application(scope: Any, receive: Any, send: Any) -> None:
        seen.append(logs.subject().get("trace_id", ""))
        scope["atom_route"] = route
        await send({"type": "http.response.start", "status": status, "headers": []})

    async def nothing(message: Any = None) -> Any: ...

    scope = {
        "type": "http",
        "method": "GET",
        "path": path,
        "headers": [(name.encode(), value.encode()) for name, value in headers],
    }
    asyncio.run(Traced(application)(scope, nothing, nothing))
    return seen


@pytest.mark.parametrize(
    "path",
    [
        "/healthz",
        "/readyz/",
        "/metrics",
        "/documents/stream",
        "/documents/stream/",
        "/static/1/a.js",
    ],
)
def test_probes_metrics_streams_and_static_files_have_no_span(
    path: str, recording: Receiver
) -> None:
    exchange(path)
    exchange("/documents", route="^documents/?$")
    tracing.end()
    assert [span.name for span in recording.spans] == ["GET documents"]


def test_a_request_goes_on_with_the_trace_of_its_client(recording: Receiver) -> None:
    assert exchange("/documents", ("traceparent", PARENT)) == [TRACE]
    tracing.end()
    (span,) = recording.spans
    assert (span.trace, span.parent) == (TRACE, CLIENT)


@pytest.mark.parametrize(
    "headers",
    [
        [("traceparent", "00-nonsense")],
        [("traceparent", f"00-{'0' * 32}-{CLIENT}-01")],
        [("traceparent", PARENT), ("traceparent", PARENT)],
        [],
    ],
)
def test_without_a_good_header_a_trace_begins(headers: Any, recording: Receiver) -> None:
    exchange("/documents", *headers)
    tracing.end()
    (span,) = recording.spans
    assert span.parent == ""
    assert span.trace != TRACE


def test_who_does_not_want_to_be_sampled_is_not(recording: Receiver) -> None:
    exchange("/documents", ("traceparent", PARENT[:-1] + "0"))
    tracing.end()
    assert not recording.spans


def test_an_address_as_it_was_typed_is_in_no_span(recording: Receiver) -> None:
    exchange("/todo/feed/S3cret.ics", route="todo/feed/<str:secret>.ics")
    exchange("/S3cret", status=404)
    tracing.end()
    assert [span.name for span in recording.spans] == ["GET todo/feed/{secret}.ics", "GET"]
    assert b"S3cret" not in b"".join(recording.bodies)


def test_own_words_of_a_server_are_no_reason(recording: Receiver) -> None:
    reply = Reply(QUOTED, QUOTED, False, 10, 5, 0, service_tier=QUOTED)
    call_spans.end(tracing.begin("chat m"), ModelServer("", ""), reply)
    tracing.end()
    (span,) = recording.spans
    assert span.attributes["gen_ai.response.finish_reasons"] == ["other"]
    assert QUOTED.encode() not in b"".join(recording.bodies)


def test_an_answer_of_500_is_an_error_and_one_of_400_is_not(recording: Receiver) -> None:
    exchange("/documents", status=404)
    exchange("/documents", status=503)
    tracing.end()
    assert [span.error for span in recording.spans] == ["", "503"]


@pytest.mark.parametrize(
    ("route", "name"),
    [
        ("^upload/?$", "upload"),
        ("auth/^login/?$", "auth/login"),
        (
            r"^documents/(?P<id>[^/.]+)/pages/(?P<number>[^/.]+)/image/?$",
            "documents/{id}/pages/{number}/image",
        ),
        (
            "admin/documents/document/<path:object_id>/change/",
            "admin/documents/document/{object_id}/change/",
        ),
        ("", ""),
    ],
)
def test_routes_are_named_as_people_write_them(route: str, name: str) -> None:
    assert readable(route) == name


def queued(owner: Any) -> Document:
    return intake.receive(owner, [SimpleUploadedFile("notes.txt", b"Good.")]).documents[0]


@pytest.mark.django_db(transaction=True)
def test_the_row_keeps_the_span_that_queued_it_last(alice: Any, recording: Receiver) -> None:
    with tracing.span("POST upload", parent=PARENT):
        document = queued(alice)
        here = tracing.traceparent()
    assert document.traceparent == here
    assert (len(here), here[3:35]) == (55, TRACE)
    assert document.trail["trace_id"] == TRACE
    queue.cancel(document)
    with tracing.span("POST retry"):
        queue.requeue(document)
        again = tracing.traceparent()
    document.refresh_from_db()
    assert document.traceparent == again != here


@pytest.mark.django_db(transaction=True)
def test_an_event_that_was_rolled_back_is_in_no_span(alice: Any, recording: Receiver) -> None:
    document = queued(alice)
    with tracing.span("work"), pytest.raises(RuntimeError), queue.locked():
        queue.cancel(document)
        raise RuntimeError
    with tracing.span("again"):
        queue.cancel(document)
    tracing.end()
    assert recording.the("work").events == []
    assert [event["atom.status"] for event in recording.the("again").events] == ["failed"]


@pytest.mark.django_db
def test_untraced_a_row_has_no_span(alice: Any) -> None:
    assert queued(alice).traceparent == ""


def test_a_missing_extra_is_a_note_and_no_refusal(monkeypatch: Any) -> None:
    monkeypatch.setattr(tracing, "is_installed", lambda: False)
    tracing.start("tests", "http://127.0.0.1:4318")
    assert not tracing.is_on()
    assert "requirements/otel.txt" in tracing.notes("http://127.0.0.1:4318")[0]
    assert tracing.notes("") == []
