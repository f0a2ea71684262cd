"""What is written into the index: the folded words of a document, in the caller's transaction."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from documents.models import Analysis, Document, Page, SearchBacklog, SearchEntry
from documents.search import terms

# UTF-8 bytes of one row. Longer documents have several: a `tsvector` of PostgreSQL ends at 1 MiB.
MOST_BYTES = 400_000


@dataclass(frozen=True)
class Part:
    """Some pages of a document, a line of terms for each."""

    first_page: int = 1
    text: str = ""


def fold(pages: Iterable[tuple[int, str]]) -> list[Part]:
    """The words of pages, given by number and text in their order; takes time, touches no row."""
    parts: list[Part] = []
    lines: list[str] = []
    first = expected = 1
    size = 0
    for number, line in _lines(pages):
        if lines and (size + len(line.encode()) > MOST_BYTES or number < expected):
            parts.append(Part(first, "\n".join(lines)))
            lines, size, first = [], 0, number
        # Pages that were not read are lines without words.
        lines += [""] * (number - first - len(lines)) + [line]
        size, expected = size + len(line.encode()) + 1, number + 1
    return [*parts, Part(first, "\n".join(lines))]


def _lines(pages: Iterable[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """Each page as a line; one that is too long for a row as several of the same number."""
    for number, text in pages:
        line = " ".join(terms.of_text(text))
        while len(line.encode()) > MOST_BYTES:
            at = line.rfind(" ", 0, MOST_BYTES // 4)  # Four bytes are the longest character.
            yield number, line[:at]
            line = line[at + 1 :]
        yield number, line


def index_new(documents: Sequence[Document]) -> None:
    """Index documents of which no more than the name is known."""
    SearchEntry.objects.bulk_create(
        SearchEntry(document=document, owner_id=document.owner_id, name=_name(document))
        for document in documents
    )


def index(document: Document, parts: Sequence[Part] | None = None) -> None:
    """Index all that is known of a document now. `parts` are its folded pages, if at hand."""
    if parts is None:
        pages = Page.objects.filter(document=document).order_by("number")
        parts = fold(pages.values_list("number", "text").iterator(chunk_size=100))
    shared = {
        "owner_id": document.owner_id,
        "name": _name(document),
        "findings": _findings(document.current_analysis),
    }
    for number, part in enumerate(parts, start=1):
        words = {**shared, "first_page": part.first_page, "text": part.text}
        # In place: rows keep the order in which documents came.
        if not SearchEntry.objects.filter(document=document, part=number).update(**words):
            SearchEntry.objects.create(document=document, part=number, **words)
    SearchEntry.objects.filter(document=document, part__gt=len(parts)).delete()
    SearchBacklog.objects.filter(document=document).delete()


def index_pages(document: Document, parts: Sequence[Part]) -> None:
    """Index the pages of a claimed document; mostly no more than its name is indexed yet."""
    if not document.was_tried_before and len(parts) == 1:
        entry = SearchEntry.objects.filter(document=document, part=1)
        if entry.update(first_page=parts[0].first_page, text=parts[0].text):
            return
    index(document, parts)


def index_findings(document: Document, analysis: Analysis) -> None:
    """Index what an analysis found; its document's pages are indexed already."""
    SearchEntry.objects.filter(document=document).update(findings=_findings(analysis))


def forget(document: Document) -> None:
    """Take every word of a document out of the index."""
    SearchEntry.objects.filter(document=document).delete()
    SearchBacklog.objects.filter(document=document).delete()


def _name(document: Document) -> str:
    return " ".join(terms.of_name(document.filename))


def _findings(analysis: Analysis | None) -> str:
    if analysis is None:
        return ""
    return " ".join(terms.of_text("\n".join(told(analysis))))


def told(analysis: Analysis) -> Iterator[str]:
    """What weighs more than the text: the summary, the tasks and the topics."""
    found: dict[str, Any] = analysis.result.get("findings", {})
    yield analysis.summary
    yield from (item["task"] for item in found.get("actionable_items", []))
    yield from (topic["label"] for topic in found.get("topics", []))
