"""Files with secrets that others could read are told, and those behind a closed folder are not."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from documents.operations import file_modes
from documents.operations.checks import Verdict

WITH_SECRETS = "OPENAI_API_KEY=sk-secret\n"


@pytest.fixture
def folder(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Open to everybody, which the folders of pytest are not."""
    with tempfile.TemporaryDirectory() as name:
        path = Path(name)
        path.chmod(0o755)
        if not all(each.stat().st_mode & 0o011 for each in path.parents):
            pytest.skip("temporary files are in a folder that lets nobody in")
        settings.ENV_FILE = path / ".env"
        monkeypatch.setitem(connection.settings_dict, "NAME", str(path / "atom.sqlite3"))
        yield path


def write(path: Path, content: str, mode: int) -> None:
    path.write_text(content)
    path.chmod(mode)


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o666])
def test_a_file_of_settings_with_secrets_is_for_its_owner_only(folder: Path, mode: int) -> None:
    write(folder / ".env", WITH_SECRETS, mode)
    found = file_modes.examine_mode(folder / ".env")
    assert found.verdict == Verdict.BROKEN
    assert f"({mode:o})" in found.text
    assert f"chmod 600 {folder / '.env'}" in found.remedy
    (folder / ".env").chmod(0o600)
    assert file_modes.examine_mode(folder / ".env").verdict == Verdict.GOOD


def test_a_folder_that_lets_nobody_in_protects_its_files(folder: Path) -> None:
    inside = folder / "var"
    inside.mkdir()
    write(inside / "atom.sqlite3", "", 0o644)
    inside.chmod(0o700)
    assert file_modes.examine_mode(inside / "atom.sqlite3").verdict == Verdict.GOOD
    inside.chmod(0o711)
    assert file_modes.examine_mode(inside / "atom.sqlite3").verdict == Verdict.BROKEN


@pytest.mark.parametrize(
    "content", ["", "ATOM_PORT=8001\n", "JWT_SECRET_KEY=your_secure_jwt_secret\nSECRET_KEY=\n"]
)
def test_settings_without_secrets_may_be_read_by_anybody(folder: Path, content: str) -> None:
    write(folder / ".env", content, 0o644)
    assert not file_modes.holds_secrets(folder / ".env")
    assert not file_modes.holds_secrets(folder / "none")


def test_a_database_that_others_can_read_is_broken(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "vendor", "sqlite")
    write(folder / "atom.sqlite3", "", 0o644)
    write(folder / ".env", WITH_SECRETS, 0o600)
    verdicts = {found.text.split()[0]: found.verdict for found in file_modes.examine()}
    assert verdicts == {
        str(folder / ".env"): Verdict.GOOD,
        str(folder / "atom.sqlite3"): Verdict.BROKEN,
    }
