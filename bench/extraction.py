"""How fast PDF text is read: the sandbox with PDFium against pdfminer.six alone, in one run.

    python bench/extraction.py [rounds]

Every round measures all contenders one after the other, so that a busy machine slows them all;
the figures are medians. pdfminer.six runs in this process, with nothing to contain it. With one
page, the last column is what the child costs; with more, also what looking for hidden text does.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pypdfium2 as pdfium
from pdfminer.high_level import extract_text
from reportlab.pdfgen import canvas

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from documents.pipeline.extraction import read_document

PAGES = (1, 50, 500)
LINE = "The quay wall was inspected on 12 March and needs repair before winter, says the report."


def generated(pages: int) -> bytes:
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


def in_the_sandbox(data: bytes) -> None:
    read_document(data, "application/pdf", on_page=lambda done, total: None)


def by_pdfium_here(data: bytes) -> None:
    pdf = pdfium.PdfDocument(data)
    for index in range(len(pdf)):
        page = pdf[index]
        textpage = page.get_textpage()
        textpage.get_text_bounded()
        textpage.close()
        page.close()
    pdf.close()


def by_pdfminer_here(data: bytes) -> None:
    extract_text(BytesIO(data))


CONTENDERS: list[Callable[[bytes], None]] = [in_the_sandbox, by_pdfium_here, by_pdfminer_here]


def seconds(contender: Callable[[bytes], None], data: bytes) -> float:
    began = time.perf_counter()
    contender(data)
    return time.perf_counter() - began


def medians(data: bytes, rounds: int) -> list[float]:
    for contender in CONTENDERS:
        contender(generated(1))  # Imports and caches are not what is compared.
    taken = [[seconds(contender, data) for contender in CONTENDERS] for _ in range(rounds)]
    return [statistics.median(column) for column in zip(*taken, strict=True)]


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    print(f"medians of {rounds} interleaved rounds, in seconds")
    print("pages   sandbox   pdfium here   pdfminer.six here   pdfminer/sandbox  over pdfium")
    for pages in PAGES:
        sandbox, bare, miner = medians(generated(pages), rounds if pages < 500 else min(rounds, 3))
        print(
            f"{pages:5d} {sandbox:9.3f} {bare:13.3f} {miner:19.3f} "
            f"{miner / sandbox:17.1f}x {(sandbox - bare) * 1000:8.0f} ms"
        )


if __name__ == "__main__":
    main()
