"""Which pages were read and which were not, in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from documents.pipeline import left_out

# After "page 17" or "pages 17–20".
_REASONS = {
    "empty": ("has no text", "have no text"),
    "blank": ("is blank", "are blank"),
    "scan": ("is a picture, of which no text was read", "are pictures, of which no text was read"),
    "drawing": ("shows drawings, but no text", "show drawings, but no text"),
    "garbled": ("has unreadable letters", "have unreadable letters"),
    "failed": ("could not be read", "could not be read"),
    "page_limit": ("is over the page limit", "are over the page limit"),
    "character_limit": ("is over the text limit", "are over the text limit"),
    "page_too_long": ("was read only in part", "were read only in part"),
    "mostly_hidden": (
        "holds mostly text that nobody sees, which was left out",
        "hold mostly text that nobody sees, which was left out",
    ),
    "timed_out": ("took too long to read", "took too long to read"),
    "crashed": ("needed too much memory", "needed too much memory"),
    "ocr_missing": (
        "is a picture that no text recognition (OCR) was there to read",
        "are pictures that no text recognition (OCR) was there to read",
    ),
    "ocr_limit": (
        "is a picture that there was no time to read",
        "are pictures that there was no time to read",
    ),
    "ocr_timed_out": (
        "is a picture that took too long to read",
        "are pictures that took too long to read",
    ),
    "ocr_failed": ("is a picture that could not be read", "are pictures that could not be read"),
    "unverified": (
        "was sent to the model, but nothing shows that it saw all of it",
        "were sent to the model, but nothing shows that it saw all of them",
    ),
    "no_usable_answer": (
        "was not analyzed, for the model gave no usable answer about it",
        "were not analyzed, for the model gave no usable answer about them",
    ),
    "model_declined": (
        "was not analyzed, for the model declined to",
        "were not analyzed, for the model declined to",
    ),
    "only_thoughts": (
        "was not analyzed, for the model thought about it and gave no answer",
        "were not analyzed, for the model thought about them and gave no answer",
    ),
    "too_long_for_model": (
        "was not analyzed, for the model reads too little text at once",
        "were not analyzed, for the model reads too little text at once",
    ),
    "budget": ("was left out to stay in the budget", "were left out to stay in the budget"),
}


def in_words(coverage: dict[str, Any]) -> str:
    """One sentence, such as "Read 41 of 42 pages; page 17 is blank"."""
    total, read = coverage.get("pages_total"), coverage.get("pages_read")
    if total is None or read is None:
        return ""
    not_read = coverage.get("not_read") or []
    # Loudest first: whole files that nobody read weigh more than a page.
    parts = filter(None, map(left_out.told, not_read))
    start = _start(total, read, bool(not_read))
    told = (*_recognized(coverage), *parts, *_exceptions(not_read), *_unverified(coverage))
    return "; ".join([start, *told])


def _start(total: int, read: int, is_partial: bool) -> str:
    if total != read:
        return f"Read {read} of {total} pages"
    pages = "1 page" if total == 1 else f"{total} pages"
    return f"Read {pages}, but not all" if is_partial else f"Read the whole document: {pages}"


def _recognized(coverage: dict[str, Any]) -> Iterator[str]:
    """Such as "12 of them by OCR, confidence 94 %; poor on page 9"."""
    if not (ocr := coverage.get("ocr")):
        return
    count = len(ocr["pages"])
    which = "" if coverage.get("pages_total") == 1 else f"{count} of them "
    yield f"{which}by text recognition (OCR), confidence {ocr['confidence']} %"
    if poor := ocr["poor"]:
        pages = ", ".join(_range(*each) for each in _joined([(page, page) for page in poor]))
        yield f"it is poor on page{'s' if len(poor) > 1 else ''} {pages}"


def _unverified(coverage: dict[str, Any]) -> Iterator[str]:
    """Pages of which nothing shows that the model saw them whole, and parts it did not."""
    if pages := coverage.get("unverified"):
        yield _told("unverified", [(page, page) for page in pages])
    if count := coverage.get("prompts_cut"):
        parts = "a part" if count == 1 else f"{count} parts"
        yield f"the model server cut {parts} in silence, and was asked again in smaller ones"


def _exceptions(not_read: list[dict[str, Any]]) -> list[str]:
    """Pages left out for the same reason are told together."""
    groups: dict[str, list[tuple[int, int | None]]] = {}
    for entry in not_read:
        first = entry.get("page") or entry.get("from_page")
        if first and not left_out.told(entry):
            last = first if "page" in entry else entry.get("to_page")
            groups.setdefault(str(entry.get("reason")), []).append((first, last))
    return [_told(reason, ranges) for reason, ranges in groups.items()]


def _told(reason: str, ranges: Sequence[tuple[int, int | None]]) -> str:
    one, many = _REASONS.get(reason, (f"was left out ({reason})", f"were left out ({reason})"))
    joined = _joined(ranges)
    pages = ", ".join(_range(first, last) for first, last in joined)
    is_one = len(joined) == 1 and joined[0][0] == joined[0][1]
    return f"page {pages} {one}" if is_one else f"pages {pages} {many}"


def _joined(ranges: Sequence[tuple[int, int | None]]) -> list[tuple[int, int | None]]:
    joined: list[tuple[int, int | None]] = []
    for first, last in sorted(ranges, key=lambda each: each[0]):
        before = joined[-1][1] if joined else None
        if before is not None and first == before + 1:
            joined[-1] = (joined[-1][0], last)
        else:
            joined.append((first, last))
    return joined


def _range(first: int, last: int | None) -> str:
    if last is None:
        return f"{first} and after"
    return str(first) if first == last else f"{first}–{last}"
