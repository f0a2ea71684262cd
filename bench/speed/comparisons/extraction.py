"""How fast PDF text is read: the sandbox with PDFium beside PDFium and pdfminer.six uncontained."""

from __future__ import annotations

import resource
import time
from collections.abc import Callable, Iterator
from io import BytesIO

import pypdfium2 as pdfium
from pdfminer.high_level import extract_text
from reportlab.pdfgen import canvas

from bench.speed.bench import Bench
from bench.speed.figures import Contender, Rounds, Row, Sample, at_least
from documents.pipeline.extraction import read_document

TITLE = "Extraction"
NOTES = """\
Generated reports of forty lines a page. ATOM reads each in a child process of its own that may open
no file and is killed when it takes too long, and looks for hidden text; the others read in the
process of the bench, with nothing to contain them. With one page the difference to PDFium is what
the child costs."""

ATOM, PDFIUM, PDFMINER = "ATOM", "PDFium, uncontained", "pdfminer.six, uncontained"
PAGES = (1, 10, 500)
LINE = "The quay wall was inspected on 12 March and needs repair before winter, says the report."


def compare(bench: Bench) -> Iterator[Row]:
    for pages in PAGES if bench.scale.repeats > 1 else PAGES[:2]:
        data = _generated(pages)
        for read in READERS.values():
            read(_generated(1))  # Imports and caches are not what is compared.
        contenders = {name: _reading(read, data) for name, read in READERS.items()}
        rounds = Rounds(contenders, bench.scale.repeats)
        what = f"PDF of {pages} page{'s' * (pages > 1)}"
        yield rounds.figure(what, "ms", "wall", ATOM, PDFIUM)
        yield rounds.figure(f"{what}: CPU", "ms", "cpu", ATOM, PDFIUM)
        aim = at_least(15) if pages == PAGES[-1] else None
        yield rounds.figure(f"{what}: pages a second", "pages/s", "rate", ATOM, PDFMINER, aim)


def _generated(pages: int) -> bytes:
    """A report with 40 lines on each page."""
    out = BytesIO()
    pdf = canvas.Canvas(out, pageCompression=1)
    for page in range(1, pages + 1):
        block = pdf.beginText(50, 800)
        block.setFont("Helvetica", 11)
        for line in range(40):
            block.textLine(f"{page}.{line} {LINE}")
        pdf.drawText(block)
        pdf.showPage()
    pdf.save()
    return out.getvalue()


def _reading(read: Callable[[bytes], None], data: bytes) -> Contender:
    pages = len(pdfium.PdfDocument(data))

    def run() -> Sample:
        wall, cpu = time.perf_counter(), _spent()
        read(data)
        seconds = time.perf_counter() - wall
        return {"wall": 1000 * seconds, "cpu": 1000 * (_spent() - cpu), "rate": pages / seconds}

    return run


def _spent() -> float:
    """CPU seconds of this process and of its children that have ended."""
    own, children = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def _in_the_sandbox(data: bytes) -> None:
    read_document(data, "application/pdf", on_page=lambda done, total: None)


def _by_pdfium_here(data: bytes) -> None:
    pdf = pdfium.PdfDocument(data)
    for index in range(len(pdf)):
        page = pdf[index]
        textpage = page.get_textpage()
        textpage.get_text_bounded()
        textpage.close()
        page.close()
    pdf.close()


def _by_pdfminer_here(data: bytes) -> None:
    extract_text(BytesIO(data))


READERS: dict[str, Callable[[bytes], None]] = {
    ATOM: _in_the_sandbox,
    PDFIUM: _by_pdfium_here,
    PDFMINER: _by_pdfminer_here,
}
