"""What an operator does by mistake while everything runs; each must be refused, or do no harm."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import uuid
from pathlib import Path

REFUSAL = "This store belongs to another database"
PRESENT = "is running here"
BUSY = "It could not be done"
AGE = 2 * 3600  # seconds; older than anything that may still be arriving


class Mistakes:
    """Commands beside a living installation; each method returns what it found wrong."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self._folder, self._environment = folder, environment
        self._backup = folder / "backup.tar"

    def prepare(self) -> None:
        """A stamped store, a backup of the beginning, and a database with nothing in it."""
        (self._folder / "empty").mkdir()
        prepared = [
            self._manage("quarantine", "adopt"),
            self._manage("backup", str(self._backup)),
            self._manage("migrate", "-v", "0", **self._wrong()),
        ]
        for ended in prepared:
            assert ended.returncode == 0, ended.stderr

    def start_with_an_empty_database(self) -> list[str]:
        """As where DATABASE_URL is forgotten: nothing may be moved or deleted."""
        return self._refused(self._manage("worker", "--drain", **self._wrong()), REFUSAL)

    def restore_beside_the_living(self) -> list[str]:
        """Somebody must be at work, or it is no mistake and replaces everything."""
        return self._refused(self._manage("restore", str(self._backup), "--force"), PRESENT)

    def quarantine(self) -> list[str]:
        """A file of nobody goes where it can be found; those of documents stay."""
        media = self._folder / "media"
        stray = media / "uploads" / str(uuid.uuid4())
        stray.mkdir(parents=True)
        (stray / "left.txt").write_text("left")
        then = time.time() - AGE
        os.utime(stray, (then, then))
        ended = self._manage("quarantine", "adopt")
        if ended.returncode and BUSY in ended.stderr:
            return []  # Whoever was stopped in the middle of a write holds the database.
        if ended.returncode or stray.exists():
            return [f"quarantine adopt ended {ended.returncode}: {ended.stderr[-300:]}"]
        if not list((media / "quarantine").glob(f"*/{stray.name}/left.txt")):
            return ["quarantine adopt lost the file of nobody"]
        return []

    def _refused(self, ended: subprocess.CompletedProcess[str], words: str) -> list[str]:
        if ended.returncode == 1 and words in ended.stderr:
            return []
        name = " ".join(ended.args[2:4])
        return [f"{name} was not refused, but ended {ended.returncode}: {ended.stderr[-300:]}"]

    def _wrong(self) -> dict[str, str]:
        return {"DATABASE_URL": f"sqlite:///{self._folder}/empty/atom.sqlite3"}

    def _manage(self, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            env=self._environment | more,
            capture_output=True,
            text=True,
            check=False,
        )
