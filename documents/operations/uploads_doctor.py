"""Health checks of resumable uploads: what is coming, and whether its bytes are here."""

from __future__ import annotations

from django.db.models import Sum
from django.utils import timezone

from documents.models import ResumableUpload
from documents.operations.checks import CheckResult, good, warning
from documents.quotas import shown
from documents.uploads.resumable import part_files


def examine() -> CheckResult:
    """Part files and rows in both directions. Needs a database that is up to date."""
    unfinished = ResumableUpload.objects.unfinished()
    rows = set(unfinished.values_list("pk", flat=True))
    files = {upload_id: part_files.size_of(upload_id) for upload_id, _ in part_files.every()}
    said = _in_words(len(rows), sum(files.values()), unfinished.aggregate(all=Sum("length"))["all"])
    if strangers := files.keys() - rows:
        return warning(
            f"{len(strangers)} part files in {part_files.folder()} belong to no upload. {said}",
            "Nothing: a running worker removes them within the hour.",
        )
    if lost := rows - files.keys():
        return warning(
            f"The bytes of {len(lost)} resumable uploads are not in {part_files.folder()}: a "
            f"backup has none, or another web host received them. {said}",
            "Several web hosts need one disk for part files; see docs/uploads.md. Otherwise "
            "nothing: clients are told, and a worker clears them away when their time is over.",
        )
    if overdue := unfinished.expired(timezone.now()).count():
        return warning(
            f"{overdue} resumable uploads are past their time. {said}",
            "Start a worker: it clears them away every hour.",
        )
    return good(said)


def _in_words(count: int, here: int, announced: int | None) -> str:
    if not count:
        return "No resumable upload is unfinished."
    many = "1 resumable upload is" if count == 1 else f"{count} resumable uploads are"
    return f"{many} unfinished: {shown(here)} of {shown(announced or 0)} have come."
