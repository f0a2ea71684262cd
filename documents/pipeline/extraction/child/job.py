"""The child's errand: a file on standard input, one JSON line per page on standard output."""

from __future__ import annotations

import gc
import json
import os
import sys
from collections.abc import Iterable, Iterator
from importlib import import_module
from typing import Any

from . import confinement
from .confinement import Confinement
from .limits import Message

_READERS = {
    "pdfium": ("pdfium_pages", "read_pages"),
    "pdfminer": ("pdfminer_pages", "read_pages"),
    "glyph_names": ("glyph_names", "read_pages"),
    "render": ("render", "render_pages"),
    "picture": ("page_picture", "draw"),
    "letters": ("page_picture", "locate"),
    "tesseract": ("tesseract", "recognize"),
    "tesserocr": ("tesserocr_words", "recognize"),
}
_RECOGNIZERS = ("tesseract", "tesserocr")

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
    reader = _reader(job)
    _collect_only_what_is_new()
    os.nice(job.get("nice", 0))
    held = _confinement(job).enter()
    if job["engine"] in _RECOGNIZERS:
        reader(job)  # It says what it found by itself, or is another program now.
    else:
        _send_all([held._asdict()] if reader is None else reader(_content(job), job))
    # Tearing down the libraries takes time and can fail on a broken file; nothing is left to save.
    os._exit(0)


def _content(job: Message) -> Any:
    """The bytes, or the open file where they would be too many."""
    if "file" not in job:
        return sys.stdin.buffer.read()
    large_file = import_module(".large_file", __package__)
    return large_file.LargeFile(sys.stdin.fileno(), job["file"]["start"], job["file"]["size"])


def _reader(job: Message) -> Any:
    """The wanted engine, imported before the limits are drawn: it opens many files.

    None where the question is only what this machine's limits are.
    """
    if job["engine"] == "none":
        return None
    module, function = _READERS[job["engine"]]
    return getattr(import_module(f".{module}", __package__), function)


def _collect_only_what_is_new() -> None:
    """From here on, what documents leave behind; the engine itself stays to the end.

    A page may be 20,000 glyphs, none of which refers to another.
    """
    gc.freeze()
    gc.set_threshold(50_000)
    gc.enable()


def _confinement(job: Message) -> Confinement:
    return Confinement(
        memory=job["memory"],
        cpu_seconds=job["cpu_seconds"],
        readable=tuple(_readable(job)),
        may_exec=job["engine"] == "tesseract",
    )


def _readable(job: Message) -> Iterator[str]:
    """What the libraries open while they work: codecs, tables of characters, fonts."""
    yield from job.get("readable", ())
    if job["engine"] not in ("none", "tesseract"):
        # Not `sys.path`: a package installed for development leads to the project from there.
        yield from (*_python(), *_TABLES, *_FONTS)


def _python() -> Iterator[str]:
    """Folders of the standard library, which loads a codec when it is named."""
    yield os.path.dirname(os.__file__)
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    yield os.path.join(sys.base_exec_prefix, sys.platlibdir, version)
    # pdfminer.six opens a table of Chinese, Japanese or Korean when a document asks for it.
    if "pdfminer" in sys.modules:
        yield from sys.modules["pdfminer"].__path__


def _send_all(messages: Iterable[Message]) -> None:
    for message in messages:
        _send(message)
    _send({"end": True})


def _send(message: Message) -> None:
    line = json.dumps(message, ensure_ascii=False) + "\n"
    # `replace`: damaged fonts give lone surrogates, which UTF-8 cannot write.
    sys.stdout.buffer.write(line.encode("utf-8", "replace"))
    # At once: the parent tells progress, and what pdfminer.six sent counts even if it is killed.
    sys.stdout.buffer.flush()
