"""The archive of a backup: what it holds, and how each byte of it is checked before it counts."""

from __future__ import annotations

import hashlib
import json
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

FORMAT = 1
DATABASE = "database"
MANIFEST = "manifest.json"
MEDIA = "media/"
BLOCK = 1024 * 1024


class BackupFailed(Exception):
    """The message says why, and what to do."""


@dataclass
class Manifest:
    made_at: str
    engine: str
    engine_version: str
    migrations: list[str]
    documents: int
    checksums: dict[str, str] = field(default_factory=dict)  # By member, SHA-256.
    deleted: list[str] = field(default_factory=list)  # Documents whose file went meanwhile.
    lost: list[str] = field(default_factory=list)  # Documents whose file was not there.
    damaged: list[str] = field(default_factory=list)  # Documents whose file had changed.
    format: int = FORMAT


@dataclass(frozen=True)
class Backup:
    """An archive whose every byte is what the manifest says."""

    archive: tarfile.TarFile
    manifest: Manifest

    def extract_database(self, path: Path) -> None:
        path.touch(mode=0o600)
        with self._content(DATABASE) as content, path.open("wb") as file:
            while block := content.read(BLOCK):
                file.write(block)

    def files(self) -> Iterator[tuple[str, str, Any]]:
        """The names in the storage, with the SHA-256 and the open content of each."""
        for name, checksum in self.manifest.checksums.items():
            if name.startswith(MEDIA):
                with self._content(name) as content:
                    yield name.removeprefix(MEDIA), checksum, content

    def _content(self, name: str) -> Any:
        try:
            content = self.archive.extractfile(name)
        except KeyError:
            content = None
        if content is None:
            raise BackupFailed(f"The backup lacks {name}; it is damaged. Use another one.")
        return content

    def verify(self) -> None:
        for name, wanted in self.manifest.checksums.items():
            with self._content(name) as content:
                if hashlib.file_digest(content, "sha256").hexdigest() != wanted:
                    raise BackupFailed(f"{name} is not what was saved. Use another backup.")


def read(archive: tarfile.TarFile) -> Backup:
    """Check the whole archive before anybody relies on it."""
    try:
        manifest = archive.extractfile(MANIFEST)
        facts = json.load(manifest) if manifest else {}
    except (KeyError, ValueError):
        raise BackupFailed("This is no whole backup: it has no manifest.") from None
    if facts.get("format") != FORMAT:
        raise BackupFailed("This backup was made by another version of ATOM; restore it with that.")
    backup = Backup(archive, Manifest(**facts))
    backup.verify()
    return backup
