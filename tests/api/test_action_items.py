"""One action item: what it says, and its tick."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from documents.models import ActionItem, Document
from tests.api.conftest import RESULT

Uploader = Callable[..., Document]


def test_an_item_is_ticked_and_unticked(api: APIClient, completed: Document) -> None:
    item = ActionItem.objects.first()
    assert item
    for done in (True, False):
        response = api.patch(f"/action-items/{item.pk}", {"done": done}, format="json")
        assert (response.status_code, response.json()["done"]) == (200, done)
        found = api.get(f"/documents/{completed.pk}").json()["analysis"]["findings"]
        assert found["actionable_items"][0]["done"] is done


def test_an_item_says_what_it_is_and_where_it_stands(api: APIClient, completed: Document) -> None:
    found = api.get(f"/documents/{completed.pk}").json()["analysis"]["findings"]
    for item in found["actionable_items"]:
        shown = api.get(f"/action-items/{item['id']}").json()
        where = {"document_id": str(completed.pk), "filename": completed.filename}
        assert shown == {**item, **where}


def test_only_the_tick_of_an_item_can_be_changed(api: APIClient, completed: Document) -> None:
    item = ActionItem.objects.first()
    assert item
    sent = {"done": True, "task": "Pay me", "id": 999, "priority": "low", "evidence": []}
    response = api.patch(f"/action-items/{item.pk}", sent, format="json")
    assert response.json()["done"] is True
    item.refresh_from_db()
    assert (item.task, item.priority) == (RESULT["findings"]["actionable_items"][0]["task"], "high")
    assert item.evidence


@pytest.mark.parametrize(
    "sent", [{}, {"done": None}, {"done": "maybe"}, {"done": 0}, {"done": [1]}, [1], "x"]
)
def test_a_tick_that_is_none_is_refused(api: APIClient, completed: Document, sent: Any) -> None:
    item = ActionItem.objects.first()
    assert item
    response = api.patch(f"/action-items/{item.pk}", sent, format="json")
    assert (response.status_code, response.json()["code"]) == (400, "invalid")
    assert response["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("malformed", ["x", "-1", "1.5", "9" * 19, "9" * 5000, "٣"])
def test_a_malformed_item_is_not_found(api: APIClient, malformed: str) -> None:
    assert api.patch(f"/action-items/{malformed}", {"done": True}).status_code == 404
