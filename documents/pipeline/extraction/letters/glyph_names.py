"""What fonts call the glyphs that PDFium knows no letter for, asked of a child of its own."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from typing import Any

from .. import sandbox
from ..content import Content

SECONDS = 5.0
LONGEST = 8  # letters of one glyph

Letters = dict[int, str]


def ask(data: Content, pages: Sequence[int], seconds: float) -> dict[int, Letters]:
    """For some of the pages what the numbers of their fonts stand for; what it managed counts."""
    answers: dict[int, Letters] = {}

    def take(message: dict[str, Any]) -> None:
        # The child has read a stranger's file: nothing it says is believed.
        match message:
            case {"page": int(page), "letters": dict(letters)} if page in pages:
                answers[page] = {
                    int(number): text
                    for number, text in letters.items()
                    if number.isdecimal() and len(number) < 4 and _is_written(text)
                }
            case _:
                raise sandbox.ChildCrashed("It sent something that is no message")

    with contextlib.suppress(sandbox.ChildTimedOut, sandbox.ChildCrashed):
        sandbox.run(
            {"engine": "glyph_names", "only": list(pages)},
            data,
            seconds=min(SECONDS, seconds),
            take=take,
        )
    return answers


def _is_written(text: object) -> bool:
    return isinstance(text, str) and 0 < len(text) <= LONGEST and text.isprintable()
