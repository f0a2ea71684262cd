"""What docs/security.md promises is tested, and what few other tests say of settings and files."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.hashers import identify_hasher

from documents.models import Document
from tests.processes import Installation

ROOT = Path(__file__).parents[2]
TABLES = [
    line for line in (ROOT / "docs" / "security.md").read_text().splitlines() if line[:1] == "|"
]
LINES = [line for line in TABLES if not line.startswith(("| ASVS", "| ---"))]
# Level 1 of OWASP ASVS 5.0.0, without OAuth servers, WebSocket and WebRTC.
LEVEL_1 = """
1.2.1 1.2.2 1.2.3 1.2.4 1.2.5 1.3.1 1.3.2 1.5.1 2.1.1 2.2.1 2.2.2 2.3.1 3.2.1 3.2.2 3.3.1 3.4.1
3.4.2 3.5.1 3.5.2 3.5.3 4.1.1 5.2.1 5.2.2 5.3.1 5.3.2 6.1.1 6.2.1 6.2.2 6.2.3 6.2.4 6.2.5 6.2.6
6.2.7 6.2.8 6.3.1 6.3.2 6.4.1 6.4.2 7.2.1 7.2.2 7.2.3 7.2.4 7.4.1 7.4.2 8.1.1 8.2.1 8.2.2 8.3.1
9.1.1 9.1.2 9.1.3 9.2.1 10.4.5 11.3.1 11.3.2 11.4.1 12.1.1 12.2.1 12.2.2 13.4.1 14.2.1 14.3.1
15.1.1 15.2.1 15.3.1
"""


def cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip("|").split("|")]


def ids(line: str) -> set[str]:
    found = set()
    for part in cells(line)[0].split(", "):
        first, _, last = part.partition("–")
        chapter, _, number = first.rpartition(".")
        upto = int((last or first).rpartition(".")[2])
        found |= {f"{chapter}.{each}" for each in range(int(number), upto + 1)}
    return found


@pytest.mark.parametrize("line", LINES, ids=lambda line: cells(line)[0])
def test_every_line_names_tests_that_exist(line: str) -> None:
    named = re.findall(r"`(tests/[\w/]+\.py)::(test_\w+)`", cells(line)[-1])
    assert named
    assert len(named) == cells(line)[-1].count("`") // 2
    for path, name in named:
        assert re.search(rf"^def {name}\(", (ROOT / path).read_text(), re.MULTILINE), name


def test_level_1_is_complete() -> None:
    assert set(LEVEL_1.split()) - set().union(*map(ids, LINES)) == set()


# Files and settings.


def test_uploads_are_stored_for_their_owner_only(upload: Callable[..., Document]) -> None:
    stored = Path(upload().file.path)
    assert stored.stat().st_mode & 0o777 == 0o600
    assert stored.parent.stat().st_mode & 0o777 == 0o700


def test_debugging_is_off_unless_somebody_asks_for_it(tmp_path: Path) -> None:
    assert json.loads(run(tmp_path).stdout)["debug"] is False
    assert json.loads(run(tmp_path, ATOM_DEBUG="on").stdout)["debug"] is True


REACHABLE = [
    {"ATOM_HOST": "0.0.0.0"},
    {"ATOM_HOST": "192.0.2.7"},
    {"ATOM_PUBLIC_URL": "https://atom.example.com"},
    {"ATOM_PUBLIC_URL": "http://atom.example.com"},
    {"ATOM_TRUSTED_PROXY": "127.0.0.1"},
]


@pytest.mark.parametrize("reachable", REACHABLE)
def test_debugging_stops_the_start_where_others_can_reach_it(
    tmp_path: Path, reachable: dict[str, str]
) -> None:
    ended = run(tmp_path, ATOM_DEBUG="on", **reachable)
    assert ended.returncode != 0
    assert "ATOM_DEBUG shows code and data" in ended.stderr
    assert run(tmp_path, **reachable).returncode == 0


def test_passwords_are_kept_by_a_slow_function(settings: Any) -> None:
    from django.conf import global_settings
    from django.contrib.auth.hashers import make_password

    settings.PASSWORD_HASHERS = global_settings.PASSWORD_HASHERS
    kept = make_password("correct horse battery")
    assert identify_hasher(kept).algorithm == "pbkdf2_sha256"
    assert int(kept.split("$")[1]) >= 600_000


SHOW = """
import json
from django.conf import settings as s
print(json.dumps({"debug": s.DEBUG, "local": s.IS_LOCAL_ONLY, "key": s.JWT_SECRET_KEY,
    "cookies": [s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME,
    s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE],
    "hsts": [s.SECURE_HSTS_SECONDS, s.SECURE_HSTS_INCLUDE_SUBDOMAINS]}))
"""


def run(folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", SHOW]
    return subprocess.run(
        command,
        env=Installation(folder, DJANGO_SETTINGS_MODULE="atom_project.settings").environment
        | environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def test_an_https_address_switches_the_strict_cookies_on(tmp_path: Path) -> None:
    strict = json.loads(run(tmp_path, ATOM_PUBLIC_URL="https://atom.example.com").stdout)
    assert strict["cookies"] == ["__Host-sessionid", "__Host-csrftoken", True, True]
    assert strict["hsts"] == [365 * 24 * 3600, True]
    plain = json.loads(run(tmp_path).stdout)
    assert plain["cookies"] == ["sessionid", "csrftoken", False, False]
    assert plain["hsts"] == [0, False]


@pytest.mark.parametrize("reachable", REACHABLE)
def test_a_short_key_stops_the_start_where_others_can_reach_it(
    tmp_path: Path, reachable: dict[str, str]
) -> None:
    ended = run(tmp_path, JWT_SECRET_KEY="short", **reachable)
    assert ended.returncode != 0
    assert "JWT_SECRET_KEY is shorter than 32 bytes" in ended.stderr


def test_a_short_key_signs_nothing_anywhere(tmp_path: Path) -> None:
    first, again = (json.loads(run(tmp_path, JWT_SECRET_KEY="short").stdout) for _ in range(2))
    assert len(first["key"]) >= 64
    assert first["key"] == again["key"]


@pytest.mark.parametrize("reachable", REACHABLE)
def test_others_come_where_an_address_or_a_proxy_says_so(
    tmp_path: Path, reachable: dict[str, str]
) -> None:
    assert json.loads(run(tmp_path, **reachable).stdout)["local"] is False


@pytest.mark.parametrize(
    "own",
    [
        {},
        {"ATOM_HOST": "[::1]"},
        {"ATOM_PUBLIC_URL": "http://localhost:8000"},
        {"ATOM_PUBLIC_URL": "https://[::1]"},
    ],
)
def test_an_address_of_this_machine_is_nobody_elses(tmp_path: Path, own: dict[str, str]) -> None:
    assert json.loads(run(tmp_path, **own).stdout)["local"] is True
