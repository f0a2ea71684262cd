"""How many guesses a password would take whoever tries what people choose first.

Django's list of 20,000 common passwords holds 190 with twelve characters; what people make of
the others by rules (doubled, a year behind it, a row of the keyboard) stands in none. So a
password is split into the cheapest pieces that make it up, as zxcvbn does (Wheeler, USENIX
Security 2016), with Django's list for a dictionary.
"""

from __future__ import annotations

import functools
import gzip
import math
import re
from collections.abc import Collection, Iterator
from itertools import pairwise
from pathlib import Path

from django.contrib.auth import password_validation

LONGEST = 40  # characters that are looked at; more of them make no password easier
LONGEST_WORD = 24
SHORTEST_PIECE = 3
# Bits that one piece costs a guesser.
KNOWN, REPEATED, SEQUENCE, WALK, YEAR = 1.0, 2.0, 3.0, 4.0, 6.0
SWAPPED, REVERSED, WOVEN = 2.0, 2.0, 3.0
DIGIT, LETTER, MARK, SYMBOL, OTHER = 3.3, 4.7, 2.0, 4.5, 6.0

LEET = str.maketrans("@4301!$57", "aaeoiisst")
KEYBOARDS = (
    ("1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm"),
    ("789", "456", "123"),
)
# Too short or too plain for a list of passwords, but people put them together.
EVERYDAY = str.split(
    """
    the is my this new old one you and your for login account access user guest demo default temp
    temporary company office work home change name word pass january february march april may june
    july august september october november december monday tuesday wednesday thursday friday
    saturday sunday spring summer autumn winter
    """
)
YEARS = re.compile(r"(19|20)\d\d")


def bits(password: str, known: Collection[str] = ()) -> float:
    """The binary logarithm of the guesses; `known` are words that belong to person or service."""
    given = password[:LONGEST]
    text = "".join(character.lower()[:1] for character in given)
    woven = _cheapest(text[::2], known) + _cheapest(text[1::2], known) + WOVEN
    return min(_cheapest(text, known), woven) + _capitals(given)


def _capitals(text: str) -> float:
    capitals = sum(character.isupper() for character in text)
    if text.isupper() or (capitals == 1 and text[:1].isupper()):
        return 1.0
    return min(float(capitals), 5.0)


def _cheapest(text: str, known: Collection[str]) -> float:
    """Of all ways to split the text into pieces, what the cheapest costs."""
    costs = [0.0] + [math.inf] * len(text)
    for start, character in enumerate(text):
        costs[start + 1] = min(costs[start + 1], costs[start] + _single(character))
        for end in range(start + SHORTEST_PIECE, len(text) + 1):
            piece = text[start:end]
            cost = min(_pieces(piece, text[:start], known), default=math.inf)
            costs[end] = min(costs[end], costs[start] + cost)
    return costs[-1]


def _single(character: str) -> float:
    if character.isdigit():
        return DIGIT
    if character in "!.-_ ":
        return MARK
    if character.isascii():
        return LETTER if character.isalpha() else SYMBOL
    return OTHER


def _pieces(piece: str, before: str, known: Collection[str]) -> Iterator[float]:
    """What the piece costs as each of the things it can be taken for."""
    if piece in before:
        yield REPEATED
    if _is_sequence(piece):
        yield SEQUENCE
    elif _is_walk(piece):
        yield WALK
    if YEARS.fullmatch(piece):
        yield YEAR
    if len(piece) <= LONGEST_WORD:
        plain = piece.translate(LEET)
        yield from _words(piece, known)
        yield from (cost + REVERSED for cost in _words(piece[::-1], known))
        if plain != piece:
            yield from (cost + SWAPPED for cost in _words(plain, known))


def _words(word: str, known: Collection[str]) -> Iterator[float]:
    if word in known:
        yield KNOWN
    if word in _ranks():
        yield math.log2(_ranks()[word] + 2)


def _is_sequence(piece: str) -> bool:
    """`aaa`, `123`, `cba`, `2468`: the same step each time, as far as two."""
    steps = {ord(after) - ord(before) for before, after in pairwise(piece)}
    return len(steps) == 1 and abs(steps.pop()) <= 2


def _is_walk(piece: str) -> bool:
    """`qwe`, `1qaz`, `147`: straight over a keyboard, in either direction."""
    return any(piece in line or piece[::-1] in line for line in _lines())


@functools.cache
def _lines() -> tuple[str, ...]:
    """Rows of the keyboards, and what stands in them one below the other."""
    lines: list[str] = []
    for rows in KEYBOARDS:
        width = max(map(len, rows))
        slanted = [row.ljust(width + len(rows)) for row in rows]
        columns = ["".join(row[place] for row in slanted) for place in range(width)]
        leaning = [
            "".join(row[place - down] for down, row in enumerate(slanted) if place >= down)
            for place in range(width + len(rows))
        ]
        lines += [*rows, *(column.strip() for column in (*columns, *leaning))]
    return tuple(line for line in lines if len(line) >= SHORTEST_PIECE)


@functools.cache
def _ranks() -> dict[str, int]:
    """Words by how common they are as passwords; the most common is 0."""
    path = Path(password_validation.__file__).parent / "common-passwords.txt.gz"
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        ranks = {word.strip(): rank for rank, word in enumerate(lines)}
    return ranks | {word: min(ranks.get(word, 500), 500) for word in EVERYDAY}
