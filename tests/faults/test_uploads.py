"""Clients that send badly: aborted, dripped, wrong lengths, no end, and by the hundred."""

from __future__ import annotations

import contextlib
import socket
import time
from typing import Any

import pytest

from documents.models import Document
from tests.faults import rig
from tests.faults.rig import TEXT, form, until

pytestmark = pytest.mark.django_db(transaction=True)


def head(patron: Any, length: int | None, **headers: str) -> bytes:
    fields = {
        "Host": "127.0.0.1",
        "Content-Type": "multipart/form-data; boundary=line",
        **patron.headers,
        **headers,
    }
    if length is not None:
        fields["Content-Length"] = str(length)
    lines = [f"{name}: {value}" for name, value in fields.items()]
    return "\r\n".join(["POST /upload HTTP/1.1", *lines, "", ""]).encode()


def answer(connection: socket.socket) -> bytes:
    """The first bytes of the answer; nothing if the server hung up."""
    with contextlib.suppress(OSError):
        return connection.recv(65536)
    return b""


UPLOADS = pytest.mark.row(
    "uploads aborted, dripped, with a lying length, without an end",
    "raw sockets",
    "no row, no file, no temporary file; 4xx where there is somebody to hear it",
)
BODY = form(TEXT)
LARGE = form(b"Words that take room.\n" * 200_000)


@UPLOADS
@pytest.mark.parametrize(
    ("length", "sent", "expected"),
    [
        pytest.param(len(LARGE), LARGE[: len(LARGE) // 2], b"", id="aborted half way"),
        pytest.param(len(BODY), b"", b"", id="aborted after the headers"),
        pytest.param(len(BODY) + 100, BODY, b"", id="promised more"),
        pytest.param(len(BODY) - 30, BODY, b" 400 ", id="promised less"),
        pytest.param(len(BODY) - 10, BODY[:-10], b" 400 ", id="no last boundary"),
        pytest.param(-5, BODY, b" 400 ", id="negative length"),
        pytest.param(None, b"", b" 4", id="no length"),
    ],
)
def test_a_broken_upload_leaves_nothing(
    length: Any, sent: Any, expected: Any, web: Any, patron: Any, temp: Any
) -> None:
    server = web()
    with rig.connected(server.port) as connection:
        connection.sendall(head(patron, length) + sent)
        if expected:
            assert expected in answer(connection).split(b"\r\n")[0]
    assert patron.ask(server.port, "GET", "/documents") == 200
    until(lambda: not any(path.is_file() for path in temp.rglob("*")))
    assert not Document.objects.exists()
    patron.assert_sane(temp=temp)


@UPLOADS
def test_a_dripped_upload_is_taken_when_it_is_whole(web: Any, patron: Any, temp: Any) -> None:
    server = web()
    with rig.connected(server.port) as connection:
        connection.sendall(head(patron, len(BODY)))
        for byte in BODY[:100]:
            connection.sendall(bytes([byte]))
            time.sleep(0.01)  # The point of it.
        assert patron.ask(server.port, "GET", "/documents") == 200
        connection.sendall(BODY[100:])
        assert b" 201 " in answer(connection)
    patron.assert_sane(temp=temp)


@pytest.mark.row(
    "slow clients by the hundred",
    "200 connections that drip headers and 100 that drip bodies, on the loopback",
    "others are answered as before; afterwards descriptors are back to the baseline",
)
def test_slow_clients_by_the_hundred(web: Any, patron: Any, temp: Any) -> None:
    server = web()
    assert patron.ask(server.port, "GET", "/healthz") == 200
    before = server.inside()
    slow = [rig.connected(server.port) for _ in range(300)]
    for connection in slow[:200]:
        connection.sendall(b"GET /healthz HTTP/1.1\r\nX-Slow: ")
    for connection in slow[200:]:
        connection.sendall(head(patron, len(BODY)) + BODY[:20])
    for _ in range(10):
        for connection in slow:
            with contextlib.suppress(OSError):
                connection.sendall(b"a")
        asked = time.monotonic()
        assert patron.ask(server.port, "GET", "/healthz") == 200
        assert time.monotonic() - asked < 2
    assert patron.upload(server.port, TEXT) == 201
    assert server.inside()["threads"] < before["threads"] + 50
    for connection in slow:
        connection.close()
    until(lambda: server.inside()["descriptors"] <= before["descriptors"] + 10)
    patron.assert_sane(temp=temp)
