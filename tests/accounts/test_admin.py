"""Staff create people, deactivate them and sign them out; facts stay facts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.core.checks import run_checks
from django.test import Client

from accounts import tokens
from accounts.models import LoginSession, User
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db

USERS = "/admin/accounts/user/"
LOGINS = "/admin/accounts/loginsession/"


@pytest.fixture
def office(staff: User) -> Client:
    """Staff, signed in to the admin."""
    client = Client()
    client.force_login(staff)
    return client


def act(client: Client, page: str, action: str, *ids: Any, **more: str) -> Any:
    return client.post(page, {"action": action, "_selected_action": ids, **more}, follow=True)


def test_staff_create_a_user_who_can_sign_in(office: Client) -> None:
    form = {
        "username": "carol",
        "usable_password": "true",
        "password1": PASSWORD,
        "password2": PASSWORD,
    }
    assert office.post(f"{USERS}add/", form).status_code == 302
    given = {"username": "carol", "password": PASSWORD}
    assert Client().post("/login", given).status_code == 302
    carol = User.objects.get(username="carol")
    assert not carol.is_staff
    assert office.get(f"{USERS}{carol.pk}/change/").status_code == 200


def test_people_who_are_not_staff_see_no_users_and_no_logins(browser: Client) -> None:
    for page in (USERS, LOGINS):
        assert browser.get(page)["Location"].startswith("/admin/login/")


def test_deactivated_users_are_signed_out_and_keep_their_documents(
    office: Client, alice: User, upload: Callable[..., Any]
) -> None:
    document, access = upload(), tokens.log_in(alice).access
    act(office, USERS, "deactivate", alice.pk)
    alice.refresh_from_db()
    document.refresh_from_db()
    assert not alice.is_active
    assert document.owner == alice
    with pytest.raises(tokens.TokenRefused):
        tokens.authenticate(access)


def test_staff_do_not_lock_themselves_out(office: Client, staff: User, alice: User) -> None:
    response = act(office, USERS, "deactivate", alice.pk, staff.pk)
    assert "cannot deactivate yourself" in response.content.decode()
    assert User.objects.filter(is_active=True).count() == 2


@pytest.mark.parametrize("page", [USERS, LOGINS])
def test_staff_sign_somebody_out_everywhere(
    office: Client, alice: User, browser: Client, page: str
) -> None:
    access = tokens.log_in(alice).access
    chosen = alice.pk if page == USERS else LoginSession.objects.get().pk
    response = act(office, page, "sign_out_everywhere", chosen)
    assert "signed out" in response.content.decode()
    with pytest.raises(tokens.TokenRefused):
        tokens.authenticate(access)
    assert browser.get("/password").status_code == 302
    assert office.get(USERS).status_code == 200


def test_logins_are_shown_without_their_tokens_and_cannot_be_changed(
    office: Client, alice: User
) -> None:
    tokens.log_in(alice)
    login = LoginSession.objects.get()
    page = office.get(f"{LOGINS}{login.pk}/change/").content.decode()
    assert login.refresh_jti not in page
    assert 'name="_save"' not in page
    assert office.post(f"{LOGINS}{login.pk}/change/", {}).status_code == 403
    assert office.get(f"{LOGINS}add/").status_code == 403
    assert "alice" in office.get(f"{LOGINS}?q=alice").content.decode()


def test_a_list_of_logins_costs_the_same_whatever_its_length(
    office: Client, alice: User, bob: User, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    for user in (alice, bob) * 5:
        tokens.log_in(user)
    with django_assert_max_num_queries(8):
        office.get(LOGINS)


def test_viewers_may_look_but_not_act(office: Client, staff: User, alice: User) -> None:
    staff.is_superuser = False
    staff.save()
    staff.user_permissions.set(Permission.objects.filter(codename__startswith="view_"))
    access = tokens.log_in(alice).access
    assert office.get(USERS).status_code == 200
    act(office, USERS, "sign_out_everywhere", alice.pk)
    act(office, USERS, "deactivate", alice.pk)
    act(office, LOGINS, "sign_out_everywhere", LoginSession.objects.get().pk)
    assert tokens.authenticate(access).user == alice


def test_a_user_with_documents_cannot_be_deleted_and_the_admin_says_why(
    office: Client, alice: User, upload: Callable[..., Any]
) -> None:
    upload()
    pages = [
        office.get(f"{USERS}{alice.pk}/delete/"),
        office.post(f"{USERS}{alice.pk}/delete/", {"post": "yes"}, follow=True),
        act(office, USERS, "delete_selected", alice.pk, post="yes"),
    ]
    assert {page.status_code for page in pages} <= {200, 403}
    assert "Cannot delete user" in pages[0].content.decode()
    assert User.objects.filter(pk=alice.pk).exists()


def test_a_user_without_documents_can_be_deleted(office: Client, bob: User) -> None:
    tokens.log_in(bob)
    office.post(f"{USERS}{bob.pk}/delete/", {"post": "yes"})
    assert not User.objects.filter(pk=bob.pk).exists()


def test_what_the_settings_have_to_say_is_said_by_the_checks(settings: Any) -> None:
    settings.SETTING_NOTES = ["The key is short."]
    assert [note.msg for note in run_checks() if note.id == "atom.W001"] == ["The key is short."]
