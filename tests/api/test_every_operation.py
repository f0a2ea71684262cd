"""Every operation is asked, and answers in a form and a shape that its description names."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from jsonschema import Draft202012Validator
from reportlab.pdfgen import canvas
from rest_framework.test import APIClient

from accounts.models import User
from documents import events, queue, removal
from documents.failures import FailureCode, failure
from documents.live import channels, event_rows, payloads
from documents.models import Document, Status
from documents.worker import Worker
from tests.api.test_described import MINUTES, described, description
from tests.conftest import PASSWORD

__all__ = ["described", "description"]  # Fixtures.
METHODS = {"get", "post", "patch", "delete"}


def operations(description: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in description["paths"].items():
        for method in METHODS & set(methods):
            yield path, method, methods[method]


def pdf() -> SimpleUploadedFile:
    buffer = io.BytesIO()
    page = canvas.Canvas(buffer)
    page.drawString(72, 720, "Maria Lopez must send the survey to the insurer by 20 March 2026.")
    page.save()
    return SimpleUploadedFile("letter.pdf", buffer.getvalue())


class Tour:
    """Asks call by call, and knows which were asked."""

    def __init__(self, ask: Callable[..., Any]) -> None:
        self._ask = ask
        self.asked: set[tuple[str, str]] = set()

    def __call__(self, method: str, path: str, address: str = "", **sent: Any) -> Any:
        self.asked.add((path, method))
        return self._ask(method, path, address, **sent)


def finished(tour: Tour, api: APIClient, file: SimpleUploadedFile) -> str:
    told = tour("post", "/upload", data={"files": [file]}, format="multipart")
    Worker(slots=1).work_once()
    return f"/documents/{told['uploaded'][0]['id']}"


def webhooks(tour: Tour) -> None:
    hook = "/webhooks/{id}"
    wanted = {"url": "https://hooks.example.com/"}
    made = tour("post", "/webhooks", data=wanted, format="json")
    own = f"/webhooks/{made['id']}"
    tour("get", "/webhooks")
    tour("get", hook, own)
    tour("patch", hook, own, data={"enabled": False}, format="json")
    for method in ("get", "post"):
        tour(method, f"{hook}/secret", f"{own}/secret")
    test = tour("post", f"{hook}/test", f"{own}/test")
    tour("get", f"{hook}/deliveries", f"{own}/deliveries")
    again = "/deliveries/{}/resend"
    tour("post", hook + again.format("{delivery}"), own + again.format(test["id"]))
    tour("delete", hook, own)


def test_every_operation_answers_as_it_is_described(
    described: Callable[..., Any],
    description: dict[str, Any],
    api: APIClient,
    alice: User,
    settings: Any,
) -> None:
    settings.ATOM_METRICS_TOKEN = "a token for the metrics alone"
    tour, one = Tour(described), "/documents/{id}"
    letter = finished(tour, api, pdf())
    tour("get", f"{one}/pages/{{number}}/image", f"{letter}/pages/1/image")
    tour("get", f"{one}/pages/{{number}}/boxes", f"{letter}/pages/1/boxes?quote=0-11")
    minutes = finished(tour, api, SimpleUploadedFile("minutes.txt", MINUTES.encode()))
    tour("get", "/documents", "/documents?search=roofers")
    tour("get", "/events", "/events?after=0")
    tour("get", "/events", "/events?after=999999999")  # A reset.
    for part in ("", "/status", "/pages", "/analyses", "/file", "/export"):
        tour("get", one + part, minutes + part)
    for form in ("md", "csv"):
        tour("get", f"{one}/export", f"{minutes}/export?as={form}")
    listed = tour("get", "/action-items")["results"]
    item = f"/action-items/{listed[0]['id']}"
    tour("get", "/action-items/{id}", item)
    tour("patch", "/action-items/{id}", item, data={"done": True}, format="json")
    for form in ("csv", "ics"):
        tour("get", "/action-items/export", f"/action-items/export?as={form}")
    for form in ("zip", "ndjson"):
        tour("get", "/documents/export", f"/documents/export?as={form}")
    tour("post", f"{one}/recognize", f"{letter}/recognize")  # 409: it has no picture.
    tour("post", f"{one}/read-as", f"{minutes}/read-as", data={"encoding": "utf_8"}, format="json")
    tour("post", f"{one}/cancel", f"{minutes}/cancel")
    tour("post", f"{one}/retry", f"{minutes}/retry")
    bulk = {"action": "cancel", "ids": [minutes.rpartition("/")[2]]}
    tour("post", "/documents/bulk", data=bulk, format="json")
    ticked = {"ids": [listed[0]["id"]], "done": False}
    tour("post", "/action-items/bulk", data=ticked, format="json")
    tour("delete", one, minutes)
    webhooks(tour)
    for path in ("/me", "/usage", "/healthz", "/readyz"):
        tour("get", path)
    api.force_authenticate(None)
    tour("get", "/metrics", HTTP_AUTHORIZATION=f"Bearer {settings.ATOM_METRICS_TOKEN}")
    login = {"username": alice.username, "password": PASSWORD}
    pair = tour("post", "/auth/login", data=login, format="json")
    pair = tour("post", "/auth/refresh", data={"refresh": pair["refresh"]}, format="json")
    tour("post", "/auth/logout", data={"refresh": pair["refresh"]}, format="json")
    # The stream has a test of its own, below; resumable uploads are answered beside Django.
    everything = {(path, method) for path, method, _ in operations(description)}
    beside = {one for one in everything if one[0].startswith("/uploads")}
    assert everything - tour.asked - beside == {("/documents/stream", "get")}


@pytest.fixture
def told(description: dict[str, Any]) -> Callable[..., None]:
    """Holds the data of an event against the schema that the stream's operation names for it."""
    operation = description["paths"]["/documents/stream"]["get"]
    schema = operation["responses"]["200"]["content"]["text/event-stream"]["schema"]

    def hold(name: str, data: Any) -> None:
        wanted = {**schema["x-event-data"][name], "components": description["components"]}
        errors = list(Draft202012Validator(wanted).iter_errors(data))
        assert not errors, (name, [(list(error.path), error.message) for error in errors])

    return hold


