"""What a list of documents shows, by its address: filters, order and size of its pages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from documents import filters
from documents.models import DocumentQuerySet
from documents.pipeline import language_names
from documents.pipeline.analysis import wording

PAGE_SIZES = (20, 50, 100)
PAGE_SIZE = 50

ORDERINGS = {
    "": "Newest first",
    "created_at": "Oldest first",
    "filename": "Name, A to Z",
    "-filename": "Name, Z to A",
    "status": "Status",
}

BEST_FIRST = "Best match first"

# How a filter that narrows the list is named; those of status and words show by themselves.
CHIPS = {
    "kind": "Kind: {}",
    "topic": "Topic: {}",
    "has_open_tasks": "{}",
    "language": "Language: {}",
    "created_after": "From {}",
    "created_before": "Until {}",
}


@dataclass(frozen=True)
class Chip:
    """One filter in words, and the address of the list without it."""

    name: str
    label: str
    address: str


@dataclass(frozen=True)
class ListFilter:
    """The parameters of an address that make sense, as they stand in it."""

    asked: Mapping[str, str]
    owner_id: int
    page_size: int = PAGE_SIZE

    @classmethod
    def of(cls, query: Any, owner_id: int) -> ListFilter:
        size = query.get("page_size", "")
        known = size in map(str, PAGE_SIZES)
        return cls(filters.sensible(query), owner_id, int(size) if known else PAGE_SIZE)

    @property
    def status(self) -> str:
        return self.asked.get("status", "")

    @property
    def search(self) -> str:
        return self.asked.get("search", "")

    @property
    def is_narrowed(self) -> bool:
        """Whether it may leave out documents, whatever their status."""
        return any(name not in ("status", "ordering") for name in self.asked)

    @property
    def chips(self) -> list[Chip]:
        return [
            Chip(name, label.format(self._in_words(name)), self.address(**{name: ""}))
            for name, label in CHIPS.items()
            if name in self.asked
        ]

    def _in_words(self, name: str) -> str:
        value = self.asked[name]
        match name:
            case "kind":
                return wording.KINDS[value]  # type: ignore[index]
            case "language":
                return language_names.in_words(value)
            case "has_open_tasks":
                return "With open tasks" if value == "true" else "Without open tasks"
            case _:
                return value

    def applied(self, documents: DocumentQuerySet) -> DocumentQuerySet:
        """In the order that was asked for; else what is searched for comes best first."""
        order = {"ordering": self.ordering or (filters.BEST_FIRST if self.search else "")}
        return filters.applied(documents, {**self.asked, **order}, owner_id=self.owner_id)

    def of_any_status(self, documents: DocumentQuerySet) -> DocumentQuerySet:
        """Those that its other filters leave, to be counted."""
        apart = {n: v for n, v in self.asked.items() if n not in ("status", "ordering")}
        return filters.applied(documents, apart, owner_id=self.owner_id)

    def address(self, **changes: object) -> str:
        """The query string of this list with some of it changed."""
        parts = {**self._parts, **changes}
        return "?" + urlencode({name: value for name, value in parts.items() if value})

    @property
    def _parts(self) -> dict[str, object]:
        """What is not as it is without being asked for."""
        size = {"page_size": self.page_size} if self.page_size != PAGE_SIZE else {}
        return {**self.asked, **size}

    # For the forms that change it.

    @property
    def besides_search(self) -> list[tuple[str, object]]:
        return [(name, value) for name, value in self._parts.items() if name != "search"]

    @property
    def orderings(self) -> list[tuple[str, str]]:
        if not self.search:
            return list(ORDERINGS.items())
        named = {**ORDERINGS, "": BEST_FIRST, "-created_at": ORDERINGS[""]}
        return list(named.items())

    @property
    def ordering(self) -> str:
        return self.asked.get("ordering", "")

    @property
    def page_sizes(self) -> tuple[int, ...]:
        return PAGE_SIZES

    @property
    def kinds(self) -> list[tuple[str, str]]:
        return list(wording.KINDS.items())

    @property
    def languages(self) -> list[tuple[str, str]]:
        return language_names.named()
