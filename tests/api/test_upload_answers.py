"""An answer to an upload can be mapped back to the request, and says what to do next."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from accounts.models import User
from documents.models import Document, UploadReceipt
from documents.uploads import intake

Files = Callable[..., Any]


def send(api: APIClient, *files: Any, **fields: str) -> Any:
    return api.post("/upload", {"files": list(files), **fields}, format="multipart")


def test_each_file_has_its_place_in_the_request(api: APIClient, text_file: Files) -> None:
    files = [text_file("a.txt"), text_file("a.txt", ""), text_file("b.exe"), text_file("a.txt")]
    told = send(api, *files).json()
    assert [one["index"] for one in told["uploaded"]] == [0, 3]
    assert [(one["index"], one["code"]) for one in told["errors"]] == [
        (1, "empty"),
        (2, "unsupported_type"),
    ]


def test_places_are_right_where_a_quota_is_met(
    alice: User, text_file: Files, settings: Any
) -> None:
    settings.ATOM_MAX_QUEUED_PER_USER = 1
    files = [text_file("a.txt", ""), text_file("b.txt"), text_file("c.txt")]
    received = intake.receive(alice, files, key="once")
    assert received.indexes == [1]
    assert [error["index"] for error in received.errors] == [0, 2]
    again = intake.receive(alice, files, key="once")
    assert (again.indexes, again.errors) == (received.indexes, received.errors)


def test_an_answer_of_before_places_were_told_is_given_again(alice: User, text_file: Files) -> None:
    files = [text_file("a.txt", ""), text_file("b.txt")]
    first = intake.receive(alice, files, key="once")
    receipt = UploadReceipt.objects.get()
    for error in receipt.errors:
        del error["index"], error["advice"], error["retryable"]
    receipt.save()
    again = intake.receive(alice, files, key="once")
    assert again.documents == first.documents
    assert (again.indexes, again.errors[0]["index"]) == ([0], 1)


def test_a_refused_file_says_what_to_do(api: APIClient, text_file: Files, settings: Any) -> None:
    told = send(api, text_file("a.txt", "")).json()
    assert told["errors"][0]["advice"] == "Check that it is the right file, then upload it again."
    assert told["errors"][0]["retryable"] is False
    settings.ATOM_MAX_QUEUED_PER_USER = 1
    full = send(api, text_file("b.txt"), text_file("c.txt")).json()
    assert full["errors"][0]["retryable"] is True


def test_unknown_fields_are_told_and_not_refused(api: APIClient, text_file: Files) -> None:
    answer = send(api, text_file(), title="Hello", **{"external-id": "case 17"})
    assert answer.status_code == 201
    warnings = answer.json()["warnings"]
    assert [(one["code"], one["field"]) for one in warnings] == [
        ("unknown_field", "external-id"),
        ("unknown_field", "title"),
    ]
    assert send(api, text_file(), language="German").json()["warnings"] == []


def test_a_document_links_to_its_parts(api: APIClient, completed: Document) -> None:
    links = api.get(f"/documents/{completed.pk}").json()["links"]
    assert {"self", "status", "pages", "analyses", "export", "file"} < set(links)
    for name in ("self", "status", "pages", "analyses", "export", "file"):
        assert links[name].startswith("http://testserver/")
        assert api.get(links[name]).status_code == 200
    for name in ("retry", "cancel"):
        assert api.post(links[name]).status_code in (202, 409)
    assert api.get(links["page"]).status_code in (200, 302)  # A page knows no tokens.


@pytest.mark.parametrize("slash", ["", "/"])
def test_addresses_are_below_the_public_one_where_that_is_set(
    api: APIClient, text_file: Files, settings: Any, slash: str
) -> None:
    settings.ATOM_PUBLIC_URL = f"https://atom.example.org{slash}"
    answer = send(api, text_file("a.txt"))
    [document] = answer.json()["uploaded"]
    address = f"https://atom.example.org/documents/{document['id']}"
    assert document["url"] == answer["Location"] == document["links"]["self"] == address
    send(api, text_file("b.txt"))
    page = api.get("/documents?page_size=1").json()
    assert page["next"].startswith("https://atom.example.org/documents?")
    assert "after=" in page["next"]
    named = api.get("/documents?page_size=1&ordering=filename").json()
    assert named["next"].startswith("https://atom.example.org/documents?")
    assert "page=2" in named["next"]


def test_problems_say_what_to_do_and_whether_again(
    api: APIClient, upload: Callable[..., Document]
) -> None:
    missing = api.get("/documents/00000000-0000-4000-8000-000000000000").json()
    assert missing["advice"].startswith("Forget the id")
    assert missing["retryable"] is False
    waiting = api.post(f"/documents/{upload().pk}/retry").json()
    assert (waiting["code"], waiting["retryable"]) == ("not_finished", True)
