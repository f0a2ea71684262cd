"""Only tokens of living logins open anything, and nothing that is sent breaks the door."""

from __future__ import annotations

import base64
import json
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread
from typing import Any

import jwt
import pytest
import time_machine
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.management import call_command
from django.db import connection
from django.test import Client
from rest_framework.test import APIClient

from accounts import tokens
from accounts.models import LoginSession, User
from accounts.tokens import TokenRefused
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db


def get(authorization: Any) -> Any:
    return APIClient().get("/documents", HTTP_AUTHORIZATION=authorization)


def is_known(access: str) -> bool:
    status = get(f"Bearer {access}").status_code
    assert status in {200, 401}
    return status == 200


def encode(data: Any) -> str:
    raw = data if isinstance(data, bytes) else json.dumps(data).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


class Forger:
    """Knows a real access token and everything about it but, mostly, the key."""

    def __init__(self, user: User, other: User) -> None:
        self.pair = tokens.log_in(user)
        self.others = tokens.log_in(other)
        self.claims: dict[str, Any] = jwt.decode(
            self.pair.access, options={"verify_signature": False}
        )
        self.others_claims: dict[str, Any] = jwt.decode(
            self.others.access, options={"verify_signature": False}
        )

    def signed(
        self,
        *,
        key: str | None = None,
        header: Any = None,
        algorithm: str = "HS256",
        **changes: Any,
    ) -> str:
        """A token with some claims changed; None removes one."""
        claims = {**self.claims, **changes}
        claims = {name: value for name, value in claims.items() if value is not None}
        secret = settings.JWT_SECRET_KEY if key is None else key
        return jwt.encode(claims, secret, algorithm=algorithm, headers=header)

    def unsigned(self, header: Any, payload: Any = None, signature: str = "") -> str:
        return f"{encode(header)}.{encode(self.claims if payload is None else payload)}.{signature}"


@pytest.fixture
def forger(alice: User, bob: User) -> Forger:
    return Forger(alice, bob)


NOW = datetime.now(UTC)
DEEP = b"[" * 900 + b"]" * 900

FORGERIES: dict[str, Callable[[Forger], str]] = {
    "empty": lambda f: "",
    "one word": lambda f: "token",
    "two dots": lambda f: "..",
    "four parts": lambda f: f"{f.pair.access}.x",
    "two words": lambda f: f"{f.pair.access} {f.pair.access}",
    "no signature": lambda f: f.pair.access.rpartition(".")[0] + ".",
    "cut signature": lambda f: f.pair.access[:-4],
    "not base64": lambda f: "a.%%%.b",
    "not ascii": lambda f: "é.ü.ñ",
    "nul": lambda f: f.pair.access + "\x00",
    "huge": lambda f: "a" * 60_000,
    "huge payload, rightly signed": lambda f: f.signed(junk="x" * 20_000),
    "alg none": lambda f: f.unsigned({"alg": "none", "typ": "JWT"}),
    "alg NoNe": lambda f: f.unsigned({"alg": "NoNe", "typ": "JWT"}),
    "alg missing": lambda f: f.unsigned({"typ": "JWT"}, signature="AAAA"),
    "alg a number": lambda f: f.unsigned({"alg": 256}, signature="AAAA"),
    "alg a list": lambda f: f.unsigned({"alg": ["HS256"]}, signature="AAAA"),
    "alg RS256": lambda f: f.unsigned({"alg": "RS256"}, signature="AAAA"),
    "alg HS512 with the right key": lambda f: f.signed(algorithm="HS512"),
    "header a list": lambda f: f.unsigned([], signature="AAAA"),
    "header deeply nested": lambda f: f.unsigned(DEEP, signature="AAAA"),
    "header not JSON": lambda f: f.unsigned(b"\xff\xfe", signature="AAAA"),
    "payload a string": lambda f: f.unsigned({"alg": "HS256"}, "hello", signature="AAAA"),
    "wrong key": lambda f: f.signed(key="k" * 64),
    "empty key": lambda f: f.pair.access.rpartition(".")[0] + "." + encode(b""),
    "key of Django's sessions": lambda f: f.signed(key=settings.SECRET_KEY),
    "kid to a file": lambda f: f.signed(key="k" * 64, header={"kid": "../../dev/null"}),
    "kid a number": lambda f: f.unsigned({"alg": "HS256", "kid": 5}, signature="AAAA"),
    "jku to a stranger": lambda f: f.signed(
        key="k" * 64, header={"jku": "http://127.0.0.1:9/keys"}
    ),
    "own key in the header": lambda f: f.signed(
        key="k" * 64, header={"jwk": {"kty": "oct", "k": encode(b"k" * 64)}}
    ),
    "unknown critical header": lambda f: f.signed(header={"crit": ["x"], "x": 1}),
    "issuer missing": lambda f: f.signed(iss=None),
    "issuer foreign": lambda f: f.signed(iss="elsewhere"),
    "issuer a list": lambda f: jwt.api_jws.encode(
        json.dumps({**f.claims, "iss": ["atom"]}).encode(), settings.JWT_SECRET_KEY
    ),
    "audience missing": lambda f: f.signed(aud=None),
    "audience foreign": lambda f: f.signed(aud="elsewhere"),
    "expired": lambda f: f.signed(exp=NOW - timedelta(seconds=1)),
    "expiry missing": lambda f: f.signed(exp=None),
    "expiry beyond the calendar": lambda f: f.signed(exp=10**18),
    "expiry no number": lambda f: f.signed(exp="tomorrow"),
    "not yet valid": lambda f: f.signed(nbf=NOW + timedelta(hours=1)),
    "issued in the future": lambda f: f.signed(iat=NOW + timedelta(hours=1)),
    "refresh as access": lambda f: f.pair.refresh,
    "type missing": lambda f: f.signed(token_type=None),
    "type odd": lambda f: f.signed(token_type=["access"]),
    "id missing": lambda f: f.signed(jti=None),
    "login missing": lambda f: f.signed(sid=None),
    "login unknown": lambda f: f.signed(sid=str(uuid.uuid4())),
    "login no uuid": lambda f: f.signed(sid="1 OR 1=1"),
    "login a list": lambda f: f.signed(sid=[f.claims["sid"]]),
    "login of somebody else": lambda f: f.signed(sid=f.others_claims["sid"]),
    "somebody else's name on one's login": lambda f: f.signed(sub=f.others_claims["sub"]),
    "nobody's name": lambda f: f.signed(sub=None),
    "name no number": lambda f: f.signed(sub="alice"),
    "name too big a number": lambda f: f.signed(sub="9" * 40),
}


