"""Where in a page's text the quotes stand, cut so that each can be marked."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

MOST_PLACES = 20
_SPAN = re.compile(r"(\d{1,9})-(\d{1,9})", re.ASCII)


@dataclass(frozen=True)
class Segment:
    text: str
    is_quote: bool = False
    is_first: bool = False  # of the quotes; the page scrolls to it


def spans(asked: Iterable[str], text: str) -> list[tuple[int, int]]:
    """The places an address asks for, such as `120-188`; those outside the text are left out."""
    found = (_SPAN.fullmatch(each) for each in asked)
    pairs = [(int(match[1]), int(match[2])) for match in found if match]
    return [(start, end) for start, end in pairs if start < end <= len(text)]


def query(places: Iterable[tuple[int, int]]) -> str:
    """The query string that asks for these places, as far as one answer takes them."""
    return urlencode([("quote", f"{start}-{end}") for start, end in places][:MOST_PLACES])


def segments(text: str, places: Iterable[tuple[int, int]]) -> list[Segment]:
    """The whole text in order, quotes apart from the rest; places that meet become one."""
    cut: list[Segment] = []
    at = 0
    for start, end in _united(places):
        if at < start:
            cut.append(Segment(text[at:start]))
        cut.append(Segment(text[start:end], is_quote=True, is_first=len(cut) < 2))
        at = end
    if at < len(text):
        cut.append(Segment(text[at:]))
    return cut


def _united(places: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    united: list[tuple[int, int]] = []
    for start, end in sorted(places):
        if united and start <= united[-1][1]:
            united[-1] = (united[-1][0], max(end, united[-1][1]))
        else:
            united.append((start, end))
    return united
