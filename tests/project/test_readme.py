"""What README and its pages promise: commands work line by line, tables are complete."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from atom_project import oidc_settings
from atom_project import settings as settings_module
from tests.processes import ROOT, Running, free_port

README = (ROOT / "README.md").read_text()
API = (ROOT / "docs" / "api.md").read_text()
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text()
ARCHITECTURE = (ROOT / "docs" / "architecture.md").read_text()
SETTINGS = (ROOT / "docs" / "settings.md").read_text()
EXAMPLE = (ROOT / ".env.example").read_text()

# An answer of 400 or more fails the line, as `set -e` stops at it; what may be answered with
# 409, because a worker was faster, is told apart.
PRELUDE = """
set -Eeuo pipefail
trap 'echo "FAILED: $BASH_COMMAND" >&2' ERR
curl() {
    if [[ "$*" == */cancel* ]]; then
        local status
        status=$(command curl --output /dev/null --write-out '%{http_code}' "$@")
        [[ $status == 202 || $status == 409 ]]
    else
        command curl --fail-with-body "$@"
    fi
}
"""
NOT_AGAIN = ("python3 -m venv", ". .venv", "pip install")  # The tests run in such a place already.


def section(title: Any, page: str = README) -> Any:
    return re.split(r"^##+ ", page.split(f"## {title}\n", 1)[1], maxsplit=1, flags=re.MULTILINE)[0]


def commands(text: str) -> str:
    return "".join(re.findall(r"^```sh\n(.*?)^```", text, re.MULTILINE | re.DOTALL))


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A copy of this project without anything that is made in it, in a folder with spaces."""
    folder = tmp_path_factory.mktemp("somewhere else") / "my atom"
    kept = ("accounts", "atom_project", "documents", "media/.gitkeep", "static", "templates")
    for name in (*kept, "manage.py", ".env.example"):
        source = ROOT / name
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, folder / name)
    return folder


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """What a newcomer's shell has: the virtual environment's `python`, and no setting of ours."""
    programs = tmp_path_factory.mktemp("programs")
    (programs / "python").write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    (programs / "python").chmod(0o755)
    return {
        "PATH": f"{programs}:{os.environ['PATH']}",
        "HOME": str(programs),
        "ATOM_PORT": str(free_port()),
    }


@pytest.fixture(scope="module")
def server(checkout: Any, environment: Any) -> Any:
    """Started by the lines of the section "By hand"."""
    by_hand = commands(section("By hand")).splitlines()
    lines = [line for line in by_hand if not line.startswith(NOT_AGAIN)]
    assert lines[-1] == "python manage.py up"
    script = "set -e\n" + "\n".join([*lines[:-1], f"exec {lines[-1]}"])
    running = Running(["bash", "-c", script], cwd=checkout, env=environment)
    running.wait_for("ATOM is ready at")
    running.wait_for("Press Ctrl-C")
    yield running
    running.end()


@pytest.mark.slow
def test_the_manual_path_starts_a_server_that_says_who_may_sign_in_and_who_reads(
    server: Any,
) -> None:
    said = "\n".join(server.lines)
    assert "Made the user user1 with password password123." in said
    assert "Sign in as user1 with the password password123." in said
    assert "using the built-in engine" in said
    assert "placeholder" not in said
    assert "Note:" not in said


def by_curl(text: str, folder: Path, environment: Any) -> Any:
    """What the commands of this text say, after all of them worked in the order given."""
    script = commands(text).replace(":8000", f":{environment['ATOM_PORT']}")
    ended = run(PRELUDE + script, folder, environment)
    assert ended.returncode == 0, ended.stdout[-2000:] + ended.stderr
    return ended.stdout


@pytest.mark.slow
def test_the_first_calls_lead_from_a_login_to_a_result(
    server: Any, environment: Any, tmp_path: Path
) -> None:
    assert "send the survey" in by_curl(section("By curl"), tmp_path, environment)


@pytest.mark.slow
def test_every_call_works_in_the_order_given(server: Any, environment: Any, tmp_path: Path) -> None:
    assert "survey" in by_curl(API, tmp_path, environment)
    assert (tmp_path / "copy.txt").read_bytes() == (tmp_path / "minutes.txt").read_bytes()


@pytest.mark.slow
def test_a_curl_command_that_gets_an_error_would_fail_the_test(
    server: Any, environment: Any, tmp_path: Path
) -> None:
    address = f"http://127.0.0.1:{environment['ATOM_PORT']}/documents"
    ended = run(PRELUDE + f"curl -s {address}\ntrue\n", tmp_path, environment)
    assert ended.returncode != 0
    assert "FAILED" in ended.stderr


@pytest.mark.slow
def test_a_doctor_finds_nothing_broken_in_what_the_manual_path_made(
    server: Any, checkout: Any, environment: Any
) -> None:
    ended = run("python manage.py doctor", checkout, environment)
    assert ended.returncode == 0, ended.stdout


def run(script: Any, folder: Any, environment: Any) -> Any:
    return subprocess.run(
        ["bash", "-c", script],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def names_read() -> Any:
    """The variables that the settings read."""
    modules = (settings_module, oidc_settings)
    source = "".join(Path(module.__file__).read_text() for module in modules)
    return set(re.findall(r"env\.\w+\(\s*\"([A-Z_]+)\"", source))


def test_the_tables_of_settings_are_complete_and_nothing_more() -> None:
    listed = re.findall(r"^\| `([A-Z_]+)` \|", SETTINGS, re.MULTILINE)
    assert sorted(listed) == sorted(names_read())


def test_the_settings_that_matter_most_are_five_of_them() -> None:
    named = re.findall(r"^- `([A-Z_]+)`", section("Settings"), re.MULTILINE)
    assert len(named) == 5
    assert set(named) <= names_read()


def test_the_example_file_names_every_setting_and_nothing_more() -> None:
    assert set(re.findall(r"^#? ?([A-Z_]+)=", EXAMPLE, re.MULTILINE)) == names_read()


def test_the_example_file_begins_with_the_three_names_of_the_brief() -> None:
    lines = [line for line in EXAMPLE.splitlines() if line and not line.startswith("#")]
    assert lines == [
        "JWT_SECRET_KEY=your_secure_jwt_secret",
        "JWT_EXPIRY=60",
        "OPENAI_API_KEY=your_openai_key",
    ]


def test_every_place_to_change_something_exists() -> None:
    places = re.findall(r"`([\w./]+/[\w./]*)`", section("Where to change what", ARCHITECTURE))
    assert len(places) > 15
    assert [place for place in places if not (ROOT / place).exists()] == []


def test_the_words_for_make_exist() -> None:
    makefile = (ROOT / "Makefile").read_text()
    words = set(re.findall(r"(?:^|`)make ([\w-]+)", README + CONTRIBUTING, re.MULTILINE))
    assert {"run", "test", "check", "debug"} <= words
    assert [word for word in words if not re.search(rf"^{word}:", makefile, re.MULTILINE)] == []


def test_every_word_for_make_is_told() -> None:
    makefile = (ROOT / "Makefile").read_text()
    words = re.findall(r"^([\w-]+):.*##", makefile, re.MULTILINE)
    assert len(words) > 20
    told = set(re.findall(r"make ([\w-]+)", README + CONTRIBUTING))
    assert [word for word in words if word not in told] == []
