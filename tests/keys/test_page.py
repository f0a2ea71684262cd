"""People make their keys on a page, see each once, and end them; staff end what they may."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from accounts.keys import api_keys
from accounts.models import ApiKey, User
from tests.conftest import PASSWORD
from tests.keys.conftest import client

pytestmark = pytest.mark.django_db

PAGE, ADMIN = "/account/keys", "/admin/accounts/apikey/"
WANTED = {"name": "Scanner", "scopes": ["read", "upload"], "days": "90"}


def made(response: Any) -> str:
    found = re.search(r"atom_[A-Za-z0-9]{40}", response.content.decode())
    assert found
    return found[0]


def test_a_key_is_made_shown_once_and_ended(browser: Client) -> None:
    answer = browser.post(PAGE, WANTED)
    raw = made(answer)
    assert "no-store" in answer["Cache-Control"]
    assert client(raw).get("/documents").status_code == 200
    page = browser.get(PAGE).content.decode()
    assert raw not in page
    assert f"{raw[:13]}…" in page
    assert "read, upload" in page
    assert browser.post(f"{PAGE}/{ApiKey.objects.get().pk}/end").status_code == 302
    assert client(raw).get("/documents").status_code == 401
    assert f"{raw[:13]}…" not in browser.get(PAGE).content.decode()


def test_a_key_that_is_to_end_never_and_may_do_all(browser: Client) -> None:
    raw = made(browser.post(PAGE, {"name": "Home", "scopes": ["read", "all"], "days": ""}))
    key = ApiKey.objects.get(prefix=raw[5:13])
    assert (key.expires_at, key.scope) == (None, "all")


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"name": "x" * 81},
        {"name": "a\x00b"},
        {"scopes": []},
        {"scopes": ["everything"]},
        {"days": "0"},
        {"days": "36500"},
    ],
)
def test_what_is_no_key_is_said_at_its_field(browser: Client, wrong: dict[str, Any]) -> None:
    page = browser.post(PAGE, {**WANTED, **wrong})
    assert page.status_code == 200
    assert "field__error" in page.content.decode()
    assert not ApiKey.objects.exists()


def test_too_many_keys_are_told(browser: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api_keys, "MOST", 1)
    browser.post(PAGE, WANTED)
    assert "End one that nobody needs first." in browser.post(PAGE, WANTED).content.decode()
    assert ApiKey.objects.count() == 1


def test_a_name_is_only_text(browser: Client) -> None:
    page = browser.post(PAGE, {**WANTED, "name": "<script>alert(1)</script>"})
    assert "<script>alert" not in page.content.decode()


def test_nobody_ends_the_key_of_somebody_else(browser: Client, bob: User) -> None:
    key, _ = api_keys.make(bob, "his", ["all"])
    assert browser.post(f"{PAGE}/{key.pk}/end").status_code == 404
    assert ApiKey.objects.live().filter(pk=key.pk).exists()


@pytest.mark.parametrize("name", ["-" * 36, "0" * 36])
def test_what_is_no_id_is_not_found(browser: Client, name: str) -> None:
    assert browser.post(f"{PAGE}/{name}/end").status_code == 404


def test_staff_end_keys_but_not_of_those_who_may_do_more(alice: User, staff: User) -> None:
    helper = User.objects.create_user("helper", password=PASSWORD, is_staff=True)
    names = ("view_apikey", "sign_out_user")
    helper.user_permissions.set(Permission.objects.filter(codename__in=names))
    hers, mightier = (api_keys.make(user, "x", ["all"])[0] for user in (alice, staff))
    office = Client()
    office.force_login(helper)
    form = {"action": "end_keys", "_selected_action": [hers.pk, mightier.pk]}
    told = office.post(ADMIN, form, follow=True).content.decode()
    assert "Ended: 1." in told
    assert "may do more: 1." in told
    assert set(ApiKey.objects.live()) == {mightier}
    page = office.get(f"{ADMIN}{hers.pk}/change/").content.decode()
    assert hers.prefix in page
    assert hers.secret_hash not in page
