"""Language models of single letters: how surprising a word is in each of the languages.

The table was counted by `bench/quality/letter_pairs.py`. Costs are negative natural logarithms of
probabilities, so that those of independent words add up.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

CHINESE_JAPANESE_KOREAN = frozenset(["ja", "ko", "zh_Hans", "zh_Hant"])

# Accents and vowel signs, which stand in words without being letters; for a character class.
MARKS = "\u0300-\u036f\u0591-\u05c7\u064b-\u0652\u0670\u0e31-\u0e4e"

_UNSEEN_PAIR = 2.5  # on top of what the letter alone costs
_FOREIGN_LETTER = 12.0
_FOREIGN_ASCII = 8.0
_LONGEST_WORD = 24

# How the standards sort ideographs and syllables: the common ones come first.
# Codec, lead bytes of the common ones, share of text, how many; then all others.
_STANDARDS = {
    "ja": ("euc_jp", (0xB0, 0xCF), 0.15 / 2_965, 0.002 / 3_390),
    "zh_Hans": ("gb2312", (0xB0, 0xD7), 0.25 / 3_755, 0.004 / 3_008),
    "zh_Hant": ("big5", (0xA4, 0xC6), 0.25 / 5_401, 0.004 / 7_652),
    "ko": ("euc_kr", (0xB0, 0xC8), 0.20 / 2_350, 0.003 / 4_888),
}
_BEYOND_STANDARD = 1e-7


@dataclass(frozen=True)
class Language:
    """`pairs` and `letters` hold costs; of a pair, that of its second letter after the first."""

    name: str
    pairs: Mapping[str, float]
    letters: dict[str, float]

    def cost(self, word: str) -> float:
        """Of a lower-case word, without what stands around it."""
        if self.name in CHINESE_JAPANESE_KOREAN:
            return sum(self._character_cost(character) for character in word)
        total, before = 0.0, "_"
        for letter in f"{word[:_LONGEST_WORD]}_":
            found = self.pairs.get(before + letter)
            total += self._unseen_cost(letter) if found is None else found
            before = letter
        return total * max(1.0, len(word) / _LONGEST_WORD)

    def _unseen_cost(self, letter: str) -> float:
        known = self.letters.get(letter)
        if known is not None:
            return known + _UNSEEN_PAIR
        return _FOREIGN_ASCII if letter.isascii() else _FOREIGN_LETTER

    def _character_cost(self, character: str) -> float:
        known = self.letters.get(character)
        if known is None:
            known = self.letters[character] = _standard_cost(self.name, character)
        return known


def _standard_cost(language: str, character: str) -> float:
    codec, (first, last), common, rare = _STANDARDS[language]
    try:
        code = character.encode(codec)
    except UnicodeEncodeError:
        return -math.log(_BEYOND_STANDARD)
    return -math.log(common if first <= code[0] <= last else rare)


@cache
def languages() -> dict[str, Language]:
    table = Path(__file__).with_name("letter_pairs.txt").read_text(encoding="utf-8")
    bands: dict[str, dict[str, float]] = {}
    for line in table.splitlines():
        name, band, units = line.split(" ")
        size = 1 if name in CHINESE_JAPANESE_KOREAN else 2
        found = (units[start : start + size] for start in range(0, len(units), size))
        bands.setdefault(name, {}).update(dict.fromkeys(found, 2.0 ** -int(band)))
    return {name: _language(name, shares) for name, shares in bands.items()}


def _language(name: str, shares: Mapping[str, float]) -> Language:
    if name in CHINESE_JAPANESE_KOREAN:
        return Language(name, {}, {unit: -math.log(share) for unit, share in shares.items()})
    firsts: dict[str, float] = {}
    for pair, share in shares.items():
        firsts[pair[0]] = firsts.get(pair[0], 0.0) + share
    total = sum(firsts.values())
    pairs = {pair: -math.log(share / firsts[pair[0]]) for pair, share in shares.items()}
    return Language(name, pairs, {unit: -math.log(s / total) for unit, s in firsts.items()})
