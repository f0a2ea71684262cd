"""Documents are their owner's: everybody else finds nothing, and learns nothing."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import pytest
from rest_framework.test import APIClient

from accounts.models import User
from documents.models import ActionItem, Document
from tests.api.conftest import finish

Uploader = Callable[..., Document]

READS = ["", "/status", "/pages", "/file", "/export", "/export?as=csv", "/analyses"]


def calls(document: Document, item: ActionItem) -> list[tuple[str, str]]:
    return [
        *(("get", f"/documents/{document.pk}{path}") for path in READS),
        ("post", f"/documents/{document.pk}/retry"),
        ("post", f"/documents/{document.pk}/cancel"),
        ("delete", f"/documents/{document.pk}"),
        ("get", f"/action-items/{item.pk}"),
        ("patch", f"/action-items/{item.pk}"),
    ]


def test_bob_gets_404_from_every_address_of_alices_document(
    bobs_api: APIClient, completed: Document
) -> None:
    item = completed.analyses.get().action_items.first()
    assert item
    nowhere = bobs_api.get(f"/documents/{uuid.uuid4()}")
    for method, address in calls(completed, item):
        response = getattr(bobs_api, method)(address)
        assert response.status_code == 404, address
        # Word for word what an id gets that nobody has.
        assert response.content == nowhere.content, address
    assert Document.objects.get().status == "completed"
    assert not ActionItem.objects.filter(done=True).exists()


def test_staff_get_404_too(staff: User, completed: Document) -> None:
    client = APIClient()
    client.force_authenticate(staff)
    assert client.get(f"/documents/{completed.pk}").status_code == 404


def test_a_stranger_is_asked_who_he_is(completed: Document) -> None:
    item = completed.analyses.get().action_items.first()
    assert item
    for method, address in calls(completed, item):
        response = getattr(APIClient(), method)(address)
        assert response.status_code == 401, address
        assert response["WWW-Authenticate"]


@pytest.mark.parametrize("malformed", ["1", "x" * 36, "null", "%00", "..%2f", "é", "{}", "-1"])
@pytest.mark.parametrize("path", ["", "/status", "/pages", "/file", "/export", "/analyses"])
def test_a_malformed_id_is_not_found(api: APIClient, malformed: str, path: str) -> None:
    nowhere = api.get(f"/documents/{uuid.uuid4()}")
    response = api.get(f"/documents/{malformed}{path}")
    assert response.status_code == 404
    if malformed != "..%2f":  # That one is an address of its own.
        assert response.content == nowhere.content


def test_each_of_two_people_finishes_their_own(
    api: APIClient, bobs_api: APIClient, upload: Uploader, bob: User
) -> None:
    mine, his = finish(upload()), finish(upload(owner=bob))
    assert api.get(f"/documents/{mine.pk}/export").status_code == 200
    assert bobs_api.get(f"/documents/{his.pk}/export").status_code == 200
    assert bobs_api.get(f"/documents/{mine.pk}/export").status_code == 404
