"""Which kinds of files are accepted: PDF and plain text, and those that a setting adds."""

from __future__ import annotations

from pathlib import PurePosixPath

from django.conf import settings

from documents.pipeline.extraction.image_headers import JPEG, PNG, TIFF

PDF = "application/pdf"
TEXT = "text/plain"
MARKDOWN = "text/markdown"
TEXTS = (TEXT, MARKDOWN)
PICTURES = (PNG, JPEG, TIFF)

_ALWAYS = {".pdf": PDF, ".txt": TEXT}
_EXTRA = {
    "md": {".md": MARKDOWN},
    "images": {".png": PNG, ".jpg": JPEG, ".jpeg": JPEG, ".tif": TIFF, ".tiff": TIFF},
}


def accepted() -> dict[str, str]:
    """Endings, and the media types that files with them are stored as."""
    found = dict(_ALWAYS)
    for name in settings.ATOM_EXTRA_TYPES:
        # Pictures have no text but the one that is recognized.
        if name != "images" or settings.ATOM_OCR != "off":
            found |= _EXTRA[name]
    return found


def of(filename: str) -> str | None:
    """The media type that its ending stands for; None where such files are not accepted."""
    return accepted().get(PurePosixPath(filename).suffix.lower())


def in_words() -> str:
    """Such as "PDF, plain text or Markdown (.pdf, .txt, .md)"."""
    types = accepted()
    kinds = ["PDF", "plain text"]
    kinds += ["Markdown"] if MARKDOWN in types.values() else []
    kinds += ["pictures"] if PNG in types.values() else []
    return f"{', '.join(kinds[:-1])} or {kinds[-1]} ({', '.join(types)})"


def accept_attribute() -> str:
    """What a file dialog offers."""
    types = accepted()
    return ",".join(dict.fromkeys([*types, *types.values()]))
