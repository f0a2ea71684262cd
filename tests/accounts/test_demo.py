"""The first user of a new installation."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from accounts import demo
from accounts.models import User


@pytest.fixture
def public(settings: Any) -> None:
    """An installation that others can reach."""
    settings.IS_LOCAL_ONLY = False


def test_the_first_user_can_sign_in_as_the_documentation_says(db: None) -> None:
    call_command("demo")
    assert Client().login(username="user1", password="password123")


def test_the_first_user_sees_documents_and_people_in_the_admin_and_changes_nothing(
    db: None,
) -> None:
    demo.create()
    user = User.objects.get(username="user1")
    assert user.is_staff
    assert not user.is_superuser
    assert user.has_perms(["documents.view_document", "accounts.view_user"])
    assert all(".view_" in permission for permission in user.get_all_permissions())


def test_a_second_run_makes_nobody_and_says_so(
    db: None, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("demo")
    call_command("demo")
    assert User.objects.count() == 1
    first, second = capsys.readouterr().out.splitlines()
    assert "user1" in first
    assert "none was made" in second


def test_a_changed_password_is_never_set_back(db: None) -> None:
    demo.create()
    user = User.objects.get(username="user1")
    user.set_password("correct horse battery")
    user.save()
    assert demo.create() is False
    user.refresh_from_db()
    assert user.check_password("correct horse battery")


def test_where_somebody_has_a_user_already_no_known_password_is_added(alice: User) -> None:
    assert demo.create() is False
    assert list(User.objects.all()) == [alice]


def test_no_known_password_is_made_where_others_can_reach_it(db: None, public: Any) -> None:
    with pytest.raises(CommandError, match="createsuperuser"):
        call_command("demo")
    assert not User.objects.exists()


def test_a_throw_away_installation_may_have_it_anyway(db: None, public: Any, settings: Any) -> None:
    settings.ATOM_DEMO = True
    call_command("demo")
    assert demo.stands()


def test_an_installation_others_can_reach_with_users_of_its_own_needs_no_demo(
    alice: User, public: Any
) -> None:
    call_command("demo")
    assert list(User.objects.all()) == [alice]


@pytest.mark.parametrize("change", ["password", "deactivated", "deleted"])
def test_the_demo_password_stands_until_somebody_ends_it(db: None, change: Any) -> None:
    demo.create()
    assert demo.stands()
    user = User.objects.get(username="user1")
    if change == "deleted":
        user.delete()
    else:
        user.is_active = change != "deactivated"
        if change == "password":
            user.set_password("correct horse battery")
        user.save()
    assert not demo.stands()


CREDENTIALS = {"username": "user1", "password": "password123"}


def sign_in(**meta: Any) -> int:
    """The status of the API's login; the page asks the same backend."""
    client = Client(**meta)
    return client.post("/auth/login", CREDENTIALS, content_type="application/json").status_code


@pytest.mark.parametrize(
    "meta",
    [
        {"REMOTE_ADDR": "192.0.2.7"},
        {"REMOTE_ADDR": "2001:db8::7"},
        {"REMOTE_ADDR": ""},
        {"HTTP_X_FORWARDED_FOR": "192.0.2.7"},
        {"HTTP_FORWARDED": "for=192.0.2.7"},
    ],
)
def test_the_known_password_opens_nothing_to_others_whoever_runs_the_server(
    db: None, settings: Any, meta: dict[str, str]
) -> None:
    demo.create()
    assert sign_in(**meta) == 401
    assert Client(**meta).post("/login", CREDENTIALS).status_code == 200  # The form again.
    settings.ATOM_DEMO = True
    assert sign_in(**meta) == 200


@pytest.mark.parametrize("address", ["127.0.0.1", "127.8.9.1", "::1"])
def test_the_known_password_opens_the_door_on_this_machine(db: None, address: str) -> None:
    demo.create()
    assert sign_in(REMOTE_ADDR=address) == 200


def test_the_known_password_opens_nothing_where_settings_say_that_others_come(
    db: None, settings: Any
) -> None:
    demo.create()
    settings.IS_LOCAL_ONLY = False
    assert sign_in() == 401
