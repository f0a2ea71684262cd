"""Pictures of pages, drawn in one sandboxed child and recognized in another (OCR)."""

from __future__ import annotations

import binascii
import contextlib
import threading
import time
from base64 import b64decode
from typing import Any, NamedTuple

from .. import sandbox
from ..content import Content
from . import dates
from .recognizer import Recognizer
from .rows import in_rows, is_torn
from .words import Word, words_of, worth

SIDE = 4_500  # pixels of the longer side; A4 has 2,339 at 200 dots per inch
# A page takes a minute at most, in however many ways it is read; full ones take two to four.
RENDER_SECONDS = 20.0
SECONDS = 40.0
OUTPUT_BYTES = 10_000_000  # a page of a newspaper makes half a million
NICENESS = 5  # heartbeats and pages that people wait for go first

_CLOCK = time.monotonic
_DOTS_PER_INCH = 200
# How tesseract looks for text: columns and blocks; the same after it has asked which way is up;
# lines that go from margin to margin.
_AS_IT_LIES, _AS_IT_SHOULD_LIE, _IN_ROWS = 3, 1, 6
_SURE = 75  # percent; upright pages that are worse are rarely better turned


class Desk(NamedTuple):
    """An engine with the languages to use, and the event that ends its work."""

    recognizer: Recognizer
    languages: tuple[str, ...]
    stop: threading.Event


def drawn(data: Content, number: int, stop: threading.Event) -> bytes:
    """One page of a PDF as a gray picture (PGM); for a caller that has a core.

    Raises what `sandbox.run` does.
    """
    pictures: list[bytes] = []
    sandbox.run(
        {"engine": "render", "only": [number], "side": SIDE, "nice": NICENESS},
        data,
        seconds=RENDER_SECONDS,
        take=lambda message: pictures.append(_as_pgm(message)),
        stop=stop,
        has_core=True,
    )
    if len(pictures) != 1:
        raise sandbox.ChildCrashed("It sent another number of pictures")
    return pictures[0]


def _as_pgm(message: dict[str, Any]) -> bytes:
    match message:
        case {"width": int(width), "height": int(height), "pixels": str(encoded)} if (
            0 < width <= SIDE and 0 < height <= SIDE
        ):
            try:
                pixels = b64decode(encoded, validate=True)
            except (binascii.Error, ValueError):
                raise sandbox.ChildCrashed("It sent no picture") from None
            if len(pixels) == width * height:
                return b"P5\n%d %d\n255\n%b" % (width, height, pixels)
    raise sandbox.ChildCrashed("It sent no picture")


def words_on(picture: bytes, desk: Desk, page: int | None = None) -> list[Word]:
    """The words on a picture, turned if it lies on its side; for a caller that has a core.

    `page` is that of a file which holds many pictures, counted from 1. Raises what
    `sandbox.output_of` does.
    """
    until = _CLOCK() + SECONDS

    def read(layout: int) -> list[Word]:
        return _read(picture, desk, _job(desk, layout, page), max(1.0, until - _CLOCK()))

    words = read(_AS_IT_LIES)
    # What was read by then counts.
    with contextlib.suppress(sandbox.ChildTimedOut):
        if is_torn(words):
            # That way it may pass over lines of a page that lies askew.
            words = max(read(_IN_ROWS), words, key=worth)
        if not _is_sure(words) and desk.recognizer.has_orientation:
            words = max(words, read(_AS_IT_SHOULD_LIE), key=worth)
    return dates.whole(in_rows(words))


def tries_out(recognizer: Recognizer, languages: tuple[str, ...]) -> bool:
    """Whether it starts in its sandbox and reads white paper."""
    desk = Desk(recognizer, languages, threading.Event())
    try:
        with sandbox.free_core():
            paper = b"P5\n300 300\n255\n" + bytes([255]) * 90_000
            _read(paper, desk, _job(desk, _AS_IT_LIES, None), SECONDS)
    except (OSError, sandbox.ChildCrashed, sandbox.ChildTimedOut):
        return False
    return True


def _is_sure(words: list[Word]) -> bool:
    return bool(words) and sum(word.confidence for word in words) >= _SURE * len(words)


def _read(picture: bytes, desk: Desk, job: dict[str, Any], seconds: float) -> list[Word]:
    return words_of(
        sandbox.output_of(job, picture, seconds=seconds, at_most=OUTPUT_BYTES, stop=desk.stop)
    )


def _job(desk: Desk, layout: int, page: int | None) -> dict[str, Any]:
    recognizer, languages = desk.recognizer, "+".join(desk.languages)
    job = {
        "engine": recognizer.engine,
        "readable": recognizer.readable,
        "tessdata": recognizer.tessdata,
        "nice": NICENESS,
    }
    if recognizer.engine == "tesserocr":
        return job | {"languages": languages, "layout": layout, "resolution": _DOTS_PER_INCH}
    arguments = ["-", "-", "-l", languages, "--psm", str(layout), "--dpi", str(_DOTS_PER_INCH)]
    # Not the configuration `tsv`: that is a file, and some installations come without it.
    arguments += ["-c", "tessedit_create_tsv=1"]
    if page is not None:
        arguments += ["-c", f"tessedit_page_number={page - 1}"]
    return job | {"program": recognizer.program, "arguments": arguments}
