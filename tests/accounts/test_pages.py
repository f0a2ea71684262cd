"""People sign in, sign out and change their password."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.test import Client

from accounts import demo
from accounts.models import User
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db

NEW = "another horse battery"


def sign_in(client: Client, username: str = "alice", password: str = PASSWORD, **more: str) -> Any:
    return client.post("/login", {"username": username, "password": password, **more})


@pytest.mark.parametrize("path", ["/login", "/login/"])
def test_the_page_to_sign_in_is_public(path: str) -> None:
    page = Client().get(path)
    assert page.status_code == 200
    assert 'name="username"' in page.content.decode()
    assert "<h1>Sign in</h1>" in page.content.decode()


def test_signing_in_leads_to_ones_documents_with_a_new_session(alice: User) -> None:
    client = Client()
    client.session.save()
    response = sign_in(client)
    assert (response.status_code, response["Location"]) == (302, "/")
    assert client.get("/password").status_code == 200


def test_a_page_asked_for_before_signing_in_comes_after(alice: User) -> None:
    client = Client()
    response = client.get("/password")
    assert (response.status_code, response["Location"]) == (302, "/login?next=/password")
    assert 'name="next" value="/password"' in client.get(response["Location"]).content.decode()
    assert sign_in(client, next="/password")["Location"] == "/password"


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/",
        "//evil.example/",
        "///evil.example",
        "/\\evil.example",
        "http:evil.example",
        "javascript:alert(1)",
        "\thttps://evil.example",
    ],
)
def test_signing_in_never_leads_to_another_site(alice: User, address: str) -> None:
    client = Client()
    assert address not in client.get("/login", {"next": address}).content.decode()
    assert sign_in(client, next=address)["Location"] == "/"


def test_wrong_missing_and_inactive_users_see_the_same_page(alice: User, bob: User) -> None:
    bob.is_active = False
    bob.save()
    tries = [("alice", "wrong"), ("nobody", "wrong"), ("bob", PASSWORD)]
    pages = [sign_in(Client(), *given).context["form"].errors.as_json() for given in tries]
    assert len(set(pages)) == 1
    assert "correct username and password" in pages[0]


def test_signing_out_takes_a_post(browser: Client) -> None:
    assert browser.get("/logout").status_code == 405
    assert browser.get("/password").status_code == 200
    response = browser.post("/logout")
    assert (response.status_code, response["Location"]) == (302, "/login")
    assert browser.get("/password").status_code == 302


def test_signing_out_twice_leads_to_the_page_to_sign_in(db: None) -> None:
    assert Client().post("/logout/")["Location"] == "/login"


def test_signing_out_needs_the_token_of_the_form(alice: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(alice)
    assert client.post("/logout").status_code == 403
    assert client.get("/password").status_code == 200


def change(client: Client, old: str = PASSWORD, new: str = NEW, again: str = NEW) -> Any:
    form = {"old_password": old, "new_password1": new, "new_password2": again}
    return client.post("/password", form)


def test_a_changed_password_keeps_this_browser_and_ends_the_others(
    alice: User, browser: Client
) -> None:
    elsewhere = Client()
    elsewhere.force_login(alice)
    response = change(browser)
    assert (response.status_code, response["Location"]) == (302, "/password")
    assert "signed out" in str(next(iter(get_messages(response.wsgi_request))))
    assert browser.get("/password").status_code == 200
    assert elsewhere.get("/password").status_code == 302
    assert sign_in(Client(), password=NEW).status_code == 302


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"old": "wrong"}, "old password was entered incorrectly"),
        ({"again": "something else"}, "didn’t match"),
        ({"new": "short", "again": "short"}, "too short"),
        ({"new": "password12345", "again": "password12345"}, "too common"),
    ],
)
def test_a_password_that_cannot_be_changed_says_why(
    alice: User, browser: Client, given: dict[str, str], words: str
) -> None:
    response = change(browser, **given)
    assert response.status_code == 200
    assert words in response.content.decode().replace("&#x27;", "'")
    alice.refresh_from_db()
    assert alice.check_password(PASSWORD)


BROWSER = {"Accept": "text/html"}


def test_an_old_form_to_sign_in_comes_again_with_a_token_that_works(alice: User) -> None:
    client = Client(enforce_csrf_checks=True, headers=BROWSER)
    given = {"username": "alice", "password": PASSWORD, "next": "/password"}
    refused = client.post("/login", given)
    assert (refused.status_code, refused["Cache-Control"].count("no-store")) == (403, 1)
    shown = refused.content.decode()
    assert "form had expired" in shown
    assert "cookies" in shown
    assert 'value="alice"' in shown
    assert PASSWORD not in shown
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', shown)
    assert token
    assert 'name="next" value="/password"' in shown
    again = client.post("/login", {**given, "csrfmiddlewaretoken": token[1]})
    assert (again.status_code, again["Location"]) == (302, "/password")


@pytest.mark.parametrize(
    ("address", "door"), [("/d/sample", "/login?next=/d/sample"), ("/logout", "/login")]
)
def test_a_form_of_somebody_whose_cookies_are_gone_leads_to_the_page_to_sign_in(
    db: None, address: str, door: str
) -> None:
    response = Client(enforce_csrf_checks=True, headers=BROWSER).post(address)
    assert (response.status_code, response["Location"]) == (302, door)


def test_how_to_look_around_is_told_on_this_machine_alone(settings: Any, db: None) -> None:
    def told(client: Client) -> bool:
        return "password123" in client.get("/login").content.decode()

    assert not told(Client())
    demo.create()
    assert told(Client())
    assert not told(Client(headers={"X-Forwarded-For": "127.0.0.1"}))
    assert not told(Client(REMOTE_ADDR="192.0.2.7"))
    settings.IS_LOCAL_ONLY = False
    settings.ATOM_DEMO = True
    assert not told(Client())
    settings.IS_LOCAL_ONLY = True
    user = User.objects.get()
    user.set_password(NEW)
    user.save()
    assert not told(Client())


def test_changing_a_password_takes_a_signed_in_user() -> None:
    assert Client().get("/password")["Location"] == "/login?next=/password"


# The admin's door.


def test_the_admin_is_entered_by_the_same_door(staff: User) -> None:
    client = Client()
    response = client.get("/admin/login/?next=/admin/accounts/user/")
    assert response["Location"] == "/login?next=%2Fadmin%2Faccounts%2Fuser%2F"
    assert client.get("/admin/login")["Location"] == "/login?next=%2Fadmin%2F"
    assert client.get("/admin/", follow=True).redirect_chain[-1][0].startswith("/login?next=")
    assert sign_in(client, "staff", next="/admin/")["Location"] == "/admin/"
    assert client.get("/admin/").status_code == 200


def test_the_admin_is_found_without_a_slash(staff: User) -> None:
    client = Client()
    client.force_login(staff)
    assert client.get("/admin")["Location"] == "/admin/"


def test_somebody_who_is_not_staff_is_told_so_and_not_sent_in_circles(browser: Client) -> None:
    response = browser.get("/admin/", follow=True)
    assert response.status_code == 200
    assert "may not see that page" in response.content.decode()


def test_labels_have_no_colon(client: Client, db: None) -> None:
    labels = re.findall("<label for[^>]*>(.*?)</label>", client.get("/login").content.decode())
    assert labels == ["Username", "Password"]
