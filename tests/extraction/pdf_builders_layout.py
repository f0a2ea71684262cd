"""PDFs whose words and order are hard to read off: columns, tables, turned pages, forms."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from io import BytesIO

import pikepdf
from reportlab.pdfgen import canvas

from tests.hostile_files import CATALOG, FONT, ONE_PAGE, drawn, raw_pdf, stream

Text = tuple[float, float, str]  # x, y, words

LEFT = (
    "The committee reviewed the yearly",
    "report and",
    "approved the plan for the coming",
    "season without changes.",
)
RIGHT = (
    "The treasurer then explained the",
    "cost of the roof and",
    "asked all members to send their",
    "remarks by Friday.",
)
THIRD = (
    "Two guests from the harbor spoke",
    "about the new bridge, which",
    "will open in spring and carry",
    "the tram as well.",
)
TASKS = (
    ("Task", "Owner", "Due"),
    ("Call the bank", "Ana", "3 March"),
    ("Order the pump", "Ben", "9 March"),
    ("Test the form", "Carla", "12 March"),
    ("Pay the invoice", "Deepak", "20 March"),
)


def by_rows(
    *columns: Sequence[str], x: Sequence[float] = (50, 220, 390), leading: float = 14
) -> list[Text]:
    """The lines of columns as a careless writer draws them: row after row."""
    rows = max(len(column) for column in columns)
    return [
        (x[number], 700 - leading * row, column[row])
        for row in range(rows)
        for number, column in enumerate(columns)
        if row < len(column) and column[row]
    ]


def by_columns(
    *columns: Sequence[str], x: Sequence[float] = (50, 220, 390), leading: float = 14
) -> list[Text]:
    """The same lines, column after column."""
    return sorted(by_rows(*columns, x=x, leading=leading), key=lambda text: text[0])


def transposed(rows: Sequence[Sequence[str]]) -> list[list[str]]:
    return [list(column) for column in zip(*rows, strict=True)]


def texts(
    placed: Iterable[Text], *, size: float = 10, turned: int = 0, page_turned: int = 0
) -> bytes:
    """One page with these words; `turned` is the writing's direction, counterclockwise."""

    def draw(pdf: canvas.Canvas) -> None:
        pdf.saveState()
        if turned:
            pdf.translate(297, 421)
            pdf.rotate(turned)
            pdf.translate(-297, -421)
        pdf.setFont("Helvetica", size)
        for x, y, words in placed:
            pdf.drawString(x, y, words)
        pdf.restoreState()

    return _with_pages_turned(drawn(draw), page_turned)


def _with_pages_turned(data: bytes, degrees: int) -> bytes:
    out = BytesIO()
    with pikepdf.open(BytesIO(data)) as pdf:
        for page in pdf.pages:
            page.rotate(degrees, relative=False)
        pdf.save(out, deterministic_id=True)
    return out.getvalue()


