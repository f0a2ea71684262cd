"""Intake: one upload from its bytes to its receipt.

Each file is judged by itself. The bytes of the good ones are stored first; then, while the queue
stands still, those within the quotas are appended to it. An idempotency key is remembered with
them, so that the same upload sent again is answered again and stored once.
"""

from __future__ import annotations

import hashlib
import json
import logging
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.files import File
from django.db import DatabaseError, IntegrityError, InterfaceError, connection
from django.utils import timezone

from accounts.models import User
from atom_project import disk_reserve, logs, process_counters, tracing
from documents import queue, quotas, storage
from documents.failures import Failure, FailureCode
from documents.models import Document, UploadReceipt
from documents.trash import purge
from documents.uploads import validators
from documents.uploads.validators import AcceptableFile

logger = logging.getLogger(__name__)

RECEIPT_LIFETIME = timedelta(hours=24)

Errors = list[dict[str, Any]]
HASHED = ("filename", "code", "detail", "error")  # of a refused file


class KeyReused(Exception):
    """The idempotency key was used before, for another upload."""


class DocumentDeleted(Exception):
    """The first answer cannot be given again: a document it names was deleted since."""


@dataclass(frozen=True)
class Said:
    """What an owner says of all files of one upload."""

    output_language: str = ""
    external_id: str | None = None


@dataclass
class UploadResult:
    """What became of one upload: the documents queued and the files refused, each with why."""

    documents: list[Document] = field(default_factory=list)
    errors: Errors = field(default_factory=list)

    @property
    def indexes(self) -> list[int]:
        """The place in the request of the file of each document, from 0."""
        return _others(len(self.documents), self.errors)


def receive(
    owner: User,
    uploads: Sequence[File[bytes]],
    *,
    output_language: str = "",
    external_id: str | None = None,
    key: str = "",
) -> UploadResult:
    """Judge, store and queue the files of one upload.

    With an idempotency key, sending the same upload again within a day gives the first
    answer again and stores nothing (draft-ietf-httpapi-idempotency-key-header); where nothing was
    stored for a reason that may pass, it is tried again. Raises `KeyReused` if the key came with
    another upload, and `DocumentDeleted` if a document of the first answer is gone.
    """
    accepted, errors = _judge_all(uploads)
    said = Said(output_language, external_id)
    if not key:
        return _store_and_queue(owner, accepted, errors, said)
    request_hash = _request_hash(accepted, errors, said)
    # An old receipt would still hold its key: owner and key are unique together.
    forget_old_receipts(owner)
    if (known := _receipt(owner, key)) is not None:
        return _answer_again(known, request_hash)
    receipt = UploadReceipt(owner=owner, key=key, request_hash=request_hash)
    try:
        return _store_and_queue(owner, accepted, errors, said, receipt)
    except IntegrityError:
        if (faster := _receipt(owner, key)) is None:
            raise
        # Another request with the same key was faster; its answer is ours.
        return _answer_again(faster, request_hash)


# Judged.


def _judge_all(uploads: Sequence[File[bytes]]) -> tuple[list[AcceptableFile], Errors]:
    accepted: list[AcceptableFile] = []
    errors: Errors = []
    for number, upload in enumerate(uploads):
        try:
            if number >= settings.MAX_FILES_PER_UPLOAD:
                name = validators.shown_name(upload.name or "")
                raise validators.Refused(name, validators.why_refused(FailureCode.TOO_MANY_FILES))
            accepted.append(validators.judge(upload))
        except validators.Refused as refused:
            errors.append(_error(number, refused.filename, refused.failure))
    return accepted, errors


def _error(index: int, filename: str, why: Failure) -> dict[str, Any]:
    process_counters.of_this_process.count_refusal(why.code)
    return {
        "index": index,
        "filename": filename,
        "code": why.code,
        "detail": f"{why.detail} {why.advice}",
        "error": why.detail,
        "advice": why.advice,
        "retryable": why.retryable,
    }


def _others(count: int, errors: Errors) -> list[int]:
    """The places in the request of so many files: all that no error is about, in order."""
    refused = {error["index"] for error in errors}
    return [place for place in range(count + len(errors)) if place not in refused]


# Stored and queued.


def _store_and_queue(
    owner: User,
    accepted: Sequence[AcceptableFile],
    errors: Errors,
    said: Said,
    receipt: UploadReceipt | None = None,
) -> UploadResult:
    """All or none of what the quotas admit; the receipt in the same transaction."""
    if not accepted and receipt is None:
        return UploadResult(errors=errors)  # Nobody has to wait for the queue lock.
    _require_room(sum(file.size for file in accepted))
    # Bytes before the lock: a disk may take seconds, and everybody waits for the queue.
    documents = _store(owner, accepted, said)
    try:
        with queue.locked():
            result = UploadResult(_within_quotas(owner, documents, errors), errors)
            queue.append(result.documents)
            if receipt and _is_final(result):
                _keep(receipt, result)
    except BaseException:
        _discard_without_row(documents)
        raise
    _discard(set(documents) - set(result.documents))
    for document in result.documents:
        with logs.about(**document.trail):
            logger.info("Document %s is queued", document.pk)
    return result


