"""One page drawn, or its letters located, by a child that is confined as those that read are."""

from __future__ import annotations

import binascii
import zlib
from base64 import b64decode
from typing import Any, NamedTuple

from .. import sandbox
from ..content import Content, LargeFile
from ..image_headers import sizes
from . import png

# Somebody waits for it; the slowest of honest pages took a second.
SECONDS = 8.0
MOST_PIXELS = 4_000_000  # A4 is 1,680 wide then
MOST_CHARACTERS = 20_000
_CHANNELS = (1, 3)


class NotDrawn(Exception):
    """There is no picture to be had; `is_missing` where there is no such page."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.is_missing = why == "no_such_page"


class Letters(NamedTuple):
    """What stands on a page: a text, and for each of its characters a box.

    Left, top, right and bottom, in ten-thousandths of the page's width and height as it is
    shown; `width` and `height` are in points.
    """

    width: float
    height: float
    text: str
    boxes: list[tuple[int, int, int, int]]


def draw(data: Content, number: int, width: int, *, is_picture: bool = False) -> bytes:
    """A page as a PNG, at most so many pixels wide; for a caller that has a core.

    Raises `NotDrawn`, also where the child died of the file, or took too long.
    """
    message = _answer(data, number, is_picture, engine="picture", width=width, pixels=MOST_PIXELS)
    match message:
        case {"width": int(w), "height": int(h), "channels": int(channels), "pixels": str(found)}:
            if 0 < w <= width and h > 0 and w * h <= MOST_PIXELS and channels in _CHANNELS:
                pixels = _unpacked(found, w * h * channels)
                if len(pixels) == w * h * channels:
                    return png.encoded(w, h, channels, pixels)
    raise NotDrawn("no_picture")


def locate(data: Content, number: int) -> Letters:
    """The letters of a page of a PDF; for a caller that has a core. Raises `NotDrawn`."""
    message = _answer(data, number, False, engine="letters", characters=MOST_CHARACTERS)
    match message:
        case {"width": int() | float(), "height": int() | float(), "text": str(), "boxes": list()}:
            text, edges = message["text"], message["boxes"]
            if len(edges) == 4 * len(text) and all(isinstance(edge, int) for edge in edges):
                boxes = list(zip(*[iter(edges)] * 4, strict=True))
                return Letters(message["width"], message["height"], text, boxes)
    raise NotDrawn("no_letters")


def _answer(data: Content, number: int, is_picture: bool, **job: Any) -> dict[str, Any]:
    if is_picture and not _is_decodable(data, number):
        raise NotDrawn("too_large")
    messages: list[dict[str, Any]] = []
    try:
        sandbox.run(
            {"page": number, "is_picture": is_picture, **job},
            data if is_picture else _from_header(data),
            seconds=SECONDS,
            take=messages.append,
            has_core=True,
        )
    except (sandbox.ChildTimedOut, sandbox.ChildCrashed) as error:
        raise NotDrawn(type(error).__name__) from None
    if len(messages) != 1 or "error" in messages[0]:
        raise NotDrawn(str(messages[0].get("error")) if messages else "no_answer")
    return messages[0]


def _from_header(data: Content) -> Content:
    if isinstance(data, LargeFile):
        return data.from_header()
    return data[max(0, data.find(b"%PDF-")) :]


def _is_decodable(data: Content, number: int) -> bool:
    """By its header: a picture that would fill the memory is not given to a child at all."""
    pages = sizes(data) if isinstance(data, bytes) else []
    return 0 < number <= len(pages) and pages[number - 1].is_decodable


def _unpacked(pixels: str, size: int) -> bytes:
    """So many bytes at most, whatever they unpack to."""
    try:
        return zlib.decompressobj().decompress(b64decode(pixels, validate=True), size)
    except (binascii.Error, ValueError, zlib.error):
        raise NotDrawn("no_picture") from None
