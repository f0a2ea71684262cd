"""PDFs whose fonts number, name or place their letters in ways of their own."""

from __future__ import annotations

from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfbase.ttfonts import TTFontFile

from tests.hostile_files import one_page, stream

ACCENTS = "`´¨˜ˆ¸"
WIN_ANSI = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"


def escaped(text: bytes) -> bytes:
    for sign in (b"\\", b"(", b")"):
        text = text.replace(sign, b"\\" + sign)
    return text.replace(b"\r", b"\\r").replace(b"\n", b"\\n")


def printed(*lines: str | bytes, font: bytes = WIN_ANSI, leading: int = 14) -> bytes:
    """One page with these lines; the bytes of a line are numbers in the font."""
    content = b"".join(
        b"BT /F1 12 Tf 72 %d Td (%s) Tj ET\n"
        % (700 - leading * row, escaped(line.encode("cp1252") if isinstance(line, str) else line))
        for row, line in enumerate(lines)
    )
    return one_page(content, font=font)


def font_with_names(differences: str) -> bytes:
    """A font that calls its glyphs so: "1 /f_i /f_f_i"."""
    return (
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding << /Type /Encoding "
        b"/BaseEncoding /WinAnsiEncoding /Differences [%s] >> >>" % differences.encode()
    )


def font_without_names() -> tuple[bytes, bytes]:
    """A Type 3 font as dvips makes them: each glyph is a square, its name tells nothing."""
    numbers = [*range(1, 32), *range(33, 127)]
    names = b" ".join(b"%d /G%d" % (number, number) for number in numbers)
    square = b"<< /Length 34 >>\nstream\n500 0 0 0 400 700 d1 0 0 400 700 re f\nendstream"
    # The procedures are objects 6 and further, all the same one.
    procedures = b" ".join(b"/G%d 6 0 R" % number for number in numbers)
    return (
        b"<< /Type /Font /Subtype /Type3 /FontBBox [0 0 500 700] /FontMatrix [.001 0 0 .001 0 0] "
        b"/FirstChar 0 /LastChar 126 /Widths [%s] /Encoding << /Type /Encoding /Differences [%s] >>"
        b" /CharProcs << %s >> /Resources << >> >>" % (b"500 " * 127, names, procedures)
    ), square


def numbered(*lines: bytes) -> bytes:
    """A page in a font without names, in which a byte is all that is known of a letter."""
    font, square = font_without_names()
    content = b"".join(
        b"BT /F1 12 Tf 72 %d Td (%s) Tj ET\n" % (700 - 20 * row, escaped(line))
        for row, line in enumerate(lines)
    )
    return one_page(content, font=font, more=(square,))


def with_accents(*lines: str) -> bytes:
    """An accent in a line stands over the letter that follows it, as TeX draws it."""
    content = b""
    for row, line in enumerate(lines):
        x = 72.0
        for place, letter in enumerate(line):
            width = stringWidth(letter, "Helvetica", 12)
            over = letter in ACCENTS and line[place + 1 : place + 2].isalpha()
            shift = (stringWidth(line[place + 1], "Helvetica", 12) - width) / 2 if over else 0
            content += _at(x + shift, 700 - 20 * row, letter)
            x += 0 if over else width
    return one_page(content, font=WIN_ANSI)


def _at(x: float, y: float, letter: str) -> bytes:
    shown = escaped(letter.encode("cp1252"))
    return b"" if letter == " " else b"BT /F1 12 Tf %.2f %d Td (%s) Tj ET\n" % (x, y, shown)


def with_unmapped(letter: str, *lines: str) -> bytes:
    """Lines in an embedded font that says of all its glyphs but one which letters they are."""
    face = TTFontFile("Vera.ttf")
    glyph = face.charToGlyph
    content = b"".join(
        b"BT /F1 12 Tf 72 %d Td <%s> Tj ET\n"
        % (700 - 14 * row, "".join(f"{glyph[ord(char)]:04x}" for char in line).encode())
        for row, line in enumerate(lines)
    )
    known = sorted(set("".join(lines)) - {letter})
    pairs = "".join(f"<{glyph[ord(char)]:04x}> <{ord(char):04x}>\n" for char in known)
    widths = b" ".join(
        b"%d [%d]" % (glyph[ord(char)], face.charWidths[ord(char)]) for char in [*known, letter]
    )
    mapping = stream(
        b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n"
        b"/CMapName /Letters def /CMapType 2 def\n"
        b"1 begincodespacerange <0000> <ffff> endcodespacerange\n"
        b"%d beginbfchar\n%sendbfchar\nendcmap end end" % (len(known), pairs.encode())
    )
    return one_page(
        content,
        font=b"<< /Type /Font /Subtype /Type0 /BaseFont /Vera /Encoding /Identity-H "
        b"/DescendantFonts [6 0 R] /ToUnicode 8 0 R >>",
        more=(
            b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Vera /CIDToGIDMap /Identity "
            b"/W [%s] /FontDescriptor 7 0 R /CIDSystemInfo "
            b"<< /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> >>" % widths,
            b"<< /Type /FontDescriptor /FontName /Vera /Flags 4 /FontBBox [0 -236 1287 928] /Ascent"
            b" 928 /Descent -236 /ItalicAngle 0 /CapHeight 729 /StemV 87 /FontFile2 9 0 R >>",
            mapping,
            stream(face._ttf_data),
        ),
    )
