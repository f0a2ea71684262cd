"""Django's SQLite, but a file that is missing is an error and never a new, empty database."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

from django.db.backends.sqlite3 import base

from atom_project import database_file, paths


class DatabaseWrapper(base.DatabaseWrapper):
    """Opens what is there (https://www.sqlite.org/uri.html, `mode=rw`); `migrate` makes it."""

    _opened: database_file.Identity | None = None

    def get_connection_params(self) -> dict[str, Any]:
        parameters: dict[str, Any] = super().get_connection_params()
        if self._path:
            parameters |= {"database": f"{self._path.as_uri()}?mode=rw", "uri": True}
        return parameters

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        # Before it is opened: one that is replaced in between counts as another.
        self._opened = database_file.identity(self._path) if self._path else None
        try:
            connection = super().get_new_connection(conn_params)
        except sqlite3.OperationalError:
            if self._path and not self._path.exists():
                raise sqlite3.OperationalError(
                    f"there is no database file at {self._path}; put it back, or make a new one "
                    f"with {paths.command('migrate')}"
                ) from None
            raise
        if self._path:
            database_file.note(self._path)
        return connection

    def is_of_another_file(self) -> bool:
        """Whether what is open is not what lies at the path now: what it takes would be lost."""
        return self._path is not None and database_file.identity(self._path) != self._opened

    @property
    def _path(self) -> Path | None:
        name = str(self.settings_dict["NAME"])
        return None if self.creation.is_in_memory_db(name) else Path(name).absolute()
