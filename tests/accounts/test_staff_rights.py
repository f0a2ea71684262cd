"""Nobody of the staff becomes more than he is, by his own account or by somebody else's."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client

from accounts import tokens
from accounts.models import LoginSession, User
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db

USERS = "/admin/accounts/user/"
GROUPS = "/admin/auth/group/"
LOGINS = "/admin/accounts/loginsession/"
MANAGING = ("view_user", "add_user", "change_user", "delete_user", "deactivate_user")
NEW_PASSWORD = "another horse battery"


def clerk(*permissions: str) -> User:
    user = User.objects.create_user("clerk", password=PASSWORD, is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    return user


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def office() -> Client:
    """A clerk who may manage users, and is no superuser."""
    return signed_in(clerk(*MANAGING, "sign_out_user", "view_loginsession", "delete_loginsession"))


def change(client: Client, user: User, **more: Any) -> Any:
    given = {"username": user.username, "email": "new@example.org", "is_active": "on", **more}
    return client.post(f"{USERS}{user.pk}/change/", given)


def set_password(client: Client, user: User) -> Any:
    given = {"usable_password": "true", "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    return client.post(f"{USERS}{user.pk}/password/", {**given, "set-password": "1"})


def act(client: Client, page: str, action: str, *ids: Any) -> Any:
    return client.post(page, {"action": action, "_selected_action": ids}, follow=True)


def test_whoever_changes_users_gives_nobody_a_role(office: Client, alice: User) -> None:
    group = Group.objects.create(name="office")
    everything = Permission.objects.values_list("pk", flat=True)
    roles = {
        "is_staff": "on",
        "is_superuser": "on",
        "groups": [group.pk],
        "user_permissions": list(everything),
    }
    for user in (alice, User.objects.get(username="clerk")):
        before = set(user.user_permissions.values_list("pk", flat=True)), user.is_staff
        assert change(office, user, **roles).status_code == 302
        user.refresh_from_db()
        assert user.email == "new@example.org"
        assert not user.is_superuser
        assert not user.groups.exists()
        assert (set(user.user_permissions.values_list("pk", flat=True)), user.is_staff) == before


def test_superusers_give_roles(staff: User, alice: User) -> None:
    assert change(signed_in(staff), alice, is_staff="on", is_superuser="on").status_code == 302
    alice.refresh_from_db()
    assert (alice.is_staff, alice.is_superuser) == (True, True)


def test_nobody_else_touches_a_superuser(office: Client, staff: User) -> None:
    access = tokens.log_in(staff).access
    login = LoginSession.objects.get(user=staff)
    assert change(office, staff).status_code == 403
    assert set_password(office, staff).status_code == 403
    assert office.post(f"{USERS}{staff.pk}/delete/", {"post": "yes"}).status_code == 403
    assert office.post(f"{LOGINS}{login.pk}/delete/", {"post": "yes"}).status_code == 403
    office.post(USERS, {"action": "delete_selected", "_selected_action": [staff.pk], "post": "yes"})
    for page, action, chosen in (
        (USERS, "deactivate", staff.pk),
        (USERS, "sign_out_everywhere", staff.pk),
        (LOGINS, "sign_out_everywhere", login.pk),
    ):
        assert "because they may do more" in act(office, page, action, chosen).content.decode()
    staff.refresh_from_db()
    assert staff.is_active
    assert staff.check_password(PASSWORD)
    assert tokens.authenticate(access).user == staff


@pytest.mark.parametrize("is_active", [True, False])
def test_nobody_takes_over_somebody_who_may_do_more(
    office: Client, bob: User, is_active: bool
) -> None:
    group = Group.objects.create(name="readers")
    group.permissions.add(Permission.objects.get(codename="read_findings"))
    bob.groups.add(group)
    bob.is_active = is_active
    bob.save()
    assert set_password(office, bob).status_code == 403
    assert change(office, bob).status_code == 403


def test_passwords_of_others_are_set_as_before(office: Client, alice: User) -> None:
    assert set_password(office, alice).status_code == 302
    alice.refresh_from_db()
    assert alice.check_password(NEW_PASSWORD)


def test_only_superusers_change_groups(staff: User) -> None:
    user = clerk("add_group", "change_group", "delete_group", "view_group")
    group = Group.objects.create(name="office")
    user.groups.add(group)
    everything = list(Permission.objects.values_list("pk", flat=True))
    given = {"name": "office", "permissions": everything}
    page = f"{GROUPS}{group.pk}/"
    assert signed_in(user).post(f"{page}change/", given).status_code == 403
    assert signed_in(user).post(f"{GROUPS}add/", {**given, "name": "new"}).status_code == 403
    assert signed_in(user).post(f"{page}delete/", {"post": "yes"}).status_code == 403
    assert signed_in(user).get(f"{page}change/").status_code == 200
    assert signed_in(staff).post(f"{page}change/", given).status_code == 302
    assert group.permissions.count() == len(everything)


def test_signing_out_and_deactivating_are_rights_of_their_own(alice: User) -> None:
    access = tokens.log_in(alice).access
    user = clerk("view_user", "change_user", "view_loginsession")
    browser = signed_in(user)
    act(browser, USERS, "sign_out_everywhere", alice.pk)
    act(browser, USERS, "deactivate", alice.pk)
    act(browser, LOGINS, "sign_out_everywhere", LoginSession.objects.get().pk)
    assert change(browser, alice, is_active="").status_code == 302
    assert tokens.authenticate(access).user == alice

    helper = User.objects.create_user("helper", password=PASSWORD, is_staff=True)
    rights = Permission.objects.filter(codename__in=["view_user", "sign_out_user"])
    helper.user_permissions.set(rights)
    act(signed_in(helper), USERS, "sign_out_everywhere", alice.pk)
    with pytest.raises(tokens.TokenRefused):
        tokens.authenticate(access)
    # And it opens nothing else.
    assert change(signed_in(helper), alice).status_code == 403
    assert set_password(signed_in(helper), alice).status_code == 403
    assert set_password(signed_in(helper), helper).status_code == 403


def test_viewers_see_nothing_of_a_password(alice: User) -> None:
    page = signed_in(clerk("view_user")).get(f"{USERS}{alice.pk}/change/").content.decode()
    assert "alice" in page
    assert "hash" not in page.lower()


def test_acts_upon_people_leave_a_record_of_who_did_them(staff: User, alice: User) -> None:
    act(signed_in(staff), USERS, "sign_out_everywhere", alice.pk)
    act(signed_in(staff), USERS, "deactivate", alice.pk)
    page = signed_in(staff).get(f"{USERS}{alice.pk}/history/").content.decode()
    assert "signed out everywhere" in page
    assert "deactivated" in page
