"""Count the letter pairs by which extraction tells the languages of old encodings apart.

`python -m bench.quality.letter_pairs > …/extraction/encodings/letter_pairs.txt` counts in
the translations that come with Django and Django REST framework. They are under BSD licenses, and
are not what the detection is measured on.
"""

from __future__ import annotations

import gettext
import math
import re
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import django
import rest_framework

LETTERS = [
    "af", "az", "ca", "cs", "cy", "da", "de", "en", "eo", "es", "et", "eu", "fi", "fr", "ga",
    "gl", "hr", "hu", "id", "is", "it", "lt", "lv", "nb", "nl", "pl", "pt", "ro", "sk", "sl",
    "sq", "sr_Latn", "sv", "tr", "vi", "ru", "uk", "be", "bg", "mk", "sr", "el", "he", "ar",
    "fa", "th",
]  # fmt: skip
CHARACTERS = ["ja", "ko", "zh_Hans", "zh_Hant"]
_NO_WORDS = re.compile(
    r"%\(\w+\)[a-z]|%[-.\d*]*[a-z%]|\{[^}]*\}|<[^>]*>|&\w+;|https?://\S+|\\\w|[\w.]+\.\w+|\w+_\w+"
)
_WORD = re.compile(r"[^\W\d_]+(?:[\u0300-\u036f\u064b-\u0652\u0e31-\u0e4e][^\W\d_]*)*")
_BANDS = 15  # pairs rarer than one in 2 ** 15 were seen once or twice


def main() -> None:
    for language in LETTERS:
        pairs: Counter[str] = Counter()
        for word in _words(language):
            pairs.update(map("".join, zip(f"_{word}", f"{word}_", strict=True)))
        _print(language, pairs)
    for language in CHARACTERS:
        letters = (letter for word in _words(language) for letter in word)
        _print(language, Counter(letter for letter in letters if not letter.isascii()))


def _words(language: str) -> Iterator[str]:
    for text in _texts(language):
        plain = unicodedata.normalize("NFC", _NO_WORDS.sub(" ", text))
        yield from _WORD.findall(plain.replace("İ", "i").lower())


def _texts(language: str) -> Iterator[str]:
    folders = [Path(package.__path__[0]) for package in (django, rest_framework)]
    # English stands in every catalog, as what is translated.
    name, part = ("de", 0) if language == "en" else (language, 1)
    for folder in folders:
        for path in sorted(folder.glob(f"**/locale/{name}/LC_MESSAGES/*.mo")):
            with path.open("rb") as file:
                catalog = gettext.GNUTranslations(file)._catalog  # type: ignore[attr-defined]
            for message in catalog.items():
                key = message[0][0] if isinstance(message[0], tuple) else message[0]
                if key and key != message[1]:
                    yield (key, message[1])[part]


def _print(language: str, counts: Counter[str]) -> None:
    bands: dict[int, list[str]] = {}
    total = sum(counts.values())
    for unit, count in counts.items():
        band = round(-math.log2(count / total))
        if band <= _BANDS:
            bands.setdefault(band, []).append(unit)
    for band, units in sorted(bands.items()):
        sys.stdout.write(f"{language} {band} {''.join(sorted(units))}\n")


if __name__ == "__main__":
    main()
