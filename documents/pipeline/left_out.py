"""Parts of a document that are no pages and were left out of reading, in words of the receipt."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from documents.pipeline import language_names

NAMES_SHOWN = 5


def told(entry: dict[str, Any]) -> str:
    """Such as "3 files inside it were not read"; empty for entries about whole pages."""
    count = entry.get("count", 1)
    match entry.get("reason"):
        case "attachments":
            names = _named(entry.get("names", []), count)
            return f"{_counted(count, 'file')} inside it {_were(count)} not read{names}"
        case "comments":
            place = f" on page {entry['page']}" if "page" in entry else ""
            return f"{_counted(count, 'comment')}{place} {_were(count)} not read"
        case "dynamic_form":
            return "the fields of its dynamic form were not read"
        case "damaged_parts":
            return "parts of the file are damaged, so that text may be missing"
        case "message_bodies":
            bodies = "the body" if count == 1 else f"{count} bodies"
            return f"{bodies} of the message, of which no text came out, {_were(count)} not read"
        case "too_many_parts":
            return "the message has more parts than are read"
        case "other_documents":
            return f"{_counted(count, 'more document')} in the same file {_were(count)} not read"
        case "ocr_language":
            return (
                f"its pictures look like {_language(entry)}, which text recognition (OCR) does not "
                "know here, so letters with accents may be lost"
            )
        case _:
            return ""


def _language(entry: dict[str, Any]) -> str:
    return language_names.in_words(str(entry.get("language", "")))


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _were(count: int) -> str:
    return "was" if count == 1 else "were"


def _named(names: Sequence[str], count: int) -> str:
    shown = ", ".join(names[:NAMES_SHOWN])
    return f" ({shown}{', …' if count > NAMES_SHOWN else ''})" if shown else ""
