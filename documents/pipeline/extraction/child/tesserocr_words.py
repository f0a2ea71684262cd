"""Words of a picture by tesserocr, which is tesseract as a Python package (OCR)."""

from __future__ import annotations

import os
import sys

# Before the library is loaded, which asks once: the filter allows it no threads.
os.environ["OMP_THREAD_LIMIT"] = "1"

import tesserocr

from .limits import Message


def recognize(job: Message) -> None:
    """Read a picture (PGM) from standard input, and write what stands on it as TSV."""
    width, height, pixels = _picture(sys.stdin.buffer.read())
    with tesserocr.PyTessBaseAPI(
        path=job["tessdata"], lang=job["languages"], psm=job["layout"]
    ) as tesseract:
        tesseract.SetImageBytes(pixels, width, height, 1, width)
        tesseract.SetSourceResolution(job["resolution"])
        words = tesseract.GetTSVText(0)
    sys.stdout.buffer.write(words.encode("utf-8", "replace"))
    sys.stdout.buffer.flush()


def _picture(pgm: bytes) -> tuple[int, int, bytes]:
    kind, size, depth, pixels = pgm.split(b"\n", 3)
    width, height = map(int, size.split())
    if (kind, depth, len(pixels)) != (b"P5", b"255", width * height):
        raise ValueError("That is no gray picture")
    return width, height, pixels
