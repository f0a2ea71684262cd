"""Scans: pages of text, drawn by PDFium and put into a PDF as nothing but pictures."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from io import BytesIO

import pypdfium2 as pdfium
from PIL import Image, ImageDraw, ImageOps
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen import canvas

A4 = (595, 842)
LINES = (
    "The harbor committee met on 12 March 2026 and approved 48,350 EUR",
    "for the repair of the quay wall. Maria Lopez must send the survey",
    "to the insurer by 20 March 2026. The next meeting is on 3 April.",
)


def printed(lines: Sequence[str] = LINES, *, font: str = "Times-Roman", gray: float = 0) -> bytes:
    """One page with these lines, as text."""
    out = BytesIO()
    pdf = canvas.Canvas(out, pagesize=A4)
    block = pdf.beginText(72, 720)
    block.setFont(font, 12, leading=18)
    block.setFillGray(gray)
    for line in lines:
        block.textLine(line)
    pdf.drawText(block)
    pdf.save()
    return out.getvalue()


def pictured(data: bytes, *, turned: float = 0, dots: int = 150) -> Image.Image:
    """The first page of a PDF as a picture, turned by these degrees."""
    pdf = pdfium.PdfDocument(data)
    picture = pdf[0].render(scale=dots / 72, grayscale=True).to_pil()
    pdf.close()
    return picture.rotate(turned, expand=abs(turned) > 45, fillcolor=255)


def of_pictures(*pictures: Image.Image, stamp: str = "") -> bytes:
    """A PDF whose pages are these pictures, with a printed stamp on each if there is one."""
    out = BytesIO()
    pdf = canvas.Canvas(out, pagesize=A4)
    for picture in pictures:
        pdf.drawImage(ImageReader(picture), 0, 0, *A4)
        if stamp:
            pdf.drawString(40, 30, stamp)
        pdf.showPage()
    pdf.save()
    return out.getvalue()


@functools.cache
def scan(count: int = 1) -> bytes:
    return of_pictures(*[pictured(printed()) for _ in range(count)])


def turned(degrees: float) -> bytes:
    return of_pictures(pictured(printed(LINES * 4), turned=degrees))


def mixed() -> bytes:
    """A page of text, a scan, and a page of text."""
    out = BytesIO()
    pdf = canvas.Canvas(out, pagesize=A4)
    for number in (1, 2, 3):
        if number == 2:
            pdf.drawImage(ImageReader(pictured(printed())), 0, 0, *A4)
        else:
            pdf.drawString(72, 700, f"This is page {number}, and it is printed as text.")
        pdf.showPage()
    pdf.save()
    return out.getvalue()


def photograph() -> Image.Image:
    """Light and shade without a letter in it."""
    picture = Image.new("L", (800, 1100), 200)
    draw = ImageDraw.Draw(picture)
    for step in range(80):
        draw.ellipse((step * 9, step * 7, 400 + step * 5, 500 + step * 4), fill=(step * 37) % 256)
    return picture


def foreign() -> Image.Image:
    """Signs that no engine here knows: letters seen in a mirror."""
    return ImageOps.mirror(pictured(printed(LINES * 4)))


ROWS = (
    ("Task", "Owner", "Due"),
    ("Send the survey to the insurer", "Maria Lopez", "20 March"),
    ("Order the new crane", "Sam Reed", "Friday"),
    ("Inspect the quay wall", "Ana Silva", "1 May"),
)


def table() -> Image.Image:
    """Cells between rulings."""
    out = BytesIO()
    pdf = canvas.Canvas(out, pagesize=A4)
    for row, cells in enumerate(ROWS):
        for left, cell in zip((72, 300, 440), cells, strict=True):
            pdf.drawString(left, 700 - 20 * row, cell)
    for row in range(len(ROWS) + 1):
        pdf.line(65, 715 - 20 * row, 520, 715 - 20 * row)
    for left in (65, 290, 430, 520):
        pdf.line(left, 715, left, 715 - 20 * len(ROWS))
    pdf.save()
    return pictured(out.getvalue(), dots=200)


def saved(form: str, *pictures: Image.Image) -> bytes:
    """A picture file, which in one form has pages."""
    out = BytesIO()
    options = {"save_all": True, "append_images": pictures[1:]} if pictures[1:] else {}
    pictures[0].save(out, form, **options)
    return out.getvalue()
