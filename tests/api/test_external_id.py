"""An owner's own name for a document goes along with it, and finds it again."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from rest_framework.test import APIClient

from accounts.models import User
from documents.live import event_rows, payloads
from documents.models import Document, ResumableUpload
from documents.uploads import intake
from documents.uploads.resumable import creation
from tests.api.conftest import finish

Files = Callable[..., Any]


@pytest.fixture
def named(api: APIClient, text_file: Files) -> Document:
    sent = {"files": text_file(), "external_id": " case 17/ä "}
    told = api.post("/upload", sent, format="multipart").json()
    assert told["uploaded"][0]["external_id"] == "case 17/ä"
    return Document.objects.get(pk=told["uploaded"][0]["id"])


def listed(api: APIClient, wanted: str) -> list[str]:
    answer = api.get("/documents", {"external_id": wanted})
    return [each["id"] for each in answer.json()["results"]]


def test_it_comes_back_wherever_the_document_does(api: APIClient, named: Document) -> None:
    path = f"/documents/{named.pk}"
    finish(named)
    assert api.get("/documents").json()["results"][0]["external_id"] == "case 17/ä"
    assert api.get(path).json()["external_id"] == "case 17/ä"
    assert json.loads(api.get(f"{path}/export").content)["document"]["external_id"] == "case 17/ä"
    assert api.post(f"{path}/retry").json()["external_id"] == "case 17/ä"
    told = payloads.of(event_rows.owner_events_since(named.owner_id, 0, 10))
    assert {one.body["external_id"] for one in told if one.body} == {"case 17/ä"}


def test_the_list_finds_it_by_the_whole_name_alone(
    api: APIClient, bobs_api: APIClient, named: Document, upload: Callable[..., Document]
) -> None:
    upload("without.txt")
    assert listed(api, "case 17/ä") == [str(named.pk)]
    assert listed(api, "case 17") == []
    assert listed(bobs_api, "case 17/ä") == []
    assert api.get("/documents?external_id=").json()["count"] == 2


def test_it_is_found_by_an_index(named: Document) -> None:
    wanted = Document.objects.filter(owner=named.owner, external_id="case 17/ä").order_by()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
    assert "document_external_id" in wanted.explain()


def test_a_document_without_one_has_null(api: APIClient, text_file: Files) -> None:
    told = api.post("/upload", {"files": text_file(), "external_id": "  "}, format="multipart")
    assert told.json()["uploaded"][0]["external_id"] is None


@pytest.mark.parametrize("bad", ["x" * 201, "line\nbreak", "\u202eevil"])
def test_what_cannot_be_kept_is_refused(api: APIClient, text_file: Files, bad: str) -> None:
    answer = api.post("/upload", {"files": text_file(), "external_id": bad}, format="multipart")
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_external_id")
    assert not Document.objects.exists()


def test_a_list_refuses_one_that_is_too_long(api: APIClient) -> None:
    answer = api.get("/documents", {"external_id": "x" * 201})
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_external_id")


def test_a_resumable_upload_carries_it(alice: User, api: APIClient) -> None:
    name, own = (base64.b64encode(word.encode()).decode() for word in ("a.txt", "case 18"))
    headers = {
        "tus-resumable": "1.0.0",
        "upload-length": "5",
        "upload-metadata": f"filename {name},external_id {own}",
    }
    assert api.post("/uploads", headers=headers).status_code == 201
    assert ResumableUpload.objects.get().external_id == "case 18"
    too_long = base64.b64encode(b"x" * 201).decode()
    headers["upload-metadata"] = f"filename {name},external_id {too_long}"
    assert api.post("/uploads", headers=headers).json()["code"] == "bad_external_id"


def test_the_same_key_with_another_name_is_another_upload(alice: User, text_file: Files) -> None:
    first = intake.receive(alice, [text_file()], external_id="a", key="once")
    again = intake.receive(alice, [text_file()], external_id="a", key="once")
    assert again.documents == first.documents
    with pytest.raises(intake.KeyReused):
        intake.receive(alice, [text_file()], external_id="b", key="once")


def test_people_see_it_on_the_page(browser: Client, named: Document) -> None:
    assert "case 17/ä" in browser.get(f"/d/{named.pk}").content.decode()


def test_begin_takes_none_as_well(alice: User) -> None:
    assert creation.begin(alice, "a.txt", 5).external_id is None
