"""What extraction hands on: the pages of a document, or the reason why there are none."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from documents.failures import Failure, FailureCode, failure

Condition = Literal["read", "empty", "garbled", "hidden_text", "failed"]
Engine = Literal["pdfium", "pdfminer", "text"]
OnPage = Callable[[int, int], None]


@dataclass(frozen=True)
class ReadPage:
    """One page, numbered from 1. `text` never holds text that a reader of the page cannot see."""

    number: int
    text: str
    condition: Condition
    engine: Engine


@dataclass(frozen=True)
class Reading:
    """A readable document; `cut` says in JSON-able entries what the limits left out."""

    pages: list[ReadPage]
    pages_total: int
    encoding: str | None = None
    cut: list[dict[str, Any]] = field(default_factory=list)


class UnreadableFile(Exception):
    """The file is hopeless: reading it again would end the same way."""

    def __init__(self, code: FailureCode, *, detail: str | None = None) -> None:
        self.failure: Failure = failure(code, detail=detail)
        super().__init__(self.failure.detail)
