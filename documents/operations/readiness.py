"""Readiness: would an upload be taken and read? Found out by writing, remembered for a while."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from django.db import DatabaseError, InterfaceError, connection, transaction
from django.utils import timezone

from accounts.models import User
from atom_project import disk_reserve
from atom_project.exception_table import problem_of
from atom_project.problem_codes import ProblemCode
from documents import queue, storage
from documents.models import Document, StatusEvent, WriteProbe
from documents.operations import migrations
from documents.storage import MediaUnavailable

# Anybody may ask as often as they like; what is written for them is little.
GOOD_FOR = 60.0  # seconds
BAD_FOR = 5.0  # seconds; whoever has mended it wants to see so
LONGEST_WAIT = 2  # seconds for a lock; one row that nobody else holds for long
ONLY_ROW = 1


class WriteCheck:
    """What was found when something was last written by this process: blank, or a code."""

    def __init__(self, write: Callable[[], None]) -> None:
        self._write = write
        self._lock = threading.Lock()
        self.forget()

    def forget(self) -> None:
        self._found, self._until = "", 0.0

    def __call__(self) -> str:
        with self._lock:
            if time.monotonic() >= self._until:
                self._found = _code(self._write)
                self._until = time.monotonic() + (BAD_FOR if self._found else GOOD_FOR)
            return self._found


def _code(write: Callable[[], None]) -> str:
    try:
        write()
    except (DatabaseError, InterfaceError, OSError, MediaUnavailable) as error:
        return problem_of(error, where="readiness").code
    return ""


def write_row() -> None:
    """Change one row, and read what every upload needs; raises what an upload would meet."""
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute(f"SET LOCAL lock_timeout = '{LONGEST_WAIT}s'")
        if not WriteProbe.objects.filter(pk=ONLY_ROW).update(written_at=timezone.now()):
            WriteProbe.objects.bulk_create([WriteProbe(pk=ONLY_ROW)], ignore_conflicts=True)
    for model in (User, Document, StatusEvent):
        model._default_manager.order_by("-pk").first()


database_takes_changes = WriteCheck(write_row)
files_can_be_stored = WriteCheck(storage.check_writable)


def examine() -> dict[str, str]:
    """What was looked at, each with a problem code, or blank if all is well."""
    found = {
        "database": "" if database_answers() else str(ProblemCode.DATABASE_UNAVAILABLE),
        "disk": "" if disk_reserve.room() > 0 else str(ProblemCode.STORAGE_FULL),
        "files": files_can_be_stored(),
    }
    # Only where the database answers: each further question would wait for its timeout.
    if not found["database"]:
        found |= _examine_tables()
    return found


def _examine_tables() -> dict[str, str]:
    try:
        if migrations.unapplied():
            # A worker would not start, and its table may not be there.
            return dict.fromkeys(("migrations", "worker"), str(ProblemCode.NOT_MIGRATED))
        database = database_takes_changes()
        worker = "" if queue.worker_available() else str(ProblemCode.NO_WORKER)
    except (DatabaseError, InterfaceError) as error:
        return {"database": problem_of(error, where="readiness").code}
    return {"database": database, "migrations": "", "worker": worker}


def database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except (DatabaseError, InterfaceError):
        return False
    return True
