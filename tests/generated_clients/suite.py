"""Clients that three generators make of /schema do the same job against a running server.

`GENERATED_CLIENTS` is a folder with the generators; `make generated-clients` makes it.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.processes import ROOT, Installation
from tests.services import missing

HERE = Path(__file__).parent
TEXTS = (
    "The quay wall is safe. Maria Lopez must send the survey to the insurer by 20 March 2026.",
    "The budget was approved. The committee must order the new crane.",
    "The lease of the boat house ends on 31 May 2027.",
)
STRICT = ("--strict", "--noUncheckedIndexedAccess", "--module", "nodenext", "--target", "es2022")
PACKAGES = {
    "with_openapi_python_client.py": "atom_client",
    "with_openapi_generator.py": "atom_openapi",
}


@pytest.fixture(scope="module")
def folder() -> Path:
    found = Path(os.environ.get("GENERATED_CLIENTS", ""))
    if not (found / "bin" / "openapi-python-client").exists():
        missing("no generators: run `make generated-clients`")
    return found.absolute()


def run(*command: Any, cwd: Path, **environment: str) -> str:
    done = subprocess.run(
        [*map(str, command)],
        cwd=cwd,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    return Installation.prepared(tmp_path_factory.mktemp("atom"), ATOM_ENGINE="offline")


@pytest.fixture(scope="module")
def url(installation: Installation) -> Iterator[str]:
    server = installation.up()
    try:
        server.wait_for("ready")
        yield f"http://127.0.0.1:{installation.environment['ATOM_PORT']}"
    finally:
        server.interrupt()
        server.end()


@pytest.fixture(scope="module")
def made(
    folder: Path, installation: Installation, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """A folder with the description and the packages of both Python clients."""
    built = tmp_path_factory.mktemp("made")
    schema = built / "openapi.json"
    installation.manage("spectacular", "--format", "openapi-json", "--file", str(schema))
    one = [folder / "bin" / "openapi-python-client", "generate", "--path", schema]
    run(*one, "--output-path", "one", "--overwrite", cwd=built)
    two = [folder / "bin" / "openapi-generator-cli", "generate", "-i", schema, "-g", "python"]
    run(*two, "-o", "two", "--package-name", "atom_openapi", cwd=built)
    return built


def hold(said: dict[str, Any]) -> None:
    assert (said["me"], said["problem"]) == ("user1", "not_found")
    assert (said["indexes"], said["external_ids"]) == ([0, 1, 2], ["case 17"] * 3)
    assert said["file"] == TEXTS[0]
    assert all(said["summaries"])
    assert [page.strip() for page in said["pages"]] == list(TEXTS)
    assert "Maria Lopez" in [assignee for _, assignee in said["tasks"]]


@pytest.mark.parametrize("script", PACKAGES)
def test_a_python_client_uploads_waits_and_reads(
    folder: Path, made: Path, url: str, script: str
) -> None:
    where = os.pathsep.join([str(made / "one"), str(made / "two")])
    client = [folder / "bin" / "python", HERE / script]
    said = run(*client, url, "user1", "password123", *TEXTS, cwd=made, PYTHONPATH=where)
    hold(json.loads(said))


@pytest.mark.parametrize("script", PACKAGES)
def test_every_module_of_a_python_client_can_be_imported(
    folder: Path, made: Path, script: str
) -> None:
    walk = (
        "import importlib, pkgutil, sys; package = importlib.import_module(sys.argv[1]);"
        "found = [importlib.import_module(each.name) for each in"
        " pkgutil.walk_packages(package.__path__, package.__name__ + '.')]; print(len(found))"
    )
    where = os.pathsep.join([str(made / "one"), str(made / "two")])
    python = folder / "bin" / "python"
    assert int(run(python, "-c", walk, PACKAGES[script], cwd=made, PYTHONPATH=where)) > 100


def test_a_typescript_client_uploads_waits_and_reads(folder: Path, made: Path, url: str) -> None:
    tools = folder / "node_modules" / ".bin"
    if not shutil.which("node") or not (tools / "openapi-typescript").exists():
        missing("no openapi-typescript: run `make generated-clients`")
    # Beside its modules, where node looks for them.
    run(tools / "openapi-typescript", made / "openapi.json", "-o", folder / "atom.d.ts", cwd=folder)
    script = Path(shutil.copy(HERE / "with_openapi_typescript.mts", folder))
    run(tools / "tsc", *STRICT, "--types", "node", script, cwd=folder)
    said = run("node", script.with_suffix(".mjs"), url, "user1", "password123", *TEXTS, cwd=ROOT)
    hold(json.loads(said))
