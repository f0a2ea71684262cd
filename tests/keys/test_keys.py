"""A key opens what its scope says until it ends, and nothing else is a key."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import OperationalError
from django.test import RequestFactory
from django.utils import timezone
from rest_framework.request import Request

from accounts import auth_snapshot, tokens
from accounts.keys import api_keys
from accounts.keys.model import ApiKeyQuerySet
from accounts.models import ApiKey, AuditEvent, User
from documents.operations import erasure, restore
from documents.operations.backup_archive import Manifest
from tests.keys.conftest import client

pytestmark = pytest.mark.django_db


@pytest.fixture
def raw(alice: User) -> str:
    return api_keys.make(alice, "script", ["all"])[1]


def status(raw: str) -> int:
    return int(client(raw).get("/documents").status_code)


def code(raw: str) -> str:
    return str(client(raw).get("/documents").json()["code"])


# What is a key.


def test_a_key_is_its_owner_and_of_it_only_a_hash_is_kept(
    alice: User, upload: Any, raw: str
) -> None:
    upload()
    assert len(client(raw).get("/documents").json()["results"]) == 1
    row = ApiKey.objects.values().get()
    assert raw[13:] not in str(row)
    assert row["prefix"] == raw[5:13]


FORGERIES: dict[str, Callable[[str], str]] = {
    "another secret": lambda raw: raw[:-1] + ("a" if raw[-1] != "a" else "b"),
    "another prefix": lambda raw: f"{raw[:5]}{'z' * 8}{raw[13:]}",
    "cut": lambda raw: raw[:-1],
    "one more": lambda raw: f"{raw}a",
    "with a nul": lambda raw: f"{raw}\x00",
    "with a letter of elsewhere": lambda raw: f"{raw[:-1]}é",
    "the start alone": lambda raw: raw[:5],
    "what may be seen": lambda raw: raw[:13],
    "huge": lambda raw: raw + "a" * 60_000,
    "in capitals": lambda raw: raw.swapcase(),
    "without the start": lambda raw: raw[5:],
}


@pytest.mark.parametrize("kind", FORGERIES)
def test_nothing_else_is_a_key(raw: str, kind: str) -> None:
    assert status(FORGERIES[kind](raw)) == 401
    assert code(FORGERIES[kind](raw)) == "token_invalid"


def test_the_secret_of_one_key_does_not_fit_another(alice: User, bob: User) -> None:
    hers, his = (api_keys.make(user, "x", ["all"])[1] for user in (alice, bob))
    assert status(hers[:13] + his[13:]) == 401


def test_a_key_opens_no_page_and_no_admin(staff: User) -> None:
    raw = api_keys.make(staff, "script", ["all"])[1]
    for page in ("/", "/todo", "/account/keys", "/admin/"):
        assert client(raw).get(page).status_code == 302, page


def test_knowing_a_key_costs_one_query_and_one_write_a_minute(
    raw: str, django_assert_num_queries: Callable[[int], Any]
) -> None:
    with django_assert_num_queries(1):
        assert tokens.authenticate(raw).user.username == "alice"
    with time_machine.travel(timezone.now(), tick=False) as clock:
        assert status(raw) == 200
        first = ApiKey.objects.get().used_at
        clock.shift(timedelta(seconds=50))
        assert status(raw) == 200
        assert ApiKey.objects.get().used_at == first
        clock.shift(timedelta(seconds=20))
        assert status(raw) == 200
        assert ApiKey.objects.get().used_at == timezone.now()


def test_a_use_that_cannot_be_noted_stops_nobody(raw: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def locked(*args: Any, **kwargs: Any) -> int:
        raise OperationalError("database is locked")

    monkeypatch.setattr(ApiKeyQuerySet, "update", locked)
    assert status(raw) == 200


# What ends a key.


def test_an_ended_key_says_so(raw: str) -> None:
    api_keys.end(ApiKey.objects.get())
    assert (status(raw), code(raw)) == (401, "key_ended")


def test_a_key_ends_by_its_date(alice: User) -> None:
    raw = api_keys.make(alice, "script", ["read"], days=30)[1]
    with time_machine.travel(timezone.now() + timedelta(days=30, seconds=-5), tick=False) as clock:
        assert status(raw) == 200
        clock.shift(timedelta(seconds=10))
        assert (status(raw), code(raw)) == (401, "token_expired")


def test_a_deactivated_user_has_no_keys_and_none_after_reactivation(alice: User, raw: str) -> None:
    alice.is_active = False
    alice.save()
    assert status(raw) == 401
    alice.is_active = True
    alice.save()
    assert status(raw) == 401


def test_a_user_deactivated_behind_our_back_is_out_at_once(raw: str) -> None:
    User.objects.update(is_active=False)
    assert status(raw) == 401


def test_signing_out_everywhere_ends_keys_and_a_new_password_does_not(
    alice: User, raw: str
) -> None:
    alice.set_password("another horse battery")
    alice.save()
    assert status(raw) == 200
    tokens.end_all(alice)
    assert status(raw) == 401


def test_a_key_that_a_backup_brings_back_is_ended(raw: str) -> None:
    restore._settle(Manifest(timezone.now().isoformat(), "sqlite", "3", [], documents=0))
    assert (status(raw), code(raw)) == (401, "key_ended")


def test_a_person_who_is_erased_has_no_keys(alice: User, raw: str) -> None:
    assert erasure.erase(alice).api_keys == 1
    assert status(raw) == 401
    assert not ApiKey.objects.exists()


def test_a_key_is_no_login_that_could_be_ended_by_logging_out(raw: str) -> None:
    refusal = client(raw).post("/auth/logout")
    assert (refusal.status_code, refusal.json()["code"]) == (401, "token_invalid")
    assert status(raw) == 200


# Streams.


def snapshot(raw: str) -> auth_snapshot.AuthSnapshot:
    request = Request(RequestFactory().get("/documents/stream"))
    credential = tokens.authenticate(raw)
    request.user, request.auth = credential.user, credential  # type: ignore[assignment]
    return auth_snapshot.take(request)


def end_key(user: User) -> None:
    api_keys.end(user.api_keys.get())


def expire(user: User) -> None:
    user.api_keys.update(expires_at=timezone.now())


def deactivate(user: User) -> None:
    User.objects.filter(pk=user.pk).update(is_active=False)


@pytest.mark.parametrize("how", [end_key, expire, deactivate, tokens.end_all])
def test_a_stream_ends_with_its_key(alice: User, raw: str, how: Callable[[User], None]) -> None:
    begun = snapshot(raw)
    assert not auth_snapshot.revoked([begun])
    how(alice)
    assert auth_snapshot.revoked([begun]) == {begun}


def test_a_stream_of_a_key_goes_on_under_a_new_password(alice: User, raw: str) -> None:
    begun = snapshot(raw)
    alice.set_password("another horse battery")
    alice.save()
    assert not auth_snapshot.revoked([begun])


# Making.


def test_making_and_ending_stand_in_the_audit_log(alice: User) -> None:
    key, _ = api_keys.make(alice, "script", ["read"])
    api_keys.end(key)
    api_keys.end(key)
    told = AuditEvent.objects.filter(subject=str(key.pk)).order_by("pk")
    assert [event.action for event in told] == ["key_made", "key_ended"]


def test_nobody_has_more_keys_than_can_be_looked_through(
    alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api_keys, "MOST", 2)
    first, _ = api_keys.make(alice, "one", ["read"])
    api_keys.make(alice, "two", ["read"], days=1)
    with pytest.raises(api_keys.TooManyKeys):
        api_keys.make(alice, "three", ["read"])
    api_keys.end(first)
    api_keys.make(alice, "three", ["read"])


def test_a_key_is_made_on_the_command_line(alice: User, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("api_key", "alice", "Scanner", "--scope", "read", "--days", "0")
    assert status(capsys.readouterr().out.strip()) == 200
    key = alice.api_keys.get()
    assert (key.name, key.scope, key.expires_at) == ("Scanner", "read", None)


@pytest.mark.parametrize(
    ("given", "why"),
    [
        (["nobody", "x"], "no user nobody"),
        (["alice", " "], "1 to 80 characters"),
        (["alice", "a\nb"], "1 to 80 characters"),
        (["alice", "x", "--days", "-1"], "from 0"),
    ],
)
def test_a_key_that_cannot_be_made_is_said(alice: User, given: list[str], why: str) -> None:
    with pytest.raises(CommandError, match=why):
        call_command("api_key", *given)
    assert not alice.api_keys.exists()
