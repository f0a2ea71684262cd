"""A browser's login: new at each sign-in, and over after hours, days, or a click."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.test import Client

from accounts.models import User
from tests.conftest import PASSWORD

START = datetime(2026, 11, 23, 9, tzinfo=UTC)
PAGE = "/password"  # Any page that wants a login.


@pytest.fixture
def clock() -> Iterator[Any]:
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


@pytest.fixture
def client(alice: User, clock: Any) -> Client:
    client = Client()
    sign_in(client)
    return client


def sign_in(client: Client) -> None:
    response = client.post("/login", {"username": "alice", "password": PASSWORD})
    assert response.status_code == 302


def is_signed_in(client: Client, **headers: str) -> bool:
    return bool(client.get(PAGE, headers=headers).status_code == 200)


def test_the_key_of_a_session_changes_at_each_sign_in(client: Client) -> None:
    first = client.cookies["sessionid"].value
    sign_in(client)
    second = client.cookies["sessionid"].value
    assert first != second
    assert len(second) >= 32
    thief = Client()
    thief.cookies["sessionid"] = first
    assert not is_signed_in(thief)


def test_a_key_somebody_planted_is_not_taken_over(alice: User, clock: Any) -> None:
    client = Client()
    client.cookies["sessionid"] = "x" * 32
    sign_in(client)
    assert client.cookies["sessionid"].value != "x" * 32


def test_a_session_ends_after_eight_hours_without_a_visit(client: Client, clock: Any) -> None:
    clock.shift(timedelta(hours=7, minutes=59))
    assert is_signed_in(client)
    clock.shift(timedelta(hours=8, minutes=1))
    assert not is_signed_in(client)
    clock.shift(-timedelta(hours=8))
    assert not is_signed_in(Client())


def test_visits_keep_it_alive_for_a_week_and_no_longer(client: Client, clock: Any) -> None:
    for _ in range(7 * 4):
        assert is_signed_in(client)
        clock.shift(timedelta(hours=6))
    clock.shift(timedelta(minutes=1))
    assert not is_signed_in(client)


def test_signing_in_again_begins_a_new_week(client: Client, clock: Any) -> None:
    for _ in range(5 * 4):
        assert is_signed_in(client)
        clock.shift(timedelta(hours=6))
    sign_in(client)
    for _ in range(5 * 4):
        assert is_signed_in(client)
        clock.shift(timedelta(hours=6))


def test_what_a_page_asks_for_by_itself_is_no_visit(client: Client, clock: Any) -> None:
    for _ in range(4):
        clock.shift(timedelta(hours=2))
        assert is_signed_in(client, **{"Sec-Fetch-Mode": "same-origin"})
    clock.shift(timedelta(minutes=1))
    assert not is_signed_in(client)


def test_a_session_that_ended_opens_neither_the_api_nor_a_large_upload(
    client: Client, clock: Any
) -> None:
    from atom_project.admission import BodiesInFlight
    from atom_project.body_limit import Body
    from atom_project.problems import Problem

    cookie = f"sessionid={client.cookies['sessionid'].value}".encode()
    scope: Any = {"headers": [(b"cookie", cookie)]}
    assert client.get("/documents").status_code == 200

    def user_id() -> int:
        return Body(scope, None, BodiesInFlight())._user_id()  # type: ignore[arg-type]

    assert user_id()
    clock.shift(timedelta(hours=8, minutes=1))
    assert client.get("/documents").status_code == 401
    with pytest.raises(Problem) as refused:
        user_id()
    assert refused.value.status_code == 401


def test_a_visit_is_noted_at_most_every_five_minutes(
    client: Client, clock: Any, django_assert_num_queries: Any
) -> None:
    assert is_signed_in(client)
    with django_assert_num_queries(2):
        assert is_signed_in(client)


def test_signing_out_ends_the_session_on_the_server_and_clears_the_browser(
    client: Client,
) -> None:
    stolen = client.cookies["sessionid"].value
    response = client.post("/logout")
    assert response["Clear-Site-Data"] == '"cache", "storage"'
    assert not Session.objects.filter(session_key=stolen).exists()
    thief = Client()
    thief.cookies["sessionid"] = stolen
    assert not is_signed_in(thief)


def test_a_deactivated_user_is_out_of_every_browser(client: Client, alice: User) -> None:
    alice.is_active = False
    alice.save()
    assert not is_signed_in(client)


def test_cookies_are_out_of_reach_of_scripts_and_other_sites(client: Client) -> None:
    client.get(PAGE)
    for name in ("sessionid", "csrftoken"):
        cookie = client.cookies[name]
        assert cookie["httponly"], name
        assert cookie["samesite"] == "Lax", name
        assert cookie["domain"] == "", name
        assert cookie["path"] == "/", name


def test_passwords_are_typed_hidden_and_may_come_from_a_manager(client: Client) -> None:
    pages = {"/login": Client().get("/login"), PAGE: client.get(PAGE)}
    for address, response in pages.items():
        shown = response.content.decode()
        assert 'type="password"' in shown, address
        assert "onpaste" not in shown, address
        assert 'autocomplete="off"' not in shown, address
        assert 'autocomplete="current-password"' in shown, address


LONG = "a quite long sentence that nobody would ever type twice in the same way, " * 2


@pytest.mark.parametrize(
    ("password", "is_taken"),
    [
        ("short-one1", False),
        ("q1w2e3r4t5y6", False),
        ("jklö wärme quitt", True),
        ("onlysmallletters", True),
        (LONG, True),
    ],
)
def test_passwords_need_length_and_nothing_else(
    client: Client, alice: User, password: str, is_taken: bool
) -> None:
    form = {"old_password": PASSWORD, "new_password1": password, "new_password2": password}
    assert client.post(PAGE, form).status_code == (302 if is_taken else 200)
    alice.refresh_from_db()
    assert alice.check_password(password) is is_taken
    assert not alice.check_password(password.upper())


def test_the_admin_counts_wrong_passwords_like_every_other_page(staff: User, settings: Any) -> None:
    settings.ATOM_THROTTLE = True
    client = Client()
    client.force_login(staff)
    form = {"old_password": "wrong", "new_password1": LONG, "new_password2": LONG}
    answers = [client.post("/admin/password_change/", form) for _ in range(11)]
    assert [answer.status_code for answer in answers] == [200] * 10 + [429]
    assert int(answers[-1]["Retry-After"]) > 0
