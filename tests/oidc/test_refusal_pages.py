"""The page of a refusal has both ways in, and the one by a password works from there."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin

import pytest
from django.test import Client

from accounts.models import User
from tests.conftest import PASSWORD
from tests.oidc.conftest import signed_in, there
from tests.oidc.provider import StandIn


class Form(HTMLParser):
    """The form with the password: where a browser would send it, and what is filled in."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.action: str | None = None
        self.fields: dict[str, str] = {}
        self._other = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        if tag == "form":
            self._other = named.get("action") or ""
        if tag == "input" and named.get("name"):
            self.fields[str(named["name"])] = named.get("value") or ""
            if named["name"] == "password":
                self.action = self._other


def send_form(client: Client, page: Any) -> Any:
    form = Form(page.content.decode())
    assert form.action is not None
    address = urljoin(page.request["PATH_INFO"], form.action)
    return client.post(address, {**form.fields, "username": "alice", "password": PASSWORD})


@pytest.mark.parametrize("path", ["/.well-known/openid-configuration", "/token"])
def test_where_the_provider_is_away_a_password_leads_on(
    stand_in: StandIn, visitor: Client, alice: User, path: str
) -> None:
    stand_in.fails[path] = 500
    page = visitor.get("/oidc/login?next=/documents")
    if page.status_code == 302:
        page = visitor.get(there(visitor, "/oidc/login?next=/documents"))
    assert page.status_code == 503
    answer = send_form(visitor, page)
    assert (answer.status_code, answer["Location"]) == (302, "/documents")
    assert signed_in(visitor) == "alice"


def test_whoever_is_refused_there_signs_in_by_a_password(
    stand_in: StandIn, visitor: Client, alice: User
) -> None:
    stand_in.claims = {"nonce": "another"}
    page = visitor.get(there(visitor, "/oidc/login?next=/documents"))
    assert page.status_code == 403
    assert send_form(visitor, page)["Location"] == "/documents"


def test_a_refusal_page_leads_to_no_other_site(
    stand_in: StandIn, visitor: Client, alice: User
) -> None:
    stand_in.fails["/token"] = 500
    page = visitor.get(there(visitor, "/oidc/login?next=https://evil.example/"))
    assert send_form(visitor, page)["Location"] == "/"


def test_a_sign_in_there_is_begun_by_a_link_alone(stand_in: StandIn, visitor: Client) -> None:
    assert visitor.post("/oidc/login").status_code == 405
