"""Admission of an upload by what its owner may keep, before a byte of it is read."""

from __future__ import annotations

from atom_project.problems import Problem
from documents import quotas
from documents.failures import FailureCode
from documents.models import UploadReceipt
from documents.quotas import OverQuota, RemainingQuota

# What passes by itself is told with the time to wait.
STATUS = {FailureCode.QUOTA_QUEUE: 429}


def require_room(owner_id: int, announced: int, key: str = "") -> None:
    """Raise the problem of an upload, or several, for whose announced bytes there is no room.

    Asked without the queue lock: whoever is let in is asked again, file by file, by `intake`.
    """
    # Sent again: the answer is known, and it may have been this very upload that took the room.
    if key and UploadReceipt.objects.filter(owner=owner_id, key=key).exists():
        return
    try:
        RemainingQuota.of(owner_id).reserve(announced)
    except OverQuota as over:
        why = over.failure
        status = STATUS.get(why.code, 413)
        headers = {"Retry-After": str(quotas.RETRY_SECONDS)} if status == 429 else {}
        detail = f"{why.detail} {why.advice}"
        raise Problem(status, why.code, detail, headers=headers, **why.what_to_do) from None
