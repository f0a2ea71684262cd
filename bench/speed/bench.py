"""What every comparison is given: its scale, its rivals, a folder, and places to work in."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.speed.figures import Scale
from bench.speed.places import ROOT, Place, why_no_postgresql


class Bench:
    """`before` is a checkout of an earlier state, which takes turns with this one."""

    def __init__(
        self, folder: Path, scale: Scale, *, rivals: str = "", before: Path | None = None
    ) -> None:
        self.folder, self.scale = folder, scale
        self.rivals = rivals
        self.before = before
        self.missing = _missing(rivals)
        no_postgresql = why_no_postgresql()
        self.databases = ["sqlite"] if no_postgresql else ["sqlite", "postgresql"]
        if no_postgresql:
            self.missing["postgresql"] = no_postgresql

    @contextmanager
    def place(self, database: str, tree: Path = ROOT, **environment: str) -> Iterator[Place]:
        place = Place(self.folder, database, tree, **environment)
        try:
            yield place
        finally:
            place.close()

    @property
    def trees(self) -> dict[str, Path]:
        """This state, and the earlier one where there is one."""
        return {"ATOM": ROOT} | ({"ATOM before": self.before} if self.before else {})


def _missing(python: str) -> dict[str, str]:
    """Which rivals the interpreter cannot import, and why."""
    if not python:
        why = "no interpreter with it was named (`--rivals`; `make bench` makes one)"
        return dict.fromkeys(("celery", "procrastinate", "starlette"), why)
    missing = {}
    for name in ("celery", "procrastinate", "starlette"):
        tried = subprocess.run([python, "-c", f"import {name}"], capture_output=True, check=False)
        if tried.returncode:
            missing[name] = f"{python} cannot import it"
    return missing
