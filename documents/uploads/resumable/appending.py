"""One PATCH: bytes go to the end of a part file, and what was kept is told."""

from __future__ import annotations

import errno
from threading import Lock

from django.utils import timezone

from atom_project import disk_reserve
from atom_project.appended_bodies import Reply
from atom_project.exception_table import is_full_disk
from atom_project.problem_codes import ProblemCode
from atom_project.problems import Problem
from documents.models import ResumableUpload
from documents.uploads.resumable import finishing, part_files, refusals, running_hashes
from documents.uploads.resumable.creation import LIFETIME
from documents.uploads.resumable.metadata import Checksum
from documents.uploads.resumable.part_files import PartFile


def begin(
    upload: ResumableUpload, offset: int, *, announced: int | None, checksum: Checksum | None
) -> Appending | Reply:
    """What takes the body; or the answer at once, where it was taken before.

    Raises the `Problem` of an upload that cannot go on like this.
    """
    finishing.require_usable(upload)
    if announced is not None and offset + announced > upload.length:
        raise refusals.longer_than_announced(upload.length)
    part = finishing.opened(upload)
    if part is None:
        return _again(upload, offset, announced or 0)
    try:
        if part.size != offset:
            raise refusals.offset_conflict(part.size)
        return Appending(upload, part, checksum)
    except BaseException:
        part.close()
        raise


def _again(upload: ResumableUpload, offset: int, announced: int) -> Reply:
    """The last request once more, because its answer was lost."""
    if offset + announced != upload.length and offset != upload.length:
        raise refusals.offset_conflict(upload.length)
    return Reply(204, finishing.headers_of(upload, upload.length))


class Appending:
    """Takes one body; `atom_project.appended_bodies` tells when each of these is called."""

    headers = refusals.RESUMABLE

    def __init__(self, upload: ResumableUpload, part: PartFile, checksum: Checksum | None) -> None:
        self._upload = upload
        self._part = part
        self._checksum = checksum
        self._start = self._offset = part.size
        self._running = running_hashes.of_this_process.take(upload.pk, self._offset)
        self._lock = Lock()  # Between a write and the end of a request that was given up.

    def write(self, data: bytes) -> None:
        with self._lock:
            if self._offset + len(data) > self._upload.length:
                self._cut()
                raise refusals.longer_than_announced(self._upload.length)
            # What others need to go on is left, however much was announced at the start.
            if disk_reserve.refusal(len(data)):
                raise refusals.disk_full()
            self._append(data)
            if self._offset < self._upload.length and self._part.is_wanted:
                raise refusals.locked()

    def _append(self, data: bytes) -> None:
        try:
            self._part.append(data)
        except OSError as error:
            self._running = None  # As much as there was room for is there now.
            # Too large for the file system, or for this process, is no room either.
            if is_full_disk(error) or error.errno == errno.EFBIG:
                raise refusals.disk_full() from None
            raise
        self._offset += len(data)
        if self._running is not None:
            self._running.update(data)
        if self._checksum:
            self._checksum.running.update(data)

    def _cut(self) -> None:
        self._part.cut(self._start)
        self._offset, self._running = self._start, None

    def keep(self) -> None:
        with self._lock:
            # Of a body that broke off nobody knows whether it is right.
            if self._checksum:
                self._cut()
            self._part.sync()
            if self._running is not None and self._offset < self._upload.length:
                running_hashes.of_this_process.keep(self._upload.pk, self._offset, self._running)
            self._note_progress()

    def _note_progress(self) -> None:
        self._upload.expires_at = timezone.now() + LIFETIME
        ResumableUpload.objects.filter(pk=self._upload.pk).update(
            expires_at=self._upload.expires_at
        )

    def complete(self) -> bool:
        if self._checksum and not self._checksum.matches:
            with self._lock:
                self._cut()
            raise refusals.checksum_mismatch()
        self._checksum = None
        self.keep()
        return self._offset == self._upload.length

    def end(self) -> Reply:
        with self._lock:
            if self._offset == self._upload.length:
                finishing.finish(self._upload, self._part, self._running)
            return Reply(204, finishing.headers_of(self._upload, self._offset))

    def close(self) -> None:
        with self._lock:
            self._part.close()


class Ending(Appending):
    """Takes no more bytes, as all are here: whoever asks for the offset has it finished first.

    Clients take an offset at the end for success. That may last, so it is done where bodies are.
    """

    def write(self, data: bytes) -> None:
        """Nothing comes."""

    def complete(self) -> bool:
        return True

    def end(self) -> Reply:
        with self._lock:
            finishing.finish(self._upload, self._part)
            return Reply(200, finishing.headers_of(self._upload, self._offset))


def answer_head(upload: ResumableUpload) -> Ending | Reply:
    """Where to go on, or what has to be done before that can be said."""
    finishing.require_usable(upload)
    part = finishing.opened(upload, patience=part_files.PATIENCE)
    if part is None:
        return Reply(200, finishing.headers_of(upload, upload.length))
    try:
        part.sync()
        offset = part.size
        if offset == upload.length:
            return Ending(upload, part, None)
    except BaseException:
        part.close()
        raise
    part.close()
    return Reply(200, finishing.headers_of(upload, offset))


def discard(upload: ResumableUpload) -> None:
    """Its owner ends it, and the room that was held for it is free. A document of it stays."""
    if upload.failure or upload.finished_at:
        upload.delete()
        return
    part: PartFile | None = None
    try:
        part = finishing.opened(upload, patience=part_files.PATIENCE)
    except Problem as problem:
        # What another host has of it is removed there, as a file that no row knows.
        if problem.code != ProblemCode.UPLOAD_ELSEWHERE:
            raise
    try:
        part_files.forget(upload)
    finally:
        if part is not None:
            part.close()
