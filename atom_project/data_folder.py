"""The folder of the installation's own data, and the secrets that are made in it once."""

from __future__ import annotations

import json
import os
import secrets
import tempfile
from collections.abc import Iterable
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured


def make_folder(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise ImproperlyConfigured(
            f"{folder} cannot be made: {error.strerror}. Set ATOM_DATA_DIR to a folder that the "
            "user running ATOM may write to."
        ) from error


def folder_for_incoming(folder: Path) -> str | None:
    """Where uploads rest while they arrive; None, for the system's folder, if none can be made.

    Web servers and workers see the same one there, also those with a `/tmp` each (`PrivateTmp`,
    containers): what a killed web server leaves is found and cleared away.
    """
    try:
        if not folder.is_dir():
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError:
        return None
    return str(folder)


def generated_secrets(path: Path, names: Iterable[str]) -> dict[str, str]:
    """Secrets nobody gave: made once, kept in a file only its owner can read.

    Processes that start together agree on one file: `os.link` lets the first one win.
    """
    make_folder(path.parent)
    try:
        if not path.exists():
            _write_once(path, {name: secrets.token_urlsafe(64) for name in names})
        is_exposed = path.stat().st_mode & 0o077
        content = path.read_text()
    except OSError as error:
        raise ImproperlyConfigured(
            f"{path} cannot be read or written: {error.strerror}. Let the user running ATOM do "
            "so, or set ATOM_DATA_DIR to another folder."
        ) from error
    if is_exposed:
        raise ImproperlyConfigured(
            f"{path} can be read by other users of this machine. Run `chmod 600 {path}`."
        )
    return _kept(path, content, names)


def _kept(path: Path, content: str, names: Iterable[str]) -> dict[str, str]:
    try:
        kept = json.loads(content)
        return {name: str(kept[name]) for name in names}
    except (ValueError, KeyError, TypeError):
        raise ImproperlyConfigured(
            f"{path} is damaged. Put it back from a backup, or delete it: a new one will be made, "
            "and everybody has to sign in again."
        ) from None


def _write_once(path: Path, content: dict[str, str]) -> None:
    descriptor, draft = tempfile.mkstemp(dir=path.parent, prefix=".secrets-")
    try:
        with os.fdopen(descriptor, "w") as file:
            json.dump(content, file)
            file.flush()
            os.fsync(file.fileno())
        # Not `os.replace`: it would take away secrets that another process uses already.
        os.link(draft, path)
    except FileExistsError:
        pass  # Another process was first; its secrets count.
    finally:
        os.unlink(draft)
