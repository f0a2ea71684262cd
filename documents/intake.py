"""Who gets in: each file of an upload is judged by itself, the good ones are queued together."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.files import File
from django.db import IntegrityError
from django.utils import timezone

from documents import queue, quotas, validators
from documents.failures import Failure, failure
from documents.models import Document, UploadReceipt

RECEIPT_LIFETIME = timedelta(hours=24)


class KeyReused(Exception):
    """The idempotency key was used before, for another upload."""


class DocumentDeleted(Exception):
    """The first answer cannot be given again: a document it names was deleted since."""


@dataclass
class Intake:
    """What became of one upload: the documents queued and the files refused, each with why."""

    documents: list[Document] = field(default_factory=list)
    errors: list[dict[str, str]] = field(default_factory=list)


def receive(
    owner: Any, uploads: Sequence[File[bytes]], *, output_language: str = "", key: str = ""
) -> Intake:
    """Judge, store and queue the files of one upload.

    With an idempotency key, sending the same upload again within a day gives the first
    answer again and stores nothing (draft-ietf-httpapi-idempotency-key-header). Raises
    `KeyReused` if the key came with another upload, and `DocumentDeleted` if a document of the
    first answer is gone.
    """
    accepted, errors = _judge_all(uploads)
    if not key and not accepted:
        return Intake(errors=errors)  # Nobody has to wait for the queue lock.
    if not key:
        documents = queue.enqueue(
            owner, accepted, output_language=output_language, admit=_within_quotas(owner, errors)
        )
        return Intake(documents, errors)
    request_hash = _request_hash(accepted, errors, output_language)
    forget_old_receipts(owner)
    if (receipt := UploadReceipt.objects.filter(owner=owner, key=key).first()) is not None:
        return _answer_again(receipt, request_hash)
    return _receive_once(owner, accepted, errors, output_language, key, request_hash)


def _judge_all(
    uploads: Sequence[File[bytes]],
) -> tuple[list[validators.AcceptableFile], list[dict[str, str]]]:
    accepted: list[validators.AcceptableFile] = []
    errors: list[dict[str, str]] = []
    for number, upload in enumerate(uploads):
        try:
            if number >= settings.MAX_FILES_PER_UPLOAD:
                name = validators.shown_name(upload.name or "")
                raise validators.Refused(name, failure("too_many_files"))
            accepted.append(validators.judge(upload))
        except validators.Refused as refused:
            errors.append(_error(refused.filename, refused.failure))
    return accepted, errors


def _within_quotas(
    owner: Any, errors: list[dict[str, str]]
) -> Callable[[list[Document]], list[Document]]:
    """Who may join the line: those for whom there is room. The others are added to the errors."""

    def admit(documents: list[Document]) -> list[Document]:
        room = quotas.Room.of(owner)
        admitted = []
        for document in documents:
            try:
                room.take(document.size)
            except quotas.OverQuota as over:
                errors.append(_error(document.filename, over.failure))
            else:
                admitted.append(document)
        return admitted

    return admit


def _error(filename: str, why: Failure) -> dict[str, str]:
    return {
        "filename": filename,
        "code": why.code,
        "detail": f"{why.detail} {why.advice}",
        "error": why.detail,
    }


def _request_hash(
    accepted: Sequence[validators.AcceptableFile], errors: list[dict[str, str]], language: str
) -> str:
    said = [[(file.filename, file.sha256) for file in accepted], errors, language]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()


def _receive_once(
    owner: Any,
    accepted: Sequence[validators.AcceptableFile],
    errors: list[dict[str, str]],
    output_language: str,
    key: str,
    request_hash: str,
) -> Intake:
    """Queue the files and keep the receipt in one transaction, so that there is no half answer."""

    def keep_receipt(documents: list[Document]) -> None:
        ids = [str(document.pk) for document in documents]
        UploadReceipt.objects.create(
            owner=owner, key=key, request_hash=request_hash, document_ids=ids, errors=errors
        )

    try:
        documents = queue.enqueue(
            owner,
            accepted,
            output_language=output_language,
            admit=_within_quotas(owner, errors),
            and_also=keep_receipt,
        )
    except IntegrityError:
        receipt = UploadReceipt.objects.filter(owner=owner, key=key).first()
        if receipt is None:
            raise
        # Another request with the same key was faster; its answer is ours.
        return _answer_again(receipt, request_hash)
    return Intake(documents, errors)


def _answer_again(receipt: UploadReceipt, request_hash: str) -> Intake:
    if receipt.request_hash != request_hash:
        raise KeyReused(receipt.key)
    by_id = Document.objects.in_bulk(receipt.document_ids)
    if len(by_id) < len(receipt.document_ids):
        raise DocumentDeleted(receipt.key)
    return Intake([by_id[pk] for pk in map(UUID, receipt.document_ids)], receipt.errors)


def forget_old_receipts(owner: Any) -> None:
    UploadReceipt.objects.filter(
        owner=owner, created_at__lt=timezone.now() - RECEIPT_LIFETIME
    ).delete()
