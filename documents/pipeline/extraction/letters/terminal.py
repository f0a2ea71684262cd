"""What programs write for terminals and old printers: escape sequences, and letters struck twice.

Manual pages as nroff prints them have bold letters as N, backspace, N and underlined ones as _,
backspace, N; colors of logs are escape sequences of ECMA-48.
"""

from __future__ import annotations

import re

_SEQUENCE = re.compile(
    "\x1b(?:"
    r"\[[0-?]{0,100}[ -/]{0,10}[@-~]"  # control sequences: colors, the cursor
    "|\\][^\x07\x1b\n]{0,2000}(?:\x07|\x1b\\\\)"  # commands, such as the title of a window
    "|[()*+][0-9A-Za-z]"  # sets of characters
    ")"
)
# In the output of a terminal alone: elsewhere the sign is a letter that a font numbers so.
_SHORT = re.compile("\x1b[78=>cDEHMZ]")
# What nroff writes: most that is struck twice, and done at once.
_BOLD = re.compile("([^\n\f\b])(?:\b\\1)+")
_UNDERLINED = re.compile("_\b(?=[^\n\f\b])")
_STRUCK_TWICE = re.compile("[^\n\f]*\b[^\n\f]*")


def as_shown(text: str) -> str:
    """The text as a terminal or a printer shows it in the end; LF line ends."""
    if "\x1b" in text:
        found = _SEQUENCE.sub("", text)
        text = _SHORT.sub("", found) if found != text else text
    if "\b" not in text:
        return text
    return _STRUCK_TWICE.sub(_printed, _UNDERLINED.sub("", _BOLD.sub(r"\1", text)))


def _printed(line: re.Match[str]) -> str:
    cells: list[str] = []
    place = 0
    for sign in line.group():
        if sign == "\b":
            place = max(0, place - 1)
        elif place < len(cells):
            cells[place] = _over(cells[place], sign)
            place += 1
        else:
            cells.append(sign)
            place += 1
    return "".join(cells)


def _over(first: str, second: str) -> str:
    """What is read where one stands on the other: a letter, or what was written last."""
    is_decoration = second != " " and first.isalnum() and not second.isalnum()
    return first if is_decoration else second
