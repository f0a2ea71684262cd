"""PDF pages: PDFium reads them all, pdfminer.six gives a second opinion where that fell short."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from documents.failures import FailureCode

from . import sandbox
from .readability import Draft, require_readable
from .reading import Engine, OnPage, Reading, UnreadableFile

MAX_PAGES = 2_000
MAX_PAGE_CHARACTERS = 200_000
MAX_CHARACTERS = 5_000_000
# The slowest of 5,332 public files took PDFium 1.6 s.
SECONDS = 25.0
SECOND_OPINION_SECONDS = 10.0
SECOND_OPINION_PAGES = 50  # it reads about 15 a second

_UNSUPPORTED = "The PDF is protected in a way that cannot be opened here."


class _Transcript:
    """What one engine said about a document, checked line by line as it comes in."""

    def __init__(self, engine: Engine, on_page: OnPage | None = None) -> None:
        self.engine = engine
        self.error: str | None = None
        self.pages_total = 0
        self.drafts: list[Draft] = []
        self.cut: list[dict[str, Any]] = []
        self._on_page = on_page

    def take(self, message: dict[str, Any]) -> None:
        # The child has read a stranger's file and may obey the stranger now: nothing is believed.
        match message:
            case {"page": int(number), **rest}:
                self._take_page(number, rest)
            case {"pages_total": int(total)}:
                self.pages_total = total
            case {"cut": dict(entry)} if _is_cut(entry):
                self.cut.append(entry)
            case {"error": str(error)}:
                self.error = error
            case _:
                raise sandbox.ChildCrashed("It sent something that is no message")

    def _take_page(self, number: int, rest: dict[str, Any]) -> None:
        last = self.drafts[-1].number if self.drafts else 0
        if not last < number <= self.pages_total:
            raise sandbox.ChildCrashed("It sent a page that cannot be")
        self.drafts.append(_draft(number, self.engine, rest))
        if self._on_page:
            self._on_page(len(self.drafts), min(self.pages_total, MAX_PAGES))

    def read(self, data: bytes, seconds: float, only: Sequence[int] = ()) -> None:
        """Fill the transcript from a child; raises what `sandbox.run` raises."""
        job = {
            "engine": self.engine,
            "pages": MAX_PAGES,
            "page_characters": MAX_PAGE_CHARACTERS,
            "characters": MAX_CHARACTERS,
            "only": list(only),
        }
        sandbox.run(job, data, seconds=seconds, take=self.take)


def _draft(number: int, engine: Engine, page: dict[str, Any]) -> Draft:
    share = page.get("image_share", 0.0)
    return Draft(
        number,
        raw_text=str(page.get("text", "")),
        engine=engine,
        is_failed=bool(page.get("failed")),
        has_hidden=bool(page.get("hidden")),
        has_text_objects=bool(page.get("has_text_objects")),
        image_share=share if isinstance(share, float) else 0.0,
        is_empty_paper=bool(page.get("blank")),
    )


def _is_cut(entry: dict[str, Any]) -> bool:
    """Whether it is an entry that the child would write."""
    reasons = ("page_limit", "character_limit", "page_too_long")
    numbers = [value for key, value in entry.items() if key != "reason"]
    return entry.get("reason") in reasons and all(isinstance(number, int) for number in numbers)


def read_pdf(data: bytes, *, on_page: OnPage, pdf_engine: str = "auto") -> Reading:
    """Read a PDF in child processes; `read_document` tells the promises."""
    if pdf_engine not in ("auto", "pdfminer"):
        raise ValueError(f"There is no PDF engine called {pdf_engine}")
    if pdf_engine == "pdfminer":
        transcript = _by_pdfminer(data, on_page, SECONDS)
    else:
        transcript = _by_pdfium(data, on_page)
    require_readable(transcript.drafts)
    pages = [draft.as_page() for draft in transcript.drafts]
    return Reading(pages, transcript.pages_total, cut=transcript.cut)


def _by_pdfium(data: bytes, on_page: OnPage) -> _Transcript:
    transcript = _Transcript("pdfium", on_page)
    try:
        transcript.read(data, SECONDS)
    except sandbox.ChildTimedOut:
        # Not once more: what hangs a reader, or breaks it, does so each time.
        raise UnreadableFile(FailureCode.TIMED_OUT) from None
    except sandbox.ChildCrashed:
        raise UnreadableFile(FailureCode.CRASHED) from None
    # Of 182 broken files that PDFium refused, pdfminer.six found text in 30.
    if transcript.error == "invalid":
        return _rescued(data, on_page)
    _refuse(transcript.error)
    _ask_again(data, transcript)
    return transcript


def _refuse(error: str | None) -> None:
    if error == "encrypted":
        raise UnreadableFile(FailureCode.ENCRYPTED)
    if error == "unsupported_encryption":
        raise UnreadableFile(FailureCode.ENCRYPTED, detail=_UNSUPPORTED)
    if error:
        raise UnreadableFile(FailureCode.DAMAGED)


def _rescued(data: bytes, on_page: OnPage) -> _Transcript:
    """A file that PDFium cannot open; unless pdfminer.six finds text, that verdict stands."""
    try:
        transcript = _by_pdfminer(data, on_page, SECOND_OPINION_SECONDS)
    except UnreadableFile as unreadable:
        if unreadable.failure.code in (FailureCode.TIMED_OUT, FailureCode.CRASHED):
            raise UnreadableFile(FailureCode.DAMAGED) from None
        raise
    if not any(draft.visible for draft in transcript.drafts):
        raise UnreadableFile(FailureCode.DAMAGED)
    return transcript


def _by_pdfminer(data: bytes, on_page: OnPage, seconds: float) -> _Transcript:
    """All pages by pdfminer.six, which is slow on honest files too: what it managed counts."""
    transcript = _Transcript("pdfminer", on_page)
    try:
        transcript.read(data, seconds)
    except sandbox.ChildTimedOut:
        _cut_short(transcript, FailureCode.TIMED_OUT)
    except sandbox.ChildCrashed:
        _cut_short(transcript, FailureCode.CRASHED)
    _refuse(transcript.error)
    return transcript


def _cut_short(transcript: _Transcript, code: FailureCode) -> None:
    if not any(draft.visible for draft in transcript.drafts):
        raise UnreadableFile(code) from None
    first = transcript.drafts[-1].number + 1
    if first <= transcript.pages_total:
        entry = {"from_page": first, "to_page": transcript.pages_total, "reason": code}
        transcript.cut.append(entry)


def _ask_again(data: bytes, transcript: _Transcript) -> None:
    """Let pdfminer.six read the suspicious pages and keep its text where that is better."""
    doubtful = [draft.number for draft in transcript.drafts if draft.is_suspicious]
    if not doubtful:
        return
    opinion = _Transcript("pdfminer")
    # However that child ended: the pages it finished count, for the others PDFium's text stands.
    with contextlib.suppress(sandbox.ChildTimedOut, sandbox.ChildCrashed):
        opinion.read(data, SECOND_OPINION_SECONDS, only=doubtful[:SECOND_OPINION_PAGES])
    better = {draft.number: draft for draft in opinion.drafts}
    transcript.drafts = [_better(draft, better.get(draft.number)) for draft in transcript.drafts]


def _better(first: Draft, second: Draft | None) -> Draft:
    """The second opinion where it is clean and says more; PDFium's text in case of doubt."""
    if second is None or second.is_failed or second.is_garbled or not second.visible:
        return first
    # Garbled letters count half: fewer that can be read are worth more.
    enough = first.visible / 2 if first.is_garbled else first.visible + 5
    if not first.is_failed and second.visible <= enough:
        return first
    # What the page shows beside its text is only known from PDFium.
    return replace(second, image_share=first.image_share, is_empty_paper=first.is_empty_paper)
