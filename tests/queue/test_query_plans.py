"""Hot statements find their rows by an index: they take as long with a million documents."""

from collections.abc import Callable
from contextlib import contextmanager

import pytest
from django.db import connection

from documents import events, queue, quotas, removal
from documents.api import keysets
from documents.api.document_filter import API_ORDERINGS
from documents.live import event_rows
from documents.models import ActionItem, Document
from documents.operations import statistics
from documents.todo.filters import TaskFilter
from documents.trash import moves
from documents.worker import Worker
from tests.engines import FirstWords

BIG = (
    *("documents_document", "documents_page", "documents_statusevent", "documents_analysis"),
    *("documents_actionitem", "documents_classification", "documents_modelcall"),
    *("documents_documenttopic", "documents_searchentry", "documents_trasheddocument"),
)

# Indexes of the few rows that wait, run or are about to be forgotten.
SMALL = ("document_line", "document_line_built_in", "document_leases", "event_tombstones")


@contextmanager
def statements():
    """What is sent to the database meanwhile, with parameters: a literal may use other indexes."""
    sent = []

    def note(execute, sql, params, many, context):
        if not many and sql.lstrip(" (\n").startswith(("SELECT", "UPDATE", "DELETE", "WITH")):
            sent.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield sent


def walks(sql, params):
    """The big tables that this statement would look through row by row."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}", params)
            steps = [row[3] for row in cursor.fetchall()]
            walked = [step for step in steps if step.startswith("SCAN")]
            walked = [step for step in walked if not step.endswith(SMALL)]
            return [step for step in walked if any(map(step.count, BIG))]
        # Few rows are looked through in any case; what is left is what has no index.
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {sql}", params)
        steps = [row[0] for row in cursor.fetchall()]
        return [step for step in steps if "Seq Scan on" in step and any(map(step.count, BIG))]


@pytest.fixture
def by_index():
    def check(act: Callable[[], object]) -> None:
        with statements() as sent:
            act()
        assert sent
        found = {sql: walked for sql, params in sent if (walked := walks(sql, params))}
        assert not found

    return check


@pytest.fixture
def documents(upload, alice):
    """One that is finished, one that waits, one that was deleted."""
    upload("finished.txt")
    Worker(slots=1, engine=FirstWords()).work_once()
    deleted, waiting = upload("deleted.txt"), upload("waiting.txt")
    removal.delete(deleted)
    return waiting


def test_the_story_of_a_document(by_index, documents):
    by_index(Worker(slots=1, engine=FirstWords()).work_once)


def test_a_look_for_expired_leases(by_index, documents):
    by_index(lambda: list(Document.objects.lease_expired()))
    by_index(lambda: list(Document.objects.held_by("worker")))


def test_quotas(by_index, documents, alice):
    by_index(lambda: quotas.RemainingQuota.of(alice))


def test_places_in_the_queue(by_index, documents):
    by_index(lambda: queue.positions([documents]))


def test_an_upload(by_index, upload, alice):
    by_index(lambda: upload("new.txt"))


def test_a_stream_that_begins(by_index, documents, alice):
    by_index(lambda: event_rows.latest_of_each(alice.pk, 1_000_000))


def test_a_stream_that_goes_on(by_index, documents, alice):
    by_index(lambda: event_rows.owner_events_since(alice.pk, 1, 100))
    by_index(lambda: event_rows.events_since(1, 100))


def test_a_call_for_the_events_of_one_document(by_index, documents):
    by_index(lambda: event_rows.document_events_since(documents.pk, 1, 100))
    by_index(lambda: event_rows.latest_of(documents.pk, 1_000_000))


def test_metrics(by_index, documents):
    by_index(statistics.read)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="a few rows, PostgreSQL sorts")
def test_who_waits_longest_is_found_without_a_sort(documents):
    with statements() as sent:
        statistics.read()
    [(sql, params)] = [(sql, params) for sql, params in sent if '"queued_at" <=' in sql]
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}", params)
        [step] = [row[3] for row in cursor.fetchall()]
    assert "document_waits" in step


def test_tombstones(by_index, documents):
    by_index(events.prune_tombstones)


def test_lists_and_documents(by_index, documents, api):
    by_index(lambda: api.get("/documents"))
    by_index(lambda: api.get("/documents?status=completed&ordering=filename"))
    by_index(lambda: api.get("/documents?ordering=-updated_at&updated_after=2026-11-01"))
    by_index(lambda: api.get("/documents?ordering=-finished_at&status=completed,failed"))
    by_index(lambda: api.get("/documents?after=created_at.7.7"))
    by_index(lambda: api.get(f"/documents?id={documents.pk}"))
    by_index(lambda: api.get(f"/documents/{documents.pk}"))
    by_index(lambda: api.get(f"/documents/{documents.pk}/status"))


@pytest.mark.parametrize(
    "query",
    ["", "state=done", "due=overdue", "due=week", "due=none", "assignee=ana", "state=all&page=1"],
)
def test_to_do_lists(by_index, documents, api, browser, query):
    by_index(lambda: api.get(f"/action-items?{query}"))
    by_index(lambda: api.get(f"/action-items/export?{query}"))
    by_index(lambda: browser.get(f"/todo?{query}"))


def test_to_do_lists_by_cursor(by_index, documents, api):
    by_index(lambda: api.get("/action-items?after=2026-03-20.7.1"))
    by_index(lambda: api.get("/action-items?before=none.7.1"))


@pytest.mark.skipif(connection.vendor != "sqlite", reason="a few rows, PostgreSQL sorts")
@pytest.mark.parametrize("name", API_ORDERINGS)
def test_documents_are_put_in_order_by_an_index(documents, alice, name):
    own = Document.objects.visible_to(alice).order_by(*API_ORDERINGS[name])
    queries = [own]
    if keyset := keysets.OF_DOCUMENTS.get(name):
        cursor = keyset.cursor(documents)
        queries += [keyset.after(own, cursor), keyset.before(own, cursor)]
    for query in queries:
        plan = query[:20].explain()
        assert "USING INDEX" in plan
        assert "TEMP B-TREE" not in plan


@pytest.mark.skipif(connection.vendor != "sqlite", reason="a few rows, PostgreSQL sorts")
def test_tasks_are_put_in_order_by_their_index(documents, alice):
    for query in ({}, {"state": "all"}, {"due": "none"}, {"assignee": "ana", "due": "week"}):
        items = TaskFilter(query, ActionItem.objects.listed_for(alice)).qs
        cursor = "2026-03-20.7.1"
        both_ways = keysets.OF_TASKS.after(items, cursor), keysets.OF_TASKS.before(items, cursor)
        for asked in (items, *both_ways):
            placed = asked.values_list("pk", "due_date", "analysis_id", "position")
            plan = placed[:50].explain()
            assert "COVERING INDEX" in plan
            assert "TEMP B-TREE" not in plan


def test_overviews(by_index, documents, browser):
    by_index(lambda: browser.get("/overview"))
    by_index(lambda: browser.get("/my-usage"))
    by_index(lambda: browser.get("/?kind=invoice"))
    by_index(lambda: browser.get("/?topic=quay"))
    by_index(lambda: browser.get("/?has_open_tasks=true"))


def test_searches(by_index, documents, api, browser):
    by_index(lambda: api.get("/documents?search=quay&ordering=relevance"))
    by_index(lambda: browser.get("/?search=quay&status=completed"))


def test_the_trash(by_index, documents, alice):
    finished = Document.objects.get(filename="finished.txt")
    by_index(lambda: moves.put(finished.pk))
    by_index(lambda: list(moves.contents(alice)))
    by_index(lambda: moves.restore(finished.pk))
    by_index(lambda: removal.delete(finished))


def test_a_walk_is_noticed(by_index, documents):
    with pytest.raises(AssertionError):
        by_index(lambda: list(Document.objects.filter(failure__code="no_text")))


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite compiles nothing")
@pytest.mark.django_db(transaction=True)
def test_nothing_is_compiled_for_a_statement():
    connection.close()
    with connection.cursor() as cursor:  # Of a new one.
        cursor.execute("SHOW jit")
        assert cursor.fetchone() == ("off",)
