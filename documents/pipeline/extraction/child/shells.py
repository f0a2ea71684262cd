"""Shells: files whose pages are only the cover of what they hold (XFA forms, portfolios)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from . import pdfium as raw
from . import pinboard
from .limits import Message

_XFA = {raw.FORMTYPE_XFA_FULL: "full", raw.FORMTYPE_XFA_FOREGROUND: "foreground"}


def look(pdf: Any) -> Iterator[Message]:
    """Say which form the document is (`full`: its pages are drawn anew), and the files inside."""
    xfa = _XFA.get(raw.FPDF_GetFormType(pdf), "")
    count, names = pinboard.attachments(pdf)
    if xfa or count:
        yield {"shell": {"xfa": xfa, "files": count, "names": names}}
