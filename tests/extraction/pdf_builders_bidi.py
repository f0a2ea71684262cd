"""PDFs with lines that run from right to left, drawn as they stand on the page, from the left."""

from __future__ import annotations

from tests.extraction.pdf_builders_letters import escaped
from tests.hostile_files import one_page, stream

_FIRST = 33  # the number of the first letter in the font


def seen(*lines: str, together: str = "") -> bytes:
    """A page of these lines; `together` is what a last glyph of the first line is mapped to."""
    letters = sorted(set("".join(lines)) - {" "})
    number = {letter: _FIRST + place for place, letter in enumerate(letters)} | {" ": 32}
    shown = [bytes(number[letter] for letter in line) for line in lines]
    if together:
        shown[0] += bytes([_FIRST + len(letters)])
        letters.append(together)
    content = b"".join(
        b"BT /F1 12 Tf 72 %d Td (%s) Tj ET\n" % (700 - 14 * row, escaped(line))
        for row, line in enumerate(shown)
    )
    return one_page(content, font=_FONT, more=(_mapping(letters), _DESCRIPTION))


# Not one of the fonts whose widths programs know by heart.
_FONT = (
    b"<< /Type /Font /Subtype /TrueType /BaseFont /Letters /Encoding /WinAnsiEncoding /FirstChar 32"
    b" /LastChar 126 /Widths [300 %s] /FontDescriptor 7 0 R /ToUnicode 6 0 R >>" % (b"600 " * 94)
)
_DESCRIPTION = (
    b"<< /Type /FontDescriptor /FontName /Letters /Flags 32 /FontBBox [0 -200 600 800] "
    b"/Ascent 800 /Descent -200 /ItalicAngle 0 /CapHeight 700 /StemV 80 >>"
)


def _mapping(letters: list[str]) -> bytes:
    pairs = "".join(
        f"<{_FIRST + place:02x}> <{text.encode('utf-16-be').hex()}>\n"
        for place, text in enumerate(letters)
    )
    return stream(
        b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n"
        b"/CMapName /Letters def /CMapType 2 def\n"
        b"1 begincodespacerange <00> <ff> endcodespacerange\n"
        b"1 beginbfchar <20> <0020> endbfchar\n"
        b"%d beginbfchar\n%sendbfchar\nendcmap end end" % (len(letters), pairs.encode())
    )
