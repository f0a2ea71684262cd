"""Glyphs without a letter: what PDFium could not map to Unicode is marked, not handed on as text.

For such a glyph PDFium gives its number in the font: a control code, which whoever cleans text
deletes, or a letter that is not on the page. A mark is a character of plane 15 with that number;
the parent asks for a better letter or says that one is missing. Not noticed: the number 0.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from ctypes import c_ushort
from itertools import chain, islice, repeat
from typing import Any

from . import accents
from . import pdfium as raw
from .accents import Character

MARKS = 0xF0000
HYPHEN = "\x02"  # PDFium's own mark, at a line's end, with the rest of the word behind it
_SAMPLE = 32  # one character in so many is asked whether it has a letter
_MOST_RARE = 500  # kinds of characters
_MAX_CHARACTERS = 50_000
_MOST_GUESSES = 0.2
_LOOK_AHEAD = 2_000
_MOST_MISSES = 50

_CONTROLS = re.compile("[\x00\x01\x03-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_CODES = re.compile(f"{_CONTROLS.pattern}|\r(?!\n)|(?<!\r)\n")
_MARKED_OR_SOFT = re.compile("[\xad\U000f0000-\U000f009f]")
MARKED = re.compile("[\U000f0000-\U000fffff]")
_SPACES = {chr(MARKS + code) for code in b"\t\n\v\f\r"}
# A capital, digit or sign inside a word is where a ligature of an unknown name shows.
# It stands first, so that the search passes over all other characters at once.
_ODD = re.compile("[^\\sa-z'’\x02-](?<=[a-z].)(?=[a-z])")


class Mending:
    """What the characters of a page become: marks for lost letters, accents on their letters."""

    def __init__(self, textpage: Any, text: str, everything: str) -> None:
        """`text` is that of the visible page, `everything` what `unbounded` gives."""
        self.everything = everything
        self._text = _with_codes_marked(text.replace("\ufffe", HYPHEN))
        self._characters: list[Character] = []
        self._edits: dict[int, str] = {}
        marked = _with_codes_marked(everything)
        has_accents = accents.ARE_LOOSE.search(self._text) is not None
        has_guesses = _has_guesses(textpage, marked)
        has_codes = _MARKED_OR_SOFT.search(self._text) or _has_false_hyphens(textpage, marked)
        if not (has_accents or has_guesses or has_codes) or len(marked) > _MAX_CHARACTERS:
            return
        self._characters = list(_characters(marked))
        self._edits = _edits(textpage, self._characters, has_guesses=has_guesses)
        if has_accents:
            self._edits |= accents.composed(textpage, self._characters)

    def write(self, letters: dict[int, str]) -> None:
        """Write characters, by their number in PDFium's list, in another way."""
        if not letters or len(self.everything) > _MAX_CHARACTERS:
            return
        self._characters = self._characters or list(
            _characters(_with_codes_marked(self.everything))
        )
        places = {character.number: place for place, character in enumerate(self._characters)}
        self._edits |= {places[number]: letter for number, letter in letters.items()}

    def text(self) -> str:
        """The text of the page in PDFium's order."""
        if not self._edits:
            return self._text
        return accents.closed_up(_applied(self._edits, self._characters, self._text))

    def characters(self) -> str:
        """One for each in PDFium's list; what is none is a line end without a line, U+000D.

        Text made of them wants to be `closed_up`.
        """
        out = list(self.everything.replace("\ufffe", HYPHEN).replace("\0", "\r"))
        for place, written in self._edits.items():
            out[self._characters[place].number] = written or "\r"
        return "".join(out)

    def closed_up(self, text: str) -> str:
        return accents.closed_up(text) if self._edits else text


def _with_codes_marked(text: str) -> str:
    # PDFium's own line ends come in pairs. Most pages are done with this,
    if text.replace("\r\n", "").isprintable():
        return text
    # and nearly all others with these counts.
    if not _CONTROLS.search(text) and text.count("\r") == text.count("\n") == text.count("\r\n"):
        return text
    return _CODES.sub(lambda found: chr(MARKS + ord(found.group())), text)


def bounded(textpage: Any, box: tuple[float, float, float, float]) -> str:
    """The text inside a box; to ask for its length first would have PDFium collect it twice."""
    left, bottom, right, top = box
    size, length = 0, textpage.count_chars() + 50
    while length >= size:
        size = 2 * length
        buffer = (c_ushort * size)()
        length = raw.FPDFText_GetBoundedText(textpage, left, top, right, bottom, buffer, size)
    # With a terminator, which counts.
    return bytes(buffer)[: 2 * max(0, length - 1)].decode("utf-16-le", "ignore")


