"""Whether the code has changed: a debug run starts its processes again then."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator
from pathlib import Path

SUFFIXES = {".py", ".html", ".json"}  # What processes read once and then keep.


class CodeWatch:
    """Looks at the files in these folders, each time they are asked about."""

    def __init__(self, folders: Iterable[Path]) -> None:
        self._folders = list(folders)
        self._known = self._files()

    def has_changed(self) -> bool:
        """Whether anything was written, added or removed since the last time this was asked."""
        known, self._known = self._known, self._files()
        return known != self._known

    def _files(self) -> dict[Path, int]:
        return dict(self._written_at())

    def _written_at(self) -> Iterator[tuple[Path, int]]:
        for folder in self._folders:
            for path in folder.rglob("*"):
                if path.suffix in SUFFIXES:
                    with contextlib.suppress(FileNotFoundError):  # Gone this moment.
                        yield path, path.stat().st_mtime_ns
