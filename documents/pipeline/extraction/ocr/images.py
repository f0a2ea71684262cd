"""Picture files as documents: each of their pages is a scan (PNG, JPEG, TIFF)."""

from __future__ import annotations

from documents.failures import FailureCode

from ..draft import Draft
from ..image_headers import sizes
from ..readability import require_readable
from ..reading import OnPage, Reading, UnreadableFile
from ..transcript import Transcript
from .options import OcrOptions
from .scans import read_pictures


def read_image(data: bytes, *, on_page: OnPage, ocr: OcrOptions | None) -> Reading:
    """Read a picture file by OCR; `read_document` tells the promises."""
    pages = sizes(data)
    if not pages or not all(size.is_decodable for size in pages):
        raise UnreadableFile(FailureCode.DAMAGED)
    transcript = Transcript("ocr")
    transcript.pages_total = len(pages)
    transcript.drafts = [
        Draft(number, engine="ocr", image_share=1.0) for number in range(1, len(pages) + 1)
    ]
    attempt = read_pictures(data, transcript, ocr, on_page)
    require_readable(transcript.drafts, attempt)
    return Reading(
        [draft.as_page() for draft in transcript.drafts], len(pages), unread=transcript.unread
    )
