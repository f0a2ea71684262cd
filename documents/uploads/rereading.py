"""Reading a document again: a text file in another encoding, or pictures by recognition (OCR)."""

from __future__ import annotations

from documents import events, queue, quotas, search
from documents.models import Document
from documents.pipeline import recognition
from documents.pipeline.extraction.encodings import encoding_names
from documents.uploads.file_types import TEXTS

AUTOMATIC = "auto"


class UnknownEncoding(Exception):
    """No encoding that can be chosen has this name."""


class NotATextFile(Exception):
    """Only the characters of a text file depend on an encoding."""


class NothingToRecognize(Exception):
    """No picture was left unread in the document."""


class NoRecognition(Exception):
    """Text recognition (OCR) is switched off or not installed, so nothing would change."""


def read_as(document: Document, encoding: str) -> None:
    """Send a finished text file to the end of the queue, to be read and analyzed anew.

    `AUTOMATIC` takes an earlier choice back. Its pages go; its analyses stay, with their quotes.
    Raises what `queue.requeue` raises, too.
    """
    if encoding != AUTOMATIC and not encoding_names.can_be_chosen(encoding):
        raise UnknownEncoding(encoding)
    if document.content_type not in TEXTS:
        raise NotATextFile(document.pk)
    with queue.locked():
        queue.requeue(document, within_quota=True)
        document.refresh_from_db()
        _forget_pages(document, "" if encoding == AUTOMATIC else encoding)


def recognize(document: Document) -> None:
    """Send a finished document to the end of the queue, as its pictures may be read by now.

    All of it is read and analyzed anew; its analyses stay. Raises what `queue.requeue` raises, too.
    """
    if not recognition.left_pictures(document):
        raise NothingToRecognize(document.pk)
    if not recognition.is_there():
        raise NoRecognition(document.pk)
    with queue.locked():
        queue.requeue(document, within_quota=True)
        document.refresh_from_db()
        _forget_pages(document, document.chosen_encoding)


def _forget_pages(document: Document, encoding: str) -> None:
    text = quotas.text_bytes(document.pages.values_list("text", flat=True))
    events.change(
        document,
        chosen_encoding=encoding,
        # Without a count of pages it is read again; see `Document.is_extracted`.
        page_count=None,
        encoding="",
        encoding_is_unsure=False,
        unread=[],
        stored_bytes=quotas.grown_by(-min(text, (document.stored_bytes or 0) - document.size)),
    )
    document.pages.all().delete()
    search.index(document)
