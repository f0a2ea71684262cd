"""An export as NDJSON: one document a line, with its analysis and its text."""

from __future__ import annotations

import json
from collections.abc import Generator, Iterable, Iterator
from typing import Any

from rest_framework.utils.encoders import JSONEncoder

from atom_project.web.pieces import PIECE
from documents.api.archive.contents import Entry
from documents.api.serializers import PageSerializer

LINE_ENDS = "\x85\u2028\u2029"  # JSON itself escapes all others.


def pieces(entries: Iterable[Entry]) -> Generator[bytes]:
    piece = bytearray()
    for entry in entries:
        for part in _line(entry):
            piece += part.encode()
            if len(piece) >= PIECE:
                yield bytes(piece)
                piece.clear()
    if piece:
        yield bytes(piece)


def _line(entry: Entry) -> Iterator[str]:
    """In parts, as its text may have millions of characters."""
    head = as_json({**entry.told, "analysis": entry.result})
    yield f'{head.removesuffix("}")}, "pages": ['
    for place, page in enumerate(entry.pages()):
        yield f"{', ' if place else ''}{as_json(PageSerializer(page).data)}"
    yield "]}\n"


def as_json(value: Any) -> str:
    """On one line, also for those who take every line end of Unicode for one."""
    text = json.dumps(value, ensure_ascii=False, cls=JSONEncoder)
    for end in LINE_ENDS:
        text = text.replace(end, f"\\u{ord(end):04x}")
    return text
