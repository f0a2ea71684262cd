"""Before anything starts: this code, this database and this store must belong together."""

from __future__ import annotations

import logging

from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from atom_project.addresses import database_in_words
from documents import storage
from documents.models import Installation
from documents.originals import ownership, quarantine
from documents.originals.ownership import ForeignStore
from documents.storage import MediaUnavailable

logger = logging.getLogger(__name__)


class StartRefused(Exception):
    """The message says why, and what to do."""


def require_fit() -> None:
    """Raises `StartRefused` where a start would do harm, and database errors if it cannot be asked.

    Files of known documents come back from quarantine. A store that is away is no reason to stay
    away as well: nothing in it is touched before its stamp was read. One that may not be read is:
    every document that waits would fail.
    """
    refuse_newer_database()
    try:
        ownership.confirm()
        storage.check_readable()
        if returned := quarantine.return_known():
            logger.warning("Files of %s documents are back from quarantine", returned)
    except ForeignStore as reason:
        raise StartRefused(str(reason)) from reason
    except PermissionError as error:
        raise StartRefused(ownership.belongs_to_another_user(error)) from error
    except (OSError, MediaUnavailable) as error:
        logger.warning("The store of files could not be looked at: %s", error)


def refuse_newer_database() -> None:
    if newer := newer_migrations():
        raise StartRefused(
            f"The database is of a newer version of ATOM (it knows {newer[-1]}), and older code "
            f"could damage it. It is {database_in_words()}. Start the newer version, "
            "or restore a backup of this one."
        )


def newer_migrations() -> list[str]:
    """What was applied to the database and this code does not have."""
    if not ownership.tables():
        return []
    ours = MigrationLoader(None).disk_migrations
    applied = MigrationRecorder(connection).applied_migrations()
    apps = {app for app, _ in ours}
    return sorted(f"{app}.{name}" for app, name in set(applied) - set(ours) if app in apps)


def refuse_empty_database() -> None:
    """Raises `StartRefused` before an empty database is filled beside the files of another."""
    if Installation._meta.db_table in ownership.tables():
        return
    try:
        stamp = ownership.read_stamp()
    except (OSError, MediaUnavailable):
        return  # Told by what comes next.
    if stamp is not None:
        raise StartRefused(ownership.belongs_to_another("this database is empty or of long ago"))
