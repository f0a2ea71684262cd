"""Stamps on scans: pages with text that was put on a picture, whose own text nobody read.

What repeats on most pages (digits aside), has the shape of a stamp, or stands small in the margin
of a page that is one picture, does not count. Where hardly anything is left, the page is a scan.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from ..draft import FEW_CHARACTERS, SCAN_SHARE, Draft
from ..letters.characters import visible_characters
from .stamp_shapes import is_stamp

MOST_CHARACTERS = 300  # a page with more is no stamp; library covers stamp up to 200
MANY_OUTLINES = 120  # letters drawn as shapes: two lines of them
WHOLLY = 0.85
FEW_PAGES = 3  # what stands on fewer does not repeat
# On a picture that is every page's background, a few letters are the page's own.
FEWEST_CHARACTERS = 4

_NUMBERS = re.compile(r"\d+")
_SPACES = re.compile(r"\s+")


def mark(drafts: Sequence[Draft]) -> list[Draft]:
    """The drafts, with those that hold nothing but a stamp known as scans."""
    covered = [draft for draft in drafts if _is_candidate(draft)]
    if not covered:
        return list(drafts)
    repeated = _repeated(covered) | _repeated(drafts)
    grounds = _grounds(drafts, covered)
    stamped = {draft.number for draft in covered if _is_stamp_only(draft, repeated, grounds)}
    return [
        replace(draft, is_stamp_only=True) if draft.number in stamped else draft for draft in drafts
    ]


def _is_candidate(draft: Draft) -> bool:
    if draft.cover is None or draft.is_failed or not 0 < draft.visible <= MOST_CHARACTERS:
        return False
    # Recognized words were read from the picture: they are its text, however few.
    if draft.cover.is_recognized:
        return False
    return draft.image_share > SCAN_SHARE or draft.cover.outlines >= MANY_OUTLINES


def _masked(line: str) -> str:
    return _NUMBERS.sub("#", _SPACES.sub(" ", line).strip().casefold())


def _lines(draft: Draft) -> Iterable[str]:
    return filter(None, map(str.strip, draft.raw_text.splitlines()))


def _repeated(drafts: Sequence[Draft]) -> set[str]:
    """Lines, numbers aside, that stand on most of the pages."""
    counts: Counter[str] = Counter()
    for draft in drafts:
        counts.update({_masked(line) for line in _lines(draft)})
    least = max(FEW_PAGES, len(drafts) // 2 + 1)
    return {line for line, count in counts.items() if count >= least}


def _grounds(drafts: Sequence[Draft], covered: Sequence[Draft]) -> set[tuple[int, ...]]:
    """Pictures that are the background of many pages, as slides and letterheads have them."""
    counts = Counter(draft.cover.picture for draft in drafts if draft.cover)
    del counts[(0, 0, 0)]
    least = max(FEW_PAGES, len(covered) // 2 + 1)
    return {picture for picture, count in counts.items() if count >= least}


def _is_stamp_only(draft: Draft, repeated: set[str], grounds: set[tuple[int, ...]]) -> bool:
    lines = (line for line in _lines(draft) if _masked(line) not in repeated)
    own = sum(visible_characters(line) for line in lines if not is_stamp(line))
    if draft.cover is None or draft.cover.picture in grounds:
        return own < FEWEST_CHARACTERS
    is_wholly_covered = draft.image_share >= WHOLLY
    return own < FEW_CHARACTERS or (is_wholly_covered and draft.cover.prominent < FEW_CHARACTERS)
