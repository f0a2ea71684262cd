"""Which OCR engine this machine has: the program tesseract, or the package tesserocr."""

from __future__ import annotations

import functools
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from importlib import metadata
from pathlib import Path
from typing import Literal, NamedTuple

PATIENCE = 10.0  # seconds for the program to tell about itself
# Each more takes its time on every page, and may take letters of another for its own.
MOST_LANGUAGES = 3
ORIENTATION = "osd"  # no language: it tells which way up a page is

_LIBRARIES = ("/lib", "/lib64", "/usr/lib", "/usr/local/lib")
_TABLES = ("/usr/share/tesseract-ocr", "/usr/share/tessdata", "/usr/local/share/tessdata")


class Recognizer(NamedTuple):
    """An engine as it is installed; `readable` is what it opens while it works."""

    engine: Literal["tesseract", "tesserocr"]
    version: str
    languages: tuple[str, ...]
    tessdata: str = ""
    has_orientation: bool = False
    program: str = ""
    readable: tuple[str, ...] = ()

    @property
    def described(self) -> str:
        return f"{self.engine} {self.version}"


def languages_for(recognizer: Recognizer, wanted: Sequence[str]) -> tuple[str, ...]:
    """Those wanted that are there; where none is named: all if they are few, else English.

    Empty where nothing that is wanted is installed.
    """
    if wanted:
        return tuple(name for name in wanted if name in recognizer.languages)
    english_first = sorted(recognizer.languages, key=lambda name: (name != "eng", name))
    is_many = len(english_first) > MOST_LANGUAGES
    return tuple(english_first[:1] if is_many else english_first)


@functools.cache
def installed() -> Recognizer | None:
    """The engine of this machine, asked once; None where there is none."""
    return _program() or _package()


def _program() -> Recognizer | None:
    found = shutil.which("tesseract")
    if not found:
        return None
    program = os.path.realpath(found)
    version, listed = _asked(program, "--version"), _asked(program, "--list-langs")
    first, *names = listed.splitlines() or [""]
    if not version or not names:
        return None
    # Older versions do not say where the tables lie.
    place = re.search(r'in "(.+)"', first)
    tessdata = place[1] if place else os.environ.get("TESSDATA_PREFIX", "")
    return Recognizer(
        engine="tesseract",
        version=version.split()[1] if len(version.split()) > 1 else "",
        languages=_languages(names),
        tessdata=tessdata,
        has_orientation=ORIENTATION in names,
        program=program,
        readable=(program, *_libraries(program), *([tessdata] if tessdata else _TABLES)),
    )


def _asked(program: str, question: str) -> str:
    kept = {name: os.environ[name] for name in ("TESSDATA_PREFIX",) if name in os.environ}
    try:
        told = subprocess.run(
            [program, question], capture_output=True, timeout=PATIENCE, env=kept, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return told.stdout.decode("utf-8", "replace")


def _libraries(program: str) -> Sequence[str]:
    """The files that the loader of programs opens for it, or the folders where they may lie."""
    try:
        told = subprocess.run(["ldd", program], capture_output=True, timeout=PATIENCE, check=True)
    except (OSError, subprocess.SubprocessError):
        return (*_LIBRARIES, "/etc/ld.so.cache")
    files = re.findall(r"(/\S+) \(0x", told.stdout.decode("utf-8", "replace"))
    return (*files, "/etc/ld.so.cache") if files else (*_LIBRARIES, "/etc/ld.so.cache")


def _package() -> Recognizer | None:
    """The optional extra `ocr`; its tables come as packages, which lay them below the prefix."""
    if importlib.util.find_spec("tesserocr") is None:
        return None
    tessdata = Path(os.environ.get("TESSDATA_PREFIX") or Path(sys.prefix, "share", "tessdata"))
    names = [table.stem for table in tessdata.glob("*.traineddata")]
    if not _languages(names):
        return None
    return Recognizer(
        engine="tesserocr",
        version=metadata.version("tesserocr"),
        languages=_languages(names),
        tessdata=str(tessdata),
        has_orientation=ORIENTATION in names,
        readable=(str(tessdata),),
    )


def _languages(names: Sequence[str]) -> tuple[str, ...]:
    """Names that are languages; `equ` tells formulas, and neither is one to read a page in."""
    known = (name.strip() for name in names)
    return tuple(sorted(name for name in known if name and name not in (ORIENTATION, "equ")))
