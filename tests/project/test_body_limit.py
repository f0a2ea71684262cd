"""Nobody sends more than allowed, and strangers are cut off early."""

from __future__ import annotations

import asyncio
import errno
import json
import os
import socket
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.contrib.sessions.backends.db import SessionStore
from django.db import OperationalError, connection
from django.test import Client
from django.utils import timezone

from accounts import tokens
from accounts.keys import api_keys
from accounts.models import User
from atom_project.body_limit import BodyLimit
from tests import leftovers

MIB = 1024 * 1024

pytestmark = pytest.mark.django_db(transaction=True)


class Reader:
    """An application that reads the whole body, as Django does, and counts it."""

    def __init__(self) -> None:
        self.bytes_read = 0
        self.was_called = False

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.was_called = True
        more = True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                return
            self.bytes_read += len(message.get("body", b""))
            more = message.get("more_body", False)
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"read"})


class Exchange:
    """One request, its body sent in parts of 64 KiB, and what came back."""

    def __init__(
        self,
        size: int,
        *,
        announced: bool = True,
        inside: Any = None,
        path: str = "/upload",
        **headers: str,
    ) -> None:
        self.left = size
        self.taken = 0
        self.sent: list[Any] = []
        self.headers = [(k.replace("_", "-").encode(), v.encode()) for k, v in headers.items()]
        if announced:
            self.headers.append((b"content-length", str(size).encode()))
        self.reader = Reader()
        scope = {"type": "http", "method": "POST", "path": path, "headers": self.headers}
        asyncio.run(BodyLimit(inside or self.reader)(scope, self.receive, self.send))

    async def receive(self) -> Any:
        part = min(self.left, 65536)
        self.left -= part
        self.taken += part
        return {"type": "http.request", "body": b"x" * part, "more_body": self.left > 0}

    async def send(self, message: Any) -> None:
        self.sent.append(message)

    @property
    def status(self) -> int:
        return int(self.sent[0]["status"])

    @property
    def problem(self) -> Any:
        return json.loads(b"".join(message.get("body", b"") for message in self.sent))


def bearer(token: str) -> str:
    return f"Bearer {token}"


def test_a_stranger_may_send_a_little() -> None:
    exchange = Exchange(MIB)
    assert (exchange.status, exchange.reader.bytes_read) == (200, MIB)


def test_a_stranger_who_announces_much_is_refused_before_anything_is_read() -> None:
    exchange = Exchange(MIB + 1)
    assert exchange.status == 401
    assert not exchange.reader.was_called
    assert exchange.problem["code"] == "not_authenticated"
    assert exchange.problem["status"] == 401
    assert "token" in exchange.problem["detail"]
    headers = dict(exchange.sent[0]["headers"])
    assert headers[b"www-authenticate"] == b'Bearer realm="atom"'
    assert headers[b"content-type"] == b"application/problem+json"
    assert headers[b"connection"] == b"close"


def test_a_browser_is_refused_with_a_page() -> None:
    exchange = Exchange(30 * MIB, accept="text/html,application/xhtml+xml,*/*;q=0.8")
    headers = dict(exchange.sent[0]["headers"])
    assert exchange.status == 401
    assert headers[b"content-type"] == b"text/html; charset=utf-8"
    assert headers[b"connection"] == b"close"
    content = b"".join(message.get("body", b"") for message in exchange.sent)
    assert headers[b"content-length"] == str(len(content)).encode()
    assert b"Sign in or send a token first." in content


@pytest.mark.parametrize(
    ("headers", "hint"),
    [
        ({}, "Sign in or send a token first."),
        ({"cookie": "prefs=1"}, "Sign in or send a token first."),
        ({"cookie": "sessionid=ended"}, "You are signed out: sign in again first."),
        ({"authorization": "Bearer a.b.c"}, "The token is not valid"),
    ],
)
def test_what_to_do_depends_on_what_was_sent(headers: dict[str, str], hint: str) -> None:
    assert hint in Exchange(30 * MIB, **headers).problem["detail"]


def test_a_stranger_who_announces_nothing_is_cut_off_all_the_same() -> None:
    exchange = Exchange(400 * MIB, announced=False)
    assert exchange.status == 401
    assert exchange.reader.bytes_read <= MIB
    assert exchange.taken < 4 * MIB


def test_a_holder_of_a_token_may_send_an_upload(alice: User) -> None:
    access = tokens.log_in(alice).access
    exchange = Exchange(30 * MIB, authorization=bearer(access))
    assert (exchange.status, exchange.reader.bytes_read) == (200, 30 * MIB)


