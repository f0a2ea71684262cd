"""What operators do by mistake: a wrong database, an empty or an old one, one store for two."""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest

from tests import services
from tests.faults import rig
from tests.processes import Installation

REFUSAL = "This store belongs to another database"
AN_HOUR_AND_MORE = 2 * 3600


def files(house: rig.House) -> list[Path]:
    folder = house.installation.folder / "media" / "uploads"
    return sorted(path for path in folder.rglob("*") if path.is_file())


def age(house: rig.House) -> None:
    """As if all was uploaded two hours ago."""
    for path in files(house):
        then = path.parent.stat().st_mtime - AN_HOUR_AND_MORE
        os.utime(path.parent, (then, then))


def stopped_with(house: rig.House, documents: int = 5) -> list[Path]:
    """The files of an installation that was used and is stopped."""
    for number in range(documents):
        house.upload(b"Words %d." % number)
    assert house.running.interrupt() == 0
    age(house)
    kept = files(house)
    assert len(kept) == documents
    return kept


def can_be_fetched(house: rig.House, pk: str) -> bool:
    return rig.request(house.port, "GET", f"/documents/{pk}/file", None, house.headers)[0] == 200


def starts_again_with_all(house: rig.House) -> None:
    running = house.installation.up()
    running.wait_for("Press Ctrl-C")
    try:
        rig.until(lambda: all(house.status(pk) == "completed" for pk in house.acknowledged))
        assert all(can_be_fetched(house, pk) for pk in house.acknowledged)
        assert running.interrupt() == 0
    finally:
        running.end()
    house.assert_sane("--settled")


@pytest.fixture
def empty_postgresql() -> Iterator[str]:
    server = urlsplit(services.postgres_or_skip())
    name = f"atom_mistake_{uuid.uuid4().hex[:12]}"
    with closing(psycopg.connect(server.geturl(), autocommit=True)) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
        yield server._replace(path=f"/{name}").geturl()
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def wrong_database(request: pytest.FixtureRequest, tmp_path_factory: Any) -> str:
    """The URL of a database that is not the right one."""
    if request.param == "empty PostgreSQL":
        return str(request.getfixturevalue("empty_postgresql"))
    other = tmp_path_factory.mktemp("other")
    if request.param == "another installation's":
        Installation.prepared(other)
    (other / "var").mkdir(exist_ok=True)
    return f"sqlite:///{other}/var/atom.sqlite3"


WRONG = ["empty SQLite", "another installation's", "empty PostgreSQL"]


@pytest.mark.row(
    "started by mistake with an empty database, or with another installation's",
    "five documents, two hours old; `up --prepare`, `migrate`, `worker --drain` with another "
    "DATABASE_URL, with and without a stamp in the store",
    "refused with a sentence, before anything is written into an empty one; every file is there",
)
@pytest.mark.parametrize("is_stamped", [True, False], ids=["stamped", "of an older version"])
@pytest.mark.parametrize("wrong_database", WRONG, indirect=True)
def test_the_wrong_database(house: rig.House, wrong_database: str, is_stamped: bool) -> None:
    kept = stopped_with(house)
    if not is_stamped:
        (house.installation.folder / "media" / "installation-id").unlink()
    manage = house.installation.manage
    wrong = {"DATABASE_URL": wrong_database}
    refused = manage("up", "--prepare", **wrong)
    assert (refused.returncode, f"{REFUSAL}: 5 files, 0 documents" in refused.stderr) == (1, True)
    assert "Traceback" not in refused.stderr
    assert manage("migrate", "-v", "0", **wrong).returncode == 0
    refused = manage("worker", "--drain", **wrong)
    assert (refused.returncode, REFUSAL in refused.stderr) == (1, True)
    assert REFUSAL in (told := manage("doctor", **wrong).stdout) or "nothing will start" in told
    assert files(house) == kept
    starts_again_with_all(house)


@pytest.mark.row(
    "started by mistake with an older copy of the database",
    "the database file of before five uploads, two hours old, under the same stamp",
    "their files go into quarantine and come back with the right database; nothing is deleted",
)
def test_an_older_copy_of_the_database(house: rig.House) -> None:
    database = house.installation.folder / "var" / "atom.sqlite3"
    copied = house.installation.manage("backup", str(house.installation.folder / "old.tar"))
    assert copied.returncode == 0, copied.stderr
    kept = stopped_with(house)
    newest = shutil.copy(database, database.with_name("newest.sqlite3"))
    shutil.unpack_archive(house.installation.folder / "old.tar", database.parent / "old", "tar")
    shutil.copy(database.parent / "old" / "database", database)
    running = house.installation.up()
    try:
        running.wait_for("that the database does not know are in quarantine until")
        assert running.interrupt() == 0
    finally:
        running.end()
    assert files(house) == []
    listed = house.installation.manage("quarantine").stdout
    assert "In quarantine: 5 files of 5 documents" in listed
    shutil.copy(newest, database)
    starts_again_with_all(house)
    assert files(house) == kept


@pytest.mark.row(
    "two installations on one store",
    "a second database with the same media folder, while the first one runs",
    "the second is refused; if it adopts the store nothing is deleted, and the first gets all back",
)
def test_two_installations_on_one_store(house: rig.House, second: Callable[..., Any]) -> None:
    for number in range(3):
        house.upload(b"Words %d." % number)
    kept = files(house)
    refused = second("up", "--no-worker")
    assert (refused.returncode, REFUSAL in refused.stderr) == (1, True)
    assert second("quarantine", "adopt").returncode == 0
    assert files(house) == []
    assert can_be_fetched(house, next(iter(house.acknowledged)))
    assert house.running.interrupt() == 0
    refused = house.installation.manage("up")
    assert (refused.returncode, REFUSAL in refused.stderr) == (1, True)
    assert house.installation.manage("quarantine", "adopt").returncode == 0
    assert files(house) == kept
    starts_again_with_all(house)


@pytest.fixture
def second(house: rig.House, tmp_path_factory: Any) -> Callable[..., Any]:
    """Commands of an installation with a database of its own in the folder of the first."""
    other = tmp_path_factory.mktemp("second")
    Installation.prepared(other)
    url = f"sqlite:///{other}/var/atom.sqlite3"
    return lambda *arguments: house.installation.manage(*arguments, DATABASE_URL=url)
