"""Programs log in, stay logged in and log out."""

from __future__ import annotations

import json
import logging
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import LoginSession, User
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db


def log_in(client: APIClient, username: str = "alice", password: str = PASSWORD) -> Any:
    return client.post("/auth/login", {"username": username, "password": password}, format="json")


def bearer(token: str) -> APIClient:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
    return client


def is_known(token: str) -> bool:
    """Whether the API lets somebody in with this access token."""
    status = bearer(token).get("/documents").status_code
    assert status in {200, 401}
    return status == 200


@pytest.mark.parametrize("path", ["/auth/login", "/auth/login/"])
def test_a_name_and_password_are_traded_for_a_pair_of_tokens(alice: User, path: str) -> None:
    given = {"username": "alice", "password": PASSWORD}
    response = APIClient().post(path, given, format="json")
    pair = response.json()
    assert response.status_code == 200
    assert set(pair) == {"access", "refresh", "access_token", "token_type", "expires_in"}
    assert pair["access_token"] == pair["access"]
    assert (pair["token_type"], pair["expires_in"]) == ("Bearer", 3600)
    assert response["Cache-Control"] == "no-store"
    assert is_known(pair["access"])


def test_a_login_by_form_works_for_the_browsable_page(alice: User) -> None:
    response = APIClient().post("/auth/login", {"username": "alice", "password": PASSWORD})
    assert response.status_code == 415  # Multipart is for uploads.
    response = APIClient().post(
        "/auth/login",
        f"username=alice&password={PASSWORD.replace(' ', '+')}",
        content_type="application/x-www-form-urlencoded",
    )
    assert response.status_code == 200


def test_the_browsable_page_shows_a_form_to_log_in() -> None:
    page = APIClient().get("/auth/login", HTTP_ACCEPT="text/html")
    assert page.status_code == 200
    assert 'name="username"' in page.content.decode()
    assert 'type="password"' in page.content.decode()


def test_wrong_missing_and_inactive_users_get_the_same_answer(alice: User, bob: User) -> None:
    bob.is_active = False
    bob.save()
    answers = [
        log_in(APIClient(), "alice", "wrong"),
        log_in(APIClient(), "nobody", "wrong"),
        log_in(APIClient(), "bob", PASSWORD),
    ]
    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.content for answer in answers}) == 1
    assert answers[0].json()["code"] == "wrong_login"
    assert answers[0]["WWW-Authenticate"] == 'Bearer realm="atom"'
    assert answers[0]["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"username": "alice"},
        {"username": "alice", "password": ""},
        {"username": ["alice"], "password": {"a": 1}},
        {"username": "a\u0000lice", "password": "x"},
        {"username": "\ud800", "password": "\udfff"},
        {"username": "a" * 200, "password": "x"},
        {"username": "alice", "password": "x" * 5000},
        [],
        "alice",
        None,
    ],
)
def test_a_login_that_makes_no_sense_is_a_400(alice: User, given: Any) -> None:
    body = json.dumps(given)
    response = APIClient().post("/auth/login", body, content_type="application/json")
    assert response.status_code == 400
    assert response.json()["code"] == "invalid"


def test_a_password_is_taken_as_it_is_with_its_blanks(alice: User) -> None:
    alice.set_password("  spaced out  ")
    alice.save()
    assert log_in(APIClient(), password="  spaced out  ").status_code == 200
    assert log_in(APIClient(), password="spaced out").status_code == 401


def test_a_stale_token_does_not_keep_anybody_from_logging_in(alice: User) -> None:
    assert log_in(bearer("stale")).status_code == 200


def test_a_login_is_noted_as_the_last_one(alice: User) -> None:
    log_in(APIClient())
    alice.refresh_from_db()
    assert alice.last_login is not None


def test_logins_are_logged_without_names_and_passwords(
    alice: User, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "accounts"):
        log_in(APIClient(), "alice", "a wrong secret")
        log_in(APIClient())
    assert caplog.messages[0] == "Wrong login from 127.0.0.1"
    assert f"User {alice.pk} logged in from 127.0.0.1" in caplog.messages
    assert "secret" not in caplog.text
    assert PASSWORD not in caplog.text


