"""How an action item is worded: its person, its priority and its due date told apart."""

from __future__ import annotations

import pytest

from documents.pipeline.analysis.offline.actions import priorities, wording
from documents.pipeline.analysis.offline.actions.priorities import LEVELS
from documents.pipeline.analysis.schema import Evidence


def word(task, *, who=None):
    return wording.word(task, task, who, Evidence(1, 0, len(task), task, "verbatim"))


@pytest.mark.parametrize("level", LEVELS, ids=lambda level: level.priority)
def test_a_priority_is_told_by_its_example(level):
    assert priorities.tell(level.example) == level.priority


def test_without_such_words_no_priority_is_told():
    assert priorities.tell("Order new keys.") == "unspecified"


@pytest.mark.parametrize(
    "task",
    [
        "order new keys (Nora)",
        "order new keys [Nora, by Friday].",
        "order new keys – Nora",
        "order new keys @Nora",
        "order new keys. Owner: Nora",
    ],
)
def test_a_name_at_the_end_is_who_does_it_and_no_part_of_the_task(task):
    action = word(task)
    assert (action.task, action.assignee) == ("Order new keys", "Nora")


def test_who_was_named_before_is_not_replaced_by_a_name_at_the_end():
    assert word("order new keys (Nora)", who="Tom").assignee == "Tom"


@pytest.mark.parametrize(
    ("written", "task"),
    [
        ("order new keys (urgent)", "Order new keys"),
        ("order new keys (by Friday)", "Order new keys"),
        ("order new keys (see annex)", "Order new keys (see annex)"),
        ("order new\nkeys, and", "Order new keys"),
        ("order new keys by Friday.", "Order new keys"),
        ("pay by Friday", "Pay by Friday"),
    ],
)
def test_a_task_is_a_short_order(written, task):
    assert word(written).task == task
