"""Health checks of the store of files: every document its file, every file its document."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from itertools import islice

from django.core.files.storage import FileSystemStorage, default_storage
from django.db import DatabaseError

from atom_project import paths
from atom_project.addresses import database_in_words
from documents import storage
from documents.models import Document, Installation
from documents.operations.checks import CheckResult, broken, good, warning
from documents.originals import census, ownership, quarantine
from documents.originals.quarantine import Held

SAMPLE = 5000  # documents; looking at all of a large installation could take hours
AT_ONCE = 8  # questions to an object store, which answers each in some milliseconds

RIGHT_ONE = (
    "Check DATABASE_URL, ATOM_DATA_DIR and ATOM_MEDIA_URL, or restore a backup "
    f"({paths.command('restore')}). If this database is the right one: "
    f"{paths.command('quarantine adopt')}."
)


def examine() -> Iterator[CheckResult]:
    """Look in both directions. Needs a database that is up to date."""
    try:
        storage.check_readable()
        findings = [*examine_stamp(), *examine_quarantine(), *examine_unknown(), *examine_missing()]
    except PermissionError as error:
        yield broken(ownership.belongs_to_another_user(error), "Nothing will start before that.")
        return
    except (OSError, storage.MediaUnavailable) as error:
        yield broken(
            f"Uploads cannot be read: {error}", "Check who may read the folder of uploads."
        )
        return
    yield from findings or [good(f"Files and documents belong together{_sampled()}.")]


def examine_empty_database() -> Iterator[CheckResult]:
    """For a database without tables: files beside it mean that it is not the right one."""
    try:
        files = sum(1 for _ in islice(storage.stored_documents(), SAMPLE))
    except (OSError, storage.MediaUnavailable, DatabaseError):
        return  # Told by another examination.
    if files:
        yield broken(
            f"The database is empty, and {files} files are in {storage.media.described()}: they "
            f"belong to another one than {database_in_words()}.",
            "Check DATABASE_URL and ATOM_DATA_DIR before you migrate.",
        )


def examine_stamp() -> Iterator[CheckResult]:
    installation = Installation.objects.first()
    stamp = ownership.read_stamp()
    if stamp is None:
        try:
            ownership.refuse_strangers(census.take(at_most=SAMPLE))
        except ownership.ForeignStore as reason:
            yield broken(str(reason), RIGHT_ONE)
    elif stamp != str(installation):
        yield broken(
            f"The store of files ({storage.media.described()}) bears the stamp of another "
            f"installation than {database_in_words()}; nothing will start.",
            RIGHT_ONE,
        )


def examine_quarantine() -> Iterator[CheckResult]:
    if returned := quarantine.return_known():
        yield warning(
            f"Files of {returned} documents were in quarantine and are back: another database "
            "was at work here, or an older copy of this one.",
            "Nothing, if that has ended.",
        )
    held = quarantine.contents()
    # Of known documents there may be doubles, which a restoration has left.
    if unknown := quarantine.unknown_among({one.document_id for one in held}):
        yield warning(
            f"Files of {len(unknown)} documents that the database does not know are in quarantine; "
            f"the first are removed after {_first_end(held, unknown)}.",
            "Put back the database that knows them, or let them go: "
            f"{paths.command('quarantine')} lists them.",
        )


def _first_end(held: list[Held], unknown: set[uuid.UUID]) -> date:
    return min(one.until for one in held if one.document_id in unknown)


def examine_unknown() -> Iterator[CheckResult]:
    found = census.take(census.ORPHAN_AGE, at_most=SAMPLE)
    unknown = len(found.unknown)
    if found.has_many_unknown:
        yield broken(
            f"The database does not know {unknown} of {found.total} stored files: they belong to "
            "another one, or this one is an older copy. Nothing will start.",
            RIGHT_ONE,
        )
    elif unknown:
        yield warning(
            f"{unknown} stored files belong to no document.",
            "Nothing: a running worker moves them into quarantine within the hour.",
        )


def examine_missing() -> Iterator[CheckResult]:
    looked_at = _some_documents()
    missing = [
        pk for pk, is_there in zip(looked_at, _are_there(looked_at), strict=True) if not is_there
    ]
    # Asked again: some were deleted while the files were looked at.
    lost = Document.with_trashed.filter(pk__in=missing).order_by("queue_number")
    if first := lost.first():
        yield broken(
            f"{lost.count()} of {len(looked_at)} documents have lost their "
            f"files, such as {first.pk} ({first.status}){_sampled()}.",
            f"Restore them from a backup ({paths.command('restore')}), look for them in another "
            "store, or delete the documents.",
        )


def _some_documents() -> dict[uuid.UUID, str]:
    """All, or those after a random id: ids are random, so they are a sample."""
    names = Document.with_trashed.order_by("pk").values_list("pk", "file")
    if not _is_sampled():
        return dict(names)
    some = dict(names.filter(pk__gte=uuid.uuid4())[:SAMPLE])
    return some | dict(names[: SAMPLE - len(some)])


def _are_there(documents: dict[uuid.UUID, str]) -> list[bool]:
    if isinstance(default_storage, FileSystemStorage):
        return [default_storage.exists(name) for name in documents.values()]
    with ThreadPoolExecutor(AT_ONCE) as threads:
        return list(threads.map(default_storage.exists, documents.values()))


def _is_sampled() -> bool:
    return Document.with_trashed.count() > SAMPLE


def _sampled() -> str:
    if not _is_sampled():
        return ""
    return f", as far as {SAMPLE} of {Document.with_trashed.count()} documents tell"
