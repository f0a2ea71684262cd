"""Installed as a package: the same service without a checkout, its data with the user's own."""

from __future__ import annotations

import json
import re
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from atom_project import __version__
from tests import hostile_files, wheel
from tests.processes import PATIENCE, ROOT, Running

pytestmark = pytest.mark.long

TEXT = b"The quay wall is safe. Maria Lopez must send the survey to the insurer by 20 March 2026."
BUNDLED = ("manage.py", "static", "templates")
PASSWORD = {"DJANGO_SUPERUSER_PASSWORD": "correct horse battery"}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return wheel.built(tmp_path_factory.mktemp("dist"))


@pytest.fixture(scope="module")
def programs(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return wheel.environment_with(built, tmp_path_factory.mktemp("an environment") / "venv")


@pytest.fixture
def installed(programs: Path, tmp_path: Path) -> wheel.Installed:
    return wheel.Installed(programs, tmp_path / "home")


@pytest.fixture(scope="module")
def served(
    programs: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[wheel.Installed, Running]]:
    """By `atom up` alone, typed in a folder with a file of an unlucky name."""
    installed = wheel.Installed(programs, tmp_path_factory.mktemp("homes") / "home")
    (installed.folder / "csp.py").write_text("raise SystemExit('imported from where I stood')")
    running = installed.up()
    running.wait_for("ATOM is ready at")
    running.wait_for("Press Ctrl-C")
    yield installed, running
    running.end()


@pytest.fixture
def client(served: tuple[wheel.Installed, Running]) -> Iterator[httpx.Client]:
    installed, _ = served
    address = f"http://127.0.0.1:{installed.environment['ATOM_PORT']}"
    with httpx.Client(base_url=address, timeout=PATIENCE) as client:
        given = {"username": "user1", "password": "password123"}
        token = client.post("/auth/login", json=given).json()["access"]
        client.headers["Authorization"] = f"Bearer {token}"
        yield client


def test_the_wheel_holds_every_file_of_the_program_and_no_other(built: Path) -> None:
    rooms = {"accounts": "accounts", "atom_project": "atom_project", "documents": "documents"}
    rooms |= {name: f"atom_project/bundled/{name}" for name in BUNDLED}
    wanted = set()
    for here, there in rooms.items():
        files = [ROOT / here] if (ROOT / here).is_file() else (ROOT / here).rglob("*")
        for file in files:
            if file.is_file() and "__pycache__" not in file.parts:
                wanted.add(str(Path(there) / file.relative_to(ROOT / here)))
    names = zipfile.ZipFile(built).namelist()
    assert {name for name in names if ".dist-info/" not in name} == wanted
    assert f"atom-{__version__}.dist-info/licenses/LICENSE" in names


def test_pages_come_with_their_styles_and_scripts(client: httpx.Client) -> None:
    page = client.get("/login/", follow_redirects=True)
    assert page.status_code == 200
    linked = re.findall(r'(?:href|src)="(/static/[^"]+)"', page.text)
    assert {Path(path).suffix for path in linked} >= {".css", ".js"}
    assert {path: client.get(path).status_code for path in linked} == dict.fromkeys(linked, 200)


def test_what_is_uploaded_is_read_and_told_on_the_stream(client: httpx.Client) -> None:
    """Also by the reader of PDFs, which confines itself to the files of this environment."""
    files = [("files", ("minutes.txt", TEXT)), ("files", ("page.pdf", hostile_files.hello()))]
    uploaded = client.post("/upload", files=files).json()["uploaded"]
    for document in uploaded:
        path = f"/documents/{document['id']}"
        _until(lambda path=path: client.get(f"{path}/status").json()["is_finished"])
        assert client.get(f"{path}/status").json()["status"] == "completed"
    result = client.get(f"/documents/{uploaded[0]['id']}").json()["analysis"]
    assert "survey" in json.dumps(result)
    with client.stream("GET", "/documents/stream?lastEventId=0") as stream:
        told = (line for line in stream.iter_lines() if "completed" in line)
        assert uploaded[0]["id"] in next(told)


def test_data_lies_in_the_users_folder_and_beside_no_code(
    client: httpx.Client, served: tuple[wheel.Installed, Running], programs: Path
) -> None:
    installed, _ = served
    uploaded = client.post("/upload", files={"files": ("a.txt", TEXT)}).json()["uploaded"][0]
    data = installed.folder / ".local" / "share" / "atom"
    assert {path.name for path in data.iterdir()} == {"var", "media"}
    assert list(data.glob(f"media/uploads/{uploaded['id']}/*"))
    assert {path.name for path in installed.folder.iterdir()} == {".local", "csp.py"}
    [packages] = programs.parent.glob("lib/python*/site-packages")
    assert [name for name in ("var", "media", ".env") if list(packages.rglob(name))] == []


def test_ctrl_c_ends_it(programs: Path, tmp_path: Path) -> None:
    running = wheel.Installed(programs, tmp_path / "home").up()
    running.wait_for("Press Ctrl-C")
    assert running.interrupt() == 0
    running.end()


def test_commands_are_those_of_a_checkout(installed: wheel.Installed) -> None:
    listed = installed.manage("--help").stdout
    for name in ("up", "worker", "doctor", "backup", "restore", "createsuperuser", "migrate"):
        assert re.search(rf"^    {name}$", listed, re.MULTILINE), name
    assert installed.manage("--version").stdout == f"ATOM {__version__}\n"
    assert installed.manage("migrate", "-v", "0").returncode == 0
    person = ("--no-input", "--username", "ada", "--email", "")
    assert "created" in installed.manage("createsuperuser", *person, **PASSWORD).stdout
    assert installed.manage("worker", "--drain").returncode == 0
    assert "All migrations are applied." in installed.manage("doctor").stdout


def test_advice_names_the_command_that_is_there(installed: wheel.Installed) -> None:
    ended = installed.manage("up", "--no-prepare")
    assert ended.returncode == 1
    assert "`atom migrate`" in ended.stderr
    assert "manage.py" not in ended.stderr


def test_another_folder_brings_its_own_settings(installed: wheel.Installed, tmp_path: Path) -> None:
    (chosen := tmp_path / "chosen").mkdir()
    (chosen / ".env").write_text("ATOM_WORKER_SLOTS=nonsense\n")
    told = installed.manage("check", ATOM_DATA_DIR=str(chosen)).stderr
    assert "ATOM_WORKER_SLOTS" in told
    (chosen / ".env").write_text("")
    assert installed.manage("migrate", "-v", "0", ATOM_DATA_DIR=str(chosen)).returncode == 0
    assert (chosen / "var" / "atom.sqlite3").exists()
    assert not (installed.folder / ".local").exists()


@pytest.mark.parametrize("command", ["up", "migrate", "doctor", "worker"])
def test_a_folder_that_cannot_be_made_is_told_in_a_sentence(
    installed: wheel.Installed, tmp_path: Path, command: str
) -> None:
    (tmp_path / "file").touch()
    ended = installed.manage(command, XDG_DATA_HOME=str(tmp_path / "file"))
    assert ended.returncode == 1
    assert "Traceback" not in ended.stderr
    assert re.search(r"file/atom/var cannot be made: .+\. Set ATOM_DATA_DIR to", ended.stderr)


def _until(is_so: Any) -> None:
    deadline = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.05)
