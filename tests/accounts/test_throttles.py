"""Guessing passwords is slow, whichever door is tried, and nobody else pays for it."""

from __future__ import annotations

import logging
import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
import redis
import time_machine
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core.cache import caches
from django.db import connection
from django.test import Client, RequestFactory
from rest_framework.test import APIClient

from accounts import throttle_cache, throttles
from accounts.checks import trusted_proxy
from accounts.models import User
from accounts.throttles import Throttled
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _throttling(settings: Any) -> Iterator[None]:
    settings.ATOM_THROTTLE = True
    caches["throttle"].clear()
    yield
    caches["throttle"].clear()


def log_in(username: str, password: str = "wrong", place: str = "192.0.2.1") -> Any:
    given = {"username": username, "password": password}
    return APIClient().post("/auth/login", given, format="json", REMOTE_ADDR=place)


def sign_in(username: str, password: str = "wrong", place: str = "192.0.2.1") -> Any:
    given = {"username": username, "password": password}
    return Client().post("/login", given, REMOTE_ADDR=place)


def test_the_eleventh_wrong_login_for_a_name_is_refused_wherever_it_comes_from(
    alice: User,
) -> None:
    codes = [log_in("alice", place=f"192.0.2.{n}").status_code for n in range(11)]
    assert codes == [401] * 10 + [429]


def test_a_name_is_counted_as_one_however_it_is_spelled(alice: User) -> None:
    """From an address each, so that nothing but the name is counted twice."""
    spellings = ["alice", "Alice", "ALICE", " alice", "aLiCe", "alice "]
    codes = [log_in(spellings[n % 6], place=f"192.0.2.{n}").status_code for n in range(11)]
    assert codes == [401] * 10 + [429]


def test_the_eleventh_wrong_login_from_an_address_is_refused_whoever_it_names(db: None) -> None:
    codes = [log_in(f"user{n}").status_code for n in range(11)]
    assert codes == [401] * 10 + [429]
    assert log_in("user1", place="192.0.2.2").status_code == 401


def test_a_refusal_says_when_to_try_again_and_then_that_is_so(alice: User) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        for _ in range(10):
            log_in("alice")
        clock.shift(timedelta(seconds=20))
        refusal = log_in("alice", PASSWORD)
        assert refusal.status_code == 429
        assert refusal.json()["code"] == "throttled"
        assert refusal["Content-Type"] == "application/problem+json"
        assert refusal["Retry-After"] == "40"
        clock.shift(timedelta(seconds=41))
        assert log_in("alice", PASSWORD).status_code == 200


def test_page_and_api_count_together(alice: User) -> None:
    for _ in range(5):
        assert sign_in("alice").status_code == 200
        assert log_in("alice").status_code == 401
    refusal = sign_in("alice", PASSWORD)
    assert refusal.status_code == 429
    assert int(refusal["Retry-After"]) > 0
    assert "Too many attempts" in refusal.content.decode()
    assert 'name="password"' in refusal.content.decode()


def test_the_same_name_written_otherwise_is_the_same_name(alice: User) -> None:
    for name in ["alice", "ALICE", " alice ", "ａｌｉｃｅ", "Alice"] * 2:
        log_in(name)
    assert log_in("alice", PASSWORD).status_code == 429


def test_right_logins_do_not_count(alice: User) -> None:
    assert {log_in("alice", PASSWORD).status_code for _ in range(15)} == {200}


def test_a_stranger_does_not_keep_somebody_out_at_a_familiar_address(alice: User) -> None:
    assert log_in("alice", PASSWORD, place="198.51.100.7").status_code == 200
    for n in range(11):
        log_in("alice", place=f"192.0.2.{n}")
    assert log_in("alice", PASSWORD, place="192.0.2.50").status_code == 429
    assert log_in("alice", PASSWORD, place="198.51.100.7").status_code == 200


def test_a_familiar_address_does_not_guess_without_limit(alice: User) -> None:
    log_in("alice", PASSWORD)
    codes = [log_in("alice").status_code for _ in range(11)]
    assert codes == [401] * 10 + [429]


def test_signed_in_people_go_on_while_their_name_is_busy(alice: User, browser: Client) -> None:
    for n in range(11):
        log_in("alice", place=f"192.0.2.{n}")
    assert browser.get("/password").status_code == 200


def test_the_old_password_cannot_be_guessed_on_the_page_to_change_it(browser: Client) -> None:
    form = {"old_password": "wrong", "new_password1": "x", "new_password2": "y"}
    codes = [browser.post("/password", form).status_code for _ in range(11)]
    assert codes == [200] * 10 + [429]


def test_switched_off_nothing_is_counted(alice: User, settings: Any) -> None:
    settings.ATOM_THROTTLE = False
    assert {log_in("alice").status_code for _ in range(12)} == {401}
    settings.ATOM_THROTTLE = True
    assert log_in("alice").status_code == 401


class CountingHasher(MD5PasswordHasher):
    """Counts how often a password is really looked at."""

    algorithm = "counting"
    calls: list[int] = []

    def encode(self, password: str, salt: str) -> str:
        self.calls.append(1)
        return str(super().encode(password, salt))


