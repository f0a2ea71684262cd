"""People sign in at the provider: who they are here, and what is never believed."""

from __future__ import annotations

import logging
import re
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import AuditEvent, Identity, User
from accounts.oidc import provider
from tests.conftest import PASSWORD
from tests.oidc.conftest import Refused, at_provider, sign_in, signed_in, there
from tests.oidc.provider import CLIENT_ID, CLIENT_SECRET, Key, StandIn

HS256_KEY = "a secret that is long enough for a hash of 256 bits"


# In.


def test_whoever_signs_in_there_for_the_first_time_gets_an_account(
    stand_in: StandIn, visitor: Client
) -> None:
    assert "Sign in with Harbor ID" in visitor.get("/login").content.decode()
    answer = sign_in(visitor, "/oidc/login?next=/documents")
    assert (answer.status_code, answer["Location"]) == (302, "/documents")
    assert signed_in(visitor) == "jane.doe"
    user = User.objects.get()
    assert (user.email, user.has_usable_password()) == ("jane@example.org", False)
    identity = user.identities.get()
    assert (identity.issuer, identity.subject) == (stand_in.issuer, "248289761001")
    acts = AuditEvent.objects.order_by("pk").values_list("action", "actor")
    assert list(acts) == [("user_joined", user.pk), ("signed_in", user.pk)]


def test_the_next_time_it_is_the_same_account_whatever_has_changed(
    stand_in: StandIn, visitor: Client
) -> None:
    sign_in(visitor)
    stand_in.person |= {"preferred_username": "jane.married", "email": "j@example.net"}
    other = Client()
    sign_in(other)
    assert signed_in(other) == "jane.doe"
    assert User.objects.get().identities.get().used_at


def test_an_elliptic_key_is_as_good(stand_in: StandIn, visitor: Client) -> None:
    stand_in.signs_by = stand_in.elliptic
    sign_in(visitor)
    assert signed_in(visitor) == "jane.doe"


def test_the_session_begins_anew(alice: User, stand_in: StandIn, visitor: Client) -> None:
    visitor.force_login(alice)
    before = visitor.session.session_key
    sign_in(visitor)
    assert signed_in(visitor) == "jane.doe"
    assert visitor.session.session_key != before


def test_it_leads_to_no_other_site(stand_in: StandIn, visitor: Client) -> None:
    assert sign_in(visitor, "/oidc/login?next=https://evil.example/")["Location"] == "/"


@pytest.mark.parametrize("name", ["nothing", "%3Fpage=2"])
def test_what_comes_next_is_an_address_and_no_name(
    visitor: Client, stand_in: StandIn, name: str
) -> None:
    answer = sign_in(visitor, f"/oidc/login?next={name}")
    assert (answer.status_code, answer["Location"]) == (302, name.replace("%3F", "?"))
    assert signed_in(visitor)


def test_what_is_asked_has_a_state_a_nonce_and_a_challenge_of_its_own(
    stand_in: StandIn, visitor: Client
) -> None:
    asked = [parse_qs(urlsplit(visitor.get("/oidc/login")["Location"]).query) for _ in range(2)]
    for name in ("state", "nonce", "code_challenge"):
        assert asked[0][name] != asked[1][name], name
    assert asked[0]["redirect_uri"] == ["http://testserver/oidc/callback"]


def test_people_come_back_by_the_public_address(
    stand_in: StandIn, visitor: Client, settings: Any
) -> None:
    settings.ATOM_PUBLIC_URL = "https://atom.example.org/"
    asked = parse_qs(urlsplit(visitor.get("/oidc/login")["Location"]).query)
    assert asked["redirect_uri"] == ["https://atom.example.org/oidc/callback"]
    sign_in(visitor)
    assert signed_in(visitor) == "jane.doe"


def test_the_secret_goes_the_way_the_provider_takes_it(stand_in: StandIn, visitor: Client) -> None:
    stand_in.says["token_endpoint_auth_methods_supported"] = None  # By the standard: Basic.
    sign_in(visitor)
    assert signed_in(visitor) == "jane.doe"


def test_an_endpoint_may_have_a_question_of_its_own(stand_in: StandIn, visitor: Client) -> None:
    stand_in.says["authorization_endpoint"] = f"{stand_in.issuer}/authorize?policy=harbor"
    sign_in(visitor)
    assert signed_in(visitor) == "jane.doe"


def test_name_and_address_may_come_from_userinfo(stand_in: StandIn, visitor: Client) -> None:
    stand_in.userinfo = dict(stand_in.person)
    stand_in.person = {"sub": "248289761001"}
    sign_in(visitor)
    user = User.objects.get()
    assert (user.username, user.email) == ("jane.doe", "jane@example.org")


