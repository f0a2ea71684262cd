"""Who has the words: one owner's documents, the best of them first, and where the words stand."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from types import ModuleType
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Exists, OuterRef, Q, TextField, Value
from django.db.models.functions import Cast, NullIf, StrIndex

from documents.models import Analysis, Document, DocumentQuerySet, Page, SearchBacklog, SearchEntry
from documents.search import entries, places, postgresql, sqlite, terms
from documents.search.places import Segment
from documents.search.terms import Term

# Nobody reads so many; without an end, a word that everything has would cost more each year.
MOST = 1_000  # documents, the newest; a word that more have says little
BEST = 100  # of them, which come before all others
AT_ONCE = 25  # rows of the index in memory; each may have 400 KB


@dataclass(frozen=True)
class Place:
    """Some of the words, on a page or, without one, in what was found or in the name."""

    page: int | None
    segments: list[Segment]


@dataclass(frozen=True)
class Hit:
    """A document that has the words, and where it has most of them."""

    document: Document
    places: list[Place]
    rank: float = 0


def _backend() -> ModuleType:
    return postgresql if connection.vendor == "postgresql" else sqlite


def matching(documents: DocumentQuerySet, owner_id: int, words: str) -> DocumentQuerySet:
    """Those of the owner's documents that have all the words; `MOST` of them, the newest."""
    asked = terms.asked_for(words)
    if not asked:
        return documents.none()
    indexed = _backend().matching(owner_id, asked, MOST)
    found = Q(pk__in=indexed.values("document"))
    # While the index is built, what is not in it yet is searched as it is.
    if SearchBacklog.objects.exists():
        found |= Q(pk__in=SearchBacklog.objects.values("document")) & _letter_by_letter(words)
    return documents.filter(found)


def is_cut(owner_id: int, words: str) -> bool:
    """Whether older documents may have the words, too, at which nobody looked."""
    asked = terms.asked_for(words)
    return bool(asked) and _backend().matching(owner_id, asked, MOST).count() >= MOST


def _letter_by_letter(words: str) -> Q:
    each = Q()
    for word in words.replace("\0", "").split():
        text = Page.objects.filter(document=OuterRef("pk"), text__icontains=word)
        summary = Analysis.objects.filter(document=OuterRef("pk"), summary__icontains=word)
        each &= Q(filename__icontains=word) | Q(Exists(summary)) | Q(Exists(text))
    return each


def best_first(documents: DocumentQuerySet, owner_id: int, words: str) -> DocumentQuerySet:
    """Documents that have the words, the best of them first, then the newest."""
    ids = [
        str(pk) if connection.vendor == "postgresql" else pk.hex for pk in _best(owner_id, words)
    ]
    # A place in one string: a hundred cases would take Django longer than the database.
    place = NullIf(StrIndex(Value(" ".join(ids)), Cast("pk", TextField())), 0)
    return documents.order_by(place.asc(nulls_last=True), "-created_at", "-queue_number")


def _best(owner_id: int, words: str) -> dict[UUID, float]:
    """Ranks by document, the best first."""
    asked = terms.asked_for(words)
    if not asked:
        return {}
    ranked = _backend().ranked(owner_id, asked, among=MOST, best=BEST)
    rows = SearchEntry.objects.filter(pk__in=[pk for pk, _ in ranked])
    document_of = dict(rows.values_list("pk", "document_id"))
    best: dict[UUID, float] = {}
    for pk, rank in ranked:
        if pk in document_of:  # Or deleted this moment.
            best.setdefault(document_of[pk], rank)  # Of its best part.
    return best


def find(owner_id: int, words: str, *, limit: int = 20) -> list[Hit]:
    """The owner's best documents for these words, each with its best place."""
    ranks = dict(list(_best(owner_id, words).items())[:limit])
    documents = Document.objects.filter(owner=owner_id).in_bulk(list(ranks))
    found = hits([documents[pk] for pk in ranks if pk in documents], words)
    return [Hit(hit.document, hit.places, ranks[pk]) for pk, hit in found.items()]


