"""The file of a document as it was uploaded, sent in pieces: whole, or the bytes asked for."""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.http import http_date

from atom_project.file_responses import PIECE, PiecewiseFileResponse, saved_as
from atom_project.problem_codes import ProblemCode
from atom_project.problems import Problem
from documents.models import Document
from documents.originals import quarantine

# Of several ranges, and of what is none, the whole file is the answer (RFC 9110, 14.2).
_RANGE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})", re.ASCII | re.IGNORECASE)


def answer(request: HttpRequest, document: Document) -> HttpResponseBase:
    """The file, one range of it (206), or that the client has it (304).

    Raises `Http404` where the file is gone, and problems for 412 and 416.
    """
    changed = int(document.created_at.timestamp())  # A file never changes.
    headers = {"ETag": f'"{document.sha256}"', "Last-Modified": http_date(changed)}
    known = get_conditional_response(request, headers["ETag"], changed)
    if known is not None and known.status_code == 412:
        raise Problem(
            412, ProblemCode.PRECONDITION_FAILED, "The file is another than the request supposes."
        )
    response: HttpResponseBase = known or StoredFile(document, _wanted(request, document, headers))
    for name, value in {**headers, "Accept-Ranges": "bytes"}.items():
        response[name] = value
    return response


def _wanted(request: HttpRequest, document: Document, headers: dict[str, str]) -> range | None:
    """The bytes asked for; None for all. Raises the problem of a range that has none (416)."""
    match = _RANGE.fullmatch(request.headers.get("Range", "").replace(" ", ""))
    # With `If-Range`, part of another file would be worse than all of this one.
    is_another = request.headers.get("If-Range", headers["ETag"]) not in headers.values()
    if match is None or is_another or request.method != "GET":
        return None
    first, last, size = match[1], match[2], document.size
    if (not first and not last) or (first and last and int(first) > int(last)):
        return None
    start = int(first) if first else max(0, size - int(last))
    end = min(size, int(last) + 1) if first and last else size
    if start >= end:
        raise Problem(
            416,
            ProblemCode.RANGE_NOT_SATISFIABLE,
            f"The file has {size} bytes, and none of those asked for.",
            headers={"Content-Range": f"bytes */{size}"},
        )
    return range(start, end)


class StoredFile(PiecewiseFileResponse):
    """Raises `Http404` where the file is gone."""

    def __init__(self, document: Document, wanted: range | None = None) -> None:
        try:
            stored = _opened(document)
        except FileNotFoundError:
            # Deleted this moment, or lost from the disk: either way there is nothing to give.
            raise Http404 from None
        super().__init__(stored if wanted is None else _Section(stored, wanted))
        for name, value in saved_as(document.filename, "application/octet-stream").items():
            self[name] = value
        if wanted is not None:
            self.status_code = 206
            self["Content-Length"] = str(len(wanted))
            self["Content-Range"] = f"bytes {wanted[0]}-{wanted[-1]}/{document.size}"


class _Section:
    """Some bytes of an open file, read as if it had no others."""

    def __init__(self, stored: Any, wanted: range) -> None:
        stored.seek(wanted.start)
        self._stored = stored
        self._left = len(wanted)

    def read(self, size: int) -> bytes:
        piece: bytes = self._stored.read(min(size, self._left))
        self._left -= len(piece)
        return piece

    def close(self) -> None:
        self._stored.close()


def _opened(document: Document) -> Any:
    stored = quarantine.open_file(document)
    if document.size > PIECE:
        return stored
    with stored:  # One piece, which needs no open file.
        return BytesIO(stored.read())
