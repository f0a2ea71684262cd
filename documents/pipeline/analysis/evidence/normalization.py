"""Normalization: letters, digits and marks alone, each with its place in the page.

Ligatures, hyphenation, typographic quotes, dashes and line breaks differ between a page
and a copy of it without a word having changed; what is left here does not.
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from itertools import compress

_VARIATION_SELECTORS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")
# Ideographs, kana, hangul and the scripts of South-East Asia are written without spaces.
_SPACELESS = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u3040-\ud7ff"
                        "\uf900-\ufaff\U00020000-\U0003ffff]")  # fmt: skip
# Digits that compatibility makes plain ones: footnote marks, powers, fractions, numbers in circles.
_MARKS = "²³¹¼-¾⁰⁴-⁹₀-₉⅐-⅟↉①-⑳⒈-⒛⓪"
_BESIDE_MARK = re.compile(f"(?<=[0-9])(?=[{_MARKS}])|(?<=[{_MARKS}])(?=[0-9])")
_BROKEN_WORD = re.compile(r"(?<=\w)[-\u00ad\u2010]\s*\n\s*(?=\w)")
_SPACE_IN_NUMBER = re.compile(r"(?<=\d)\s+(?=\d)")
# Groups of three, one space apart: two spaces or a tab are the gap between two columns.
_GROUPS = re.compile(r"(?<![\d.,:/^])\d{1,3}(?:[ \n]\d{3})+(?:[.,]\d+)*(?!\d)")
_NUMBER = re.compile(r"\d+(?:[.,:/]\d+)*")
# A sign goes with the number behind it: "is -5", "(−5)", "−€5", "< 5"; not "3-5", "7 - 5", "A-5".
_MINUS = r"(?<![\w)\]%°²³'’\"/.=*+-])(?<!\d[ \u00a0])(?:[-−–](?=[$€£¥]?\d)|−[ \u00a0](?=\d))"
_BOUND = r"(?<![=<>-])(?:[<>]=?|[≤≥±])\s?(?=[-−–]?[$€£¥]?\d)"
_SIGNED = re.compile(rf"((?:{_BOUND})?(?:{_MINUS})?)[$€£¥]?(\d+(?:[.,:/]\d+)*)")
_SIGN_BEFORE = re.compile(r"[-−–<>≤≥±]=?\s?[-−–]?[$€£¥]?\d")
_SIGNS = str.maketrans({"−": "-", "–": "-", "≤": "<", "≥": ">", "=": "", " ": "", "\u00a0": ""})
_LEADING_SIGN = re.compile(r"(\A|\|)[\s$€£¥<>≤≥±−–=\"'“„«(\[-]+(?=\d)")
# At the start of a line it may be a bullet, or the mark of a quoted mail.
MAYBE = "?"
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
_NEGATIVE_WORDS = """
no not never none nor neither without cannot nobody nothing hardly ne pas jamais sans aucun aucune
rien ni nicht kein keine keinen keiner keinem nie niemals ohne nunca sin ningún ninguna non mai
senza nessun nessuna não nao sem nenhum bez żaden żadna niet geen nooit zonder не ни нет без
никогда inte ingen aldrig ikke ei
"""
_NEGATIONS = frozenset(_NEGATIVE_WORDS.split())


def is_wordlike(character: str) -> bool:
    """Whether it is a letter, a digit or a mark that changes one."""
    return unicodedata.category(character)[0] in "LNM" and not _VARIATION_SELECTORS.match(character)


def is_spaceless(character: str) -> bool:
    return bool(_SPACELESS.match(character))


def _fold_character(code: int) -> str:
    # Decomposing instead of composing keeps this a matter of single characters, which is
    # what the map back to the page needs; it makes the same texts equal as NFKC does.
    decomposed = unicodedata.normalize("NFKD", chr(code)).casefold()
    return "".join(filter(is_wordlike, unicodedata.normalize("NFKD", decomposed)))


class _Folds(dict[int, str]):
    def __missing__(self, code: int) -> str:
        self[code] = folded = _fold_character(code)
        return folded


class _Widths(dict[int, str]):
    def __missing__(self, code: int) -> str:
        self[code] = width = chr(len(_FOLDS[code]))
        return width


_FOLDS = _Folds()
_WIDTHS = _Widths()


def fold(text: str) -> str:
    """The text as it is compared."""
    return text.translate(_FOLDS)


def fold_with_offsets(text: str) -> tuple[str, array[int]]:
    """The text as it is compared, and for each of its characters the place it came from."""
    widths = text.translate(_WIDTHS).encode("latin-1")
    if max(widths, default=0) <= 1:
        return fold(text), array("I", compress(range(len(text)), widths))
    places = (place for place, width in enumerate(widths) for _ in range(width))
    return fold(text), array("I", places)


def weight(folded: str) -> int:
    """How much a folded text says, in letters; an ideograph counts as two."""
    return len(folded) + len(_SPACELESS.findall(folded))


def figures(text: str) -> list[str]:
    """The figures of a text glued over white space, to compare two copies of one passage.

    Folded texts have no white space either; what is left to see is 3.5 beside 35, 10² and -5.
    """
    plain = compatible(text)
    if not _SIGN_BEFORE.search(plain):
        return _NUMBER.findall(_SPACE_IN_NUMBER.sub("", plain))
    return _with_signs(_SPACE_IN_NUMBER.sub("", plain))


def copied_figures(quote: str) -> list[str]:
    """Those of a quote, whose first letter is where its place in the page begins."""
    return figures(_LEADING_SIGN.sub(r"\1", quote))


def are_same_figures(one: list[str], other: list[str]) -> bool:
    """Whether they agree; a sign that may be none need not."""
    return one == other or (len(one) == len(other) and all(map(_is_same_figure, one, other)))


def _is_same_figure(one: str, other: str) -> bool:
    if one == other:
        return True
    is_open = MAYBE in (one[0], other[0])
    return is_open and one.lstrip("?<>±-") == other.lstrip("?<>±-")


def signed_numbers(text: str) -> list[str]:
    """The numbers of a text with their signs: "-5", "<5"; "?-5" where it may be a bullet."""
    plain = with_whole_numbers(compatible(text))
    return _with_signs(plain) if _SIGN_BEFORE.search(plain) else _NUMBER.findall(plain)


def _with_signs(plain: str) -> list[str]:
    found = []
    for match in _SIGNED.finditer(plain):
        sign = match[1].translate(_SIGNS)
        begins_line = plain[: match.start()].rstrip(" \t").endswith("\n")
        found.append(f"{MAYBE if sign and begins_line else ''}{sign}{match[2]}")
    return found


def numbers(text: str) -> list[str]:
    """The numbers of a text in order; 3.5, 35 and 10² stay apart, 1 234 and 1234 do not."""
    return _NUMBER.findall(with_whole_numbers(compatible(text)))


def with_whole_numbers(text: str) -> str:
    """The text with each number that is written in groups of three as one."""
    return _GROUPS.sub(lambda groups: re.sub(r"\s", "", groups[0]), text)


def spaced_numbers(text: str) -> list[list[str]]:
    """The groups of each number that is written with spaces, which may be several after all."""
    return [groups[0].split() for groups in _GROUPS.finditer(compatible(text))]


def compatible(text: str) -> str:
    """The text by NFKC, but for digits of two kinds side by side: 10² does not become 102."""
    return unicodedata.normalize("NFKC", _BESIDE_MARK.sub("^", text))


def words(text: str) -> list[str]:
    """The words of a text, with those broken at a line's end put together again."""
    whole = _BROKEN_WORD.sub("", text)
    return _WORD.findall(compatible(whole).casefold().replace("’", "'"))


def negations(among: list[str]) -> int:
    return sum(
        word in _NEGATIONS or word.endswith("n't") or word.startswith("n'") for word in among
    )