def _require_room(size: int) -> None:
    """Raises a problem where the disk has no room beside its reserve; the trash goes first."""
    if disk_reserve.refusal(size) is None:
        return
    purge.make_room(size)
    if refusal := disk_reserve.refusal(size):
        raise refusal


def _store(owner: User, files: Sequence[AcceptableFile], said: Said) -> list[Document]:
    """The files as documents whose bytes are safe on the disk; no rows yet."""
    ids = [uuid.uuid4() for _ in files]
    facts: tracing.Attributes = {
        "atom.document.ids": list(map(str, ids)),
        "atom.bytes": sum(file.size for file in files),
    }
    with tracing.span("store file", facts):
        names = storage.store_all(
            [(pk, file.safe_name, file.content) for pk, file in zip(ids, files, strict=True)]
        )
    return [
        Document(
            id=pk,
            owner=owner,
            filename=file.filename,
            content_type=file.content_type,
            size=file.size,
            stored_bytes=file.size,
            sha256=file.sha256,
            file=name,
            output_language=said.output_language,
            external_id=said.external_id,
            request_id=logs.request_id(),
            traceparent=tracing.traceparent(),
        )
        for pk, file, name in zip(ids, files, names, strict=True)
    ]


def _discard_without_row(documents: list[Document]) -> None:
    """Remove the bytes of documents that are not in the database, whatever was heard of it.

    The connection may have broken between the commit and its confirmation. If the database
    cannot be asked, the files stay; the hourly sweep removes those without a row.
    """
    try:
        if not connection.in_atomic_block:
            connection.close_if_unusable_or_obsolete()
        ids = [document.pk for document in documents]
        kept = set(Document.with_trashed.filter(pk__in=ids).values_list("pk", flat=True))
    except (DatabaseError, InterfaceError):
        return
    _discard(document for document in documents if document.pk not in kept)


def _discard(documents: Iterable[Document]) -> None:
    for document in documents:
        storage.discard(document.pk, document.file.name)


def _within_quotas(owner: User, documents: list[Document], errors: Errors) -> list[Document]:
    """Those for whom there is room. The others are added to the errors. Under the queue lock."""
    remaining = quotas.RemainingQuota.of(owner)
    admitted = []
    for index, document in zip(_others(len(documents), errors), documents, strict=True):
        try:
            remaining.reserve(document.size)
        except quotas.OverQuota as over:
            errors.append(_error(index, document.filename, over.failure))
        else:
            admitted.append(document)
    return admitted


# Idempotency: the receipt of an upload.


def _request_hash(accepted: Sequence[AcceptableFile], errors: Errors, said: Said) -> str:
    files = [(file.filename, file.sha256) for file in accepted]
    refused = [{name: error[name] for name in HASHED} for error in errors]
    sent = [files, refused, said.output_language]
    # As it was before there was one: an upload may be sent again across an upgrade.
    sent += [said.external_id] if said.external_id else []
    return hashlib.sha256(json.dumps(sent).encode()).hexdigest()


def _receipt(owner: User, key: str) -> UploadReceipt | None:
    return UploadReceipt.objects.filter(owner=owner, key=key).first()


def _is_final(result: UploadResult) -> bool:
    """Whether it may be the answer of a day: not if all that is known is that there was no room.

    Once something was stored it is: tried again, that would be stored twice.
    """
    return bool(result.documents) or not any(error["retryable"] for error in result.errors)


def _keep(receipt: UploadReceipt, result: UploadResult) -> None:
    receipt.document_ids = [str(document.pk) for document in result.documents]
    receipt.errors = result.errors
    receipt.save(force_insert=True)


def _answer_again(receipt: UploadReceipt, request_hash: str) -> UploadResult:
    if receipt.request_hash != request_hash:
        raise KeyReused(receipt.key)
    by_id = Document.objects.in_bulk(receipt.document_ids)
    if len(by_id) < len(receipt.document_ids):
        raise DocumentDeleted(receipt.key)
    # Receipts of before places were told have none: then the refused files come last.
    errors = [{"index": n, **each} for n, each in enumerate(receipt.errors, len(by_id))]
    return UploadResult([by_id[pk] for pk in map(UUID, receipt.document_ids)], errors)


def forget_old_receipts(owner: User) -> None:
    UploadReceipt.objects.filter(
        owner=owner, created_at__lt=timezone.now() - RECEIPT_LIFETIME
    ).delete()
