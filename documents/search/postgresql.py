"""Asking PostgreSQL: a `tsvector` generated from each row, under a GIN index (migration 0023)."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection
from django.db.models import BigIntegerField, Func, QuerySet, Value

from documents.models import SearchEntry
from documents.search.terms import Term

# The planner is asked for ten times as many as are taken, behind a fence. What most rows have, it
# then reads from the newest row on, and no further than is taken; all else it finds by the index.
# Asked for as many as are taken, it reads backwards too often, and unpacks half the table.
_ASKED_FOR = 10
_MATCHING = """(
    WITH found AS MATERIALIZED (
        SELECT id FROM documents_searchentry WHERE vector @@ %(expressions)s::tsquery
        ORDER BY id DESC LIMIT %(asked)d
    ) SELECT id FROM found LIMIT %(most)d
)"""
# D, C, B, A: a name weighs ten times what a page does. Longer texts weigh less by logarithm.
_RANKED = """
    WITH found AS MATERIALIZED (
        SELECT id, vector FROM documents_searchentry WHERE vector @@ %s::tsquery
        ORDER BY id DESC LIMIT %s
    )
    SELECT id, ts_rank('{0.1, 0.1, 0.5, 1.0}', vector, %s::tsquery, 1) AS rank
    FROM (SELECT id, vector FROM found LIMIT %s) AS newest ORDER BY rank DESC, id DESC LIMIT %s
"""


def matching(owner_id: int, asked: Sequence[Term], most: int) -> QuerySet[SearchEntry]:
    """The owner's entries that have all of these terms, the newest `most` of them."""
    expression = Value(_expression(owner_id, asked))
    limits = {"most": most, "asked": most * _ASKED_FOR}
    found = Func(expression, template=_MATCHING, output_field=BigIntegerField(), **limits)
    return SearchEntry.objects.filter(pk__in=found)


def ranked(
    owner_id: int, asked: Sequence[Term], *, among: int, best: int
) -> list[tuple[int, float]]:
    """The best of the newest `among` entries, by key and rank."""
    # Without the owner, who is no word, in what is ranked.
    with connection.cursor() as cursor:
        words, expression = _words(asked), _expression(owner_id, asked)
        cursor.execute(_RANKED, [expression, among * _ASKED_FOR, words, among, best])
        found: list[tuple[int, float]] = cursor.fetchall()
    return found


def _expression(owner_id: int, asked: Sequence[Term]) -> str:
    return f"'_{owner_id:d}' & {_words(asked)}"


def _words(asked: Sequence[Term]) -> str:
    """As a `tsquery`, in which each term is a quoted string: none can say anything."""
    return " & ".join(_string(term) for term in asked)


def _string(term: Term) -> str:
    text = term.text.replace("\\", "\\\\").replace("'", "''").replace("\0", "")
    return f"'{text}':*" if term.is_prefix else f"'{text}'"