def watermarked(placed: Sequence[Text]) -> bytes:
    def draw(pdf: canvas.Canvas) -> None:
        for x, y, words in placed[: len(placed) // 2]:
            pdf.drawString(x, y, words)
        pdf.saveState()
        pdf.translate(200, 500)
        pdf.rotate(45)
        pdf.setFillGray(0.8)
        pdf.setFont("Helvetica", 60)
        pdf.drawString(0, 0, "DRAFT COPY")
        pdf.restoreState()
        for x, y, words in placed[len(placed) // 2 :]:
            pdf.drawString(x, y, words)

    return drawn(draw)


def shifted_words(*lines: str, creator: bytes = b"groff version 1.22.4") -> bytes:
    """Words set apart by letter spacing, in a piece of two letters, as Ghostscript writes groff's.

    PDFium takes the spacing of a piece for what is usual between its letters.
    """
    content = b""
    for number, line in enumerate(lines):
        first, *words = line.split()
        content += b"BT /F1 10 Tf 60 %d Td (%s) Tj " % (780 - 12 * number, first[:-1].encode())
        last = first[-1]
        for word in words:
            content += b"2.9 Tc (%c%c) Tj 0 Tc [290 (%s)] TJ " % (
                ord(last),
                ord(word[0]),
                word[1:-1].encode(),
            )
            last = word[-1]
        content += b"(%c) Tj ET\n" % ord(last)
    objects = [CATALOG, ONE_PAGE, _page(b""), stream(content), FONT]
    return raw_pdf([*objects, b"<< /Creator (%s) >>" % creator], tail=b"/Info 6 0 R")


def _page(entries: bytes) -> bytes:
    return (
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] "
        b"/Resources << /Font << /F1 5 0 R >> >> /Contents 4 0 R %s >>" % entries
    )


def letters_apart(words: str, *, gap: int) -> bytes:
    """A heading whose letters are spaced out, above a line that is not."""
    content = b"BT /F1 14 Tf %d Tc 60 780 Td (%s) Tj ET\n" % (gap, words.encode())
    body = b"BT /F1 10 Tf 0 Tc 60 %d Td (An ordinary line of the report stands here.) Tj ET\n"
    lines = b"".join(body % (750 - 12 * row) for row in range(9))
    objects = [CATALOG, ONE_PAGE, _page(b""), stream(content + lines), FONT]
    return raw_pdf([*objects, b"<< /Creator (groff) >>"], tail=b"/Info 6 0 R")


# Forms.


def form(labels: Iterable[Text], *fields: bytes, appearances: Sequence[bytes] = ()) -> bytes:
    """A page with labels and widgets; their appearances are objects 6, 7, …, before the fields."""
    first = 6 + len(appearances)
    numbers = range(first, first + len(fields))
    listed = b" ".join(b"%d 0 R" % number for number in numbers)
    content = b"".join(
        b"BT /F1 10 Tf %d %d Td (%s) Tj ET\n" % (x, y, words.encode("latin-1"))
        for x, y, words in labels
    )
    catalog = (
        b"<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [%s] "
        b"/DR << /Font << /F1 5 0 R >> >> >> >>" % listed
    )
    page = _page(b"/Annots [%s]" % listed)
    return raw_pdf([catalog, ONE_PAGE, page, stream(content), FONT, *appearances, *fields])


def shown(*lines: str, width: int = 200, height: int = 20) -> bytes:
    """An appearance with these lines."""
    content = b"".join(
        b"BT /F1 10 Tf 2 %d Td (%s) Tj ET\n" % (height - 14 - 12 * row, line.encode("latin-1"))
        for row, line in enumerate(lines)
    )
    return stream(
        content,
        b"/Type /XObject /Subtype /Form /BBox [0 0 %d %d] "
        b"/Resources << /Font << /F1 5 0 R >> >>" % (width, height),
    )


def text_field(
    name: str,
    place: tuple[int, int],
    look: int,
    *,
    height: int = 20,
    flags: int = 4,
    kind: bytes = b"/Tx",
    value: bytes = b"unseen",
    more: bytes = b"",
) -> bytes:
    """A field 200 points wide, shown by the object `look`."""
    x, y = place
    return (
        b"<< /Type /Annot /Subtype /Widget /FT %s /T (%s) /V (%s) /F %d "
        b"/Rect [%d %d %d %d] /AP << /N %d 0 R >> %s >>"
        % (kind, name.encode(), value, flags, x, y, x + 200, y + height, look, more)
    )


def drawn_once(content: bytes) -> bytes:
    """The appearance of a box to tick."""
    return stream(content, b"/Type /XObject /Subtype /Form /BBox [0 0 12 12]")


def tick_box(
    name: str, place: tuple[int, int], *, on: bool, look: int, empty: int, radio: bool = False
) -> bytes:
    x, y = place
    state = b"/Yes" if on else b"/Off"
    return (
        b"<< /Type /Annot /Subtype /Widget /FT /Btn /T (%s) /V %s /AS %s /F 4 /Ff %d "
        b"/Rect [%d %d %d %d] /AP << /N << /Yes %d 0 R /Off %d 0 R >> >> >>"
        % (name.encode(), state, state, 32768 if radio else 0, x, y, x + 12, y + 12, look, empty)
    )


def with_note(rows: Sequence[Sequence[str]], note: str) -> bytes:
    """Rows of cells, and a note along the left edge, drawn letter by letter as browsers do."""

    def draw(pdf: canvas.Canvas) -> None:
        for number, row in enumerate(rows):
            for column, cell in enumerate(row):
                pdf.drawString(60 + 150 * column, 700 - 20 * number, cell)
        pdf.translate(40, 400)
        pdf.rotate(-90)
        x = 0.0
        for letter in note:
            pdf.drawString(x, 0, letter)
            x += pdf.stringWidth(letter)

    return drawn(draw)
