"""Which of the old one- and two-byte encodings a text was written in: the likeliest reading."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from .likelihood import Likelihood

_SAMPLE = 3_000  # bytes
_GLANCE = 500
_HOPELESS = 50.0  # nats behind the best one after the glance
_AROUND = 60
_UNSURE = 3.0  # nats: the best reading is about twenty times as likely as the next

# How much rarer than the first of them, in nats; a tie goes to the one named earlier.
CANDIDATES = {
    "cp1252": 0.0, "cp1251": 0.0, "cp1250": 0.5, "cp1253": 0.5, "cp1256": 0.5, "cp1255": 0.5,
    "cp1257": 1.0, "cp1254": 1.0, "cp1258": 4.0, "cp874": 1.0,
    "gb18030": 0.5, "cp932": 0.5, "euc_jp": 3.0, "cp949": 0.5, "big5hkscs": 1.0,
    "iso8859_2": 1.0, "iso8859_15": 1.5, "iso8859_5": 2.0, "iso8859_7": 1.5, "iso8859_9": 1.5,
    "iso8859_6": 2.0, "iso8859_8": 2.0, "iso8859_13": 3.0, "iso8859_4": 4.0, "iso8859_3": 5.0,
    "iso8859_10": 5.0, "iso8859_14": 6.0, "iso8859_16": 4.0, "koi8_r": 1.0, "koi8_u": 1.5,
    "cp866": 2.0, "cp850": 4.0, "cp437": 5.0, "cp852": 4.0, "cp1125": 5.0, "cp737": 5.0,
    "cp775": 6.0, "cp857": 6.0, "cp862": 5.0, "cp855": 6.0, "cp865": 6.0,
    "mac_roman": 4.0, "mac_cyrillic": 4.0, "mac_latin2": 5.0, "mac_greek": 6.0,
    "mac_turkish": 6.0, "mac_croatian": 7.0, "mac_romanian": 7.0, "johab": 8.0,
}  # fmt: skip
_BEYOND_ASCII = re.compile(rb"[\x80-\xff]")
_ASCII = bytes(range(128))


@dataclass(frozen=True)
class Guess:
    """`is_unsure` where another reading, with other words, is about as likely."""

    encoding: str
    is_unsure: bool = False


def detect(data: bytes) -> Guess:
    """The likeliest encoding of a text that is not Unicode; always one that can be decoded."""
    sample = telling_sample(data)
    likelihood = Likelihood()
    ranked = _ranked(likelihood, sample[:_GLANCE], CANDIDATES)
    if len(sample) > _GLANCE:
        least = ranked[0][0]
        near = [encoding for cost, encoding in ranked if cost < least + _HOPELESS]
        ranked = _ranked(likelihood, sample, near)
    (least, best), rest = ranked[0], ranked[1:]
    words = _words(sample, best)
    close = (name for cost, name in rest if cost < least + _UNSURE)
    return Guess(best, any(_words(sample, name) != words for name in close))


def _ranked(
    likelihood: Likelihood, sample: bytes, encodings: Iterable[str]
) -> list[tuple[float, str]]:
    return sorted(
        (likelihood.cost(sample.decode(encoding, "replace")) + CANDIDATES[encoding], encoding)
        for encoding in encodings
    )


def _words(sample: bytes, encoding: str) -> list[str]:
    text = unicodedata.normalize("NFC", sample.decode(encoding, "replace"))
    return re.findall(r"[^\W\d_]+", text)


def telling_sample(data: bytes) -> bytes:
    """The first lines with bytes beyond ASCII, and a place for every byte they do not have."""
    pieces, length, place = [], 0, 0
    while length < _SAMPLE and (found := _BEYOND_ASCII.search(data, place)):
        near = max(place, found.start() - 200)
        start = max(near, data.rfind(b"\n", near, found.start()) + 1)
        line_end = data.find(b"\n", found.start(), found.start() + 1_000)
        place = line_end if line_end >= 0 else found.start() + 1_000
        piece = data[start:place]
        if piece not in pieces:
            pieces.append(piece)
        length += place - start
    seen = set(b"".join(pieces))
    rare = set(data[place:].translate(None, _ASCII)) - seen
    pieces.extend(_around(data, data.index(byte, place)) for byte in sorted(rare))
    return b"\n".join(pieces)


def _around(data: bytes, place: int) -> bytes:
    """Whole words, so that no piece begins inside a character of two bytes."""
    before = data[max(0, place - 4 * _AROUND) : place]
    start = max(before.rfind(b" ", 0, -_AROUND), before.rfind(b"\n")) + 1
    after = data[place : place + _AROUND]
    end = after.rfind(b" ")
    return before[start:] + (after if end < 0 else after[:end])
