"""A resumable upload whose bytes are all here becomes a document, or the reason why it is none."""

from __future__ import annotations

import contextlib
import logging
from typing import Any

from django.core.files import File
from django.http import Http404
from django.utils import timezone

from atom_project import logs, process_counters
from documents import queue, quotas, storage
from documents.models import Document, ResumableUpload
from documents.uploads import validators
from documents.uploads.resumable import part_files, refusals, running_hashes
from documents.uploads.resumable.part_files import Busy, PartFile
from documents.uploads.validators import AcceptableFile, Refused

logger = logging.getLogger(__name__)

DOCUMENT = "Atom-Document"  # header: the id of what became of it


def require_usable(upload: ResumableUpload) -> None:
    """Raises the problem of one that ended without a document."""
    if upload.failure:
        raise refusals.by_record(upload.failure)
    if not upload.finished_at and upload.expires_at < timezone.now():
        raise refusals.expired()


def opened(upload: ResumableUpload, *, patience: float = 0.0) -> PartFile | None:
    """Its part file, for this request alone; None where it became a document.

    The row is read again under the lock. Raises the problem of one that another request has, that
    was refused, or whose bytes are not here, and `Http404` where it was deleted this moment.
    """
    part: PartFile | None = None
    try:
        with contextlib.suppress(FileNotFoundError):
            part = PartFile.locked(upload.pk, patience=patience)
        upload.refresh_from_db(fields=["finished_at", "failure"])
        require_usable(upload)
        if part is None and not upload.finished_at:
            # Another host may have them, so its row stays. A restored backup has no part files:
            # what was unfinished in it is forgotten by the restoration.
            raise refusals.elsewhere()
    except Busy:
        raise refusals.locked() from None
    except BaseException as error:
        if part is not None:
            part.close()
        if isinstance(error, ResumableUpload.DoesNotExist):
            raise Http404 from None
        raise
    if part is not None and upload.finished_at:
        part.close()
        return None
    return part


def headers_of(upload: ResumableUpload, offset: int) -> dict[str, str]:
    headers = {
        **refusals.RESUMABLE,
        "Upload-Offset": str(offset),
        "Upload-Length": str(upload.length),
        "Cache-Control": "no-store, private",
    }
    if upload.finished_at:
        return {**headers, DOCUMENT: str(upload.pk)}
    return {**headers, **refusals.expires(upload.expires_at)}


def finish(upload: ResumableUpload, part: PartFile, running: Any | None = None) -> None:
    """Judge the whole file, store and queue it. The caller has the part file for itself.

    Raises the `Problem` of a refusal; one that may pass, such as a quota, leaves everything as it
    is, and asking again tries again.
    """
    _require_room(upload)
    try:
        with part.path.open("rb") as content:
            digest = running_hashes.digest_of(part, running)
            accepted = validators.judge(File(content, name=upload.filename), sha256=digest)
    except Refused as refused:
        _refuse(upload, refused)
        raise refusals.by_failure(refused.failure) from None
    # Before the lock: an object store may take minutes, and everybody waits for the queue.
    name = storage.adopt(upload.pk, accepted.safe_name, part.path)
    try:
        document = _queue(upload, accepted, name)
    except (quotas.OverQuota, Http404) as refused:
        storage.discard(upload.pk, name)
        if isinstance(refused, quotas.OverQuota):
            raise refusals.by_failure(refused.failure) from None
        raise
    # Of other accidents nobody knows whether it was committed: the file stays, and is known to the
    # row or, within the hour, in quarantine.
    part_files.remove(upload.pk)
    with logs.about(**document.trail):
        logger.info("Document %s is queued", document.pk)


def _require_room(upload: ResumableUpload) -> None:
    """Raises the problem of quotas that are used up, before anything that takes long.

    Asked again under the lock. Without this, whoever asks again and again has 2 GB read, and sent
    to the object store, as often.
    """
    left = quotas.RemainingQuota.of(upload.owner_id)
    # What is held for it is its own.
    left.documents += 1
    left.bytes += upload.length
    try:
        left.reserve(upload.length)
    except quotas.OverQuota as over:
        raise refusals.by_failure(over.failure) from None


def _refuse(upload: ResumableUpload, refused: Refused) -> None:
    process_counters.of_this_process.count_refusal(refused.failure.code)
    upload.failure = refused.failure.as_json()
    # The row first: without its bytes, an upload without a reason would seem to be lost.
    rows = ResumableUpload.objects.filter(pk=upload.pk)
    rows.update(failure=upload.failure, filename="")
    part_files.remove(upload.pk)


def _queue(upload: ResumableUpload, accepted: AcceptableFile, name: str) -> Document:
    document = Document(
        id=upload.pk,
        owner_id=upload.owner_id,
        filename=accepted.filename,
        content_type=accepted.content_type,
        size=accepted.size,
        stored_bytes=accepted.size,
        sha256=accepted.sha256,
        file=name,
        output_language=upload.output_language,
        external_id=upload.external_id,
        request_id=logs.request_id(),
    )
    now = timezone.now()
    with queue.locked():
        # First: the room that was held for it is what it takes now. 0 rows: deleted meanwhile.
        unfinished = ResumableUpload.objects.unfinished().filter(pk=upload.pk)
        if not unfinished.update(finished_at=now, filename=""):
            raise Http404
        quotas.RemainingQuota.of(upload.owner_id).reserve(accepted.size)
        queue.append([document])
    upload.finished_at = now
    return document