def test_every_line_of_an_export_is_as_described(
    description: Any, api: APIClient, upload: Callable[..., Document]
) -> None:
    upload("minutes.txt", MINUTES)
    Worker(slots=1).work_once()
    queue.cancel(upload("fails.txt"))
    upload("waits.txt")
    answers = description["paths"]["/documents/export"]["get"]["responses"]["200"]["content"]

    def hold(lines: list[bytes], schema: dict[str, Any]) -> None:
        assert len(lines) == 3
        wanted = Draft202012Validator({**schema, "components": description["components"]})
        for line in lines:
            errors = list(wanted.iter_errors(json.loads(line)))
            assert not errors, [(list(error.path), error.message) for error in errors]

    answer: Any = api.get("/documents/export?as=ndjson")
    lines = b"".join(answer.streaming_content).splitlines()
    hold(lines, answers["application/x-ndjson"]["schema"]["x-line"])
    answer = api.get("/documents/export")
    archive = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
    index = archive.read("index.ndjson").splitlines()
    hold(index, answers["application/zip"]["schema"]["x-index-line"])


def test_every_event_of_the_stream_is_as_described(
    alice: User, upload: Callable[..., Document], told: Callable[..., None], description: Any
) -> None:
    completed = upload("minutes.txt", MINUTES)
    Worker(slots=1).work_once()
    events.record_change(completed)
    upload("scan.txt")
    claimed = queue.claim_next("worker")
    assert claimed
    events.progress(claimed, step="extracting", done=1, total=2)
    rows = event_rows.owner_events_since(alice.pk, 0, 1000)
    queue.fail(claimed, failure(FailureCode.NO_TEXT))
    removal.delete(upload("gone.txt"))
    rows += event_rows.owner_events_since(alice.pk, 0, 1000)
    said = [one.body for one in payloads.of(rows) if one.body]
    for body in said:
        told(body["event"], body)
    assert {body["event"] for body in said} == {"status", "progress", "changed", "deleted"}
    assert {body.get("status") for body in said} == {*Status.values, None}


