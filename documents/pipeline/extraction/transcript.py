"""What one PDF engine said about a document: the messages of its child, none of them believed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from . import sandbox
from .content import Content
from .draft import Draft
from .reading import Engine, OnPage
from .unread import cover, pinned, shells

# Seconds for all that is asked about a document without OCR, the wait for a core not counted.
SECONDS_IN_ALL = 30.0
MAX_PAGES = 2_000
MAX_PAGE_CHARACTERS = 200_000
MAX_CHARACTERS = 5_000_000


class Transcript:
    """Pages as they come in, each checked against what the child may send."""

    def __init__(self, engine: Engine, on_page: OnPage | None = None) -> None:
        self.engine = engine
        self.error: str | None = None
        self.pages_total = 0
        self.seconds_left = SECONDS_IN_ALL
        self.drafts: list[Draft] = []
        self.unread: list[dict[str, Any]] = []
        self.shell = shells.Shell()
        self.broken_contents = 0
        self.has_spelled_names = False  # of glyphs, as far as the bytes of the file tell
        self._on_page = on_page

    def take(self, message: dict[str, Any]) -> None:
        # The child has read a stranger's file and may obey the stranger now: nothing is believed.
        match message:
            case {"page": int(number), **rest}:
                self._take_page(number, rest)
            case {"pages_total": int(total)}:
                self.pages_total = total
            case {"cut": dict(entry)} if _is_cut(entry):
                self.unread.append(entry)
            case {"shell": dict(sent)} if shell := shells.of_message(sent):
                self.shell = shell
            case {"broken_contents": int(count)}:
                self.broken_contents = count
            case {"spelled_names": bool(may_be)}:
                self.has_spelled_names = may_be
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

    def read(self, data: Content, seconds: float, only: Sequence[int] = ()) -> None:
        """Fill the transcript from a child; raises what `sandbox.run` raises."""
        self.seconds_left = max(0.0, SECONDS_IN_ALL - seconds)
        job = {
            "engine": self.engine,
            "pages": MAX_PAGES,
            "page_characters": MAX_PAGE_CHARACTERS,
            "characters": MAX_CHARACTERS,
            "only": list(only),
        }
        self.seconds_left = SECONDS_IN_ALL - sandbox.run(job, data, seconds=seconds, take=self.take)


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
        cover=cover.of_message(page.get("cover")),
        struck_out=_count(page.get("struck_out")),
        **pinned.of_message(page),
    )


def _count(sent: Any) -> int | None:
    """None where it was not looked for."""
    is_count = isinstance(sent, int) and not isinstance(sent, bool)
    return sent if is_count and 0 <= sent <= MAX_PAGE_CHARACTERS else None


def _is_cut(entry: dict[str, Any]) -> bool:
    """Whether it is an entry that the child would write."""
    reasons = ("page_limit", "character_limit", "page_too_long", "mostly_hidden")
    numbers = [value for key, value in entry.items() if key != "reason"]
    return entry.get("reason") in reasons and all(isinstance(number, int) for number in numbers)
