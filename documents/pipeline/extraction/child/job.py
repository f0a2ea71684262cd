"""The child's errand: bytes on standard input, one JSON line per page on standard output."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from . import confinement
from .confinement import Confinement
from .limits import Message

# Where pdfminer.six looks first, and where PDFium does; neither has other places.
_TABLES = ("/usr/share/pdfminer",)
_FONTS = (
    "/usr/share/fonts",
    "/usr/share/X11/fonts/Type1",
    "/usr/share/X11/fonts/TTF",
    "/usr/local/share/fonts",
)


def main() -> None:
    """Read one PDF and leave; the exit code is 0 only when the last line was sent."""
    job = json.loads(sys.argv[1])
    confinement.die_with(job["parent"])
    pages = _reader(job)
    held = _confinement(job).enter()
    for message in [held._asdict()] if pages is None else pages(sys.stdin.buffer.read(), job):
        _send(message)
    _send({"end": True})
    # Tearing down the libraries takes time and can fail on a broken file; nothing is left to save.
    os._exit(0)


def _reader(job: Message) -> Any:
    """The wanted engine, imported before the limits are drawn: it opens many files.

    None where the question is only what this machine's limits are.
    """
    if job["engine"] == "none":
        return None
    if job["engine"] == "pdfium":
        from .pdfium_pages import read_pages as with_pdfium

        return with_pdfium
    from .pdfminer_pages import read_pages as with_pdfminer

    return with_pdfminer


def _confinement(job: Message) -> Confinement:
    """Readable is what the libraries open while they work: codecs, tables of characters, fonts."""
    return Confinement(
        memory=job["memory"],
        cpu_seconds=job["cpu_seconds"],
        # Not `sys.path`: a package installed for development leads to the project from there.
        readable=() if job["engine"] == "none" else (*_python(), *_TABLES, *_FONTS),
    )


def _python() -> Iterator[str]:
    """Folders of the standard library, which loads a codec when it is named."""
    yield str(Path(os.__file__).parent)
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    yield str(Path(sys.base_exec_prefix, sys.platlibdir, version))
    # pdfminer.six opens a table of Chinese, Japanese or Korean when a document asks for it.
    if "pdfminer" in sys.modules:
        yield from sys.modules["pdfminer"].__path__


def _send(message: Message) -> None:
    line = json.dumps(message, ensure_ascii=False) + "\n"
    # `replace`: damaged fonts give lone surrogates, which UTF-8 cannot write.
    sys.stdout.buffer.write(line.encode("utf-8", "replace"))
    # At once: the parent tells progress, and what pdfminer.six sent counts even if it is killed.
    sys.stdout.buffer.flush()
