"""The child turns into tesseract, with the picture on standard input (OCR)."""

from __future__ import annotations

import os

from .limits import Message


def recognize(job: Message) -> None:
    """Become the program; what it says of the picture, as TSV, is what this child says."""
    program, arguments = job["program"], job["arguments"]
    os.execve(program, [program, *arguments], _environment(job))  # noqa: S606


def _environment(job: Message) -> dict[str, str]:
    """One thread: the pages of a document are recognized beside each other already."""
    tables = {"TESSDATA_PREFIX": job["tessdata"]} if job["tessdata"] else {}
    return {"OMP_THREAD_LIMIT": "1", **tables}
