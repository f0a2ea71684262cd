"""The file of a document as it was uploaded, sent in pieces."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from django.http import Http404

from atom_project.file_responses import PIECE, PiecewiseFileResponse, saved_as
from documents.models import Document
from documents.originals import quarantine


class StoredFile(PiecewiseFileResponse):
    """Raises `Http404` where the file is gone."""

    def __init__(self, document: Document) -> None:
        try:
            stored = _opened(document)
        except FileNotFoundError:
            # Deleted this moment, or lost from the disk: either way there is nothing to give.
            raise Http404 from None
        super().__init__(stored)
        for name, value in saved_as(document.filename, "application/octet-stream").items():
            self[name] = value


def _opened(document: Document) -> Any:
    stored = quarantine.open_file(document)
    if document.size > PIECE:
        return stored
    with stored:  # One piece, which needs no open file.
        return BytesIO(stored.read())
