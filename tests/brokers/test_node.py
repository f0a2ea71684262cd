"""What one node does at a kick, at its look, and when it is told to end; without any broker."""

import time

import pytest

from atom_project import kicks
from documents.models import Document, OpenCircuit, Status
from tests.engines import FirstWords
from tests.faults.rig import until

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def filled(monkeypatch):
    """How many kicks each look has asked for."""
    asked = []
    monkeypatch.setattr(kicks, "fill", asked.append)
    return asked


@pytest.fixture
def kicked(monkeypatch):
    sent = []
    monkeypatch.setattr(kicks, "kick", lambda: sent.append(1))
    return sent


@pytest.fixture
def node(filled, kicked):
    from documents.celery_nodes.node import Node

    return Node(slots=2, engine=FirstWords(), grace=5)


def completed():
    return Document.objects.filter(status=Status.COMPLETED).count()


def test_one_kick_works_on_while_somebody_waits(node, upload, kicked):
    for number in range(3):
        upload(f"{number}.txt", f"Text number {number}.")
    node.work_on()
    assert completed() == 3
    assert kicked == []


def test_a_kick_that_has_worked_long_leaves_the_rest_to_another(node, upload, kicked, monkeypatch):
    monkeypatch.setattr("documents.celery_nodes.node.WORKS_ON", 0.0)
    for number in range(3):
        upload(f"{number}.txt", f"Text number {number}.")
    node.work_on()
    assert (completed(), kicked) == (1, [1])


def test_more_kicks_than_slots_change_nothing(node, upload):
    upload()
    with node._slot(), node._slot():
        node.work_on()
        assert completed() == 0
    node.work_on()
    assert completed() == 1


def test_a_look_asks_for_a_kick_for_each_who_waits(node, upload, filled):
    node.sweep()
    assert filled == []
    for _ in range(3):
        upload()
    node.sweep()
    assert filled == [3]
    with node._slot(), node._slot():
        node.sweep()  # Full: others may.
    assert filled == [3]


def test_who_is_held_by_a_circuit_is_kicked_for_by_nobody(node, upload, filled):
    upload()
    node._account = "account"
    OpenCircuit.objects.create(
        account="account",
        reason="key_rejected",
        **dict.fromkeys(("opened_at", "refused_at", "probe_at"), "2100-01-01T00:00Z"),
    )
    node.sweep()
    assert filled == []
    Document.objects.update(chosen_engine="offline")
    node.sweep()
    assert filled == [1]


def test_a_node_that_nobody_kicks_works_by_itself_at_its_second_look(node, upload):
    upload()
    node.sweep()
    time.sleep(0.2)
    assert completed() == 0
    node.sweep()
    until(lambda: completed() == 1 and not node._taken)


def test_a_node_that_is_kicked_leaves_the_rest_to_kicks(node, upload):
    node.sweep()
    upload()
    node.sweep()
    node._kicked += 1
    node.sweep()
    time.sleep(0.2)
    assert completed() == 0