@pytest.mark.django_db(transaction=True)
def test_of_80_wrong_logins_at_once_exactly_10_reach_the_hasher(settings: Any) -> None:
    settings.PASSWORD_HASHERS = [f"{__name__}.CountingHasher"]
    CountingHasher.calls.clear()
    start, codes = Barrier(80), []

    def guess() -> None:
        start.wait()
        try:
            codes.append(log_in("nobody").status_code)
        finally:
            connection.close()

    threads = [Thread(target=guess) for _ in range(80)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(codes) == [401] * 10 + [429] * 70
    assert len(CountingHasher.calls) == 10


# Whom a request comes from.


def come_from(peer: str, forwarded: str = "") -> str:
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    return throttles.address(RequestFactory(REMOTE_ADDR=peer).get("/", headers=headers))


def test_a_forwarded_address_is_not_believed_without_a_proxy() -> None:
    assert come_from("192.0.2.1", "203.0.113.9") == "192.0.2.1"


@pytest.mark.parametrize("trusted", ["10.0.0.1", "10.0.0.0/8", "127.0.0.1, 10.0.0.1", "*"])
def test_behind_a_trusted_proxy_only_its_own_word_counts(settings: Any, trusted: str) -> None:
    settings.ATOM_TRUSTED_PROXY = trusted
    assert come_from("10.0.0.1", "1.2.3.4, 203.0.113.9") == "203.0.113.9"
    assert come_from("10.0.0.1", "1.2.3.4, 203.0.113.9:5678") == "203.0.113.9"
    assert come_from("10.0.0.1") == "10.0.0.1"


def test_somebody_who_is_not_the_proxy_is_not_believed(settings: Any) -> None:
    settings.ATOM_TRUSTED_PROXY = "10.0.0.1"
    assert come_from("192.0.2.1", "203.0.113.9") == "192.0.2.1"


@pytest.mark.parametrize(
    ("peer", "place"),
    [
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("192.0.2.1:5678", "192.0.2.1"),
        ("[2001:db8:1:2::9]:5678", "2001:db8:1:2::/64"),
        ("[2001:db8:1:2::9]", "2001:db8:1:2::/64"),
        ("", "unknown"),
        ("a socket", "unknown"),
    ],
)
def test_addresses_are_counted_by_who_holds_them(peer: str, place: str) -> None:
    assert come_from(peer) == place


def test_a_proxy_that_cannot_be_recognized_stops_the_start(settings: Any) -> None:
    settings.ATOM_TRUSTED_PROXY = "10.0.0.1, nginx"
    assert ["'nginx'" in error.msg for error in trusted_proxy()] == [True]
    settings.ATOM_TRUSTED_PROXY = "10.0.0.0/8, *"
    assert trusted_proxy() == []


# The API.


def test_a_user_may_make_600_requests_a_minute(
    alice: User, bobs_api: APIClient, api: APIClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(throttles.RequestThrottle, "limit", 3)
    codes = [api.get("/documents").status_code for _ in range(4)]
    assert codes == [200, 200, 200, 429]
    assert bobs_api.get("/documents").status_code == 200
    assert throttles.REQUESTS == 600


def test_uploads_are_counted_apart(rf: RequestFactory, alice: User) -> None:
    request: Any = rf.post("/upload")
    request.user = alice
    upload = throttles.UploadThrottle()
    for _ in range(60):
        assert upload.allow_request(request, None)  # type: ignore[arg-type]
    with pytest.raises(Throttled):
        upload.allow_request(request, None)  # type: ignore[arg-type]
    assert throttles.RequestThrottle().allow_request(request, None)  # type: ignore[arg-type]


# Redis.


@pytest.fixture
def hung_server() -> Iterator[str]:
    """Takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield f"redis://127.0.0.1:{listener.getsockname()[1]}/0"


@pytest.fixture
def dead_server() -> str:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    return f"redis://127.0.0.1:{port}/0"


@pytest.mark.parametrize("state", ["hung_server", "dead_server"])
def test_without_redis_logins_are_counted_here_and_it_is_logged_once(
    state: str,
    request: pytest.FixtureRequest,
    alice: User,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    cache = throttle_cache.ThrottleCache(request.getfixturevalue(state), {})
    monkeypatch.setattr(throttles, "caches", {"throttle": cache})
    with caplog.at_level(logging.WARNING, "accounts"):
        codes = [log_in("alice", place=f"192.0.2.{n}").status_code for n in range(11)]
    assert codes == [401] * 10 + [429]
    assert len([record for record in caplog.records if "Redis" in record.message]) == 1


def test_redis_is_left_alone_for_a_while_and_then_asked_again(
    dead_server: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    cache = throttle_cache.ThrottleCache(dead_server, {})
    asked: list[str] = []
    server = throttle_cache.shared(dead_server).cache
    monkeypatch.setattr(server, "get", lambda *_: asked.append("asked") or 1)
    cache.count("tries", 1, 60)
    cache.get("tries")
    assert asked == []
    monkeypatch.setattr(throttle_cache, "REDIS_REST", 0.0)
    cache.clear()
    throttle_cache.shared(dead_server).rest(OSError("still away"))
    assert cache.get("tries") == 1
    assert len([record for record in caplog.records if "Redis" in record.message]) == 1


REDIS = "redis://127.0.0.1:6379/9"


def redis_answers() -> bool:
    try:
        return bool(redis.Redis.from_url(REDIS, socket_timeout=1).ping())
    except redis.RedisError:
        return False


@pytest.mark.skipif(not redis_answers(), reason="no Redis answers on this machine")
def test_processes_count_together_in_redis() -> None:
    one, other = (throttle_cache.Shared(REDIS).cache for _ in range(2))
    one.delete("tries")
    caches_of_two = [throttle_cache.ThrottleCache(REDIS, {}) for _ in range(2)]
    assert [cache.count("tries", 1, 60) for cache in caches_of_two] == [1, 2]
    assert other.get("tries") == 2
    one.delete("tries")
