"""The stored file of a document as readers want it: its bytes, or open where it is large."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings

from documents.models import Document
from documents.originals import quarantine
from documents.pipeline.extraction import Content, LargeFile


@contextmanager
def opened(document: Document) -> Iterator[Content]:
    """Raises `FileNotFoundError` where it is gone.

    From an object store a large file comes into a temporary one first.
    """
    with quarantine.open_file(document) as file:
        if document.size <= settings.MAX_FILE_SIZE:
            yield file.read()
        else:
            yield LargeFile(file.fileno(), document.size)
