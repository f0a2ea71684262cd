"""PDF pages read without a child process: for tests of what is read, not of how it is contained."""

from __future__ import annotations

from documents.pipeline.extraction.child import pdfium_pages
from documents.pipeline.extraction.letters.characters import cleaned

JOB = {"pages": 10, "page_characters": 100_000, "characters": 100_000}


def text_of(data: bytes) -> str:
    """The text of the only page."""
    [page] = [message for message in pdfium_pages.read_pages(data, JOB) if "page" in message]
    return cleaned(page["text"]).strip()
