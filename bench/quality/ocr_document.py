"""Ten pages of a PDF as one scan: how right, how long and with how much memory they are read.

    python -m bench.quality.ocr_document FILE.pdf [first page]

The pages are drawn at 200 dots per inch and lie in a PDF as nothing but pictures; what PDFium
reads of the originals is the known text. The letters of a page are compared in its order, spaces
aside. Memory is sampled: that of this process beyond what it had before, and of all its children.
"""

from __future__ import annotations

import os
import re
import resource
import statistics
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pypdfium2 as pdfium
from rapidfuzz.distance import Levenshtein

from documents.pipeline.extraction import OcrOptions, ReadPage, read_document
from documents.pipeline.extraction.ocr import installed, languages_for
from tests.extraction.pdf_builders_ocr import of_pictures

PAGES = 10
SAMPLE_SECONDS = 0.02
NUMBER = re.compile(r"\d[\d.,]*\d")
RESIDENT = re.compile(r"VmRSS:\s+(\d+) kB")


def scanned(path: str, first: int) -> tuple[bytes, list[str]]:
    """The scan, and the text of each of its pages."""
    pdf = pdfium.PdfDocument(path)
    pages = [pdf[number] for number in range(first - 1, min(first - 1 + PAGES, len(pdf)))]
    pictures = [page.render(scale=200 / 72, grayscale=True).to_pil() for page in pages]
    texts = [page.get_textpage().get_text_range() for page in pages]
    # PDFium's sign for a hyphen at the end of a line.
    return of_pictures(*pictures), [text.replace("\ufffe", "-") for text in texts]


def resident(process: int) -> int:
    """Kilobytes; none where it has ended."""
    with suppress(OSError):
        found = RESIDENT.search(Path(f"/proc/{process}/status").read_text())
        return int(found[1]) if found else 0
    return 0


def children() -> list[int]:
    """Of all threads of this process; the sandbox lets none of them have children."""
    found: list[int] = []
    for task in Path("/proc/self/task").iterdir():
        with suppress(OSError):
            found += map(int, (task / "children").read_text().split())
    return found


@contextmanager
def sampled() -> Iterator[dict[str, int]]:
    """Peaks in kilobytes: of this process beyond its start, of a child, and of all together."""
    before = resident(os.getpid())
    peaks = {"own": 0, "child": 0, "together": 0}
    is_over = threading.Event()

    def sample() -> None:
        while not is_over.wait(SAMPLE_SECONDS):
            own, of_children = resident(os.getpid()) - before, list(map(resident, children()))
            peaks["own"] = max(peaks["own"], own)
            peaks["child"] = max([peaks["child"], *of_children])
            peaks["together"] = max(peaks["together"], own + sum(of_children))

    sampler = threading.Thread(target=sample)
    sampler.start()
    try:
        yield peaks
    finally:
        is_over.set()
        sampler.join()


def processor_seconds() -> float:
    """Of the children that have ended, and of this process."""
    used = map(resource.getrusage, (resource.RUSAGE_CHILDREN, resource.RUSAGE_SELF))
    return sum(each.ru_utime + each.ru_stime for each in used)


def errors(page: ReadPage, text: str) -> float:
    wanted, got = ("".join(each.split()) for each in (text, page.text))
    return Levenshtein.distance(wanted, got) / max(len(wanted), 1)


def numbers_right(page: ReadPage, text: str) -> float:
    numbers = NUMBER.findall(text)
    return sum(number in page.text for number in numbers) / max(len(numbers), 1)


def main() -> None:
    engine = installed()
    if engine is None or len(sys.argv) < 2:
        raise SystemExit(__doc__ if engine else "No text recognition (OCR) is installed.")
    scan, texts = scanned(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 1)
    load, began_at, used = os.getloadavg()[0], time.monotonic(), processor_seconds()
    with sampled() as peaks:
        reading = read_document(
            scan, "application/pdf", on_page=lambda done, total: None, ocr=OcrOptions()
        )
    seconds, used = time.monotonic() - began_at, processor_seconds() - used
    pairs = list(zip(reading.pages, texts, strict=True))
    wrong = [errors(*pair) for pair in pairs]
    print(
        f"{engine.described}, {', '.join(languages_for(engine, ()))}: {len(pairs)} pages, "
        f"{sum(map(len, texts))} characters, load {load:.1f} before\n"
        f"errors {statistics.mean(wrong):.4f} (worst page {max(wrong):.4f}), "
        f"numbers {statistics.mean(numbers_right(*pair) for pair in pairs if pair[1]):.3f}\n"
        f"{seconds:.1f} s, of processors {used:.1f} s; memory: own +{peaks['own'] / 1024:.0f} MB, "
        f"a child {peaks['child'] / 1024:.0f} MB, together +{peaks['together'] / 1024:.0f} MB"
    )


if __name__ == "__main__":
    main()