def test_a_holder_of_a_token_is_counted_too(alice: User, settings: Any) -> None:
    settings.MAX_UPLOAD_BODY = 5 * MIB
    access = tokens.log_in(alice).access
    exchange = Exchange(400 * MIB, announced=False, authorization=bearer(access))
    assert exchange.status == 413
    assert exchange.reader.bytes_read <= 5 * MIB


def test_a_user_hears_why_a_file_of_the_largest_size_is_refused(alice: User, settings: Any) -> None:
    """Whoever still sends when the connection closes is reset, and loses the answer."""
    settings.ATOM_MAX_BYTES_PER_USER = 1
    size = 10 * MIB + 5000
    exchange = Exchange(size, authorization=bearer(tokens.log_in(alice).access))
    assert exchange.status == 413
    assert exchange.taken >= size


def test_more_than_an_upload_is_refused_without_asking_who_it_is(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(tokens, "authenticate")
    exchange = Exchange(settings.MAX_UPLOAD_BODY + 1, authorization="Bearer whatever")
    assert exchange.status == 413
    assert exchange.problem["limit"] == settings.MAX_UPLOAD_BODY


def test_a_signed_in_browser_may_send_an_upload(browser: Client) -> None:
    cookie = f"a=b; sessionid={browser.cookies['sessionid'].value}"
    assert Exchange(30 * MIB, cookie=cookie).status == 200


@pytest.mark.parametrize("odd", ['prefs={"a": 1}', "foo[bar]=1", "novalue", "x=\u00e9"])
def test_odd_cookies_of_other_programs_do_not_hide_the_session(browser: Client, odd: str) -> None:
    session = f"sessionid={browser.cookies['sessionid'].value}"
    assert Exchange(30 * MIB, cookie=f"{odd}; {session}").status == 200
    assert Exchange(30 * MIB, cookie=f"{session}; {odd}").status == 200


def test_tokens_and_sessions_that_have_ended_are_worth_nothing(
    alice: User, browser: Client
) -> None:
    access = tokens.log_in(alice).access
    cookie = f"sessionid={browser.cookies['sessionid'].value}"
    tokens.end_all(alice)
    ended = Exchange(30 * MIB, authorization=bearer(access))
    assert (ended.status, ended.problem["code"]) == (401, "login_ended")
    assert Exchange(30 * MIB, cookie=cookie).status == 401


def test_an_expired_token_is_told_as_in_a_small_request(alice: User) -> None:
    with time_machine.travel(timezone.now() - timedelta(days=1), tick=False):
        access = tokens.log_in(alice).access
    exchange = Exchange(30 * MIB, authorization=bearer(access))
    assert (exchange.status, exchange.problem["code"]) == (401, "token_expired")
    assert dict(exchange.sent[0]["headers"])[b"www-authenticate"] == b'Bearer realm="atom"'


def test_a_key_opens_the_door_of_uploads_where_it_may_upload(alice: User) -> None:
    keys = {scope: api_keys.make(alice, "x", [scope])[1] for scope in ("upload", "read")}
    assert Exchange(30 * MIB, authorization=bearer(keys["upload"])).status == 200
    refused = Exchange(30 * MIB, authorization=bearer(keys["read"]))
    assert (refused.status, refused.problem["code"]) == (403, "insufficient_scope")
    assert refused.reader.bytes_read == 0


def test_a_session_of_nobody_is_worth_nothing() -> None:
    session = SessionStore()
    session["colour"] = "blue"
    session.save()
    assert Exchange(30 * MIB, cookie=f"sessionid={session.session_key}").status == 401


@pytest.mark.parametrize(
    "headers",
    [
        {"authorization": "Bearer"},
        {"authorization": "Bearer a.b.c"},
        {"authorization": "Bearer \u00e9"},
        {"cookie": "sessionid="},
        {"cookie": "sessionid=guess"},
        {"cookie": "sessionid=" + "x" * 5000},
        {"cookie": '=;;"; sessionid="\x01'},
    ],
)
def test_made_up_credentials_are_worth_nothing(headers: dict[str, str]) -> None:
    assert Exchange(30 * MIB, **headers).status == 401


def test_a_body_without_length_over_http_1_is_asked_for_it() -> None:
    exchange = Exchange(10, announced=False, transfer_encoding="chunked")
    assert exchange.status == 411
    assert exchange.problem["code"] == "length_required"


@pytest.mark.parametrize("length", ["-5", "+5", "5_0", " 5", "0x5", "", "5,5", "٥"])
def test_a_length_that_is_no_number_is_a_400(length: str) -> None:
    """Here and not over a connection: the server in use refuses most of them by itself."""
    exchange = Exchange(10, announced=False, content_length=length)
    assert exchange.status == 400
    assert exchange.problem["code"] == "bad_request"


def test_a_missing_database_is_said_and_not_taken_for_a_stranger(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def is_away(raw: Any) -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr(tokens, "authenticate", is_away)
    exchange = Exchange(30 * MIB, authorization="Bearer a.b.c")
    assert exchange.status == 503
    assert dict(exchange.sent[0]["headers"])[b"retry-after"] == b"5"


@pytest.mark.parametrize(
    ("trouble", "status", "code"),
    [
        (errno.ENOSPC, 507, "storage_full"),
        (errno.EROFS, 507, "storage_full"),
        (errno.EIO, 503, "storage_unavailable"),
        (errno.EMFILE, 503, "storage_unavailable"),
    ],
)
def test_no_room_for_the_body_is_said_as_a_problem(trouble: int, status: int, code: str) -> None:
    async def without_room(scope: Any, receive: Any, send: Any) -> None:
        raise OSError(trouble, "a secret")

    answer = Exchange(100, inside=without_room)
    assert answer.status == status
    assert answer.problem["code"] == code
    assert "secret" not in str(answer.problem)


def test_what_is_no_request_passes_through() -> None:
    seen = []

    async def application(scope: Any, receive: Any, send: Any) -> None:
        seen.append(scope["type"])

    for kind in ("lifespan", "websocket"):
        asyncio.run(BodyLimit(application)({"type": kind}, None, None))  # type: ignore[arg-type]
    assert seen == ["lifespan", "websocket"]


# A real server.


@pytest.fixture
def server(tmp_path: Path) -> Iterator[tuple[str, int]]:
    """ATOM under uvicorn, with this test's database, on a socket that is listening already."""
    environment = {**os.environ, "DATABASE_URL": f"sqlite:///{connection.settings_dict['NAME']}"}
    command = [sys.executable, "-m", "uvicorn", "atom_project.asgi:application"]
    with socket.create_server(("127.0.0.1", 0)) as listener:
        process = leftovers.start(
            [*command, "--fd", str(listener.fileno()), "--log-level", "warning"],
            env=environment,
            pass_fds=[listener.fileno()],
        )
        try:
            yield listener.getsockname()
        finally:
            process.kill()
            process.wait()


def post(server: tuple[str, int], head: str, part: bytes, parts: int) -> tuple[int, bytes]:
    """Send until the server has had enough; returns how many bytes went out, and the answer."""
    sent, answer = 0, b""
    with socket.create_connection(server, timeout=60) as client:
        # A small buffer, so that hardly more goes out than the server takes.
        client.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 65536)
        client.sendall(f"POST /upload HTTP/1.1\r\nHost: localhost\r\n{head}\r\n\r\n".encode())
        try:
            for _ in range(parts):
                client.sendall(part)
                sent += len(part)
        except OSError:
            pass
        try:
            while received := client.recv(65536):
                answer += received
        except OSError:
            pass
    return sent, answer


@pytest.mark.slow
@pytest.mark.skipif(
    "connection.vendor != 'sqlite'", reason="shares the database file with the server"
)
def test_a_real_server_cuts_a_stranger_off_before_4_mib(server: tuple[str, int]) -> None:
    size = 400 * MIB
    part = b"x" * 65536
    head = f"Content-Type: multipart/form-data; boundary=b\r\nContent-Length: {size}"
    sent, _ = post(server, head, part, size // len(part))
    assert sent < 4 * MIB
    chunk = b"10000\r\n" + part + b"\r\n"
    head = "Content-Type: multipart/form-data; boundary=b\r\nTransfer-Encoding: chunked"
    sent, _ = post(server, head, chunk, size // len(part))
    assert sent < 4 * MIB


@pytest.mark.slow
@pytest.mark.skipif(
    "connection.vendor != 'sqlite'", reason="shares the database file with the server"
)
def test_a_real_server_tells_a_stranger_with_a_modest_file_why(server: tuple[str, int]) -> None:
    size = 2 * MIB
    head = f"Content-Type: multipart/form-data; boundary=b\r\nContent-Length: {size}"
    sent, answer = post(server, head, b"x" * 65536, size // 65536)
    assert sent == size
    assert answer.startswith(b"HTTP/1.1 401")
    assert b'"not_authenticated"' in answer
