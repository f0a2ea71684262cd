"""Files of two encodings: UTF-8 beside lines or letters of an older one."""

from __future__ import annotations

import re

from . import Guess, detect, telling_sample
from .likelihood import Likelihood

# Of two or three bytes; one set of bytes first, so that the search passes over all others at once.
_UTF_8_LETTER = re.compile(rb"[\xc2-\xef](?=[\x80-\xbf])(?:(?<=[\xc2-\xdf])|[\x80-\xbf]{2})")
_SECOND_BYTES = bytes(range(0x80, 0xC0))
_WESTERN = {0xDC00 + byte: bytes([byte]).decode("cp1252", "replace") for byte in range(0x80, 0x100)}
# A file of one encoding is likelier than one of two.
_RARITY = 12.0


def decoded(data: bytes) -> tuple[str, str, bool] | None:
    """Text, encoding and whether that is unsure; None where one older encoding explains all.

    `data` is not valid UTF-8 as a whole.
    """
    # Cyrillic and Western letters mostly lie where UTF-8 has no second byte, which is told at once.
    has_second_bytes = len(data.translate(None, _SECOND_BYTES)) < len(data)
    if not (has_second_bytes and _UTF_8_LETTER.search(data)):
        return None
    valid, broken = _lines(data)
    sample, others = telling_sample(b"\n".join(valid)), telling_sample(b"\n".join(broken))
    likelihood, whole, rest = Likelihood(), detect(data), detect(others)
    by_line = likelihood.cost(sample.decode()) + _RARITY
    costs = {
        "whole": _cost(likelihood, sample + b"\n" + others, whole),
        "lines": by_line + _cost(likelihood, others, rest),
        "letters": by_line + likelihood.cost(_with_western_letters(others)),
        "marks": by_line + likelihood.cost(others.decode("utf-8", "replace")) - _RARITY,
    }
    return _as(min(costs, key=lambda name: costs[name]), data, rest)


def _cost(likelihood: Likelihood, data: bytes, guess: Guess) -> float:
    return likelihood.cost(data.decode(guess.encoding, "replace"))


def _lines(data: bytes) -> tuple[list[bytes], list[bytes]]:
    """Those beyond ASCII: the ones in valid UTF-8, and the others."""
    valid: list[bytes] = []
    broken: list[bytes] = []
    for line in data.splitlines():
        if not line.isascii():
            (valid if _is_utf_8(line) else broken).append(line)
    return valid, broken


def _is_utf_8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _as(reading: str, data: bytes, rest: Guess) -> tuple[str, str, bool] | None:
    if reading == "whole":
        return None
    if reading == "marks":
        return data.decode("utf-8", "replace"), "utf-8", False
    if reading == "letters":
        return _with_western_letters(data), "utf-8+cp1252", True
    lines = (
        line.decode("utf-8" if _is_utf_8(line) else rest.encoding, "replace")
        for line in data.splitlines(keepends=True)
    )
    return "".join(lines), f"utf-8+{rest.encoding}", rest.is_unsure


def _with_western_letters(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape").translate(_WESTERN)
