"""A document as one row of a list, each value ready as its template shows it.

Fifty rows are most of a page, and a filter or an include takes longer than all of a row here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from urllib.parse import quote
from uuid import UUID

from django.template.defaultfilters import filesizeformat
from django.templatetags.static import static
from django.urls import reverse
from django.utils.text import Truncator

from documents import search
from documents.estimates import current
from documents.estimates.current import Estimate
from documents.models import Document, Status, clock
from documents.page_images import pictures
from documents.pipeline.analysis import outcomes
from documents.uploads.file_types import PDF
from documents.waiting import turns

SNIPPET_LENGTH = 240  # characters
_ANY = UUID(int=0)  # stands in addresses for the id of any document
STEPS = {
    "extracting": "Reading page {done} of {total}",
    "analyzing": "Analyzing, {done} of {total} parts done",
}

_size_in_words = lru_cache(maxsize=1024)(filesizeformat)


@dataclass(frozen=True)
class Addresses:
    """Where rows lead: each address is looked up once, and the ids are put into it."""

    document: str
    row: str
    retry: str
    picture: str
    icons: str

    @classmethod
    def here(cls) -> Addresses:
        return cls(
            document=reverse("dashboard:document", args=[_ANY]),
            row=reverse("dashboard:row", args=[_ANY]),
            retry=reverse("dashboard:retry", args=[_ANY]),
            picture=reverse("api-page-image", args=[_ANY, 1]),
            icons=static("img/icons.svg"),
        )

    @staticmethod
    def of(pk: str, pattern: str) -> str:
        return pattern.replace(str(_ANY), pk)


@dataclass(frozen=True)
class Row:
    document: Document
    position: int | None  # in the queue, from 1
    version: int  # grows with every event; an older row must never replace a newer one
    summary: str  # of its current analysis
    addresses: Addresses
    estimate: Estimate | None = None  # when it will be finished
    words: str = ""  # that are searched for
    hit: search.Hit | None = None  # where it has them

    @property
    def id(self) -> str:
        return str(self.document.pk)

    @property
    def own_address(self) -> str:
        """Of the row alone, as the list shows it."""
        found = f"?search={quote(self.words, safe='')}" if self.words else ""
        return self.addresses.of(self.id, self.addresses.row) + found

    @property
    def address(self) -> str:
        return self.addresses.of(self.id, self.addresses.document)

    @property
    def retry_address(self) -> str:
        return self.addresses.of(self.id, self.addresses.retry)

    @property
    def picture_address(self) -> str:
        """Of its first page as a thumbnail; blank where it has none that can be shown."""
        if not pictures.are_worth_a_try(self.document):
            return ""
        return self.addresses.of(self.id, self.addresses.picture) + "?width=160"

    @property
    def snippet(self) -> str:
        return _shortened(self.summary)

    @property
    def kind(self) -> str:
        return _kind_in_words(self.document)

    @property
    def size(self) -> str:
        return _size_in_words(self.document.size)

    @property
    def pages(self) -> str:
        return _pages_in_words(self.document.page_count)

    @property
    def uploaded_at(self) -> str:
        moment: str = self.document.created_at.isoformat()
        return moment

    @property
    def uploaded(self) -> str:
        return _moment_in_words(self.document.created_at)

    @property
    def status(self) -> str:
        return Status(self.document.status).label

    @property
    def order(self) -> str:
        """By what its position is counted."""
        return turns.order_in_words()

    @property
    def is_in_turns(self) -> bool:
        return turns.is_fair()

    @property
    def ready_in(self) -> str:
        return current.in_words(self.estimate) if self.estimate else ""

    @property
    def warning(self) -> str:
        """Why it shows little or nothing although it is completed; blank where all is well."""
        warning = outcomes.as_json(self.document.warning)
        return warning["detail"] if warning else ""

    @property
    def progress(self) -> str:
        return progress_in_words(self.document)

    @property
    def elapsed(self) -> int | None:
        return elapsed(self.document)


def _kind_in_words(document: Document) -> str:
    if document.content_type == PDF:
        return "PDF"
    return "Picture" if document.is_picture else "Text"


def _pages_in_words(number: int | None) -> str:
    if not number:
        return ""
    return "1 page" if number == 1 else f"{number} pages"


def _moment_in_words(moment: datetime) -> str:
    return f"{moment.day} {moment:%b %Y, %H:%M} UTC"


def _shortened(text: str) -> str:
    # Django's looks at each letter, for accents of their own; plain ASCII has none.
    if not text.isascii():
        return Truncator(text).chars(SNIPPET_LENGTH)
    return text if len(text) <= SNIPPET_LENGTH else f"{text[: SNIPPET_LENGTH - 1]}…"


def progress_in_words(document: Document) -> str:
    progress = document.progress
    # One part is either done or not: "0 of 1" and an empty bar would look stuck.
    if not progress or progress.get("step") not in STEPS or progress["total"] < 2:
        return ""
    return STEPS[progress["step"]].format(**progress)


def elapsed(document: Document) -> int | None:
    """Seconds that a worker has been busy with it, or None when none is."""
    if not document.is_processing or document.started_at is None:
        return None
    # Without it, a document that was not read for a page.
    as_of = getattr(document, "as_of", None) or clock.told_by_database()
    return max(0, round((as_of - document.started_at).total_seconds()))
