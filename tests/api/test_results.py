"""The result as shown: stored findings under the ticks of their rows."""

from __future__ import annotations

from typing import Any

from documents.models import ActionItem, Document
from documents.results import result_json, verified_json
from tests.api.conftest import RESULT


def _items(document: Document) -> list[dict[str, Any]]:
    analysis = document.current_analysis
    assert analysis
    return result_json(analysis)["findings"]["actionable_items"]


def test_action_items_carry_the_ids_of_their_rows(completed: Document) -> None:
    rows = ActionItem.objects.filter(analysis__document=completed)
    assert [item["id"] for item in _items(completed)] == [row.pk for row in rows]
    assert [item["task"] for item in _items(completed)] == [row.task for row in rows]


def test_a_tick_on_the_row_is_the_truth(completed: Document) -> None:
    ActionItem.objects.filter(position=2).update(done=True)
    assert [item["done"] for item in _items(completed)] == [False, True]


def test_an_item_without_a_row_has_no_id_to_tick(completed: Document) -> None:
    ActionItem.objects.filter(position=1).delete()
    assert [item["id"] is None for item in _items(completed)] == [True, False]


def test_the_stored_result_is_not_changed_by_showing_it(completed: Document) -> None:
    analysis = completed.current_analysis
    assert analysis
    result_json(analysis)
    assert analysis.result == RESULT


def test_what_leaves_the_house_has_no_unverified_claims(completed: Document) -> None:
    analysis = completed.current_analysis
    assert analysis
    assert "unverified" not in verified_json(analysis)["findings"]
    assert result_json(analysis)["findings"]["unverified"]
