"""The child's errand: bytes on standard input, one JSON line per page on standard output."""

from __future__ import annotations

import json
import os
import sys
from typing import Any

from . import confinement
from .limits import Message


def main() -> None:
    """Read one PDF and leave; the exit code is 0 only when the last line was sent."""
    job = json.loads(sys.argv[1])
    confinement.die_with(job["parent"])
    pages = _reader(job)
    confinement.apply(memory=job["memory"], cpu_seconds=job["cpu_seconds"])
    for message in pages(sys.stdin.buffer.read(), job):
        _send(message)
    _send({"end": True})
    # Tearing down the libraries takes time and can fail on a broken file; nothing is left to save.
    os._exit(0)


def _reader(job: Message) -> Any:
    """The wanted engine, imported before the limits are drawn: it opens many files."""
    if job["engine"] == "pdfium":
        from .pdfium_pages import read_pages as with_pdfium

        return with_pdfium
    from .pdfminer_pages import read_pages as with_pdfminer

    return with_pdfminer


def _send(message: Message) -> None:
    line = json.dumps(message, ensure_ascii=False) + "\n"
    # `replace`: damaged fonts give lone surrogates, which UTF-8 cannot write.
    sys.stdout.buffer.write(line.encode("utf-8", "replace"))
    # At once: the parent tells progress, and what pdfminer.six sent counts even if it is killed.
    sys.stdout.buffer.flush()
