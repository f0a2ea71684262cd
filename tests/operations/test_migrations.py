"""What a renamed table brings along."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from accounts.models import User


def migrate(name):
    executor = MigrationExecutor(connection)
    executor.migrate([("documents", name)])
    return executor.loader.project_state([("documents", name)]).apps


@pytest.fixture
def newest():
    [(_, name)] = [
        node
        for node in MigrationExecutor(connection).loader.graph.leaf_nodes()
        if node[0] == "documents"
    ]
    yield name
    migrate(name)


@pytest.mark.django_db(transaction=True)
def test_who_may_resume_the_queue_still_may_when_its_circuits_have_another_name(alice, newest):
    migrate("0009_lease_expirations")
    alice.user_permissions.add(Permission.objects.get(codename="change_linepause"))
    migrate(newest)
    assert User.objects.get(pk=alice.pk).has_perm("documents.change_opencircuit")


@pytest.mark.django_db(transaction=True)
def test_an_open_circuit_is_carried_over_with_its_columns(newest):
    before = migrate("0009_lease_expirations")
    before.get_model("documents", "LinePause").objects.create(
        account="a", reason="key_rejected", next_try_at="2026-11-26T12:00Z", tries=3
    )
    after = migrate(newest)
    circuit = after.get_model("documents", "OpenCircuit").objects.get()
    assert (circuit.account, circuit.probes, circuit.probe_at.hour) == ("a", 3, 12)
