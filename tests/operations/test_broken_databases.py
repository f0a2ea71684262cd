"""A command that meets a database it cannot use says so in a sentence, Django's own included."""

from __future__ import annotations

import pytest

from tests.processes import Installation


@pytest.fixture(scope="module")
def damaged(tmp_path_factory):
    here = Installation(tmp_path_factory.mktemp("damaged"), ATOM_ENGINE="offline")
    (here.folder / "var").mkdir(parents=True, exist_ok=True)
    (here.folder / "var" / "atom.sqlite3").write_bytes(b"no database" * 1000)
    return here


@pytest.mark.parametrize("words", ["up", "resume", "erase ada --dry-run", "changepassword ada"])
def test_a_damaged_database_is_told_without_a_traceback(damaged, words):
    ended = damaged.manage(*words.split())
    assert ended.returncode == 1
    assert "The database cannot be used: file is not a database" in ended.stderr
    assert "Traceback" not in ended.stderr
