"""Chunking: pieces a model can read at once, whole pages where they fit, nothing left out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from documents.pipeline.analysis.schema import SourcePage

_PAGE_MARKER_TOKENS = 8
_SMALLEST_HALF = 40  # characters; less cannot be what is too much for a model
_OVERLAP_SHARE = 1 / 8
_SLACK = 0.9  # cut a little early: the estimate of a part is not the share of the whole

# Measured against o200k: within 13 % for English, French and code; other scripts err upwards.
_TOKEN = re.compile(
    r"[A-Za-z]{1,7}|[\u00c0-\u024f]|\d{1,3}|[\u0370-\u058f]{1,3}|[\u0590-\u0dff]{1,2}"
    r"|[^\s\w]|\n+|\w"
)
# From the gentlest cut to the harshest.
_BREAKS = (
    re.compile(r"\n\s*\n"),
    re.compile(r"[.!?…][\"'”’»)]?\s+|[。！？]"),
    re.compile(r"\n"),
    re.compile(r"\s+"),
)


@dataclass(frozen=True)
class Piece:
    """A page, or the part of it that begins at `start`.

    The first `repeated` characters are also the end of the part before: what is said across
    a cut is seen whole by one of the two.
    """

    page: int
    start: int
    text: str
    tokens: int
    repeated: int = 0


@dataclass(frozen=True)
class Chunk:
    pieces: tuple[Piece, ...]

    @property
    def tokens(self) -> int:
        return sum(piece.tokens for piece in self.pieces)

    @property
    def pages(self) -> list[int]:
        return list(dict.fromkeys(piece.page for piece in self.pieces))


def estimate_tokens(text: str) -> int:
    """About how many tokens a model makes of the text, without its tables."""
    return len(_TOKEN.findall(text))


def divide(pages: Sequence[SourcePage], limit: int) -> list[Chunk]:
    """All pages that have text, in order, in chunks of at most `limit` tokens."""
    pieces = (
        piece for page in pages for piece in _pieces(Piece(page.number, 0, page.text, 0), limit)
    )
    return _packed(pieces, limit)


def split(chunk: Chunk, limit: int) -> list[Chunk]:
    """The same text in chunks of at most `limit` tokens."""
    pieces = (part for piece in chunk.pieces for part in _pieces(piece, limit))
    return _packed(pieces, limit)


def _packed(found: Iterable[Piece], limit: int) -> list[Chunk]:
    chunks: list[Chunk] = []
    pieces: list[Piece] = []
    room = limit
    for piece in found:
        if pieces and piece.tokens > room:
            chunks.append(Chunk(tuple(pieces)))
            pieces, room = [], limit
        pieces.append(piece)
        room -= piece.tokens
    return [*chunks, Chunk(tuple(pieces))] if pieces else chunks


def halve(chunk: Chunk) -> tuple[Chunk, Chunk] | None:
    """Two chunks of about the same size; None for what is too short to be too long."""
    if len(chunk.pieces) > 1:
        middle = _middle(chunk)
        return Chunk(chunk.pieces[:middle]), Chunk(chunk.pieces[middle:])
    piece = chunk.pieces[0]
    if len(piece.text) < _SMALLEST_HALF:
        return None
    cut = _cut_before(piece.text, len(piece.text) // 2)
    again = _overlap(piece.text[:cut], piece.tokens // 2)
    first = _piece(piece.page, piece.start, piece.text[:cut], piece.repeated)
    second = _piece(piece.page, piece.start + cut - again, piece.text[cut - again :], again)
    return Chunk((first,)), Chunk((second,))


def _middle(chunk: Chunk) -> int:
    half, so_far = chunk.tokens / 2, 0
    for position, piece in enumerate(chunk.pieces):
        so_far += piece.tokens
        if so_far >= half:
            return min(max(position, 1), len(chunk.pieces) - 1)
    return 1


def _pieces(whole: Piece, limit: int) -> Iterator[Piece]:
    """A page, or a part of one, in pieces that fit."""
    text, start = whole.text, 0
    while text[start:].strip():
        begin = start - _overlap(text[:start], limit)
        room = limit - estimate_tokens(text[begin:start])
        end = start + _fitting(text[start:], room)
        repeated = start - begin if start else min(whole.repeated, end)
        yield _piece(whole.page, whole.start + begin, text[begin:end], repeated)
        start = end


def _piece(page: int, start: int, text: str, repeated: int) -> Piece:
    return Piece(page, start, text, estimate_tokens(text) + _PAGE_MARKER_TOKENS, repeated)


def _overlap(text: str, limit: int) -> int:
    """How many characters at the end of a text are sent again with what follows it.

    The last paragraph, or its last sentence where that is too long.
    """
    tail = text[-limit:]  # An eighth of the tokens, none of more than seven characters.
    for break_ in _BREAKS[:2]:
        ends = [found.end() for found in break_.finditer(tail) if tail[found.end() :].strip()]
        last = tail[ends[-1] :] if ends else text if tail == text else ""
        if last and estimate_tokens(last) <= limit * _OVERLAP_SHARE:
            return len(last)
    return 0


def _fitting(text: str, limit: int) -> int:
    """How many characters of the text make one piece."""
    room = max(limit - _PAGE_MARKER_TOKENS, 1)
    tokens = estimate_tokens(text)
    length = len(text)
    while tokens > room and length > 1:
        length = _cut_before(text, max(1, min(length - 1, int(length * room / tokens * _SLACK))))
        tokens = estimate_tokens(text[:length])
    return length


def _cut_before(text: str, limit: int) -> int:
    """The last good place to cut in the second half of `limit` characters."""
    for good in _BREAKS:
        ends = [found.end() for found in good.finditer(text, limit // 2, limit)]
        if ends:
            return ends[-1]
    return limit
