"""PDF pages: PDFium reads them all, pdfminer.six gives a second opinion where that fell short."""

from __future__ import annotations

from dataclasses import replace

from documents.failures import FailureCode

from . import letters, sandbox, second_opinion
from .content import Content, LargeFile
from .draft import Draft
from .letters import glyph_names, hyphens
from .ocr import OcrOptions, read_scans
from .readability import require_readable
from .reading import OnPage, Reading, UnreadableFile
from .transcript import Transcript
from .unread import damage, receipt, shells, stamps

# The slowest of 5,332 public files took PDFium 1.6 s.
SECONDS = 25.0

_UNSUPPORTED = "The PDF is protected in a way that cannot be opened here."


def read_pdf(
    data: Content, *, on_page: OnPage, pdf_engine: str = "auto", ocr: OcrOptions | None = None
) -> Reading:
    """Read a PDF in child processes; `read_document` tells the promises."""
    data = _from_header(data)
    if pdf_engine not in ("auto", "pdfminer"):
        raise ValueError(f"There is no PDF engine called {pdf_engine}")
    if pdf_engine == "pdfminer":
        transcript = _by_pdfminer(data, on_page, SECONDS)
    else:
        transcript = _by_pdfium(data, on_page)
    transcript.drafts = _in_words(_in_letters(data, transcript))
    damage.mark(transcript)
    transcript.drafts = stamps.mark(transcript.drafts)
    shells.require_content(transcript.shell, transcript.drafts)
    attempt = read_scans(data, transcript, ocr, on_page)
    if any(draft.is_recognized for draft in transcript.drafts):
        transcript.drafts = _in_words(transcript.drafts)
    require_readable(transcript.drafts, attempt)
    pages = [draft.as_page() for draft in transcript.drafts]
    unread = [
        *shells.unread(transcript.shell, transcript.drafts, data),
        *receipt.of_pages(transcript.drafts, transcript.unread),
        *receipt.of_comments(transcript.drafts),
        *transcript.unread,
    ]
    return Reading(pages, transcript.pages_total, unread=unread)


def _from_header(data: Content) -> Content:
    """Without what stands before it; readers look for the header in the first 1,024 bytes only."""
    if isinstance(data, LargeFile):
        return data.from_header()
    return data[max(0, data.find(b"%PDF-")) :]


def _in_letters(data: Content, transcript: Transcript) -> list[Draft]:
    """The pages with the letters that their fonts name, and marks for those that are lost."""
    drafts = transcript.drafts
    texts = [draft.raw_text for draft in drafts]
    asked = {d.number: place for place, d in enumerate(drafts) if letters.are_missing(d.raw_text)}
    is_worth_it = bool(asked) and transcript.has_spelled_names
    names = glyph_names.ask(data, list(asked), transcript.seconds_left) if is_worth_it else {}
    texts = letters.settled(texts, {asked[number]: found for number, found in names.items()})
    return _with_texts(drafts, texts)


def _in_words(drafts: list[Draft]) -> list[Draft]:
    """The pages with what line ends took from words put back, as far as the document tells."""
    return _with_texts(drafts, hyphens.resolved([draft.raw_text for draft in drafts]))


def _with_texts(drafts: list[Draft], texts: list[str]) -> list[Draft]:
    """A page whose text stands is kept with what is known of it by now."""
    return [
        draft if text == draft.raw_text else replace(draft, raw_text=text)
        for draft, text in zip(drafts, texts, strict=True)
    ]


def _by_pdfium(data: Content, on_page: OnPage) -> Transcript:
    transcript = Transcript("pdfium", on_page)
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
    second_opinion.ask_again(data, transcript)
    return transcript


def _refuse(error: str | None) -> None:
    if error == "encrypted":
        raise UnreadableFile(FailureCode.ENCRYPTED)
    if error == "unsupported_encryption":
        raise UnreadableFile(FailureCode.ENCRYPTED, detail=_UNSUPPORTED)
    if error:
        raise UnreadableFile(FailureCode.DAMAGED)


def _rescued(data: Content, on_page: OnPage) -> Transcript:
    """A file that PDFium cannot open; unless pdfminer.six finds text, that verdict stands."""
    try:
        transcript = _by_pdfminer(data, on_page, second_opinion.SECONDS)
    except UnreadableFile as unreadable:
        if unreadable.failure.code in (FailureCode.TIMED_OUT, FailureCode.CRASHED):
            raise UnreadableFile(FailureCode.DAMAGED) from None
        raise
    if not any(draft.visible for draft in transcript.drafts):
        raise UnreadableFile(FailureCode.DAMAGED)
    return transcript


def _by_pdfminer(data: Content, on_page: OnPage, seconds: float) -> Transcript:
    """All pages by pdfminer.six, which is slow on honest files too: what it managed counts."""
    transcript = Transcript("pdfminer", on_page)
    try:
        transcript.read(data, seconds)
    except sandbox.ChildTimedOut:
        _cut_short(transcript, FailureCode.TIMED_OUT)
    except sandbox.ChildCrashed:
        _cut_short(transcript, FailureCode.CRASHED)
    _refuse(transcript.error)
    return transcript


def _cut_short(transcript: Transcript, code: FailureCode) -> None:
    if not any(draft.visible for draft in transcript.drafts):
        raise UnreadableFile(code) from None
    first = transcript.drafts[-1].number + 1
    if first <= transcript.pages_total:
        entry = {"from_page": first, "to_page": transcript.pages_total, "reason": code}
        transcript.unread.append(entry)
