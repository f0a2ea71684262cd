"""An export as a ZIP archive, written while it is sent.

`documents/{id}/` has `analysis.json`, `text.txt` and, if asked for, `original/` with the file
itself; `index.ndjson`, the last, has a line for each document. An archive that was cut short has no
directory, with which the format ends, and no program takes it for whole.
"""

from __future__ import annotations

import tempfile
from collections.abc import Generator, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import PurePosixPath
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from django.utils import timezone

from atom_project.web.pieces import PIECE
from documents.api import exports
from documents.api.archive.contents import Entry
from documents.api.archive.lines import as_json
from documents.models import Document
from documents.originals import quarantine

INDEX = "index.ndjson"
INDEX_IN_MEMORY = 1024 * 1024  # bytes; what is more goes to an unnamed file
# Whose sizes are not known before they are written are told in 32 bits below, in 64 from here on.
LARGE = 1024**3  # bytes
PAGE_BREAK = "\f"


class Outbox:
    """What the archive is written to. It can be neither read nor sought: what was sent is gone."""

    def __init__(self) -> None:
        self._bytes = bytearray()

    def write(self, data: bytes) -> int:
        self._bytes += data
        return len(data)

    def flush(self) -> None:
        pass

    @property
    def is_full(self) -> bool:
        return len(self._bytes) >= PIECE

    def take(self) -> bytes:
        taken = bytes(self._bytes)
        self._bytes.clear()
        return taken


def pieces(entries: Iterable[Entry], *, with_originals: bool) -> Generator[bytes]:
    outbox: Any = Outbox()
    with tempfile.SpooledTemporaryFile(INDEX_IN_MEMORY) as index, ZipFile(outbox, "w") as archive:
        for _ in _written(archive, entries, index, with_originals=with_originals):
            yield outbox.take() if outbox.is_full else b""
    yield outbox.take()


# What writes a member says when some of it may be sent, and in the end its name, if there is one.
Writing = Generator[None, None, str | None]


def _written(
    archive: ZipFile, entries: Iterable[Entry], index: IO[bytes], *, with_originals: bool
) -> Iterator[None]:
    for entry in entries:
        files = {
            "analysis": (yield from _analysis(archive, entry)),
            "text": (yield from _text(archive, entry)),
            "original": (yield from _original(archive, entry.document)) if with_originals else None,
        }
        index.write(as_json({**entry.told, "files": files}).encode() + b"\n")
        yield  # Of one that is not read yet there is nothing else to send.
    index.seek(0)
    yield from _copied(archive, _member(INDEX, timezone.now()), index)


def _analysis(archive: ZipFile, entry: Entry) -> Writing:
    if entry.result is None:
        return None
    member = _member_of(entry.document, "analysis.json")
    # For programs, and so on one line: to make it pretty takes as long as all else.
    archive.writestr(member, as_json(exports.with_document(entry.document, entry.result)))
    yield
    return member.filename


def _text(archive: ZipFile, entry: Entry) -> Writing:
    pages = entry.pages()
    if (first := next(pages, None)) is None:
        return None
    member = _member_of(entry.document, "text.txt")
    with archive.open(member, "w") as file:
        file.write(first.text.encode())
        for page in pages:
            file.write(f"{PAGE_BREAK}{page.text}".encode())
            yield
    return member.filename


def _original(archive: ZipFile, document: Document) -> Writing:
    """The file as it was uploaded; none where it is lost."""
    try:
        stored = quarantine.open_file(document)
    except FileNotFoundError:
        return None
    # As it is stored, which is a safe name on every system.
    member = _member_of(document, f"original/{PurePosixPath(str(document.file.name)).name}")
    if not document.content_type.startswith("text/"):
        member.compress_type = ZIP_STORED  # Such are packed by themselves.
    with stored:
        yield from _copied(archive, member, stored, is_large=document.size >= LARGE)
    return member.filename


def _copied(
    archive: ZipFile, member: ZipInfo, source: Any, *, is_large: bool = False
) -> Iterator[None]:
    with archive.open(member, "w", force_zip64=is_large) as file:
        while part := source.read(PIECE):
            file.write(part)
            yield


def _member_of(document: Document, name: str) -> ZipInfo:
    return _member(f"documents/{document.pk}/{name}", document.created_at)


def _member(name: str, moment: datetime) -> ZipInfo:
    member = ZipInfo(name, moment.astimezone(UTC).timetuple()[:6])
    member.compress_type = ZIP_DEFLATED
    return member