@pytest.mark.parametrize(
    ("name", "more"),
    [("stream-open", {}), ("heartbeat", {}), ("stream-reset", {"reason": "too_old"})],
)
def test_events_about_the_stream_itself_are_as_described(
    name: str, more: dict[str, str], told: Callable[..., None]
) -> None:
    frame = channels.control_event(name, 7, **more).decode()
    (data,) = [line for line in frame.splitlines() if line.startswith("data: ")]
    told(name, json.loads(data.removeprefix("data: ")))


# What a linter's recommended rules ask of a description; `make lint-api` asks the linters.


def test_every_operation_says_what_it_is_and_where_it_belongs(description: Any) -> None:
    tags = [tag["name"] for tag in description["tags"]]
    ids = [operation["operationId"] for _, _, operation in operations(description)]
    assert len(set(ids)) == len(ids)
    for _, _, operation in operations(description):
        assert operation["summary"]
        assert operation["description"]
        assert set(operation["tags"]) <= set(tags)
        assert operation["security"]
    assert all(tag["description"] for tag in description["tags"])
    assert description["info"]["license"]
    assert description["info"]["contact"]
    assert description["servers"][0]["url"] == "/"


def test_every_operation_has_the_refusals_that_any_call_may_meet(description: Any) -> None:
    for path, _, operation in operations(description):
        answers = set(operation["responses"])
        assert {"405", "500", "503"} <= answers, path
        assert any(status.startswith("2") for status in answers), path
        known = ({}, {"bearer": []}) if {} in operation["security"] else ()
        assert "401" in answers or known or path in ("/readyz", "/healthz"), path


def test_refusals_name_their_headers(description: Any) -> None:
    wanted = {"401": "WWW-Authenticate", "405": "Allow", "429": "Retry-After", "503": "Retry-After"}
    shared = description["components"]["responses"]
    for path, _, operation in operations(description):
        for status, header in wanted.items():
            answer = operation["responses"].get(status, {})
            answer = shared.get(answer.get("$ref", "").rpartition("/")[2], answer)
            assert not answer or header in answer["headers"], (path, status)


def test_bodies_that_are_needed_are_required(description: Any) -> None:
    optional = {
        operation["operationId"]
        for _, _, operation in operations(description)
        if "requestBody" in operation and not operation["requestBody"].get("required")
    }
    assert optional == {"change_webhook", "logout", "retry_document"}


def test_pages_have_limits(description: Any) -> None:
    named = [
        (parameter["name"], parameter["schema"])
        for _, _, operation in operations(description)
        for parameter in operation.get("parameters", [])
        if parameter["name"] in ("page", "page_size")
    ]
    assert len(named) >= 8
    for name, schema in named:
        assert (schema["minimum"], schema["default"]) == ((1, 1) if name == "page" else (1, 20))


def test_every_component_is_used(description: Any) -> None:
    text = str(description)
    for kind in ("schemas", "responses", "headers"):
        for name in description["components"][kind]:
            assert f"'#/components/{kind}/{name}'" in text, name


def test_examples_are_of_the_shape_they_stand_beside(description: Any) -> None:
    found = 0
    for path, _, operation in operations(description):
        for answer in operation["responses"].values():
            for content in answer.get("content", {}).values():
                schema = {**content.get("schema", {}), "components": description["components"]}
                shown = [each["value"] for each in content.get("examples", {}).values()]
                for example in [*shown, *([content["example"]] if "example" in content else [])]:
                    found += 1
                    errors = list(Draft202012Validator(schema).iter_errors(example))
                    assert not errors, (path, errors[0].message)
    assert found > 15
