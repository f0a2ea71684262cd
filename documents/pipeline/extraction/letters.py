"""Lost letters: glyphs that their font does not name, read by other means or left as U+FFFD.

The child marks each with its number in the font (`child/glyphs.py`). Another engine may know the
letter, TeX's fonts have their ligatures at numbers of their own, and where nothing is known the
text says that a letter is missing instead of closing the gap.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from .characters import LOST

_FIRST_MARK = 0xF0000
_MARK = re.compile("[\U000f0000-\U000fffff]")
_SPACE = re.compile(r"\s+")
_CONTEXT = 8  # letters on each side by which the place is found in the other engine's text
_LONGEST = 4  # letters of one ligature
_MOST_BORROWED = 300  # on one page
_MOST_PLACES = 50
_LONGEST_PAGE = 30_000

# Numbers of TeX's two encodings, as far as they tell by their neighbors what they are.
_OT1 = dict(zip(b"\x0b\x0c\x0d\x0e\x0f", ("ff", "fi", "fl", "ffi", "ffl"), strict=True))
_T1 = dict(zip(b"\x1b\x1c\x1d\x1e\x1f", ("ff", "fi", "fl", "ffi", "ffl"), strict=True))
_T1_SIGNS = {0x10: "“", 0x11: "”", 0x12: "„", 0x13: "«", 0x14: "»", 0x15: "–", 0x16: "—"}
_OPENING, _CLOSING = "“„«", "”»"
_LIGATURES = _OT1 | _T1
_EXPANDED = {0xFB00 + place: text for place, text in enumerate(("ff", "fi", "fl", "ffi", "ffl"))}
_IN_WORD = re.compile(
    "(?:(?<=[A-Za-z]{2})|(?<=[A-Za-z])(?=.[A-Za-z])|(?=.[A-Za-z]{2})|(?<=\\bo))"
    "[\U000f0000-\U000fffff]"
)
_IN_TEXT_SHARE = 0.6  # of a number's places in the document; a formula's sign has fewer
_ENOUGH_FOR_SIGNS = 3


def are_missing(text: str) -> bool:
    """Whether the child marked glyphs whose letter it does not know."""
    return _MARK.search(text) is not None


def borrowed(text: str, other: str) -> str:
    """The text with those of its missing letters that another engine's text of the page has."""
    if len(other) > _LONGEST_PAGE:
        return text
    other = _SPACE.sub("", other.translate(_EXPANDED))
    marks = [found.start() for found in _MARK.finditer(text)][:_MOST_BORROWED]
    found = {place: _letter(text, place, other) for place in marks}
    known = _known(text, found)
    letters = list(text)
    for place in marks:
        letters[place] = found[place] or known.get(text[place], text[place])
    return "".join(letters)


def _known(text: str, found: dict[int, str]) -> dict[str, str]:
    """For a mark the letter that it stood for wherever that was found, at least twice."""
    answers: dict[str, list[str]] = {}
    for place, letter in found.items():
        if letter:
            answers.setdefault(text[place], []).append(letter)
    return {mark: all_[0] for mark, all_ in answers.items() if len(all_) > 1 == len(set(all_))}


def _letter(text: str, place: int, other: str) -> str:
    """What stands between the same neighbors there, or nothing where that is not certain."""
    before = _MARK.split(_bare(text[max(0, place - 2 * _CONTEXT) : place]))[-1]
    after = _MARK.split(_bare(text[place + 1 : place + 1 + 2 * _CONTEXT]))[0]
    if min(len(before), len(after)) < 2:
        return ""
    for length in (_CONTEXT, _CONTEXT // 2):
        left, right = before[-length:], after[:length]
        answers = {_between(at + len(left), right, other) for at in _places(left, other)} - {""}
        if answers:
            return answers.pop() if len(answers) == 1 else ""
    return ""


def _bare(text: str) -> str:
    return _SPACE.sub("", text.replace("\x02", "-"))


def _places(piece: str, text: str) -> Iterator[int]:
    """Where it stands; of what stands everywhere only the first places."""
    start = -1
    for _ in range(_MOST_PLACES):
        start = text.find(piece, start + 1)
        if start < 0:
            return
        yield start


def _between(start: int, after: str, other: str) -> str:
    for length in range(1, _LONGEST + 1):
        letters = other[start : start + length]
        if other.startswith(after, start + length) and letters.isprintable():
            return letters if length == 1 or letters.isalpha() else ""
    return ""


def settled(texts: Sequence[str]) -> list[str]:
    """The texts of a document's pages without marks: a letter for each, or U+FFFD."""
    if not any(map(are_missing, texts)):
        return list(texts)
    numbers = _numbers_in_words(texts)
    return [_MARK.sub(lambda found: _by_number(found, numbers), text) for text in texts]


def _numbers_in_words(texts: Sequence[str]) -> Counter[int]:
    """How often each number stands in a word; nothing where it stands alone more often."""
    total: Counter[str] = Counter()
    inside: Counter[str] = Counter()
    for text in texts:
        total.update(_MARK.findall(text))
        inside.update(_IN_WORD.findall(text))
    shares = {mark: count / total[mark] for mark, count in inside.items()}
    return Counter(
        {ord(m) - _FIRST_MARK: inside[m] for m, share in shares.items() if share > _IN_TEXT_SHARE}
    )


def _by_number(found: re.Match[str], numbers: Counter[int]) -> str:
    number = ord(found.group()) - _FIRST_MARK
    if number in numbers and number in _LIGATURES:
        return _LIGATURES[number]
    is_t1 = sum(numbers[ligature] for ligature in _T1) >= _ENOUGH_FOR_SIGNS
    if is_t1 and (sign := _T1_SIGNS.get(number)) and _fits(sign, found):
        return sign
    # PDFium's guess: fonts of scanners and of old TeX number their glyphs by ASCII, without names.
    return LOST if number < 0x20 or 0x7F <= number < 0xA0 else chr(number)


def _fits(sign: str, found: re.Match[str]) -> bool:
    """Whether its neighbors are those of a quotation mark or dash."""
    before = found.string[: found.start()][-1:]
    after = found.string[found.end() :][:1]
    if sign in _OPENING:
        return after.isalnum() and not before.isalnum()
    if sign in _CLOSING:
        return bool(before.strip()) and not after.isalnum()
    return bool(before) and bool(after)
