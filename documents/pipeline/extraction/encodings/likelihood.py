"""How likely one reading of some bytes is what somebody wrote: a sum of surprises, in nats.

Readings of the same bytes can be compared, whatever their scripts and lengths: each cost is the
negative logarithm of the probability of all of the text in its likeliest language.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from itertools import pairwise

from . import signs
from .letter_pairs import CHINESE_JAPANESE_KOREAN, MARKS, Language, languages

# A word of another language among those of the text's own; names mostly.
_FOREIGN_WORD = 4.0
_ODD_CASE = 5.0
_ODD_SCRIPTS = 10.0
_UNKNOWN_LETTER = 12.0

_WORD = re.compile(rf"[^\W\d_ªº]+(?:[{MARKS}]+[^\W\d_ªº]*)*")
_SCRIPTS = (
    ("latin", 0x0000, 0x024F),
    ("greek", 0x0370, 0x03FF),
    ("cyrillic", 0x0400, 0x052F),
    ("hebrew", 0x0590, 0x05FF),
    ("arabic", 0x0600, 0x06FF),
    ("thai", 0x0E00, 0x0E7F),
    ("latin", 0x1E00, 0x1EFF),
    ("asian", 0x3005, 0x30FF),
    ("asian", 0x3400, 0x9FFF),
    ("asian", 0xAC00, 0xD7A3),
)
_LANGUAGES = {
    "greek": ["el"],
    "cyrillic": ["ru", "uk", "be", "bg", "mk", "sr"],
    "hebrew": ["he"],
    "arabic": ["ar", "fa"],
    "thai": ["th"],
    "asian": sorted(CHINESE_JAPANESE_KOREAN),
}
# Romanian was written with cedillas for want of commas, and both are met.
_SAME = str.maketrans("şţŞŢ", "șțȘȚ")


class Likelihood:
    """Compares readings of the same bytes; it remembers the words that they share."""

    def __init__(self) -> None:
        self._known: dict[str, dict[str, float]] = {}
        others = {name for names in _LANGUAGES.values() for name in names}
        latin = [name for name in languages() if name not in others]
        self._languages: dict[str, list[Language]] = {
            script: [languages()[name] for name in names]
            for script, names in [("latin", latin), *_LANGUAGES.items()]
        }

    def cost(self, text: str) -> float:
        text = unicodedata.normalize("NFC", text)
        return self._words_cost(Counter(_WORD.findall(text))) + signs.cost(text)

    def _words_cost(self, words: Counter[str]) -> float:
        """In the language that fits best, in which single words may be of another one."""
        total = dict.fromkeys(languages(), 0.0)
        for word, count in words.items():
            costs = self._costs(word)
            elsewhere = min(costs.values()) + _FOREIGN_WORD
            for name in total:
                total[name] += count * min(costs.get(name, elsewhere), elsewhere)
        return min(total.values())

    def _costs(self, word: str) -> dict[str, float]:
        known = self._known.get(word)
        if known is None:
            known = self._known[word] = self._costs_of_new(word)
        return known

    def _costs_of_new(self, word: str) -> dict[str, float]:
        scripts = [_script(letter) for letter in word]
        lower = word.replace("İ", "i").translate(_SAME).lower()
        extra = _case_cost(word) + _ODD_SCRIPTS * sum(a != b for a, b in pairwise(scripts))
        costs = {
            language.name: language.cost(lower) + extra
            for script in sorted(set(scripts) & self._languages.keys())
            for language in self._languages[script]
        }
        return costs or {"": _UNKNOWN_LETTER * len(word) + extra}


def _script(letter: str) -> str:
    code = ord(letter)
    for name, first, last in _SCRIPTS:
        if first <= code <= last:
            return name
    return "latin" if unicodedata.combining(letter) else "none"


def _case_cost(word: str) -> float:
    """Capitals amid small letters are what a wrong reading makes of accents."""
    if word.isascii() or word.islower() or word.isupper() or word[1:].islower():
        return 0.0
    changes = sum(_changes_case(first, second) for first, second in pairwise(word[1:]))
    return _ODD_CASE * (changes + (word[0].islower() and word[1:2].isupper()))


def _changes_case(first: str, second: str) -> bool:
    have_case = all(letter.lower() != letter.upper() for letter in (first, second))
    return have_case and first.islower() != second.islower() and not (first + second).isascii()
