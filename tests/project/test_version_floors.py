"""Versions below these have known holes on paths this service uses."""

from __future__ import annotations

import re
import tomllib
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parents[2]

FLOORS = {
    # Unbounded memory and CPU before anybody is authenticated; ASGI bodies past every limit.
    "django": "5.2.19",
    # 19 s of CPU by one Accept header; JSON bodies past the size limit.
    "djangorestframework": "3.18.2",
    # Refreshed the tokens of inactive users (CVE-2024-22513).
    "djangorestframework-simplejwt": "5.5.1",
    # Empty HMAC keys, unknown critical headers.
    "pyjwt": "2.15",
    # A crafted PDF ran code (CVE-2025-64512); the first fix was incomplete.
    "pdfminer.six": "20251230",
    "uvicorn": "0.54",
    # 3.x is built on another HTTP client, with other exceptions.
    "openai": "3.54",
    # Streams that share a pool instead of taking a thread and a connection each.
    "asgiref": "3.13",
}


LOCKS = [f"requirements{name}.txt" for name in ("", "/s3", "/celery", "/otel", "/oidc", "/dev")]
TOOLS = [f"requirements/{name}.txt" for name in ("bench", "fuzz", "llmock", "real-model")]


def locked(lock: str) -> dict[str, Version]:
    """The version of each package; the lowest, where one depends on the Python."""
    pins = re.findall(r"^([A-Za-z0-9._-]+)(?:\[[^]]*])?==([^ ;\\]+)", lock, re.MULTILINE)
    found: dict[str, Version] = {}
    for name, pinned in pins:
        version, name = Version(pinned), canonicalize_name(name)
        found[name] = min(version, found.get(name, version))
    return found


def unhashed(lock: str) -> list[str]:
    entries = re.split(r"\n(?=[A-Za-z0-9])", lock)
    return [
        entry.split()[0] for entry in entries if "==" in entry and "--hash=sha256:" not in entry
    ]


@pytest.mark.parametrize(("name", "floor"), FLOORS.items())
def test_what_is_installed_is_not_below_its_floor(name: Any, floor: Any) -> None:
    assert Version(version(name)) >= Version(floor)


@pytest.mark.parametrize("lock", LOCKS)
@pytest.mark.parametrize(("name", "floor"), FLOORS.items())
def test_no_lock_file_goes_below_a_floor(lock: Any, name: Any, floor: Any) -> None:
    assert locked((ROOT / lock).read_text())[canonicalize_name(name)] >= Version(floor)


@pytest.mark.parametrize("lock", [*LOCKS, *TOOLS])
def test_every_line_of_a_lock_file_has_a_hash_and_none_names_an_index(lock: Any) -> None:
    text = (ROOT / lock).read_text()
    assert unhashed(text) == []
    assert "://" not in text
    # Options that name an index, or where else to find packages.
    assert re.search(r"--(?:index|extra-index|find)", text) is None


@pytest.mark.parametrize("lock", LOCKS)
def test_every_python_gets_the_same_django(lock: Any) -> None:
    """The supported one: whatever is tested here runs everywhere."""
    assert re.findall(r"^django==(\d+\.\d+)\S* (.)", (ROOT / lock).read_text(), re.MULTILINE) == [
        ("5.2", "\\")
    ]


def test_what_the_project_asks_for_is_in_the_lock_file() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    pins = locked((ROOT / "requirements.txt").read_text())
    for line in project["dependencies"]:
        wanted = Requirement(line)
        assert wanted.specifier.contains(pins[canonicalize_name(wanted.name)]), line


@pytest.mark.parametrize("smaller", LOCKS[:-1])
def test_all_lock_files_agree(smaller: Any) -> None:
    pins = locked((ROOT / smaller).read_text())
    everything = locked((ROOT / "requirements/dev.txt").read_text())
    assert {name: everything[name] for name in pins} == pins


def test_a_line_without_a_hash_would_be_found() -> None:
    assert unhashed("good==1.0 \\\n    --hash=sha256:ab\nbad==2.0\n    # via good\n") == [
        "bad==2.0"
    ]
