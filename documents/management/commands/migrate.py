"""`manage.py migrate`: Django's own, and the one command that may make a new SQLite file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.core.management.commands import migrate
from django.db import connections

from atom_project import database_file
from documents.operations.standing import DataCommand


class Command(DataCommand, migrate.Command):
    def execute(self, *arguments: Any, **options: Any) -> Any:
        # Not in `handle`: the system checks before it ask the database what it can do.
        connection = connections[options["database"]]
        if connection.vendor == "sqlite":
            _make_file(str(connection.settings_dict["NAME"]))
        return super().execute(*arguments, **options)


def _make_file(name: str) -> None:
    try:
        database_file.create(Path(name))
    except OSError as error:
        raise CommandError(
            f"The database file {name} cannot be made: {error.strerror}. Check DATABASE_URL and "
            "ATOM_DATA_DIR."
        ) from error
