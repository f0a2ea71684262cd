"""Asking SQLite: an FTS5 table over the rows of the index, kept by triggers (migration 0023)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import DatabaseError, connection
from django.db.models import BigIntegerField, Func, QuerySet, Value

from documents.models import SearchEntry
from documents.search.terms import Term

MERGED_AT_ONCE = 500  # pages of the index in one transaction

# Newest first is the order of the rows: no more of them are looked at than are wanted.
_MATCHING = """(
    SELECT rowid FROM documents_search_words
    WHERE documents_search_words MATCH %(expressions)s ORDER BY rowid DESC LIMIT %(most)d
)"""
# The owner's column has no weight; a name weighs ten times what a page does.
_RANKED = """
    SELECT id, rank FROM (
        SELECT rowid AS id, -bm25(documents_search_words, 0, 10, 5, 1) AS rank
        FROM documents_search_words WHERE documents_search_words MATCH %s
        ORDER BY rowid DESC LIMIT %s
    ) ORDER BY rank DESC, id DESC LIMIT %s
"""


def matching(owner_id: int, asked: Sequence[Term], most: int) -> QuerySet[SearchEntry]:
    """The owner's entries that have all of these terms, the newest `most` of them."""
    expression = Value(_expression(owner_id, asked))
    found = Func(expression, template=_MATCHING, most=most, output_field=BigIntegerField())
    return SearchEntry.objects.filter(pk__in=found)


def ranked(
    owner_id: int, asked: Sequence[Term], *, among: int, best: int
) -> list[tuple[int, float]]:
    """The best of the newest `among` entries, by key and rank."""
    with connection.cursor() as cursor:
        cursor.execute(_RANKED, [_expression(owner_id, asked), among, best])
        found: list[tuple[int, float]] = cursor.fetchall()
    return found


def _expression(owner_id: int, asked: Sequence[Term]) -> str:
    """In FTS5's language, in which each term is a quoted string: none can say anything."""
    strings = " ".join(_string(term) for term in asked)
    return f'owner_id : "{owner_id:d}" AND {{name findings text}} : ({strings})'


def _string(term: Term) -> str:
    quoted = '"' + term.text.replace('"', '""').replace("\0", "") + '"'
    return f"{quoted} *" if term.is_prefix else quoted


def empty() -> None:
    """Take everything out of the index, also where it is damaged. In a transaction."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name, sql FROM sqlite_master "
            "WHERE type = 'trigger' AND tbl_name = 'documents_searchentry'"
        )
        triggers = cursor.fetchall()
        # They would look for each row in a table that may have lost it.
        for name, _ in triggers:
            cursor.execute(f"DROP TRIGGER {name}")
        cursor.execute("DELETE FROM documents_searchentry")
        cursor.execute(
            "INSERT INTO documents_search_words (documents_search_words) VALUES ('delete-all')"
        )
        for _, statement in triggers:
            cursor.execute(statement)


def merge() -> None:
    """Rewrite what deletions have left: words stay in the file, marked, until they are merged away.

    In steps, each a transaction of its own, so that others write in between; one that finds
    nothing left is short. SQLite zeroes what it frees (`secure_delete`, as Debian builds it).
    """
    connection.ensure_connection()
    database: Any = connection.connection
    with connection.cursor() as cursor:
        pages = -MERGED_AT_ONCE  # Negative at first: all segments, whatever their number.
        while True:
            before = database.total_changes
            cursor.execute(
                "INSERT INTO documents_search_words (documents_search_words, rank) "
                "VALUES ('merge', %s)",
                [pages],
            )
            if database.total_changes - before < 2:  # As FTS5 says that nothing was done.
                return
            pages = MERGED_AT_ONCE


def damage() -> str:
    """What is wrong with the table of words; empty where it answers for every row."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM documents_search_words_docsize")
            [indexed] = cursor.fetchone()
            newest = SearchEntry.objects.order_by("-pk").exclude(name="").first()
            if indexed != SearchEntry.objects.count():
                return "it has other rows than the documents"
            if newest and not _is_found(newest):
                return "it does not find what is in it"
    except DatabaseError as error:
        return " ".join(str(error).split())
    return ""


def _is_found(entry: SearchEntry) -> bool:
    asked = [Term(entry.name.split()[0], is_prefix=False)]
    return matching(entry.owner_id, asked, 1).exists()
