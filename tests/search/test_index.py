"""The index says what the database says: in the same transaction, and after whatever happened."""

from __future__ import annotations

import io
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from rest_framework.test import APIClient

from accounts.models import User
from documents import queue, removal, search
from documents.models import Document, Page, SearchBacklog, SearchEntry
from documents.operations import housekeeping, search_doctor
from documents.operations.checks import Verdict
from documents.pipeline import process
from documents.search import backlog, entries
from documents.trash import moves
from documents.uploads import rereading
from documents.worker import Worker
from tests.engines import FirstWords
from tests.search.conftest import Shelve

Upload = Callable[..., Document]
ON_SQLITE = pytest.mark.skipif(
    connection.vendor != "sqlite", reason="what PostgreSQL generates cannot be told apart"
)


def work() -> None:
    assert Worker(slots=1, engine=FirstWords()).work_once()


def found(owner: User, words: str) -> set[str]:
    return {hit.document.filename for hit in search.find(owner.pk, words)}


def indexed() -> list[str]:
    """Every word of the index, as the database tells it."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT word FROM ts_stat('SELECT vector FROM documents_searchentry')")
        else:
            cursor.execute(
                "CREATE VIRTUAL TABLE temp.vocabulary "
                "USING fts5vocab('main', 'documents_search_words', 'row')"
            )
            cursor.execute("SELECT term FROM vocabulary")
        words = [word for (word,) in cursor.fetchall()]
        if connection.vendor == "sqlite":
            cursor.execute("DROP TABLE temp.vocabulary")
    return words


def test_a_document_is_found_by_its_name_then_its_text_then_its_summary(
    upload: Upload, alice: User
) -> None:
    upload("harbor.txt", "The quay wall is safe.")
    assert found(alice, "harbor") == {"harbor.txt"}
    assert not found(alice, "quay")
    work()
    assert found(alice, "harbor quay wall") == {"harbor.txt"}


def test_a_crash_between_pages_and_index_leaves_neither(
    upload: Upload, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*args: Any) -> None:
        raise SystemExit

    upload("harbor.txt", "The quay wall is safe.")
    document = queue.claim_next("worker")
    monkeypatch.setattr(search, "index_pages", crash)
    with pytest.raises(SystemExit), transaction.atomic():
        process._extract(document, lambda: None)
    assert not Page.objects.exists()
    document.refresh_from_db()
    assert document.page_count is None


def test_a_crash_after_the_index_leaves_no_word_of_it(shelve: Shelve, alice: User) -> None:
    document = shelve("a.txt", "The quay.")
    with pytest.raises(SystemExit), transaction.atomic():
        search.index(document, search.fold([(1, "The crane.")]))
        raise SystemExit
    assert (found(alice, "quay"), found(alice, "crane")) == ({"a.txt"}, set())


def test_a_deleted_document_is_in_no_index(shelve: Shelve, alice: User) -> None:
    shelve("stays.txt", "The quay.")
    document = shelve("goes.txt", "The zyzzyva.", summary="Quixotic.", topics=["Okapi"])
    assert {"zyzzyva", "quixotic", "okapi", "goes"} <= set(indexed())
    removal.delete(document)
    assert set(indexed()) - {f"_{alice.pk}", str(alice.pk)} == {"stays", "txt", "the", "quay"}
    assert not found(alice, "zyzzyva")


def test_a_document_that_is_read_anew_is_not_found_by_its_old_words(
    upload: Upload, alice: User
) -> None:
    document = upload("a.txt", "The quay.")
    work()
    document.refresh_from_db()
    rereading.read_as(document, "cp1252")
    assert found(alice, "a") == {"a.txt"}
    assert not SearchEntry.objects.exclude(text="").exists()
    work()
    assert found(alice, "quay") == {"a.txt"}


def test_an_identical_file_is_found_too(upload: Upload, alice: User) -> None:
    upload("one.txt", "The quay."), upload("two.txt", "The quay.")
    work(), work()
    assert found(alice, "quay") == {"one.txt", "two.txt"}


@ON_SQLITE
@pytest.mark.django_db(transaction=True)
def test_no_word_of_a_deleted_document_stays_in_the_file(shelve: Shelve) -> None:
    for number in range(30):
        shelve(f"{number}.txt", f"Some words that stay {number}.")
    document = shelve("goes.txt", "The secret is zyzzyva.")
    removal.delete(document)
    housekeeping.words_of_deleted_documents()
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        cursor.execute("PRAGMA secure_delete")
        if cursor.fetchone() == (0,):
            pytest.skip("this SQLite does not zero what it frees")
    file = Path(connection.settings_dict["NAME"]).read_bytes()
    assert b"words that stay" in file.lower()
    # FTS5 writes what a word has in common with the one before it only once.
    assert b"yzzyva" not in file


# Built for what is there already.


@pytest.fixture
def unindexed(shelve: Shelve) -> list[Document]:
    """Documents of an earlier version, which knew no index."""
    documents = [
        shelve("harbor.txt", "The quay wall.", summary="All well."),
        shelve("b.txt", "No."),
    ]
    SearchEntry.objects.all().delete()
    SearchBacklog.objects.bulk_create(SearchBacklog(document=each) for each in documents)
    return documents


def test_what_came_into_the_trash_meanwhile_holds_up_no_backlog(
    unindexed: list[Document], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backlog, "AT_ONCE", 1)
    first, second = unindexed
    moves.put(first.pk)
    # As a `reindex` writes it that looked at the documents before.
    SearchBacklog.objects.all().delete()
    SearchBacklog.objects.bulk_create(SearchBacklog(document=each) for each in unindexed)
    housekeeping.unindexed_documents()
    assert not SearchBacklog.objects.exists()
    assert [entry.document_id for entry in SearchEntry.objects.all()] == [second.pk]


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite locks no rows")
@pytest.mark.django_db(transaction=True)
def test_no_other_document_is_locked_while_one_is_indexed(
    unindexed: list[Document], monkeypatch: pytest.MonkeyPatch
) -> None:
    def lock_others(document: Document) -> int:
        others = Document.objects.exclude(pk=document.pk)
        try:
            with transaction.atomic():
                return len(others.select_for_update(nowait=True))
        finally:
            connection.close()

    def index(document: Document) -> None:
        with ThreadPoolExecutor(1) as elsewhere:
            locked.append(elsewhere.submit(lock_others, document).result())

    locked: list[int] = []
    monkeypatch.setattr(entries, "index", index)
    assert search.catch_up() == 2
    assert locked == [1, 1]


def test_what_is_not_indexed_yet_is_found_letter_by_letter(
    unindexed: list[Document], alice: User, api: APIClient
) -> None:
    mine = Document.objects.visible_to(alice)
    for words in ("harbor", "QUAY wall", "well"):
        assert list(search.matching(mine, alice.pk, words)) == [unindexed[0]]
    for pattern in ("har.or", "har%or", "qu_y"):
        assert not search.matching(mine, alice.pk, pattern)
    [shown] = api.get("/documents?search=quay").json()["results"]
    assert shown["matches"] == []


def test_housekeeping_indexes_what_is_not_yet(unindexed: list[Document], alice: User) -> None:
    assert search_doctor.examine().verdict == Verdict.WARNING
    assert housekeeping.unindexed_documents() == 2
    assert found(alice, "quay well") == {"harbor.txt"}
    assert search_doctor.examine().verdict == Verdict.GOOD


def test_reindex_goes_on_where_it_was_stopped(
    unindexed: list[Document], alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("documents.search.backlog.AT_ONCE", 1)
    assert search.catch_up() == 1  # And then it was killed.
    told = io.StringIO()
    call_command("reindex", stdout=told)
    assert told.getvalue() == "1 documents were indexed.\n"
    assert found(alice, "quay") == {"harbor.txt"}


def test_doctor_finds_what_is_missing_and_reindex_mends_it(shelve: Shelve, alice: User) -> None:
    shelve("harbor.txt", "The quay wall.")
    assert search_doctor.examine().verdict == Verdict.GOOD
    SearchEntry.objects.all().delete()
    assert search_doctor.examine().verdict == Verdict.BROKEN
    call_command("reindex", verbosity=0)
    assert search_doctor.examine().verdict == Verdict.GOOD
    assert found(alice, "quay") == {"harbor.txt"}


@ON_SQLITE
@pytest.mark.parametrize(
    "damage",
    [
        "INSERT INTO documents_search_words (documents_search_words) VALUES ('delete-all')",
        "DELETE FROM documents_search_words_data WHERE id > 10",
        "UPDATE documents_search_words_data SET block = zeroblob(9) WHERE id > 10",
    ],
)
def test_doctor_finds_a_damaged_table_and_reindex_mends_it(
    shelve: Shelve, alice: User, damage: str
) -> None:
    shelve("harbor.txt", "The quay wall.")
    with connection.cursor() as cursor:
        cursor.execute(damage)
    assert search_doctor.examine().verdict == Verdict.BROKEN
    call_command("reindex", verbosity=0)
    assert search_doctor.examine().verdict == Verdict.GOOD
    assert found(alice, "quay") == {"harbor.txt"}
    # And the triggers are there again.
    removal.delete(Document.objects.get())
    assert "quay" not in indexed()
