"""The picture of a page: from the cache, or drawn anew, for its owner only to see."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import TypeVar

from documents.failures import FailureCode
from documents.models import Document
from documents.page_images import cache
from documents.page_images.rendering_slots import slot
from documents.pipeline import stored_content
from documents.pipeline.extraction import drawing
from documents.pipeline.extraction.drawing import NotDrawn

Made = TypeVar("Made")

THUMBNAIL, USUAL, LARGE = 160, 960, 1600
WIDTHS = (THUMBNAIL, USUAL, LARGE)
VERSION = 1  # of how pages are drawn; part of the entity tag
_NEVER_OPENED = (FailureCode.DAMAGED, FailureCode.ENCRYPTED)
# A file that ends its child is not given to another for so long, however often it is asked for.
HOPELESS_SECONDS = 300
_MOST_HOPELESS = 1_000

# Until when, and why: an exception that is raised again grows by a traceback each time.
_hopeless: OrderedDict[tuple[object, ...], tuple[float, str]] = OrderedDict()
_lock = Lock()


def has_pages(document: Document) -> bool:
    """Whether it is a file that has looks; of a text there is only its text."""
    return document.is_picture or document.content_type == "application/pdf"


def are_worth_a_try(document: Document) -> bool:
    """Whether its pages can be shown: what nobody could open to read it cannot be drawn."""
    code = document.failure.get("code") if document.failure else None
    return has_pages(document) and code not in _NEVER_OPENED


def entity_tag(document: Document, number: int, width: int) -> str:
    """Known without drawing: a file never changes, and so do its pages not."""
    return f'"{document.sha256[:20]}-{number}-{width}-{VERSION}"'


def picture(document: Document, number: int, width: int) -> bytes:
    """A page as a PNG. Raises `NotDrawn`, `FileNotFoundError`, or the problem of a busy server."""
    name = f"{number}-{width}-{VERSION}.png"
    found = cache.read(document, name)
    if found is not None:
        return found
    with slot(document.owner_id):
        # Whoever waited beside another asking for the same need not draw it once more.
        found = cache.read(document, name)
        if found is None:
            found = _drawn(document, number, width)
            cache.keep(document, name, found)
    return found


def _drawn(document: Document, number: int, width: int) -> bytes:
    def make() -> bytes:
        with stored_content.opened(document) as content:
            return drawing.draw(content, number, width, is_picture=document.is_picture)

    return unless_hopeless((document.pk, number, width), make)


def unless_hopeless(key: tuple[object, ...], make: Callable[[], Made]) -> Made:
    """What `make` returns; what it raised lately is raised again without asking it."""
    with _lock:
        until, why = _hopeless.get(key, (0.0, ""))
    if time.monotonic() < until:
        raise NotDrawn(why)
    try:
        return make()
    except NotDrawn as error:
        _remember(key, str(error))
        raise


def _remember(key: tuple[object, ...], why: str) -> None:
    now = time.monotonic()
    with _lock:
        _hopeless[key] = (now + HOPELESS_SECONDS, why)
        _hopeless.move_to_end(key)  # So the first one is the first to expire.
        while len(_hopeless) > _MOST_HOPELESS or next(iter(_hopeless.values()))[0] <= now:
            _hopeless.popitem(last=False)
