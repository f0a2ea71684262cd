"""Rubbish that passes for text: letters in an order that no language writes.

Fonts with arbitrary codes, glyph numbers taken for letters and encodings nobody guessed give clean
characters without sense. Only text in Latin letters is judged, as only its letter pairs are known.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence

from .common_pairs import PAIRS

SAMPLE = 2_000
SAMPLES = 5  # of a text file, from its beginning to its end
FEWEST_CHARACTERS = 150
FEWEST_IN_WORDS = 100  # letters
FEWEST_KINDS = 12  # of letters; numerals and grids have fewer
# Of letter pairs, among the usual ones of the language that fits best. None of 15,479 pages in 134
# locales has fewer; with the letters exchanged at random, 95 of 96 have, most of them half of it.
USUAL_SHARE = 0.4
_MOSTLY_ENOUGH = 0.6
WORDS_SHARE = 0.5  # of what is visible; tables, code and base64 have fewer plain words

_WORD = re.compile(r"[a-z]{2,20}")
_LETTER = re.compile(r"[^\W\d_]")
_OTHER_SCRIPT = re.compile(r"[^\u0000-\u024f\u02b0-\u02ff\u1e00-\u1eff](?<=[^\W\d_])")
_ACCENT = re.compile(r"[\u0300-\u036f]")
_SIGN = re.compile(r"[^\w\s]|_")
# Fills of drawings repeat a sign, and their lines are set apart by spaces.
_DOUBLED = re.compile(r"([^\w\s])\1| {2,}")
# Signs that writers of words and figures use; what is left are signs of code, drawings and rubbish.
_PLAIN_SIGNS = set(".,:;-‐–—/()[]'\"%+•·…’‘“”„«»&$€£°§")
_FOLDED = {"ı": "i", "ß": "ss", "ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe"}


def is_rubbish(text: str) -> bool:
    """Whether it is long enough to tell, in Latin letters, and neither language nor data."""
    sample = text[:SAMPLE]
    visible = len("".join(sample.split()))
    if visible < FEWEST_CHARACTERS:
        return False
    if _is_in_other_script(sample):
        return False
    folded = _without_accents(sample.lower())
    words = _plain_words(folded)
    if sum(map(len, words)) >= WORDS_SHARE * visible:
        return _are_no_words(words)
    return _is_sign_soup(sample, folded, visible)


def _plain_words(folded: str) -> list[str]:
    """Two to twenty plain letters between blanks, with nothing but signs around them."""
    # As the expression [^\w\s] has it, which takes three times as long.
    signs = "".join(each for each in set(folded) if not (each.isalnum() or each in "_ \n"))
    bare = [token.strip(signs) for token in folded.split()]
    return [word for word in bare if 2 <= len(word) <= 20 and word.isascii() and word.isalpha()]


def _is_in_other_script(sample: str) -> bool:
    """Whether more than a fifth of the letters are not Latin ones."""
    if sample.isascii() or not _OTHER_SCRIPT.search(sample):
        return False
    counts = Counter(sample)
    letters = {letter: count for letter, count in counts.items() if _LETTER.match(letter)}
    others = sum(count for letter, count in letters.items() if _OTHER_SCRIPT.match(letter))
    return others > 0.2 * sum(letters.values())


def _without_accents(text: str) -> str:
    if text.isascii():
        return text
    for letter, plain in _FOLDED.items():
        text = text.replace(letter, plain)
    return _ACCENT.sub("", unicodedata.normalize("NFD", text))


def is_rubbish_throughout(texts: Sequence[str]) -> bool:
    """Whether all samples of a long text are, so that no sensible part is lost."""
    step = max(1, len(texts) // SAMPLES)
    return all(map(is_rubbish, texts[::step]))


def _are_no_words(words: list[str]) -> bool:
    lengths = Counter(map(len, words))
    # Codes and sequences come in groups of one length, or of few letters.
    if lengths.most_common(1)[0][1] > 0.5 * len(words) or len(lengths) < 4:
        return False
    joined = "".join(words)
    if len(joined) < FEWEST_IN_WORDS or len(set(joined)) < FEWEST_KINDS:
        return False
    return not _are_usual(words)


def _are_usual(words: list[str]) -> bool:
    """Whether enough of the letter pairs are usual ones, in the language that fits best."""
    joined = " ".join(words).encode("ascii")
    total = max(1, sum(map(len, words)) - len(words))
    # In nearly all texts a part of them holds as many as are asked for.
    part = int(_MOSTLY_ENOUGH * len(joined))
    return any(_hold_usual(letters, total) for letters in (joined[:part], joined))


def _hold_usual(letters: bytes, total: int) -> bool:
    pairs = Counter(_pairs(letters))
    pairs.update(_pairs(letters[1:]))
    # The first language that fits ends the search: most texts are done with one.
    return any(
        sum(map(pairs.__getitem__, known & pairs.keys())) / total >= USUAL_SHARE for known in _USUAL
    )


def _pairs(letters: bytes) -> memoryview[int]:
    """Each two letters as one number, which takes less time to count than strings."""
    return memoryview(letters)[: len(letters) // 2 * 2].cast("H")


_USUAL = [frozenset(_pairs("".join(known).encode("ascii"))) for known in PAIRS.values()]


def _is_sign_soup(sample: str, folded: str, visible: int) -> bool:
    """Letters, digits and many kinds of signs in any order, and hardly a word among them."""
    runs = [run for run in _WORD.findall(folded) if len(run) > 2]
    if sum(map(len, runs)) > 0.1 * visible and _are_usual(runs):
        return False
    signs = Counter(_SIGN.findall(sample))
    if len(_DOUBLED.findall(sample)) > 0.1 * signs.total() or _is_balanced(sample, visible):
        return False
    if len(set(sample)) < 2 * FEWEST_KINDS:
        return False
    often = sum(count >= 0.005 * visible for count in signs.values())
    odd = sum(count for sign, count in signs.items() if sign not in _PLAIN_SIGNS)
    is_odd = often >= 6 and odd >= 0.12 * visible
    return is_odd or (often >= 8 and signs.total() >= 0.25 * visible)


def _is_balanced(sample: str, visible: int) -> bool:
    """Whether it closes the brackets it opens, as code and formulas do."""
    brackets = [mark for mark in sample if mark in "()[]{}"]
    depth = unmatched = 0
    for bracket in brackets:
        depth += 1 if bracket in "([{" else -1
        if depth < 0:
            depth, unmatched = 0, unmatched + 1
    return len(brackets) > 0.04 * visible and depth + unmatched <= 0.05 * len(brackets) + 1
