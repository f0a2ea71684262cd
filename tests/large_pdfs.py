"""PDFs of any size: pages with a sentence and a picture each, written piece by piece."""

from __future__ import annotations

import os
from pathlib import Path
from typing import BinaryIO

SENTENCE = "Page {number} says that Maria Lopez will send survey {number} to the insurer."
SIDE = 1000  # bytes in a row of a picture


def write(path: Path, *, pages: int, picture_bytes: int, before: bytes = b"") -> None:
    """One with so many pages, of which each picture has about so many bytes; gray, not packed."""
    rows = max(1, picture_bytes // SIDE)
    noise = os.urandom(SIDE * 64)
    with path.open("wb") as file:
        file.write(before)
        _Writer(file, len(before)).document(pages, rows, noise)


class _Writer:
    def __init__(self, file: BinaryIO, start: int) -> None:
        self._file = file
        self._start = start
        self._offsets: dict[int, int] = {}

    def document(self, pages: int, rows: int, noise: bytes) -> None:
        self._file.write(b"%PDF-1.7\n")
        self._object(1, b"<< /Type /Catalog /Pages 2 0 R >>")
        kids = b" ".join(b"%d 0 R" % (4 + 3 * page) for page in range(pages))
        self._object(2, b"<< /Type /Pages /Count %d /Kids [%b] >>" % (pages, kids))
        self._object(3, b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>")
        for page in range(pages):
            self._page(page, rows, noise)
        self._end()

    def _page(self, page: int, rows: int, noise: bytes) -> None:
        number = 4 + 3 * page
        resources = b"/Font << /F1 3 0 R >> /XObject << /Im1 %d 0 R >>" % (number + 2)
        self._object(
            number,
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents %d 0 R "
            b"/Resources << %b >> >>" % (number + 1, resources),
        )
        words = SENTENCE.format(number=page + 1).encode()
        drawn = b"BT /F1 12 Tf 72 720 Td (%b) Tj ET q 300 0 0 300 72 200 cm /Im1 Do Q" % words
        self._object(number + 1, b"<< /Length %d >>" % len(drawn), [drawn])
        entries = (
            b"<< /Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /DeviceGray "
            b"/BitsPerComponent 8 /Length %d >>" % (SIDE, rows, SIDE * rows)
        )
        whole, rest = divmod(rows, 64)
        self._object(number + 2, entries, [*[noise] * whole, noise[: SIDE * rest]])

    def _object(self, number: int, entries: bytes, stream: list[bytes] | None = None) -> None:
        self._offsets[number] = self._file.tell() - self._start
        self._file.write(b"%d 0 obj\n%b\n" % (number, entries))
        if stream is not None:
            self._file.write(b"stream\n")
            for piece in stream:
                self._file.write(piece)
            self._file.write(b"\nendstream\n")
        self._file.write(b"endobj\n")

    def _end(self) -> None:
        table = self._file.tell() - self._start
        count = len(self._offsets) + 1
        self._file.write(b"xref\n0 %d\n0000000000 65535 f \n" % count)
        for number in range(1, count):
            self._file.write(b"%010d 00000 n \n" % self._offsets[number])
        self._file.write(
            b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (count, table)
        )
