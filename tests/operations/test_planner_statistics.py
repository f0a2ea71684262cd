"""What the planner of queries is told of the indexes, and that a small store never misleads it."""

from __future__ import annotations

import pytest
from django.db import connection

from documents.models import Document
from documents.operations import housekeeping, planner_statistics
from tests.queue.probes import is_one_probe

pytestmark = pytest.mark.skipif(
    connection.vendor != "sqlite", reason="PostgreSQL analyzes by itself"
)


@pytest.fixture
def one_is_enough(monkeypatch):
    monkeypatch.setattr(planner_statistics, "ENOUGH", 1)


def figures():
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM sqlite_master WHERE name = 'sqlite_stat1'")
        if not cursor.fetchone():
            return {}
        cursor.execute("SELECT idx, stat FROM sqlite_stat1 WHERE tbl = 'documents_document'")
        return dict(cursor.fetchall())


def test_the_planner_gets_its_figures(upload, one_is_enough):
    upload()
    housekeeping.sweep()
    assert figures()["document_owner_name"].startswith("1 ")


def test_connections_that_stay_open_read_the_figures_anew(upload, one_is_enough):
    """They do whenever the schema has another version, at their next statement."""

    def version():
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA schema_version")
            return cursor.fetchone()[0]

    upload()
    planner_statistics.gather()
    before = version()
    planner_statistics.gather()
    assert version() > before


def test_figures_of_an_idle_hour_do_not_mislead_the_next_claims(upload):
    """An empty line has no figure; beside those of a small table its index was passed over."""
    for _ in range(3):
        upload()
    Document.objects.update(status="completed")
    planner_statistics.gather()
    assert figures() == {}
    for _ in range(200):
        upload()
    assert is_one_probe(Document.objects.ready().in_queue_order()[:1])
    assert is_one_probe(Document.objects.ready().without_model().in_queue_order()[:1])


def test_figures_go_with_the_documents_they_were_taken_of(upload, monkeypatch):
    monkeypatch.setattr(planner_statistics, "ENOUGH", 2)
    documents = [upload(), upload()]
    planner_statistics.gather()
    assert figures()
    documents[0].delete()
    planner_statistics.gather()
    assert figures() == {}
