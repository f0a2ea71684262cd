"""Resumable uploads that nobody goes on with, and part files that no row knows: cleared hourly."""

from __future__ import annotations

import contextlib
import time

from django.utils import timezone

from documents.models import ResumableUpload
from documents.uploads.resumable import part_files
from documents.uploads.resumable.part_files import Busy, PartFile

AT_ONCE = 500
NEW = 3600  # seconds; a younger file may be one whose row is about to be written


def expired() -> int:
    """Ends what expired, unless somebody sends it at this moment; says how many uploads."""
    ended = 0
    for upload in ResumableUpload.objects.expired(timezone.now()).order_by("pk")[:AT_ONCE]:
        with contextlib.suppress(Busy):
            ended += _end(upload)
    return ended + without_row()


def _end(upload: ResumableUpload) -> int:
    try:
        part = PartFile.locked(upload.pk)
    except FileNotFoundError:  # It became a document, was refused, or another host has its bytes.
        return ResumableUpload.objects.expired(timezone.now()).filter(pk=upload.pk).delete()[0]
    with contextlib.closing(part):
        # Again under the lock: it may have gone on since it was read.
        if not ResumableUpload.objects.expired(timezone.now()).filter(pk=upload.pk).exists():
            return 0
        part_files.forget(upload)
    return 1


def without_file() -> None:
    """Forgets what was unfinished when a backup was made, and whose bytes are not here."""
    here = {upload_id for upload_id, _ in part_files.every()}
    ResumableUpload.objects.unfinished().exclude(pk__in=here).delete()


def without_row() -> int:
    """Removes part files of killed requests, erased people and databases that were put back."""
    before = time.time() - NEW
    old = {upload_id for upload_id, written_at in part_files.every() if written_at < before}
    known = ResumableUpload.objects.unfinished().filter(pk__in=old)
    unknown = old - set(known.values_list("pk", flat=True))
    for upload_id in unknown:
        part_files.remove(upload_id)
    return len(unknown)
