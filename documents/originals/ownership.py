"""Whose store of files this is: it bears the id of its installation, and others are refused."""

from __future__ import annotations

import os
from itertools import islice
from pathlib import Path

from django.core.files.storage import default_storage
from django.db import connection

from atom_project import paths
from atom_project.addresses import database_in_words
from documents import storage
from documents.models import Document, Installation
from documents.originals import census
from documents.originals.census import Census

STAMP = "installation-id"  # The file in the store; a line with the id.


class ForeignStore(Exception):
    """The store belongs to another database; the message says why, and what to do."""


def confirm() -> None:
    """Raises `ForeignStore` where files would be in danger, as far as a sample tells.

    A store without a stamp is given one if its files are known.
    """
    require_stamp()
    refuse_many(census.take(census.ORPHAN_AGE, at_most=census.SAMPLE))


def require_stamp() -> None:
    """Raises `ForeignStore` unless the store bears, or can be given, this database's stamp."""
    mine = str(Installation.current())
    stamp = read_stamp()
    if stamp is None:
        found = census.take(at_most=census.SAMPLE)
        # Whoever starts beside this one may have stamped it meanwhile and taken uploads, whose
        # files come before their rows.
        stamp = read_stamp() or _stamp_unclaimed(found)
    if stamp != mine:
        raise ForeignStore(belongs_to_another("it bears the stamp of another installation"))


def _stamp_unclaimed(found: Census) -> str | None:
    """Another installation may do so at this moment; the last one has the store."""
    refuse_strangers(found)
    write_stamp()
    return read_stamp()


def refuse_strangers(found: Census) -> None:
    """For a store without a stamp: raises `ForeignStore` if database and files share nothing.

    A folder whose disk is not mounted has no stamp and no file, nor has the store that is taken
    where `ATOM_MEDIA_URL` was forgotten.
    """
    if not found.known:
        if found.unknown:
            raise ForeignStore(belongs_to_another("this one knows none of them"))
        if Document.with_trashed.exists():
            raise ForeignStore(belongs_to_another("it has the file of none, so it may be away"))
    refuse_many(found)


def refuse_many(found: Census) -> None:
    """Raises `ForeignStore` if more is unknown than killed uploads leave behind."""
    if found.has_many_unknown:
        unknown = f"this one does not know {len(found.unknown)} of {found.total} looked at"
        raise ForeignStore(belongs_to_another(unknown))


def read_stamp() -> str | None:
    """The id in the store; None if it was never stamped."""
    try:
        with default_storage.open(STAMP) as stored:
            content: bytes = stored.read()
    except FileNotFoundError:
        return None
    return content.decode("utf-8", "replace").strip()


def write_stamp() -> None:
    """Make the store this installation's, whosever it was."""
    storage.media.replace(STAMP, f"{Installation.current()}\n".encode())


def belongs_to_another(why: str) -> str:
    """What is said to whoever started with this database and this store."""
    files = sum(1 for _ in islice(storage.stored_documents(), census.SAMPLE))
    counted = f"{files} files" if files < census.SAMPLE else f"{files} files and more"
    return (
        f"This store belongs to another database: {counted}, {_document_count()} documents; {why}. "
        f"ATOM was started with {database_in_words()} and {storage.media.described()}. "
        "Check DATABASE_URL, ATOM_DATA_DIR and ATOM_MEDIA_URL, or restore a backup; "
        f"{paths.command('doctor')} compares both. If this database is the right one, "
        f"{paths.command('quarantine adopt')} makes the store its own and deletes no file."
    )


def belongs_to_another_user(error: PermissionError) -> str:
    """What is said to whoever runs ATOM as a user who may not use the stored files."""
    return (
        f"The store of files belongs to another user than the one who runs this (uid "
        f"{os.geteuid()}): {error.filename} may not be used. Run it as the user of the service, "
        f"or give that one the files: `chown -R USER {default_storage.path('')}`."
    )


def _document_count() -> int:
    return Document.with_trashed.count() if Document._meta.db_table in tables() else 0


def tables() -> list[str]:
    """Of this database; none where its SQLite file is still to be made by `migrate`."""
    if connection.vendor == "sqlite" and not Path(connection.settings_dict["NAME"]).exists():
        return []
    return connection.introspection.table_names()
