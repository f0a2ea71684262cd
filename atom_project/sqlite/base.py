"""Django's SQLite: a missing file is an error, and the threads of a process write in turns."""

from __future__ import annotations

import sqlite3
import threading
from collections import defaultdict
from pathlib import Path
from typing import Any

from django.db import OperationalError
from django.db.backends.sqlite3 import base

from atom_project import database_file, paths

# One turn for each database of this process.
_turns: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)


class DatabaseWrapper(base.DatabaseWrapper):
    """Opens what is there (https://www.sqlite.org/uri.html, `mode=rw`); `migrate` makes it.

    SQLite has one writer at a time, and who waits for it looks again after pauses, so that of
    sixty-four threads some are passed over until their time is up. Those of one process therefore
    wait for a turn, which ends with the transaction; among processes it stays as SQLite has it.
    """

    _opened: database_file.Identity | None = None
    _turn: threading.Lock | None = None

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

    def _start_transaction_under_autocommit(self) -> None:
        turn = _turns[str(self.settings_dict["NAME"])]
        patience = self.settings_dict["OPTIONS"].get("timeout", 5)
        if not turn.acquire(timeout=patience):
            raise OperationalError("database is locked")
        self._turn = turn
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]
        except BaseException:
            self._end_turn()
            raise

    def _commit(self) -> None:
        super()._commit()  # type: ignore[misc]
        self._end_turn()  # Not where it fails: it is rolled back, then.

    def _rollback(self) -> None:
        try:
            super()._rollback()  # type: ignore[misc]
        finally:
            self._end_turn()

    def _close(self) -> None:
        try:
            super()._close()  # type: ignore[misc]
        finally:
            self._end_turn()

    def _end_turn(self) -> None:
        if turn := self._turn:
            self._turn = None
            turn.release()

    def is_of_another_file(self) -> bool:
        """Whether what is open is not what lies at the path now: what it takes would be lost."""
        return self._path is not None and database_file.identity(self._path) != self._opened

    @property
    def _path(self) -> Path | None:
        name = str(self.settings_dict["NAME"])
        return None if self.creation.is_in_memory_db(name) else Path(name).absolute()
