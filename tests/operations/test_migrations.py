"""What a renamed table brings along."""

from __future__ import annotations

from importlib import import_module

import pytest
from django.apps import apps
from django.contrib.auth.models import Permission
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from accounts.models import User
from documents.models import ActionItem, Classification, DocumentTopic, SearchBacklog, Webhook
from documents.trash import moves
from tests.api.conftest import RESULT, analyzed


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


@pytest.mark.django_db(transaction=True)
def test_tasks_found_before_there_was_a_list_are_listed_once(alice, upload, newest):
    """Those of the newest analysis of each document; also where the migration is run again."""
    first, second = upload("a.txt"), upload("b.txt")
    for document, tone in ((first, "neutral"), (second, "mixed"), (first, "positive")):
        analyzed(document, {**RESULT, "sentiment": tone, "topics": ["Quay  Wall", "quay wall"]})
    before = migrate("0022_model_servers")
    assert not hasattr(before.get_model("documents", "ActionItem"), "listed_for")
    migrate(newest)
    listed = ActionItem.objects.listed_for(alice)
    assert listed.count() == 4
    assert {item.analysis.document_id for item in listed} == {first.pk, second.pk}
    assert set(listed.values_list("assignee_key", flat=True)) == {"maria lopez", ""}
    told = Classification.objects.order_by("tone").values_list("document", "tone", "kind")
    assert list(told) == [(second.pk, "mixed", ""), (first.pk, "positive", "")]
    assert list(DocumentTopic.objects.values_list("key", flat=True)) == ["quay wall"] * 2
    migration = import_module("documents.migrations.0025_list_tasks")
    with connection.schema_editor() as editor:
        migration.forwards(apps, editor)
    assert (listed.count(), DocumentTopic.objects.count()) == (4, 2)


@pytest.mark.django_db(transaction=True)
def test_what_is_in_the_trash_is_on_no_list_and_in_no_index_after_a_migration(upload, newest):
    document, other = upload("a.txt"), upload("b.txt")
    for each in (document, other):
        analyzed(each, {**RESULT, "topics": ["quay wall"]})
    moves.put(document.pk)
    migrate("0023_trash")
    migrate(newest)
    assert {item.analysis.document_id for item in ActionItem.objects.exclude(listed_for=None)} == {
        other.pk
    }
    assert Classification.objects.get().pk == other.pk
    assert SearchBacklog.objects.get().document_id == other.pk


@pytest.mark.django_db(transaction=True)
def test_what_staff_had_paused_they_hold(alice, newest):
    before = migrate("0043_tell_task_doubts")
    webhooks = before.get_model("documents", "Webhook").objects
    for reason in ("staff", "owner"):
        webhooks.create(owner_id=alice.pk, pause_reason=reason, paused_at="2026-11-27T12:00Z")
    migrate(newest)
    told = Webhook.objects.values_list("pause_reason", "paused_at__hour", "held_at__hour")
    assert set(told) == {("", None, 12), ("owner", 12, None)}
    webhooks = migrate("0043_tell_task_doubts").get_model("documents", "Webhook").objects
    assert set(webhooks.values_list("pause_reason", flat=True)) == {"staff", "owner"}
