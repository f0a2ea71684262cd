"""Documents that look read and are not: stamped scans, and real pages that resemble them."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from PIL import Image, ImageDraw
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen import canvas

from tests.hostile_files import drawn

Draw = Callable[[canvas.Canvas], object]
PROSE = (
    "The harbor office inspected the quay wall in March and found that the lower courses of "
    "stone had moved. It recommends a survey by divers before the winter storms begin."
)


def picture(number: int) -> Image.Image:
    """A gray page with lines like writing, different for each number."""
    image = Image.new("L", (300, 424), 250)
    draw, random = ImageDraw.Draw(image), Random(number)
    for y in range(40, 380, 12):
        draw.line((40, y, random.randint(120, 260), y), fill=30, width=3)
    return image


def text_at(pdf: canvas.Canvas, x: float, y: float, *lines: str, size: float = 9) -> None:
    block = pdf.beginText(x, y)
    block.setFont("Helvetica", size)
    for line in lines:
        block.textLine(line)
    pdf.drawText(block)


def scanned(number: int, *stamp: str, y: float = 815, size: float = 9, x: float = 60) -> Draw:
    """A page that is one picture, with these lines printed over it."""

    def draw(pdf: canvas.Canvas) -> None:
        pdf.drawInlineImage(picture(number), 0, 0, *A4)
        text_at(pdf, x, y, *stamp, size=size)

    return draw


def recognized(number: int, *stamp: str) -> Draw:
    """The same with a recognized layer: few words, unpainted."""

    def draw(pdf: canvas.Canvas) -> None:
        scanned(number, *stamp)(pdf)
        block = pdf.beginText(60, 500)
        block.setFont("Helvetica", 12)
        block.setTextRenderMode(3)
        block.textLine("Chapter the First")
        pdf.drawText(block)

    return draw


def printed(*lines: str, size: float = 10, y: float = 780) -> Draw:
    return lambda pdf: text_at(pdf, 60, y, *lines, size=size)


def prose(lines: int = 12) -> list[str]:
    words = (PROSE + " ").split() * 20
    return [" ".join(words[at * 12 : at * 12 + 12]) for at in range(lines)]


def on_background(*lines: str, size: float = 11, footer: str = "") -> Draw:
    """Text over a picture that is the ground of every page, as letterheads and slides have."""

    def draw(pdf: canvas.Canvas) -> None:
        pdf.drawInlineImage(picture(0), 0, 0, *A4)
        text_at(pdf, 80, 560, *lines, size=size)
        text_at(pdf, 60, 20, footer, size=8)

    return draw


def outlined(number: int, *stamp: str, letters: int = 400) -> Draw:
    """Letters drawn as shapes, in rows, with these lines as real text at the foot."""

    def draw(pdf: canvas.Canvas) -> None:
        random = Random(number)
        for index in range(letters):
            _shape(pdf, 60 + index % 60 * 8, 760 - index // 60 * 14, random)
        text_at(pdf, 60, 20, *stamp)

    return draw


def _shape(pdf: canvas.Canvas, x: float, y: float, random: Random) -> None:
    path = pdf.beginPath()
    path.moveTo(x, y)
    for _ in range(8):
        path.lineTo(x + random.random() * 6, y + random.random() * 8)
    path.close()
    pdf.drawPath(path, stroke=0, fill=1)


def document(*pages: Draw) -> bytes:
    return drawn(*pages)