def hits(documents: Sequence[Document], words: str, *, most: int = 1) -> dict[UUID, Hit]:
    """Where documents that were found have the words, at most so many places in each."""
    asked = terms.asked_for(words)
    if not asked or not documents:
        return {}
    counted = _pages_with(documents, asked)
    pages = {pk: _best_of(terms_there, most) for pk, terms_there in counted.items()}
    texts = _texts((pk, number) for pk, numbers in pages.items() for number in numbers)
    told = _told(pk for pk, numbers in pages.items() if not numbers)
    found = {}
    for document in documents:
        pk = document.pk
        if pk not in pages:
            continue
        shown = [Place(number, places.snippet(texts[pk, number], asked))
                 for number in pages[pk] if (pk, number) in texts]  # fmt: skip
        found[pk] = Hit(document, shown or [_elsewhere(document, told.get(pk), asked)])
    return found


def _pages_with(documents: Iterable[Document], asked: Sequence[Term]) -> dict[UUID, Counter[int]]:
    """How many of the terms stand on which page of each document that is indexed."""
    keys = list(SearchEntry.objects.filter(document__in=documents).values_list("pk", flat=True))
    counted: dict[UUID, Counter[int]] = defaultdict(Counter)
    for start in range(0, len(keys), AT_ONCE):
        rows = SearchEntry.objects.filter(pk__in=keys[start : start + AT_ONCE])
        for entry in rows.only("document", "first_page", "text"):
            counted[entry.document_id] |= places.pages_with(entry, asked)
    return counted


def _best_of(counted: Counter[int], most: int) -> list[int]:
    return sorted(counted, key=lambda number: (-counted[number], number))[:most]


def _texts(wanted: Iterable[tuple[UUID, int]]) -> dict[tuple[UUID, int], str]:
    each = [Q(document=pk, number=number) for pk, number in wanted]
    if not each:
        return {}
    pages = Page.objects.filter(reduce(or_, each)).values_list("document_id", "number", "text")
    return {(pk, number): text for pk, number, text in pages}


def _told(documents: Iterable[UUID]) -> dict[UUID, Analysis]:
    """The current analyses of documents that have the words on no page."""
    wanted = list(documents)
    analyses = Analysis.objects.filter(document__in=wanted).order_by("pk") if wanted else ()
    return {analysis.document_id: analysis for analysis in analyses}


def _elsewhere(document: Document, analysis: Analysis | None, asked: Sequence[Term]) -> Place:
    said: list[Any] = [*entries.told(analysis)] if analysis else []
    best = max([document.filename, *said], key=lambda text: _count(text, asked))
    return Place(None, places.snippet(best, asked))


def _count(text: str, asked: Sequence[Term]) -> int:
    return places.count(" ".join(terms.of_name(text)), asked)


@dataclass(frozen=True)
class Pages:
    """Pages of one document that have most of the words, in their order."""

    places: list[Place]  # of the first of them
    total: int


def pages_of(document: Document, words: str, *, most: int) -> Pages:
    """Where in a document the words are, on so many pages at most."""
    asked = terms.asked_for(words)
    counted: Counter[int] = Counter()
    for entry in SearchEntry.objects.filter(document=document) if asked else ():
        counted |= places.pages_with(entry, asked)
    best = max(counted.values(), default=0)
    numbers = sorted(number for number, terms_there in counted.items() if terms_there == best)
    pages = document.pages.filter(number__in=numbers[:most]).order_by("number")
    found = [Place(page.number, places.snippet(page.text, asked)) for page in pages]
    return Pages(found, len(numbers))


def marks(text: str, words: str) -> list[tuple[int, int]]:
    """Where in a text words stand that were asked for."""
    asked = terms.asked_for(words)
    return places.spans(text, asked) if asked else []
