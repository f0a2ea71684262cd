"""Dating: the document's own date, proven by its words, and what is due counted from it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from documents.pipeline.analysis.evidence import due_dates
from documents.pipeline.analysis.evidence.quotes import Grounding
from documents.pipeline.analysis.model import answers
from documents.pipeline.analysis.model.verifier import ChunkFindings
from documents.pipeline.analysis.schema import ActionItem, DocumentDate, SourcePage

# Where 03/04/2027 is in April.
_DAY_FIRST = frozenset(
    [*("de", "fr", "es", "it", "pt", "nl", "pl", "cs", "sk", "da", "nb", "nn", "no", "fi", "ru"),
     *("uk", "ro", "el", "bg", "hr", "sl", "tr")]
)  # fmt: skip


def is_day_first(language: str | None) -> bool:
    return language in _DAY_FIRST


def document_date(
    quote: answers.Quote | None, grounding: Grounding, language: str | None
) -> DocumentDate | None:
    """The date in the quoted words, which a page has letter for letter."""
    evidence = grounding.verify(quote.quote, quote.page) if quote else None
    if evidence is None or evidence.match != "verbatim":
        return None
    day = due_dates.own_date(evidence.quote, is_day_first=is_day_first(language))
    return DocumentDate(day.isoformat(), [evidence]) if day else None


def of_all(parts: Iterable[ChunkFindings]) -> DocumentDate | None:
    """The date of the document, where its chunks do not name several."""
    named = [part.document_date for part in parts if part.document_date]
    return named[0] if len({each.date for each in named}) == 1 else None


def with_due_dates(
    parts: Sequence[ChunkFindings], pages: Sequence[SourcePage], grounding: Grounding
) -> list[ChunkFindings]:
    """Deadlines such as "within 14 days" as days, where it is certain from when they count."""
    datelines = due_dates.datelines(page.text for page in pages)
    whole = of_all(parts)
    return [_of_chunk(part, part.document_date or whole, datelines, grounding) for part in parts]


def _of_chunk(
    part: ChunkFindings, dated: DocumentDate | None, datelines: set[date], grounding: Grounding
) -> ChunkFindings:
    # A letter that has another copied into it: nobody knows which one asks.
    if dated is None or datelines - {date.fromisoformat(dated.date)}:
        return part
    items = [_resolved(item, dated, grounding) for item in part.actionable_items]
    return replace(part, actionable_items=items)


def _resolved(item: ActionItem, dated: DocumentDate, grounding: Grounding) -> ActionItem:
    if item.due_date or not item.due_text:
        return item
    passages = grounding.passages_with(item.due_text, item.evidence)
    before = grounding.sentences_before(item.evidence)
    day = due_dates.resolve(item.due_text, passages, date.fromisoformat(dated.date), before=before)
    return replace(item, due_date=day.isoformat(), due_from=dated) if day else item
