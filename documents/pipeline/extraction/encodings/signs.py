"""Punctuation and other signs beyond ASCII: what each costs a reading, by where it stands."""

from __future__ import annotations

import re
from collections import Counter

from .letter_pairs import MARKS

# Also an accent that stands on no letter.
_SIGN = re.compile(rf"[^\x00-\x7f\w{MARKS}]|[ªº]|(?![0-9])\d|(?<![^\W\d_])(?<![{MARKS}])[{MARKS}]")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_SPLITS_WORD = re.compile(r"(?<=[^\W\d_])[\[\]{}\\|~^@#$<>](?=[^\W\d_])")
_BOXES = re.compile(r"[\u2500-\u259f]")
_PLAIN = re.compile(r"[!-@\[-`{-~]")
_WIDE = re.compile(r"[\u3000-\u303f\uff00-\uff60]")

_OPENING = frozenset("„«‚‹“‘¿¡")
_CLOSING = frozenset("“”’‘»›…™®©")
_APOSTROPHES = frozenset("’´·\u00ad")
_DASHES = frozenset("–—•·\xa0…§†©®»«×÷¦■●→")
_AT_FIGURES = frozenset("€£¥°²³ªº±§×µ№\xa0¢‰")
_FRACTIONS = frozenset("½¼¾")

# In nats; a letter in its place costs two or three, one in a wrong place about eight.
_BROKEN = 16.0
_MISPLACED = 11.0
_IN_ITS_PLACE = 6.0
_IN_A_BOX = 5.0
_AMONG_IDEOGRAPHS = 4.0
_PLAIN_COST = 3.0


def cost(text: str) -> float:
    padded = f" {text} "
    places = (match.start() for match in _SIGN.finditer(padded, 1))
    around = Counter(padded[place - 1 : place + 2] for place in places)
    beyond_ascii = sum(count * _cost(*three) for three, count in around.items())
    controls = _BROKEN * len(_CONTROL.findall(text))
    plain = _PLAIN_COST * (len(_PLAIN.findall(text)) + 2 * len(_SPLITS_WORD.findall(text)))
    return beyond_ascii + controls + plain


def _cost(before: str, sign: str, after: str) -> float:
    if sign == "\ufffd" or sign < "\xa0" or "\ue000" <= sign <= "\uf8ff":
        return _BROKEN
    if _BOXES.match(sign):
        return _IN_A_BOX if _BOXES.match(before) or _BOXES.match(after) else _MISPLACED
    if _WIDE.match(sign):
        return _AMONG_IDEOGRAPHS if max(before, after) > "\u2fff" else _MISPLACED
    return _IN_ITS_PLACE if _stands_well(before, sign, after) else _MISPLACED


def _stands_well(before: str, sign: str, after: str) -> bool:
    opens, closes = not before.isalnum(), not after.isalnum()
    at_figure = before.isdigit() or after.isdigit()
    return (
        (sign in _OPENING and opens and not after.isspace())
        or (sign in _CLOSING and closes and not before.isspace())
        or (sign in _APOSTROPHES and not opens and not closes)
        or (sign in _DASHES and opens == closes)
        or (sign in _FRACTIONS and not before.isalpha() and not after.isalpha())
        or (sign in _AT_FIGURES and (at_figure or opens or closes))
    )
