"""A resumable upload begins: judged by its name, its length, and what its owner may have."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from accounts.models import User
from atom_project import disk_reserve
from atom_project.problem_codes import ProblemCode
from atom_project.problems import RETRY_SECONDS, Problem
from documents import queue, quotas
from documents.models import ResumableUpload
from documents.trash import purge
from documents.uploads import validators
from documents.uploads.resumable import part_files, refusals

LIFETIME = timedelta(hours=24)  # since the last byte came
AT_ONCE = 20  # unfinished ones of one person, as many as files in one upload


def begin(
    owner: User,
    name: str,
    length: int,
    *,
    output_language: str = "",
    external_id: str | None = None,
) -> ResumableUpload:
    """A row with room held for it, and an empty part file. Raises the `Problem` of a refusal."""
    try:
        filename, _ = validators.judge_announced(name, length, is_resumable=True)
    except validators.Refused as refused:
        raise refusals.by_failure(refused.failure) from None
    if disk_reserve.refusal(length):
        purge.make_room(length)
    if refusal := disk_reserve.refusal(length):
        raise refusal
    upload = ResumableUpload(
        owner=owner,
        filename=filename,
        length=length,
        output_language=output_language,
        external_id=external_id,
        expires_at=timezone.now() + LIFETIME,
    )
    # The file first: a row without one would be an upload that nobody can go on with.
    part_files.make(upload.pk)
    try:
        _reserve(upload)
    except BaseException:
        part_files.remove(upload.pk)
        raise
    return upload


def _reserve(upload: ResumableUpload) -> None:
    # Under the lock: uploads that begin at once would each be told of the same rest.
    with queue.locked():
        if ResumableUpload.objects.of(upload.owner).unfinished().count() >= AT_ONCE:
            raise Problem(
                429,
                ProblemCode.TOO_MANY_UPLOADS,
                f"{AT_ONCE} of your uploads are unfinished. Finish or delete one of them first.",
                headers={"Retry-After": str(RETRY_SECONDS)},
            )
        try:
            quotas.RemainingQuota.of(upload.owner).reserve(upload.length)
        except quotas.OverQuota as over:
            raise refusals.by_failure(over.failure) from None
        upload.save(force_insert=True)