@pytest.mark.parametrize("kind", FORGERIES)
def test_a_forged_or_confused_token_is_a_401(forger: Forger, kind: str) -> None:
    response = get(f"Bearer {FORGERIES[kind](forger)}")
    assert response.status_code == 401
    assert response["Content-Type"] == "application/problem+json"
    assert response["WWW-Authenticate"] == 'Bearer realm="atom"'
    assert response.json()["code"] in {"token_invalid", "token_expired"}


@pytest.mark.parametrize("kind", sorted(set(FORGERIES) - {"refresh as access", "empty", "huge"}))
def test_a_forged_or_confused_token_refreshes_nothing(forger: Forger, kind: str) -> None:
    body = {"refresh": FORGERIES[kind](forger)}
    response = APIClient().post("/auth/refresh", body, format="json")
    assert response.status_code in {400, 401}
    assert LoginSession.objects.unended().count() == 2


def test_the_forger_can_make_a_good_token_when_nothing_is_changed(forger: Forger) -> None:
    assert is_known(forger.signed())


def test_an_access_token_does_not_refresh(forger: Forger) -> None:
    with pytest.raises(TokenRefused):
        tokens.refresh(forger.pair.access)


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
def test_the_scheme_is_read_in_any_case(forger: Forger, scheme: str) -> None:
    assert get(f"{scheme} {forger.pair.access}").status_code == 200


@pytest.mark.parametrize("header", ["Basic YTpi", "Token abc", "", "é"])
def test_other_schemes_are_nobody(db: None, header: str) -> None:
    response = get(header)
    assert response.status_code == 401
    assert response.json()["code"] == "not_authenticated"


def test_a_token_in_the_address_opens_nothing(forger: Forger) -> None:
    token = forger.pair.access
    assert APIClient().get(f"/documents?token={token}&access_token={token}").status_code == 401


def test_an_access_token_dies_of_age(alice: User) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        access = tokens.log_in(alice).access
        clock.shift(settings.JWT_EXPIRY - timedelta(seconds=2))
        assert is_known(access)
        clock.shift(timedelta(seconds=3))
        assert get(f"Bearer {access}").json()["code"] == "token_expired"


def test_a_refresh_token_dies_of_age(alice: User) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        refresh = tokens.log_in(alice).refresh
        clock.shift(settings.JWT_REFRESH_LIFETIME + timedelta(seconds=1))
        with pytest.raises(TokenRefused):
            tokens.refresh(refresh)