# Not in.


@pytest.mark.parametrize(
    ("claims", "code"),
    [
        ({"iss": "https://evil.example"}, "wrong_issuer"),
        ({"iss": None}, "missing_claim"),
        ({"aud": "another"}, "wrong_audience"),
        ({"aud": [CLIENT_ID, "another"]}, "wrong_audience"),
        ({"aud": []}, "missing_claim"),
        ({"aud": None}, "missing_claim"),
        ({"azp": "another"}, "wrong_audience"),
        ({"nonce": "of another sign-in"}, "wrong_nonce"),
        ({"nonce": None}, "wrong_nonce"),
        ({"exp": 1_000_000_000}, "expired"),
        ({"exp": None}, "missing_claim"),
        ({"iat": 9_999_999_999}, "not_yet_valid"),
        ({"nbf": 9_999_999_999}, "not_yet_valid"),
        ({"sub": ""}, "wrong_subject"),
        ({"sub": None}, "missing_claim"),
        ({"sub": "x" * 256}, "wrong_subject"),
    ],
)
def test_a_token_that_breaks_a_rule_signs_nobody_in(
    stand_in: StandIn,
    refused: Refused,
    caplog: pytest.LogCaptureFixture,
    claims: dict[str, Any],
    code: str,
) -> None:
    stand_in.claims = claims
    assert "could not be trusted" in refused()
    assert f"Single sign-on refused: {code}" in caplog.text
    assert not User.objects.exists()


def test_the_issuer_counts_to_the_letter(stand_in: StandIn, refused: Refused) -> None:
    stand_in.claims = {"iss": f"{stand_in.issuer}/"}
    assert "could not be trusted" in refused()


def test_a_token_without_a_signature_signs_nobody_in(stand_in: StandIn, refused: Refused) -> None:
    claims = {"iss": stand_in.issuer, "aud": CLIENT_ID, "sub": "1", "exp": 9_999_999_999}
    stand_in.forged = jwt.encode(claims, "", algorithm="none")
    assert "could not be trusted" in refused()


@pytest.mark.parametrize("secret", [CLIENT_SECRET + "." * 32, HS256_KEY])
def test_a_token_signed_by_a_shared_secret_signs_nobody_in(
    stand_in: StandIn, refused: Refused, secret: str
) -> None:
    claims = {"iss": stand_in.issuer, "aud": CLIENT_ID, "sub": "1", "exp": 9_999_999_999}
    stand_in.forged = jwt.encode(claims, secret, algorithm="HS256")
    assert "could not be trusted" in refused()


def test_a_token_by_a_key_of_somebody_else_signs_nobody_in(
    stand_in: StandIn, refused: Refused
) -> None:
    stand_in.signs_by = Key()
    stand_in.signs_by.id = stand_in.key.id
    assert "could not be trusted" in refused()


@pytest.mark.parametrize("forged", ["", "x", "a.b.c", "e30.e30.", "ﷺ.ﷺ.ﷺ", "x" * 70_000])
def test_what_is_no_token_signs_nobody_in(
    stand_in: StandIn, refused: Refused, forged: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stand_in, "id_token", lambda *, nonce: forged)
    assert "could not be trusted" in refused()


