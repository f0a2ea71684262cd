"""How a resumable upload is refused: problems with stable codes, and tus's own statuses."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.http import http_date

from atom_project.problem_codes import ProblemCode
from atom_project.problems import Problem
from documents import quotas
from documents.failures import Failure, FailureCode
from documents.uploads.resumable.metadata import ALGORITHMS

RESUMABLE = {"Tus-Resumable": "1.0.0"}
# What its size, or its owner's quotas, make of a file; all else is about what is in it.
_STATUS = {
    FailureCode.TOO_LARGE: 413,
    FailureCode.QUOTA_BYTES: 413,
    FailureCode.QUOTA_DOCUMENTS: 413,
    FailureCode.QUOTA_QUEUE: 429,
}


def by_failure(why: Failure) -> Problem:
    """A file that is not acceptable, or has no room in what its owner may have."""
    status = _STATUS.get(why.code, 422)
    headers = {"Retry-After": str(quotas.RETRY_SECONDS)} if status == 429 else {}
    return Problem(
        status, why.code, f"{why.detail} {why.advice}", headers=headers, **why.what_to_do
    )


def by_record(failure: dict[str, Any]) -> Problem:
    """The same, as it was remembered."""
    return by_failure(Failure(**{**failure, "code": FailureCode(failure["code"])}))


def locked() -> Problem:
    return Problem(
        423,
        ProblemCode.UPLOAD_LOCKED,
        "Another request is sending this upload. Ask for its offset again in a moment.",
        headers={"Retry-After": "1"},
    )


def elsewhere() -> Problem:
    return Problem(
        503,
        ProblemCode.UPLOAD_ELSEWHERE,
        "The bytes of this upload are not here: another host has them, or they are lost. Ask again "
        "in a moment. If it stays so, end the upload and begin a new one.",
        headers={"Retry-After": "5"},
    )


def offset_conflict(offset: int) -> Problem:
    return Problem(
        409,
        ProblemCode.OFFSET_CONFLICT,
        f"{offset} bytes of this upload are here. Go on from there.",
        headers={"Upload-Offset": str(offset)},
        offset=offset,
    )


def expired() -> Problem:
    return Problem(
        410, ProblemCode.UPLOAD_EXPIRED, "This upload was left alone too long. Begin it again."
    )


def longer_than_announced(length: int) -> Problem:
    return Problem(
        413,
        ProblemCode.REQUEST_TOO_LARGE,
        f"This upload was announced with {length} bytes, and more came. None of it was kept.",
        limit=length,
    )


def disk_full() -> Problem:
    return Problem(
        507,
        ProblemCode.STORAGE_FULL,
        "The server has no room for the rest of this file. What has come is kept: go on when there "
        "is room. Delete documents you do not need, or tell the operator.",
        headers={"Retry-After": str(quotas.RETRY_SECONDS)},
    )


def unknown_checksum() -> Problem:
    return Problem(
        400,
        ProblemCode.BAD_CHECKSUM,
        f"Upload-Checksum must be one of {', '.join(ALGORITHMS)}, a space, and the sum in base64.",
    )


def checksum_mismatch() -> Problem:
    return Problem(
        460,
        ProblemCode.CHECKSUM_MISMATCH,
        "The bytes are not those of the checksum. None of them were kept: send them again.",
        title="Checksum Mismatch",
    )


def expires(moment: datetime) -> dict[str, str]:
    return {"Upload-Expires": http_date(moment.timestamp())}
