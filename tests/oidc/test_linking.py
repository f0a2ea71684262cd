"""An account that is there is linked by its owner, and signing out goes on at the provider."""

from __future__ import annotations

import re
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from accounts.models import AuditEvent, Identity, User
from tests.conftest import PASSWORD
from tests.oidc.conftest import at_provider, sign_in, signed_in
from tests.oidc.provider import CLIENT_ID, StandIn

PAGE = "/password"


@pytest.fixture
def owner(alice: User, closed: StandIn) -> Client:
    client = Client()
    client.post("/login", {"username": "alice", "password": PASSWORD})
    return client


def onward(answer: Any) -> str:
    """Where a page leads on to by itself."""
    assert answer.status_code == 200
    found = re.search(r'http-equiv="refresh" content="0; url=([^"]+)"', answer.content.decode())
    assert found
    return unescape(found[1])


def begin(client: Client) -> str:
    """To the provider, and the way back."""
    return at_provider(onward(client.post("/account/identity", {"password": PASSWORD})))


def test_whoever_links_an_account_signs_in_by_it(owner: Client, alice: User) -> None:
    assert "Link Harbor ID" in owner.get(PAGE).content.decode()
    answer = owner.get(begin(owner), follow=True)
    assert "Your account is linked to Harbor ID." in answer.content.decode()
    assert signed_in(owner) == "alice"
    other = Client()
    sign_in(other)
    assert signed_in(other) == "alice"
    assert User.objects.count() == 1
    linked = AuditEvent.objects.get(action="identity_linked")
    assert (linked.actor, linked.subject) == (alice.pk, str(Identity.objects.get().pk))


def test_a_link_is_begun_by_a_form_of_ours_only(owner: Client) -> None:
    assert owner.get("/account/identity").status_code == 405
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = owner.cookies
    assert strict.post("/account/identity").status_code == 403
    assert Client().post("/account/identity")["Location"].startswith("/login")


@pytest.mark.parametrize("given", [{}, {"password": "a guess"}])
def test_an_unlocked_screen_is_no_way_in_for_ever(owner: Client, given: dict[str, str]) -> None:
    answer = owner.post("/account/identity", given, follow=True)
    assert "That is not your password." in answer.content.decode()
    assert not owner.session.get("oidc_states")
    assert signed_in(owner) == "alice"


def test_a_link_to_an_earlier_provider_hides_nothing(owner: Client, alice: User) -> None:
    Identity.objects.create(user=alice, issuer="https://earlier.example", subject="alice")
    page = owner.get(PAGE).content.decode()
    assert "Link Harbor ID" in page
    assert "earlier.example" not in page
    owner.get(begin(owner))
    assert alice.identities.count() == 2


def test_a_link_that_somebody_else_began_is_not_made(owner: Client, bob: User) -> None:
    back = begin(owner)
    # At the same browser: the session goes on, and the person is another.
    session = owner.session
    session["_auth_user_id"] = str(bob.pk)
    session["_auth_user_hash"] = bob.get_session_auth_hash()
    session.save()
    owner.get(back)
    assert not Identity.objects.exists()


def test_a_link_after_signing_out_is_not_made(owner: Client) -> None:
    back = begin(owner)
    owner.post("/logout")
    assert owner.get(back).status_code == 403
    assert not Identity.objects.exists()
    assert signed_in(owner) == ""


def test_an_identity_belongs_to_one_account(owner: Client, bob: User, stand_in: StandIn) -> None:
    Identity.objects.create(user=bob, issuer=stand_in.issuer, subject="248289761001")
    answer = owner.get(begin(owner), follow=True)
    assert "linked to another account here" in answer.content.decode()
    assert Identity.objects.get().user == bob
    assert signed_in(owner) == "alice"


def test_an_account_has_one_identity(owner: Client, alice: User, stand_in: StandIn) -> None:
    Identity.objects.create(user=alice, issuer=stand_in.issuer, subject="another")
    answer = owner.get(begin(owner), follow=True)
    assert "End that link first." in answer.content.decode()
    assert alice.identities.get().subject == "another"


def test_linking_again_changes_nothing(owner: Client, alice: User) -> None:
    for _ in range(2):
        owner.get(begin(owner))
    assert alice.identities.count() == 1


def test_who_changes_his_mind_at_the_provider_stays_signed_in(owner: Client) -> None:
    state = parse_qs(urlsplit(begin(owner)).query)["state"][0]
    answer = owner.get(f"/oidc/callback?error=access_denied&state={state}", follow=True)
    assert "signed nobody in" in answer.content.decode()
    assert signed_in(owner) == "alice"


def test_a_link_is_ended_by_its_owner_alone(
    owner: Client, alice: User, bob: User, stand_in: StandIn
) -> None:
    hers, his = (
        Identity.objects.create(user=user, issuer=stand_in.issuer, subject=user.username)
        for user in (alice, bob)
    )
    assert owner.post(f"/account/identity/{his.pk}/end").status_code == 404
    answer = owner.post(f"/account/identity/{hers.pk}/end", follow=True)
    assert "The link is ended." in answer.content.decode()
    assert list(Identity.objects.all()) == [his]
    assert AuditEvent.objects.filter(action="identity_unlinked", subject=str(hers.pk)).exists()


def test_the_only_way_in_stays(stand_in: StandIn, visitor: Client) -> None:
    sign_in(visitor)
    identity = Identity.objects.get()
    page = visitor.get(PAGE).content.decode()
    assert "You have no password here" in page
    assert "End the link" not in page
    assert 'name="old_password"' not in page
    visitor.post(f"/account/identity/{identity.pk}/end")
    assert Identity.objects.exists()


def test_signing_out_goes_on_at_the_provider(stand_in: StandIn, visitor: Client) -> None:
    sign_in(visitor)
    answer = visitor.post("/logout")
    assert answer["Clear-Site-Data"]
    address = urlsplit(onward(answer))
    query = {name: value[0] for name, value in parse_qs(address.query).items()}
    assert (address.path, query["client_id"]) == ("/end", CLIENT_ID)
    assert query["id_token_hint"] == stand_in.tokens[-1]
    assert query["post_logout_redirect_uri"] == "http://testserver/login"
    assert signed_in(visitor) == ""


def test_signing_out_ends_here_where_the_provider_offers_nothing(
    stand_in: StandIn, visitor: Client
) -> None:
    stand_in.says["end_session_endpoint"] = None
    sign_in(visitor)
    assert visitor.post("/logout")["Location"] == "/login"


def test_whoever_signed_in_by_a_password_signs_out_here_alone(owner: Client) -> None:
    owner.get(begin(owner))
    assert owner.post("/logout")["Location"] == "/login"


def test_an_identity_goes_with_its_user(owner: Client, alice: User) -> None:
    owner.get(begin(owner))
    alice.delete()
    assert not Identity.objects.exists()