def test_a_new_login_clears_away_those_that_ran_out(alice: User) -> None:
    log_in(APIClient())
    LoginSession.objects.update(expires_at=timezone.now() - timedelta(days=1))
    log_in(APIClient())
    assert LoginSession.objects.count() == 1


# Refresh.


def refresh(token: Any) -> Any:
    return APIClient().post("/auth/refresh", {"refresh": token}, format="json")


def test_a_refresh_gives_a_new_pair(alice: User) -> None:
    first = log_in(APIClient()).json()
    response = refresh(first["refresh"])
    second = response.json()
    assert response.status_code == 200
    assert set(second) == set(first)
    assert second["refresh"] != first["refresh"]
    assert is_known(second["access"])


def test_only_the_newest_refresh_token_works_and_an_older_one_ends_the_login(alice: User) -> None:
    first = log_in(APIClient()).json()
    second = refresh(first["refresh"]).json()
    reused = refresh(first["refresh"])
    assert reused.status_code == 401
    assert reused.json()["code"] == "token_reused"
    assert refresh(second["refresh"]).status_code == 401
    assert not is_known(second["access"])


def test_ending_a_login_by_reuse_leaves_other_logins_alone(alice: User) -> None:
    other = log_in(APIClient()).json()
    first = log_in(APIClient()).json()
    refresh(first["refresh"])
    refresh(first["refresh"])
    assert is_known(other["access"])
    assert refresh(other["refresh"]).status_code == 200


@pytest.mark.parametrize("body", [{}, {"refresh": ""}, {"refresh": None}, {"refresh": []}])
def test_a_refresh_without_a_token_is_a_400(body: Any) -> None:
    response = APIClient().post("/auth/refresh", body, format="json")
    assert response.status_code == 400
    assert "refresh" in response.json()["errors"]


def test_a_deleted_user_cannot_refresh(alice: User) -> None:
    pair = log_in(APIClient()).json()
    alice.delete()
    assert refresh(pair["refresh"]).status_code == 401
    assert not is_known(pair["access"])


# Logout.


@pytest.mark.parametrize("path", ["/auth/logout", "/auth/logout/"])
def test_logging_out_by_access_token_ends_both_tokens_at_once(alice: User, path: str) -> None:
    pair = log_in(APIClient()).json()
    assert is_known(pair["access"])
    assert bearer(pair["access"]).post(path).status_code == 204
    assert not is_known(pair["access"])
    assert refresh(pair["refresh"]).status_code == 401


def test_logging_out_by_refresh_token_ends_both_tokens_at_once(alice: User) -> None:
    pair = log_in(APIClient()).json()
    body = {"refresh": pair["refresh"]}
    assert APIClient().post("/auth/logout", body, format="json").status_code == 204
    assert not is_known(pair["access"])
    assert refresh(pair["refresh"]).status_code == 401


def test_a_refresh_token_logs_out_even_beside_an_expired_access_token(alice: User) -> None:
    pair = log_in(APIClient()).json()
    body = {"refresh": pair["refresh"]}
    assert bearer("stale").post("/auth/logout", body, format="json").status_code == 204
    assert not is_known(pair["access"])


def test_logging_out_twice_by_refresh_token_is_no_error(alice: User) -> None:
    body = {"refresh": log_in(APIClient()).json()["refresh"]}
    APIClient().post("/auth/logout", body, format="json")
    assert APIClient().post("/auth/logout", body, format="json").status_code == 204


def test_logging_out_ends_this_login_only(alice: User) -> None:
    one, other = log_in(APIClient()).json(), log_in(APIClient()).json()
    bearer(one["access"]).post("/auth/logout")
    assert is_known(other["access"])
    assert LoginSession.objects.unended().count() == 1


@pytest.mark.parametrize("authorization", ["", "Bearer", "Bearer nonsense", "Basic YTpi"])
def test_logging_out_without_a_valid_token_is_a_401(db: None, authorization: str) -> None:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=authorization)
    response = client.post("/auth/logout")
    assert response.status_code == 401
    assert response["WWW-Authenticate"] == 'Bearer realm="atom"'
