"""What the API answers is what its description says, null for null."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from jsonschema import Draft202012Validator
from rest_framework.test import APIClient

from accounts.models import User
from documents import queue
from documents.failures import failure
from documents.models import ActionItem, Document
from documents.worker import Worker

MINUTES = (
    "Minutes of 3 March 2026. Ben Okafor will ask two roofers by 30 March 2026. "
    "Action: write to the school. The committee approved the budget of 14,200 pounds."
)


@pytest.fixture(scope="module")
def description() -> dict[str, Any]:
    found: dict[str, Any] = Client().get("/schema").json()
    return found


@pytest.fixture
def described(description: dict[str, Any], api: APIClient) -> Callable[..., Any]:
    """Sends a request, and holds the answer against the schema of its operation and status."""

    def ask(method: str, path: str, address: str = "", **sent: Any) -> Any:
        response = getattr(api, method)(address or path, **sent)
        answers = description["paths"][path][method]["responses"]
        assert str(response.status_code) in answers, response.content
        answer = _resolved(answers[str(response.status_code)], description)
        content = answer.get("content", {})
        if not content:
            assert not getattr(response, "content", b"")
            return None
        media_type = response["Content-Type"].partition(";")[0]
        assert media_type in content, f"{media_type} is not among {list(content)}"
        schema = {**content[media_type]["schema"], "components": description["components"]}
        if "json" not in media_type or media_type == "application/x-ndjson":
            assert schema["type"] == "string"
            return None
        errors = list(Draft202012Validator(schema).iter_errors(response.json()))
        assert not errors, [(list(error.path), error.message) for error in errors]
        return response.json()

    return ask


def _resolved(answer: dict[str, Any], description: dict[str, Any]) -> dict[str, Any]:
    """The answer itself, where it is only named."""
    name = answer.get("$ref", "").rpartition("/")[2]
    found: dict[str, Any] = description["components"]["responses"][name] if name else answer
    return found


@pytest.fixture
def read(upload: Callable[..., Document]) -> Document:
    """Read by the real worker with the built-in engine."""
    document = upload("minutes.txt", MINUTES)
    Worker(slots=1).work_once()
    return document


def test_the_description_speaks_json_schema_2020_12(description: dict[str, Any]) -> None:
    assert description["openapi"].startswith("3.1")
    assert "nullable" not in str(description)
    for schema in description["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)


def test_lists(described: Callable[..., Any], upload: Callable[..., Document]) -> None:
    assert described("get", "/documents")["results"] == []
    for number in range(3):
        upload(f"{number}.txt")
    assert described("get", "/documents")["next"] is None
    middle = described("get", "/documents", "/documents?page=2&page_size=1")
    assert middle["next"]
    assert middle["previous"]


def test_a_waiting_document(described: Callable[..., Any], upload: Callable[..., Document]) -> None:
    document = upload("minutes.txt")
    assert described("get", "/documents/{id}", f"/documents/{document.pk}")["analysis"] is None
    described("get", "/documents/{id}/status", f"/documents/{document.pk}/status")
    described("get", "/documents/{id}/pages", f"/documents/{document.pk}/pages")
    described("post", "/documents/{id}/cancel", f"/documents/{document.pk}/cancel")


def test_a_running_document(described: Callable[..., Any], upload: Callable[..., Document]) -> None:
    document = upload("minutes.txt")
    assert queue.claim_next("worker")
    described("get", "/documents/{id}", f"/documents/{document.pk}")
    described("get", "/documents/{id}/status", f"/documents/{document.pk}/status")


def test_a_failed_document(described: Callable[..., Any], upload: Callable[..., Document]) -> None:
    document = upload("scan.txt")
    claimed = queue.claim_next("worker")
    assert claimed
    queue.fail(claimed, failure("no_text"))
    assert described("get", "/documents/{id}", f"/documents/{document.pk}")["failure"]
    described("get", "/documents/{id}/status", f"/documents/{document.pk}/status")
    described("post", "/documents/{id}/retry", f"/documents/{document.pk}/retry")


def test_a_completed_document(described: Callable[..., Any], read: Document) -> None:
    detail = described("get", "/documents/{id}", f"/documents/{read.pk}")
    assert detail["analysis"]["findings"]["actionable_items"]
    described("get", "/documents/{id}/status", f"/documents/{read.pk}/status")
    assert described("get", "/documents/{id}/pages", f"/documents/{read.pk}/pages")["results"]
    described("get", "/documents/{id}/analyses", f"/documents/{read.pk}/analyses")
    described("get", "/usage")


def test_an_action_item_of_nobody(described: Callable[..., Any], read: Document) -> None:
    items = ActionItem.objects.filter(analysis__document=read)
    for item in items:
        shown = described("get", "/action-items/{id}", f"/action-items/{item.pk}")
        assert shown["evidence"]
    assert items.filter(assignee="").exists()
    item = items.filter(assignee="")[0]
    sent = {"data": {"done": True}, "format": "json"}
    described("patch", "/action-items/{id}", f"/action-items/{item.pk}", **sent)


@pytest.mark.parametrize(
    ("names", "status"), [(["a.txt"], 201), (["a.txt", "b.exe"], 207), (["b.exe"], 422), ([], 400)]
)
def test_an_upload(described: Callable[..., Any], names: list[str], status: int) -> None:
    files = [SimpleUploadedFile(name, b"Some text to read.") for name in names]
    sent = {"data": {"files": files}, "format": "multipart"}
    told = described("post", "/upload", **sent)
    assert len(told.get("uploaded", [])) == (status in {201, 207})


def test_a_login_and_its_refusal(described: Callable[..., Any], alice: User) -> None:
    alice.set_password("a long and odd passphrase")
    alice.save()
    name = {"username": alice.username}
    sent = {**name, "password": "a long and odd passphrase"}
    pair = described("post", "/auth/login", data=sent, format="json")
    described("post", "/auth/refresh", data={"refresh": pair["refresh"]}, format="json")
    described("post", "/auth/login", data={**name, "password": "wrong"}, format="json")
    described("post", "/auth/refresh", data={"refresh": "a.b.c"}, format="json")


def test_refusals(described: Callable[..., Any], upload: Callable[..., Document]) -> None:
    missing = "00000000-0000-4000-8000-000000000000"
    described("get", "/documents", "/documents?status=odd")
    described("get", "/documents/{id}", f"/documents/{missing}")
    described("post", "/documents/{id}/retry", f"/documents/{upload('a.txt').pk}/retry")
    described("get", "/action-items/{id}", "/action-items/999")


def test_no_credential(description: dict[str, Any], db: None) -> None:
    """Each operation that wants to know who asks says that it does."""
    for path, operations in description["paths"].items():
        address = re.sub(r"\{[^}]*\}", "00000000-0000-4000-8000-000000000000", path)
        for method in set(operations) & {"get", "post", "patch", "delete"}:
            response = getattr(APIClient(), method)(address)
            if response.status_code == 401:
                assert "401" in operations[method]["responses"], (method, path)


def test_health(described: Callable[..., Any]) -> None:
    described("get", "/healthz")
    described("get", "/readyz")
