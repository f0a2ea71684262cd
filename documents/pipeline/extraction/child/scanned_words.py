"""Words recognized in a scan: believed where the picture shows ink in their place.

They stand unpainted, white, or in any color behind the picture. Where they stand on its blank
margin or under a bar, nobody sees what they say.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from . import pdfium as raw
from .grounds import Ground, covers
from .hidden_text import Found
from .looks import Look
from .page_objects import Box, area, around
from .suspects import Letters
from .text_paint import Text

_LEAST_CONTRAST = 24  # of 255, between ink and paper
_USUAL_SHARE = 0.35  # of the contrast of most words on the page: noise has less
_DARK = 100
_EDGE = 0.15  # of a word's height: a bar over it may leave some paper there
_AROUND = 2.0
_MOSTLY = 0.5


class _Word(NamedTuple):
    letters: Letters
    start: int
    end: int
    box: Box


def mark_seen(look: Look, found: Found) -> None:
    """Fill in which letters are seen of the suspects that lie below or in a picture."""
    everyone = [
        letters
        for letters in look.everyone
        if not any(letters.seen) and _is_in_picture(letters.text, found)
    ]
    if not _are_most(everyone, found):
        everyone = [letters for letters in everyone if letters.text.is_unpainted]
    words = [word for letters in everyone for word in _words_of(letters)]
    for word, is_seen in zip(words, _are_seen(words, look, found), strict=True):
        letters = word.letters
        letters.seen = letters.seen or [False] * len(letters.boxes)
        letters.seen[word.start : word.end] = [is_seen] * (word.end - word.start)


def _is_in_picture(text: Text, found: Found) -> bool:
    x, y = (text.box[0] + text.box[2]) / 2, (text.box[1] + text.box[3]) / 2
    return any(
        left <= x <= right and bottom <= y <= top
        for left, bottom, right, top in (picture.box for picture in found.pictures[:1_000])
    )


def _are_most(everyone: list[Letters], found: Found) -> bool:
    """Painted text under a picture is recognized only where it is what most of the page says."""
    covered = sum(letters.text.box[2] - letters.text.box[0] for letters in everyone)
    return covered >= _MOSTLY * sum(box[2] - box[0] for box in found.boxes)


def _words_of(letters: Letters) -> Iterator[_Word]:
    start = 0
    for end, box in enumerate([*letters.boxes, None]):
        if not box:
            if place := around([each for each in letters.boxes[start:end] if each]):
                yield _Word(letters, start, end, place)
            start = end + 1


def _are_seen(words: list[_Word], look: Look, found: Found) -> list[bool]:
    """By the ink in their own places, or around: not all recognizers say well where words are."""
    contrasts = [_contrast(look, word.box, -_EDGE) for word in words]
    usual = sorted(contrasts)[len(contrasts) * 3 // 4] if contrasts else 0
    least = max(_LEAST_CONTRAST, _USUAL_SHARE * usual)
    in_place = [contrast >= least for contrast in contrasts]
    near = [
        has_ink or _contrast(look, word.box, _AROUND) >= least
        for word, has_ink in zip(words, in_place, strict=True)
    ]
    if sum(near) < _MOSTLY * len(words):
        # Words of another picture, or one that PDFium cannot show, or one that shows nothing.
        return [_shows_something(look) or not _can_be_shown(found)] * len(words)
    return [
        has_ink or (is_near and not _is_painted_over(look, word.box, found))
        for word, has_ink, is_near in zip(words, in_place, near, strict=True)
    ]


def _contrast(look: Look, box: Box, margin: float) -> int:
    """Between ink and paper in the box, widened by so many times its height."""
    edge = margin * (box[3] - box[1])
    left, right = (box[0] - edge, box[2] + edge) if margin > 0 else (box[0], box[2])
    place = look.camera.pixels_of((left, box[1] - edge, right, box[3] + edge))
    return look.bare.contrast(place) if place else 0


def _is_painted_over(look: Look, box: Box, found: Found) -> bool:
    """Whether a bar without ink lies on the word, in the picture or drawn on it."""
    place = look.camera.pixels_of(box)
    if place and look.bare.darkest(place, _MOSTLY) < _DARK:
        return True
    pictures = {picture.order for picture in found.pictures}
    bars = (ground for ground in found.grounds.near(box) if ground.order not in pictures)
    return any(covers(ground, box, found.unit) for ground in bars if not _is_paper(ground, found))


def _is_paper(ground: Ground, found: Found) -> bool:
    return area(ground.box) > _MOSTLY * area(found.page)


def _shows_something(look: Look) -> bool:
    return look.bare.contrast((0, 0, look.camera.width, look.camera.height), 0) >= _LEAST_CONTRAST


def _can_be_shown(found: Found) -> bool:
    for picture in found.pictures[:100]:
        bitmap = raw.FPDFImageObj_GetBitmap(picture.handle)
        if bitmap:
            raw.FPDFBitmap_Destroy(bitmap)
            return True
    return False
