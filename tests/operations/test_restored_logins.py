"""A backup brings back what people have, and nobody's login."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from accounts import tokens
from accounts.keys import api_keys
from accounts.models import User
from documents.operations import restore
from documents.operations.backup_archive import Manifest
from documents.todo import feeds
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def put_back() -> Manifest:
    return Manifest(timezone.now().isoformat(), "sqlite", "3", [], documents=0)


def test_logins_that_a_backup_brings_back_are_ended(
    alice: User, browser: Client, put_back: Manifest
) -> None:
    pair = tokens.log_in(alice)
    assert browser.get("/password").status_code == 200
    restore._settle(put_back)
    assert browser.get("/password").status_code == 302
    for use, raw in ((tokens.authenticate, pair.access), (tokens.refresh, pair.refresh)):
        with pytest.raises(tokens.TokenRefused):
            use(raw)  # type: ignore[operator]


def test_a_session_of_after_the_backup_finds_nobody_in_a_restored_database(
    alice: User, put_back: Manifest
) -> None:
    """Ids and keys can come again; the version that each login rests on cannot."""
    before = alice.get_session_auth_hash()
    restore._settle(put_back)
    alice.refresh_from_db()
    assert alice.get_session_auth_hash() != before


def test_a_feed_that_a_backup_brings_back_is_ended(alice: User, put_back: Manifest) -> None:
    secret = feeds.make(alice)
    assert feeds.owner_of(secret) == alice
    restore._settle(put_back)
    assert feeds.owner_of(secret) is None


def test_the_command_says_what_ended_beside_the_files(
    alice: User, put_back: Manifest, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    _, raw = api_keys.make(alice, "script", ["all"])

    def restored(file: Path, *, force: bool) -> Manifest:
        restore._settle(put_back)
        return put_back

    monkeypatch.setattr(restore, "restore", restored)
    call_command("restore", "some.tar")
    said = capsys.readouterr().out
    for what in ("signed out", "Calendar feeds", "API keys", "Webhooks"):
        assert what in said
    with pytest.raises(tokens.TokenRefused):
        tokens.authenticate(raw)


def test_people_sign_in_with_the_password_of_the_backup(alice: User, put_back: Manifest) -> None:
    restore._settle(put_back)
    given: Any = {"username": "alice", "password": PASSWORD}
    assert Client().post("/login", given).status_code == 302