def unbounded(textpage: Any) -> str:
    """All text of the page, wherever it stands, one character for each in PDFium's list."""
    count = textpage.count_chars()
    buffer = (c_ushort * (2 * count + 1))()
    raw.FPDFText_GetText(textpage, 0, count, buffer)
    text = bytes(buffer).decode("utf-16-le", "replace").rstrip("\x00")
    if len(text) == count:
        return text
    # Slower, but right where a character is none or takes two units of UTF-16.
    return "".join(_character(raw.FPDFText_GetUnicode(textpage, n)) for n in range(count))


def _character(code: int) -> str:
    return chr(code) if code < 0x110000 else "\0"


def _has_guesses(textpage: Any, everything: str) -> bool:
    """Whether PDFium has guessed letters by their number: asked of a sample, and where it shows.

    Beyond ASCII, numbers of glyphs make letters that are rare on the page: the first of each.
    """
    place = textpage.raw
    odd = (found.start() for found in islice(_ODD.finditer(everything), _SAMPLE))
    rare = (
        everything.index(char) for char in sorted(set(everything))[-_MOST_RARE:] if char > "\x7f"
    )
    sample = range(0, len(everything), _SAMPLE)
    return 1 in map(raw.FPDFText_HasUnicodeMapError, repeat(place), chain(sample, odd, rare))


def _is_unmapped(textpage: Any, index: int) -> bool:
    return bool(raw.FPDFText_HasUnicodeMapError(textpage, index) == 1)


def _has_false_hyphens(textpage: Any, everything: str) -> bool:
    """Whether a glyph with the number of PDFium's mark is among the hyphens."""
    places = (found.start() for found in re.finditer(HYPHEN, everything))
    return any(raw.FPDFText_IsHyphen(textpage, index) != 1 for index in places)


def _characters(everything: str) -> Iterator[Character]:
    """What has ink, in PDFium's order; line ends and spaces differ between its calls."""
    for index, text in enumerate(everything):
        if "\ud800" <= text <= "\udbff":
            pair = everything[index : index + 2].encode("utf-16-le", "surrogatepass")
            yield Character(index, pair.decode("utf-16-le", "replace")[:1])
        elif text not in " \r\n\0":
            yield Character(index, text)


def _edits(textpage: Any, characters: list[Character], *, has_guesses: bool) -> dict[int, str]:
    """By their place, what to write for characters that are not what they seem."""
    edits, guesses = {}, {}
    is_unmapped, page = raw.FPDFText_HasUnicodeMapError, textpage.raw
    for place, (index, text) in enumerate(characters):
        if text == HYPHEN or (text > "\x7f" and _MARKED_OR_SOFT.match(text)):
            edits[place] = _code(textpage, index, text)
        elif has_guesses and is_unmapped(page, index) == 1 and ord(text) < MARKS:
            guesses[place] = chr(MARKS + ord(text))
    # More of them, and the whole text is of numbers: marks would say nothing.
    return edits if len(guesses) > _MOST_GUESSES * len(characters) else edits | guesses


def _code(textpage: Any, index: int, text: str) -> str:
    """A control code or soft hyphen as the page shows it; a glyph without a letter stays marked."""
    if text == HYPHEN:
        return text if raw.FPDFText_IsHyphen(textpage, index) == 1 else chr(MARKS + 2)
    if text in _SPACES and not _is_unmapped(textpage, index):
        return " "
    if not accents.has_ink(textpage, index):
        return ""
    # Programs map the glyph of the hyphen to the soft one; what is drawn is seen.
    return "-" if text == "\xad" else text


def _applied(edits: dict[int, str], characters: list[Character], text: str) -> str:
    """The text with the edits; it has the same characters but for those beyond the page."""
    out, place, misses = list(text), 0, 0
    for at, character in enumerate(text):
        if character in " \r\n":
            continue
        found = _find(character, characters, place)
        if found is not None:
            out[at] = edits.get(found, character)
            place = found + 1
        elif (misses := misses + 1) > _MOST_MISSES:
            break
    return "".join(out)


def _find(character: str, characters: list[Character], place: int) -> int | None:
    """Nearly always it is the next one; what stands beyond the page is passed over."""
    ahead = range(place, min(len(characters), place + _LOOK_AHEAD))
    if ahead and characters[place].text == character:
        return place
    return next((near for near in ahead if characters[near].text == character), None)
