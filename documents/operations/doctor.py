"""Health checks of an installation: what is wrong, and what to do about it."""

from __future__ import annotations

import os
import sqlite3
import ssl
import sys
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection

from atom_project import disk_reserve, paths
from documents import queue, storage
from documents.models import Document, WorkerHeartbeat
from documents.operations import (
    broker_doctor,
    confinement_doctor,
    database_doctor,
    engine_doctor,
    file_modes,
    ocr_doctor,
    oidc_doctor,
    queue_doctor,
    search_doctor,
    start_check,
    store_doctor,
    totals_doctor,
    tracing_doctor,
    uploads_doctor,
    webhooks_doctor,
)
from documents.operations.checks import CheckResult, Verdict, broken, good, guarded, warning
from documents.operations.migrations import unapplied as unapplied_migrations

FEW_BYTES = 1024**3  # above the reserve
OLDEST_PYTHON = (3, 11)
# The WAL-reset bug can damage a database that several processes write to.
FIRST_SAFE_SQLITE = (3, 51, 3)


def examine() -> Iterator[CheckResult]:
    """Look at everything, one finding after the other; what needs the database comes last."""
    yield examine_python(sys.version_info[:3])
    if connection.vendor == "sqlite":
        yield examine_sqlite(sqlite3.sqlite_version_info)
    yield from examine_media()
    yield examine_secrets(settings.VAR_DIR / "secrets.json")
    yield from file_modes.examine()
    yield examine_certificates()
    yield confinement_doctor.examine()
    yield ocr_doctor.examine()
    yield from tracing_doctor.examine()
    yield from oidc_doctor.examine()
    yield engine_doctor.examine_engine()
    if settings.ANALYSIS_ENGINE != "offline":
        yield from engine_doctor.examine_model()
    yield from (warning(note, "See docs/settings.md.") for note in _notes())
    yield from examine_database()


def _notes() -> list[str]:
    notes: list[str] = settings.SETTING_NOTES
    return notes


def examine_python(version: tuple[int, ...]) -> CheckResult:
    name = ".".join(map(str, version))
    if version < OLDEST_PYTHON:
        return broken(f"Python is {name}.", "Install Python 3.11 or newer.")
    return good(f"Python is {name}.")


def examine_sqlite(version: tuple[int, ...]) -> CheckResult:
    name = ".".join(map(str, version))
    if version < FIRST_SAFE_SQLITE:
        return warning(
            f"SQLite is {name}; versions before 3.51.3 can, very rarely, damage a database that "
            "several processes write to at once.",
            "Keep a backup, or set DATABASE_URL to a PostgreSQL database for busy installations.",
        )
    return good(f"SQLite is {name}.")


def examine_media() -> Iterator[CheckResult]:
    where = storage.media.described()
    try:
        storage.check_writable()
    except storage.MediaUnavailable as error:
        yield broken(
            f"Uploads cannot be stored: {error}.",
            "Check ATOM_MEDIA_URL: address, bucket and key; and that the store runs.",
        )
    except OSError as error:
        yield broken(
            f"Uploads cannot be stored in {where}: {error.strerror or error}.",
            "Make the folder writable for the user who runs ATOM, or set ATOM_DATA_DIR.",
        )
    else:
        yield good(f"Uploads can be stored in {where}.")
    yield examine_space(disk_reserve.room())


def examine_space(room: int) -> CheckResult:
    """The same figure that uploads are refused by."""
    said = f"{max(room, 0) / 1024**3:.1f} GiB are free for uploads."
    if room <= 0:
        return broken(
            f"{said} Uploads are refused; the reserve is for all the rest.",
            "Free some space, or set ATOM_DATA_DIR to a larger disk, or lower ATOM_DISK_RESERVE.",
        )
    if room < FEW_BYTES:
        return warning(said, "Free some space soon.")
    if room == disk_reserve.PLENTY:
        return good("No disk of this host is filled by uploads.")
    return good(said)


def examine_secrets(path: Path) -> CheckResult:
    if not path.exists():
        return good("All secrets come from the environment.")
    mode = path.stat().st_mode & 0o777
    if mode & 0o077:
        return broken(f"{path} can be read by others ({mode:o}).", f"Run `chmod 600 {path}`.")
    return good(f"{path} can be read by its owner only.")


def examine_certificates() -> CheckResult:
    # The SDK trusts whom the system trusts, and slim images come without anybody.
    verifying = ssl.get_default_verify_paths()
    file, folder = verifying.cafile, verifying.capath
    if (file and Path(file).exists()) or (folder and os.path.isdir(folder) and os.listdir(folder)):
        return good("Certificates of authorities are installed.")
    verdict = warning if settings.ANALYSIS_ENGINE == "offline" else broken
    return verdict(
        "No certificates of authorities are installed; a model server cannot be verified.",
        "Install the package ca-certificates.",
    )


def examine_database() -> Iterator[CheckResult]:
    """The database, and then all that it tells; each part, however the one before it ends."""
    if connection.vendor == "sqlite":
        file = database_doctor.examine_file()
        yield file
        if file.verdict == Verdict.BROKEN:
            if not Path(connection.settings_dict["NAME"]).exists():
                yield from store_doctor.examine_empty_database()
            return
    try:
        connection.ensure_connection()
        unapplied = unapplied_migrations()
    except (DatabaseError, InterfaceError) as error:
        yield broken(
            f"The database cannot be used: {str(error).strip()}",
            "Check DATABASE_URL, and that the database server runs.",
        )
        return
    yield good(f"The database ({connection.display_name}) can be reached.")
    yield from _examine_contents(unapplied)


def _examine_contents(unapplied: int) -> Iterator[CheckResult]:
    if newer := start_check.newer_migrations():
        yield broken(
            f"The database is of a newer version of ATOM (it knows {newer[-1]}).",
            "Start the newer version, or restore a backup of this one.",
        )
        return
    if connection.vendor == "postgresql":
        yield database_doctor.examine_programs()
        yield database_doctor.examine_notifications()
    if unapplied:
        if not connection.introspection.django_table_names(only_existing=True):
            yield from store_doctor.examine_empty_database()
        yield broken(f"{unapplied} migrations are not applied.", f"Run {paths.command('migrate')}.")
        return
    yield good("All migrations are applied.")
    yield database_doctor.examine_writing()
    if connection.vendor == "postgresql":
        yield database_doctor.examine_connections()
    yield from guarded(lambda: [examine_workers()])
    yield from guarded(queue_doctor.examine)
    if settings.ATOM_BROKER_URL:
        yield from guarded(broker_doctor.examine)
    yield from guarded(lambda: [search_doctor.examine()])
    yield from guarded(totals_doctor.examine)
    yield from guarded(store_doctor.examine)
    yield from guarded(lambda: [uploads_doctor.examine()])
    yield from guarded(lambda: [webhooks_doctor.examine()])


def examine_workers() -> CheckResult:
    waiting = Document.objects.pending().count()
    if not queue.worker_available():
        return warning(
            f"No worker is running; {waiting} documents wait.",
            f"Start one with {paths.command('worker')}, or both with {paths.command('up')}.",
        )
    workers = WorkerHeartbeat.objects.alive().count()
    return good(f"{workers} workers are running; {waiting} documents wait.")
