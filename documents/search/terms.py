"""Terms: words as they are indexed and asked for (tokenization, case and accent folding).

The same on every database, because neither parses text for itself: terms stand between spaces.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

LONGEST_TERM = 64  # characters; the rest of a longer one, such as a key in base64, is left out
SHORTEST_PREFIX = 3  # characters; shorter words are found whole only

# Marks that belong to the letter before them, and characters that nobody sees.
_MARKS = (
    "\u0300-\u036f\u0483-\u0489\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed"
    "\u0900-\u0963\u0966-\u0dff\u0e31-\u0e4e\u0eb1-\u0ecd\u0f18-\u0f87\u1000-\u109f\u1780-\u17dd"
    "\u1ab0-\u1aff\u1dc0-\u1dff\u200b-\u200d\u2060\u20d0-\u20ff\u3099\u309a\ufe00-\ufe0f"
    "\ufe20-\ufe2f\ufeff\u00ad"
)
_WORD = f"(?:[^\\W_]|[{_MARKS}])+"
# A word that is broken at the end of its line is found in one piece as well.
_RUN = re.compile(f"{_WORD}(?:[-\u2010][ \t]*\n[ \t]*{_WORD})?")
_BROKEN = re.compile(r"-[ \t]*\n")
_PLAIN = re.compile(r"[a-z0-9]+")
# Ideographs, kana, hangul and the scripts of South-East Asia, which put no spaces between words.
_SPACELESS = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u2fdf\u3005-\u3007\u3040-\u30ff\u3105-\u312f"
    "\u3131-\u318e\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7ff\uf900-\ufaff"
    "\U00020000-\U0003ffff"
)
_PIECE = re.compile(f"([{_SPACELESS}]+)|((?:(?![{_SPACELESS}])(?:[^\\W_]|[{_MARKS}]))+)")
_ACCENTS = re.compile(
    "[\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06dc"
    "\u200b-\u200d\u2060\ufe00-\ufe0f\ufeff\u00ad]+"
)
# Letters that Unicode does not take apart.
_ALIKE = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "ŧ": "t", "æ": "ae", "œ": "oe",
     "þ": "th"}
)  # fmt: skip
# "InvoiceMiller2026": names of files have no room for spaces.
_HUMPS = re.compile(r"(?<=[a-zà-ÿ])(?=[A-ZÀ-Þ])|(?<=[^\W\d_])(?=\d)|(?<=\d)(?=[^\W\d_])")


@dataclass(frozen=True)
class Term:
    """One of the terms that are asked for. A document has to have all of them."""

    text: str
    is_prefix: bool


def of_text(text: str) -> Iterator[str]:
    """The terms of a text in their order."""
    if is_plain(text):
        for word in _PLAIN.findall(text.lower()):
            yield word[:LONGEST_TERM]
        return
    for run in _RUN.findall(text):
        yield from of_run(run)


def is_plain(text: str) -> bool:
    """Whether its terms are its words in lower case, as they stand."""
    return text.isascii() and not _BROKEN.search(text)


def of_name(name: str) -> Iterator[str]:
    """The terms of a file's name, also those that stand there without a space between them."""
    yield from of_text(name)
    if (apart := _HUMPS.sub(" ", name)) != name:
        yield from of_text(apart)


def asked_for(words: str) -> list[Term]:
    """What a search asks for, each term once; empty where there is no letter and no digit."""
    found: dict[Term, None] = {}
    for run in _RUN.findall(words):
        for piece, is_spaceless in _pieces(run):
            found.update(dict.fromkeys(_asked(piece, is_spaceless=is_spaceless)))
    return list(found)


def _asked(piece: str, *, is_spaceless: bool) -> Iterator[Term]:
    if not is_spaceless:
        yield Term(piece[:LONGEST_TERM], len(piece) >= SHORTEST_PREFIX)
    elif len(piece) == 1:
        yield Term(piece, is_prefix=True)
    else:
        yield from (Term(piece[at : at + 2], is_prefix=False) for at in range(len(piece) - 1))


def runs(text: str) -> Iterator[re.Match[str]]:
    """What stands together in a text, for whoever has to know where."""
    return _RUN.finditer(text)


def pieces(run: re.Match[str]) -> Iterator[re.Match[str]]:
    """What stands together in a run and is of one kind of script, as it was read."""
    return _PIECE.finditer(run[0])


def is_spaceless(piece: str) -> bool:
    """Whether a piece is of a script that puts no spaces between words."""
    match = _PIECE.match(piece)
    return bool(match and match[1])


def of_run(run: str) -> tuple[str, ...]:
    """The terms of a run of letters and digits; several where scripts or lines change in it."""
    # Most words come again; a run without end must not be kept.
    return _of_short_run(run) if len(run) <= LONGEST_TERM else _cut(run)


def _cut(run: str) -> tuple[str, ...]:
    found: list[str] = []
    for piece, is_spaceless in _pieces(run):
        # Two letters at a time, and the last alone: a single one is asked for as a prefix.
        cut = [piece[at : at + 2] for at in range(len(piece))] if is_spaceless else [piece]
        found += (term[:LONGEST_TERM] for term in cut)
    return tuple(found)


_of_short_run = lru_cache(maxsize=20_000)(_cut)


def _pieces(run: str) -> Iterator[tuple[str, bool]]:
    """The folded parts of a run, and whether they are of a script without spaces."""
    lines = [_folded(line) for line in re.split("[-\u2010]\\s+", run)]
    whole = ["".join(lines)] if len(lines) > 1 else []
    for folded in lines + whole:
        for spaceless, spaced in _PIECE.findall(folded):
            yield spaceless or spaced, bool(spaceless)


def _folded(word: str) -> str:
    """Without case, accents and compatibility forms."""
    if word.isascii():
        return word.lower()
    plain = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", word).casefold())
    # Together again: the syllables of Korean come apart as well.
    return unicodedata.normalize("NFC", _ACCENTS.sub("", plain)).translate(_ALIKE)
