"""What differs between machines: wrong settings are told in a sentence, odd folders just work."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tarfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from atom_project.addresses import broker, database, object_store, sqlite_in
from atom_project.data_folder import generated_secrets
from atom_project.environment import Environment
from tests.processes import PATIENCE, ROOT, Installation

NAMES = ["SECRET_KEY", "JWT_SECRET_KEY"]
ODD = "50% of #1, really?"


def test_a_number_must_lie_between_its_bounds() -> None:
    environment = Environment(None, {"LOW": "0", "HIGH": "11", "RIGHT": "10"})
    assert environment.integer("RIGHT", 1, at_least=1, at_most=10) == 10
    with pytest.raises(ImproperlyConfigured, match=r"LOW is '0', but must be .* at least 1"):
        environment.integer("LOW", 1, at_least=1, at_most=10)
    with pytest.raises(ImproperlyConfigured, match=r"HIGH is '11', but must be .* at most 10"):
        environment.integer("HIGH", 1, at_least=1, at_most=10)


@pytest.mark.parametrize("url", ["http://h:abc", "http://h:99999", "http://[", "ftp://h", "http:"])
def test_an_address_that_leads_nowhere_is_named(url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="ADDRESS is"):
        Environment(None, {"ADDRESS": url}).http_url("ADDRESS")


@pytest.mark.parametrize("url", ["nonsense", "http://h", "redis://h:abc"])
def test_only_addresses_of_redis_are_taken_for_one(url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="REDIS_URL"):
        Environment(None, {"REDIS_URL": url}).redis_url("REDIS_URL")


@pytest.mark.parametrize("url", ["", "redis://h:6379/0", "rediss://:pw@h", "unix:///run/redis"])
def test_addresses_of_redis_are_kept_as_given(url: str) -> None:
    assert Environment(None, {"REDIS_URL": url}).redis_url("REDIS_URL") == url


FILE = database("sqlite:////srv/atom.sqlite3")
SERVER = database("postgres://atom@127.0.0.1/atom")


def broker_url(url: str, configured: dict[str, Any] = SERVER) -> str:
    return Environment(None, {"ATOM_BROKER_URL": url}).broker_url("ATOM_BROKER_URL", configured)


@pytest.mark.parametrize("url", ["nonsense", "http://h", "redis://h:abc", "amqp://", "unix:///s"])
def test_only_addresses_of_brokers_are_taken_for_one(url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="ATOM_BROKER_URL"):
        broker_url(url)


def test_a_broker_serves_no_sqlite_file() -> None:
    with pytest.raises(ImproperlyConfigured, match="SQLite file serves one only"):
        broker_url("redis://h:6379/0", FILE)
    assert broker_url("", FILE) == ""


def test_a_broker_without_celery_is_refused_with_what_helps(monkeypatch: Any) -> None:
    monkeypatch.setattr("atom_project.environment.find_spec", lambda name: None)
    with pytest.raises(ImproperlyConfigured, match=r"requirements/celery\.txt"):
        broker_url("amqps://atom:pw@h/atom")
    assert broker_url("") == ""


def test_the_queue_at_the_broker_can_be_named() -> None:
    assert broker("amqp://h/v") == ("amqp://h/v", "atom")
    assert broker("redis://h/1?queue=north&x=1") == ("redis://h/1?x=1", "north")


@pytest.mark.parametrize(
    "url",
    [
        *("sqlite:", "sqlite://", "sqlite:///", "sqlite://atom.sqlite3", "sqlite:////a#b"),
        *("sqlite:////a?b", "mysql://h/name", "postgres://me:pa/ss@h/n", "postgres://h:abc/name"),
    ],
)
def test_a_wrong_database_is_told_without_its_password(url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="DATABASE_URL") as refusal:
        database(url)
    assert "pa" not in str(refusal.value).replace("password", "").replace("path", "")


def test_a_wrong_port_of_an_object_store_is_told() -> None:
    with pytest.raises(ImproperlyConfigured, match="ATOM_MEDIA_URL"):
        object_store("s3://key:secret@host:port/bucket")


def test_a_database_may_lie_anywhere(tmp_path: Path) -> None:
    assert database("sqlite:////srv/50%25%20of%20%231")["NAME"] == "/srv/50% of #1"
    assert sqlite_in(tmp_path / ODD)["NAME"] == str(tmp_path / ODD / "atom.sqlite3")
    assert (tmp_path / ODD).stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("content", ["", "{", "[]", "null", '{"SECRET_KEY": "only"}'])
def test_damaged_secrets_are_told_with_what_helps(tmp_path: Path, content: str) -> None:
    path = tmp_path / "secrets.json"
    path.write_text(content)
    path.chmod(0o600)
    with pytest.raises(ImproperlyConfigured, match=r"is damaged\. Put it back"):
        generated_secrets(path, NAMES)
    assert path.read_text() == content


def test_generated_secrets_stay(tmp_path: Path) -> None:
    first = generated_secrets(tmp_path / "var" / "secrets.json", NAMES)
    assert set(first) == set(NAMES)
    assert generated_secrets(tmp_path / "var" / "secrets.json", NAMES) == first


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ImproperlyConfigured, match="cannot be made: File exists"):
        generated_secrets(tmp_path / "file" / "secrets.json", NAMES)


def refused_in_one_line(ended: subprocess.CompletedProcess[str], words: str) -> bool:
    lines = ended.stderr.strip().splitlines()
    return ended.returncode == 1 and len(lines) == 1 and words in lines[0]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ATOM_PORT", "99999"),
        ("JWT_EXPIRY", "9" * 20),
        ("JWT_REFRESH_DAYS", "999999999"),
        ("ATOM_MODEL_DEADLINE", "9" * 20),
        ("ATOM_DATA_DIR", "/dev/null/atom"),
        ("DATABASE_URL", "sqlite://"),
        # Port 1 (tcpmux): nobody listens there.
        ("DATABASE_URL", "postgres://atom:secret@127.0.0.1:1/atom"),
    ],
)
def test_a_start_with_a_wrong_setting_ends_in_one_line(
    tmp_path: Path, name: str, value: str
) -> None:
    ended = Installation(tmp_path).manage("up", **{name: value})
    assert refused_in_one_line(ended, name), ended.stderr


@pytest.mark.parametrize("module", ["asgi", "wsgi"])
def test_other_servers_are_told_in_one_line_too(tmp_path: Path, module: str) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", f"import atom_project.{module}"],
        env=Installation(tmp_path, REDIS_URL="nonsense").environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )
    assert refused_in_one_line(ended, "REDIS_URL"), ended.stderr


def test_secrets_of_ones_own_need_no_file(tmp_path: Path) -> None:
    installation = Installation(
        tmp_path, SECRET_KEY="s" * 50, JWT_SECRET_KEY="j" * 50, ATOM_ENV_FILE=os.devnull
    )
    assert installation.manage("migrate", "--verbosity", "0").returncode == 0
    assert [path.name for path in (tmp_path / "var").glob("*.json")] == []


def test_an_installation_in_an_oddly_named_folder_can_be_backed_up(tmp_path: Path) -> None:
    folder = tmp_path / ODD
    folder.mkdir()
    installation = Installation.prepared(folder)
    assert (folder / "var" / "atom.sqlite3").is_file()
    ended = installation.manage("backup", str(tmp_path / "backup.tar"))
    assert ended.returncode == 0, ended.stderr
    with tarfile.open(tmp_path / "backup.tar") as archive:
        manifest = archive.extractfile("manifest.json")
        assert manifest is not None
        assert json.load(manifest)["engine"] == "sqlite"


@pytest.mark.parametrize(
    "value", ["2", "2/0.5", "a/b/c", "2/0.5/-1", "1/2/3/4", "nan/1/1", "1e9/1/1"]
)
def test_prices_are_three_amounts(value):
    with pytest.raises(ImproperlyConfigured, match=r"2/0\.5/8"):
        Environment(None, {"PRICE": value}).prices("PRICE")


def test_prices_may_be_left_out():
    assert Environment(None, {}).prices("PRICE") is None
    assert Environment(None, {"PRICE": "2 / 0.5 / 8"}).prices("PRICE") == (2, Decimal("0.5"), 8)


def test_a_number_may_be_left_to_be_found_out():
    limits = {"at_least": 1_024, "at_most": 9_999}
    assert Environment(None, {}).integer_or_auto("SIZE", **limits) is None
    assert Environment(None, {"SIZE": "Auto"}).integer_or_auto("SIZE", **limits) is None
    assert Environment(None, {"SIZE": "2048"}).integer_or_auto("SIZE", **limits) == 2_048
    with pytest.raises(ImproperlyConfigured, match="at least 1024"):
        Environment(None, {"SIZE": "100"}).integer_or_auto("SIZE", **limits)


def test_a_blank_among_choices_is_not_told_as_one() -> None:
    with pytest.raises(ImproperlyConfigured, match="must be one of low, high"):
        Environment(None, {"EFFORT": "max"}).choice("EFFORT", "", ("", "low", "high"))
