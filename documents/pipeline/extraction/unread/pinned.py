"""Review comments as lines below a page's text, and what else the child found pinned to it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypedDict

from ..letters.characters import cleaned

MAX_COMMENTS = 200  # on a page
MAX_COMMENT = 4_000  # characters
MAX_FILES = 50
_MAX_NAME = 100
LONG_ENOUGH = 15  # a shorter note may be there by chance


class Pinned(TypedDict):
    comments: tuple[str, ...]
    comments_left: int
    files: tuple[str, ...]
    has_fields: bool


def of_message(page: dict[str, Any]) -> Pinned:
    """What the child says is pinned to the page, within the limits that it should have kept."""
    comments, files = page.get("comments"), page.get("files")
    left = page.get("comments_left", 0)
    return Pinned(
        comments=_lines(comments) if isinstance(comments, list) else (),
        comments_left=left if isinstance(left, int) and left > 0 else 0,
        files=tuple(str(name)[:_MAX_NAME] for name in files[:MAX_FILES])
        if isinstance(files, list)
        else (),
        has_fields=bool(page.get("has_fields")),
    )


def _lines(comments: list[Any]) -> tuple[str, ...]:
    return tuple(
        _line(*map(str, comment))
        for comment in comments[:MAX_COMMENTS]
        if isinstance(comment, list) and len(comment) == 2
    )


def _line(author: str, text: str) -> str:
    # A bracket in a name could end the label early and pass for the page's own words.
    name = "".join(author[:_MAX_NAME].replace("]", ")").splitlines())
    label = f"[Comment, {name}]" if name.strip() else "[Comment]"
    return f"{label} {' '.join(text[:MAX_COMMENT].split())}"


def unsaid(lines: Sequence[str], text: str) -> list[str]:
    """The comments without those that only repeat what they mark, as some programs have it."""
    said = " ".join(text.split())
    return [cleaned(line) for line in lines if not _repeats(line.partition("] ")[2], said)]


def _repeats(comment: str, said: str) -> bool:
    return len(comment) >= LONG_ENOUGH and comment in said
