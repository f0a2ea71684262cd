"""What extraction hands on: the pages of a document, or the reason why there are none."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from documents.failures import Failure, FailureCode, failure

Condition = Literal["read", "read_by_ocr", "empty", "garbled", "hidden_text", "failed"]
Engine = Literal["pdfium", "pdfminer", "ocr", "text"]
OnPage = Callable[[int, int], None]


@dataclass(frozen=True)
class ReadPage:
    """One page, numbered from 1. `text` never holds text that a reader of the page cannot see.

    `lost_letters` stand in the text as U+FFFD; so many letters of it are `struck_out`, None where
    that was not looked for. Of a page read by OCR, `ocr_confidence` is the mean
    of its words in percent, and `ocr_poor_share` how many of them (0 to 1) have less than 60.
    """

    number: int
    text: str
    condition: Condition
    engine: Engine
    lost_letters: int = 0
    struck_out: int | None = None
    ocr_confidence: int | None = None
    ocr_poor_share: float | None = None


@dataclass(frozen=True)
class Reading:
    """A readable document; `unread` says in JSON-able entries what was not read, and why.

    `encoding` is that of a text file; it is unsure where another one fits about as well.
    """

    pages: list[ReadPage]
    pages_total: int
    encoding: str | None = None
    unread: list[dict[str, Any]] = field(default_factory=list)
    encoding_is_unsure: bool = False


class UnreadableFile(Exception):
    """The file is hopeless: reading it again would end the same way."""

    def __init__(
        self, code: FailureCode, *, detail: str | None = None, advice: str | None = None
    ) -> None:
        self.failure: Failure = failure(code, detail=detail, advice=advice)
        super().__init__(self.failure.detail)