def test_no_refresh_keeps_a_login_alive_for_ever(alice: User) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        pair = tokens.log_in(alice)
        for _ in range(settings.JWT_LOGIN_LIFETIME // timedelta(days=6) - 1):
            clock.shift(timedelta(days=6))
            pair = tokens.refresh(pair.refresh)
        assert is_known(pair.access)
        clock.move_to(NOW + settings.JWT_LOGIN_LIFETIME + timedelta(seconds=1))
        for use, raw in ((tokens.authenticate, pair.access), (tokens.refresh, pair.refresh)):
            with pytest.raises(TokenRefused):
                use(raw)


def test_a_credential_says_whose_it_is_and_how_long_it_lasts(alice: User) -> None:
    with time_machine.travel(NOW.replace(microsecond=0), tick=False):
        credential = tokens.authenticate(tokens.log_in(alice).access)
        assert credential.user == alice
        assert credential.expires_at == NOW.replace(microsecond=0) + settings.JWT_EXPIRY


def test_knowing_a_token_costs_one_query(
    alice: User, django_assert_num_queries: Callable[[int], Any]
) -> None:
    access = tokens.log_in(alice).access
    with django_assert_num_queries(1):
        assert tokens.authenticate(access).user.username == "alice"


# What ends a login.


def test_a_deactivated_user_is_out_at_once_and_stays_out_after_reactivation(alice: User) -> None:
    pair = tokens.log_in(alice)
    alice.is_active = False
    alice.save()
    assert not is_known(pair.access)
    alice.is_active = True
    alice.save()
    assert not is_known(pair.access)
    with pytest.raises(TokenRefused):
        tokens.refresh(pair.refresh)


def test_a_user_deactivated_behind_our_back_is_out_at_once(alice: User) -> None:
    pair = tokens.log_in(alice)
    User.objects.update(is_active=False)
    assert not is_known(pair.access)
    with pytest.raises(TokenRefused):
        tokens.refresh(pair.refresh)


def test_a_deleted_user_is_out_at_once(alice: User) -> None:
    access = tokens.log_in(alice).access
    alice.delete()
    assert not is_known(access)


def test_signing_out_everywhere_ends_tokens_and_browsers_of_this_user_only(
    alice: User, bob: User, browser: Client
) -> None:
    hers, his = tokens.log_in(alice), tokens.log_in(bob)
    tokens.end_all(alice)
    assert not is_known(hers.access)
    assert is_known(his.access)
    assert browser.get("/password").status_code == 302


NEW = "another horse battery"


def by_method(user: User) -> None:
    user.set_password(NEW)
    user.save()


def by_narrow_save(user: User) -> None:
    user.set_password(NEW)
    user.save(update_fields=["password"])


def by_query(user: User) -> None:
    User.objects.filter(pk=user.pk).update(password=make_password(NEW))


def by_page(user: User) -> None:
    client = Client()
    client.force_login(user)
    form = {"old_password": PASSWORD, "new_password1": NEW, "new_password2": NEW}
    assert client.post("/password", form).status_code == 302


def by_admin(user: User) -> None:
    client = Client()
    client.force_login(User.objects.create_superuser("root", password=PASSWORD))
    form = {"usable_password": "true", "password1": NEW, "password2": NEW}
    response = client.post(f"/admin/accounts/user/{user.pk}/password/", form)
    assert response.status_code == 302


@pytest.mark.parametrize("change", [by_method, by_narrow_save, by_query, by_page, by_admin])
def test_a_new_password_ends_every_other_login(
    alice: User, browser: Client, change: Callable[[User], None]
) -> None:
    pair = tokens.log_in(alice)
    change(alice)
    alice.refresh_from_db()
    assert alice.check_password(NEW)
    assert not is_known(pair.access)
    with pytest.raises(TokenRefused):
        tokens.refresh(pair.refresh)
    assert browser.get("/password").status_code == 302


def test_a_password_set_on_the_command_line_ends_every_login(
    alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    pair = tokens.log_in(alice)
    monkeypatch.setattr("getpass.getpass", lambda prompt="": NEW)
    call_command("changepassword", "alice", verbosity=0)
    assert not is_known(pair.access)


def test_a_login_that_raced_a_new_password_is_dead(alice: User) -> None:
    as_read_before = User.objects.get(pk=alice.pk)
    alice.set_password(NEW)
    alice.save()
    assert not is_known(tokens.log_in(as_read_before).access)


# Races.


@pytest.mark.django_db(transaction=True)
def test_one_of_many_simultaneous_refreshes_wins_and_the_login_ends(alice: User) -> None:
    pair = tokens.log_in(alice)
    start, won, lost = Barrier(6), [], []

    def trade() -> None:
        start.wait()
        try:
            won.append(tokens.refresh(pair.refresh))
        except TokenRefused:
            lost.append(1)
        finally:
            connection.close()

    threads = [Thread(target=trade) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(won), len(lost)) == (1, 5)
    assert not is_known(won[0].access)
