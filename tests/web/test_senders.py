"""Whose request it is, as far as that is known before anybody was asked."""

from __future__ import annotations

from typing import Any

import pytest

from atom_project.web import senders
from atom_project.web.senders import Senders


def scope(host: str = "192.0.2.1", **headers: str) -> dict[str, Any]:
    given = [(name.encode(), value.encode()) for name, value in headers.items()]
    return {"client": (host, 4000), "headers": given}


def known(ours: Senders, user: int, **headers: str) -> None:
    ours.learn({**scope(**headers), "atom_user": user})


def test_an_address_counts_until_it_is_known_who_asks() -> None:
    ours = Senders()
    assert ours.of(scope()) == ours.of(scope(authorization="Bearer one")) == "address:192.0.2.1"
    known(ours, 7, authorization="Bearer one")
    assert ours.of(scope(authorization="Bearer one")) == "user:7"
    assert ours.of(scope("192.0.2.2", authorization="Bearer one")) == "user:7"
    assert ours.of(scope(authorization="Bearer two")) == "address:192.0.2.1"


def test_all_logins_of_a_user_are_one_sender() -> None:
    ours = Senders()
    known(ours, 7, authorization="Bearer one")
    known(ours, 7, cookie="sessionid=two")
    assert ours.of(scope(authorization="Bearer one")) == ours.of(scope(cookie="sessionid=two"))


def test_who_was_asked_by_nobody_is_not_forgotten() -> None:
    ours = Senders()
    known(ours, 7, cookie="sessionid=two")
    ours.learn(scope(cookie="sessionid=two"))  # For a static file.
    assert ours.of(scope(cookie="sessionid=two")) == "user:7"


def test_only_so_many_are_remembered_and_no_credential_is_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(senders, "KNOWN", 2)
    ours = Senders()
    for user in (1, 2, 3):
        known(ours, user, authorization=f"Bearer {user}")
    assert ours.of(scope(authorization="Bearer 1")) == "address:192.0.2.1"
    assert ours.of(scope(authorization="Bearer 3")) == "user:3"
    assert not any(b"Bearer" in digest for digest in ours._users)


def test_without_an_address_there_is_still_a_sender() -> None:
    assert Senders().of({"client": None, "headers": []}) == "address:unknown"