def test_a_changed_key_is_asked_for(
    stand_in: StandIn, visitor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_in(visitor)
    stand_in.signs_by = new = Key()
    stand_in.listed = [new]
    # A minute later: made-up keys must not make a flood of questions.
    now = provider.time.monotonic()
    monkeypatch.setattr(provider.time, "monotonic", lambda: now + provider.KEY_ASKED_EVERY + 1)
    other = Client()
    sign_in(other)
    assert signed_in(other) == "jane.doe"
    assert stand_in.asked.count("/jwks") == 2


def test_unknown_keys_are_not_asked_for_each_time(stand_in: StandIn, refused: Refused) -> None:
    stand_in.signs_by = Key()
    for _ in range(5):
        refused()
    assert stand_in.asked.count("/jwks") == 1


def test_a_key_without_a_name_is_found_by_its_kind(stand_in: StandIn, visitor: Client) -> None:
    stand_in.header = {"kid": None}
    sign_in(visitor)
    assert signed_in(visitor) == "jane.doe"


# Replayed.


def test_a_way_back_works_once(stand_in: StandIn, visitor: Client) -> None:
    back = there(visitor)
    visitor.get(back)
    visitor.post("/logout")
    again = visitor.get(back)
    assert again.status_code == 403
    assert "had expired or was used already" in again.content.decode()
    assert signed_in(visitor) == ""


def test_a_way_back_works_in_the_browser_alone_that_began_it(
    stand_in: StandIn, visitor: Client
) -> None:
    back = there(visitor)
    stranger = Client()
    there(stranger)
    assert stranger.get(back).status_code == 403
    assert signed_in(stranger) == ""


def test_a_code_of_another_sign_in_does_not_fit(stand_in: StandIn, visitor: Client) -> None:
    """PKCE: whoever slips in a code that was stolen has not got its verifier."""
    stolen = parse_qs(urlsplit(there(Client())).query)["code"][0]
    own = parse_qs(urlsplit(there(visitor)).query)["state"][0]
    answer = visitor.get(f"/oidc/callback?code={stolen}&state={own}")
    assert answer.status_code == 403
    assert signed_in(visitor) == ""


def test_a_code_is_used_once(stand_in: StandIn, visitor: Client) -> None:
    first = there(visitor)
    visitor.get(first)
    used = parse_qs(urlsplit(first).query)["code"][0]
    other = Client()
    state = parse_qs(urlsplit(there(other)).query)["state"][0]
    assert other.get(f"/oidc/callback?code={used}&state={state}").status_code == 403


def test_a_token_of_an_earlier_sign_in_does_not_fit(stand_in: StandIn, refused: Refused) -> None:
    sign_in(Client())
    [stand_in.forged] = stand_in.tokens
    assert "could not be trusted" in refused()


@pytest.mark.parametrize(
    "query", ["", "?code=x", "?state=x", "?code=x&state=y", "?error=x", "?state[]=x&code=y"]
)
def test_a_way_back_that_nobody_began_leads_nowhere(visitor: Client, query: str) -> None:
    answer = visitor.get(f"/oidc/callback{query}")
    assert answer.status_code == 403
    assert signed_in(visitor) == ""


def test_an_answer_in_the_name_of_another_provider_is_refused(
    stand_in: StandIn, visitor: Client
) -> None:
    back = there(visitor)
    assert visitor.get(f"{back}&iss=https://evil.example").status_code == 403
    stand_in.says["authorization_response_iss_parameter_supported"] = True
    provider.forget()
    assert visitor.get(there(visitor)).status_code == 403
    named = f"{there(visitor)}&iss={stand_in.issuer}"
    assert visitor.get(named).status_code == 302


def test_a_login_by_password_takes_no_code(alice: User, stand_in: StandIn) -> None:
    client = Client()
    code = parse_qs(urlsplit(there(client)).query)["code"][0]
    stand_in.claims = {"nonce": None}
    for address in ("/login", "/auth/login"):
        form = {"username": "alice", "password": "wrong"}
        client.post(f"{address}?code={code}&state=x", form)
        assert signed_in(client) == ""
    assert "/token" not in stand_in.asked


# Whose account.


@pytest.mark.parametrize("verified", [False, None, "false", 1, "yes"])
def test_an_unverified_address_is_nobodys(
    alice: User, stand_in: StandIn, visitor: Client, verified: Any
) -> None:
    User.objects.update(email="alice@example.org")
    stand_in.person |= {"email": "alice@example.org", "email_verified": verified}
    sign_in(visitor)
    assert signed_in(visitor) == "jane.doe"
    assert User.objects.get(username="jane.doe").email == ""
    assert not alice.identities.exists()


def test_a_verified_address_of_somebody_else_opens_no_account_of_theirs(
    alice: User, stand_in: StandIn, visitor: Client
) -> None:
    User.objects.update(email="jane@example.org")
    sign_in(visitor)
    assert signed_in(visitor) == "jane.doe"
    assert not alice.identities.exists()


@pytest.mark.parametrize("taken", ["jane.doe", "JANE.Doe"])
def test_a_name_that_is_taken_gets_a_number(stand_in: StandIn, visitor: Client, taken: str) -> None:
    owner = User.objects.create_user(taken, password=PASSWORD)
    sign_in(visitor)
    assert signed_in(visitor) == "jane.doe-2"
    assert not owner.identities.exists()


@pytest.mark.parametrize(
    ("person", "name"),
    [
        ({"preferred_username": "Zoë <b>/\x00"}, "Zoë.b"),
        ({"preferred_username": None, "name": "Jane Doe"}, "jane"),
        ({"preferred_username": None, "email": None, "name": "Jane Doe"}, "Jane.Doe"),
        ({"preferred_username": 7, "email": None, "name": ["x"]}, "user"),
        ({"preferred_username": "x" * 300}, "x" * 140),
    ],
)
def test_names_are_made_of_what_names_may_have(
    stand_in: StandIn, visitor: Client, person: dict[str, Any], name: str
) -> None:
    stand_in.claims = person
    stand_in.says["userinfo_endpoint"] = None
    sign_in(visitor)
    assert User.objects.get().username == name
    User.objects.get().full_clean(exclude=["password"])


def test_where_nobody_gets_an_account_by_signing_in_the_page_says_what_to_do(
    closed: StandIn, refused: Refused
) -> None:
    assert "link it on the page of your account" in refused()
    assert not User.objects.exists()


def test_userinfo_about_somebody_else_is_not_believed(stand_in: StandIn, refused: Refused) -> None:
    stand_in.userinfo = {**stand_in.person, "sub": "another"}
    stand_in.person = {"sub": "248289761001"}
    assert "could not be trusted" in refused()


def test_a_deactivated_account_stays_out(stand_in: StandIn, visitor: Client) -> None:
    sign_in(visitor)
    user = User.objects.get()
    user.is_active = False
    user.save()
    assert signed_in(visitor) == ""
    assert "is deactivated" in sign_in(Client()).content.decode()
    assert signed_in(visitor) == ""


def test_two_who_come_in_at_the_same_moment_by_one_identity_are_one(
    stand_in: StandIn, visitor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    from accounts.oidc import identities

    free_name = identities._free_name

    def other_tab_first(claims: Any) -> str:
        monkeypatch.setattr(identities, "_free_name", free_name)
        sign_in(Client())
        return "jane.late"

    monkeypatch.setattr(identities, "_free_name", other_tab_first)
    sign_in(visitor)
    assert signed_in(visitor) == "jane.doe"
    assert User.objects.count() == Identity.objects.count() == 1


# The provider fails.


@pytest.mark.parametrize(
    "path", ["/.well-known/openid-configuration", "/token", "/jwks", "/userinfo"]
)
def test_a_provider_that_fails_is_told_as_such(
    stand_in: StandIn, visitor: Client, path: str
) -> None:
    stand_in.fails[path] = 500
    stand_in.claims = {"preferred_username": None}
    answer = visitor.get("/oidc/login")
    if answer.status_code == 302:
        answer = visitor.get(at_provider(answer["Location"]))
    assert answer.status_code == 503
    assert "does not answer as it should" in answer.content.decode()
    assert 'name="password"' in answer.content.decode()


@pytest.mark.parametrize(
    "said",
    [
        {"issuer": "https://evil.example"},
        {"authorization_endpoint": None},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"token_endpoint": 7},
        {"jwks_uri": "file:///etc/passwd"},
        {"code_challenge_methods_supported": ["plain"]},
    ],
)
def test_a_provider_that_says_nonsense_of_itself_is_not_asked_for_anybody(
    stand_in: StandIn, visitor: Client, said: dict[str, Any]
) -> None:
    stand_in.says = said
    assert visitor.get("/oidc/login").status_code == 503


def test_a_failure_is_not_repeated_for_everybody_who_waits(
    stand_in: StandIn, visitor: Client
) -> None:
    stand_in.fails["/.well-known/openid-configuration"] = 500
    for _ in range(5):
        assert visitor.get("/oidc/login").status_code == 503
    assert len(stand_in.asked) == 1


def test_logs_hold_nothing_of_anybody(
    stand_in: StandIn, visitor: Client, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    sign_in(visitor)
    stand_in.claims = {"nonce": "another"}
    sign_in(Client())
    stand_in.fails["/token"] = 400
    sign_in(Client())
    said = "\n".join(
        each.getMessage() for each in caplog.records if not each.name.startswith("http")
    )
    for secret in (CLIENT_SECRET, "jane@example.org", "248289761001", *stand_in.tokens):
        assert secret not in said
    assert not re.search(r"code=|eyJ", said)


def test_many_tries_are_slowed(stand_in: StandIn, visitor: Client, settings: Any) -> None:
    from accounts import throttles

    settings.ATOM_THROTTLE = True
    answers = [visitor.get("/oidc/login") for _ in range(throttles.SINGLE_SIGN_ONS + 1)]
    assert {each.status_code for each in answers[:-1]} == {302}
    assert answers[-1].status_code == 429


def test_a_session_that_began_there_ends_as_others_do(stand_in: StandIn, visitor: Client) -> None:
    sign_in(visitor)
    session = visitor.session
    session["began_at"] = (timezone.now() - timedelta(days=8)).timestamp()
    session.save()
    assert signed_in(visitor) == ""
