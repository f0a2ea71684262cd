"""Nobody holds a connection by being slow, and nobody who waits for us is taken for slow."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from uvicorn.server import ServerState

from atom_project.deadlines import LEAST_BYTES_A_SECOND, DeadlineProtocol
from atom_project.serving import web_command
from tests.processes import Installation

HEAD, BODY, ANSWER = 10, 15, 30
PATIENCE = 10  # seconds; only what hangs waits so long
POST = b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\n"
GET = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
PIECE = b"x" * 65536


class Connection(DeadlineProtocol):
    """Tells how many bytes have come."""

    received = 0

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self.received += len(data)


class Server:
    """A server on a port of this machine whose connections are looked at when a test says so."""

    def __init__(self, application: Any) -> None:
        self.config = uvicorn.Config(application, lifespan="off", log_config=None, ws="none")
        self.config.load()
        self.state = ServerState()
        self.sockets: list[socket.socket] = []

    async def __aenter__(self) -> Server:
        loop = asyncio.get_running_loop()
        self.server = await loop.create_server(
            lambda: Connection(self.config, self.state, {}), "127.0.0.1", 0
        )
        return self

    async def __aexit__(self, *_: Any) -> None:
        self.server.close()
        for client in self.sockets:
            client.close()
        for task in self.state.tasks:
            task.cancel()
        for connection in list(self.connections):
            connection.transport.abort()
        await asyncio.gather(*self.state.tasks, return_exceptions=True)
        await self.server.wait_closed()

    @property
    def connections(self) -> list[Any]:
        return list(self.state.connections)

    async def knock(self, buffer: int = 0) -> socket.socket:
        client = socket.socket()
        self.sockets.append(client)
        if buffer:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
        client.setblocking(False)
        address = self.server.sockets[0].getsockname()
        await asyncio.get_running_loop().sock_connect(client, address)
        return client

    async def connect(self, first: bytes = b"", *, buffer: int = 0) -> Client:
        known = len(self.connections)
        client = await self.knock(buffer)
        await asyncio.get_running_loop().sock_sendall(client, first)
        await until(lambda: len(self.connections) > known)
        connection = next(one for one in self.connections if not hasattr(one, "seen"))
        connection.seen = True
        await until(lambda: connection.received >= len(first))
        return Client(client, connection)


class Client:
    def __init__(self, client: socket.socket, connection: Any) -> None:
        self.socket = client
        self.connection = connection

    def look_in(self, seconds: float) -> None:
        """What the server does when it looks at this connection so many seconds from now."""
        self.connection.look(time.monotonic() + seconds)

    async def send(self, data: bytes) -> None:
        before = self.connection.received
        await asyncio.get_running_loop().sock_sendall(self.socket, data)
        await until(lambda: self.connection.received >= before + len(data))

    async def rest(self) -> bytes:
        """Everything until the server closes."""
        received = b""
        async with asyncio.timeout(PATIENCE):
            with contextlib.suppress(ConnectionResetError):
                while part := await asyncio.get_running_loop().sock_recv(self.socket, 65536):
                    received += part
        return received

    @property
    def is_open(self) -> bool:
        return not self.connection.transport.is_closing()


async def until(reached: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not reached():  # noqa: ASYNC110 — what is waited for is uvicorn's own.
            await asyncio.sleep(0.001)


async def read_all(scope: Any, receive: Any, send: Any) -> None:
    """Answers when the whole body is there, as Django does."""
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return
        if not message.get("more_body"):
            break
    headers = [(b"content-length", b"0")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body"})


def large(size: int = 400) -> Any:
    """Answers in pieces of 64 KiB, as many as asked for, to whoever takes them."""

    async def application(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        for _ in range(size):
            await send({"type": "http.response.body", "body": PIECE, "more_body": True})
        await send({"type": "http.response.body", "body": b""})

    return application


def serve(application: Any, story: Callable[[Server], Awaitable[None]]) -> None:
    async def run() -> None:
        async with Server(application) as server:
            await story(server)

    asyncio.run(run())


# Heads.


def test_a_connection_that_says_nothing_is_closed_without_a_word() -> None:
    async def story(server: Server) -> None:
        client = await server.connect()
        client.look_in(HEAD - 1)
        assert client.is_open
        client.look_in(HEAD + 1)
        assert await client.rest() == b""

    serve(read_all, story)


def test_a_head_that_never_ends_is_told_so_however_often_a_byte_of_it_comes() -> None:
    async def story(server: Server) -> None:
        client = await server.connect(b"GET / HTTP/1.1\r\n")
        for number in range(5):
            await client.send(b"X-%d: y\r\n" % number)
            client.look_in(HEAD - 1)
        assert client.is_open
        client.look_in(HEAD + 1)
        answer = await client.rest()
        head, _, body = answer.partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 408 Request Timeout")
        assert b"connection: close" in head
        assert json.loads(body)["code"] == "request_timeout"

    serve(read_all, story)


def test_a_second_head_has_its_time_from_its_own_first_byte() -> None:
    async def story(server: Server) -> None:
        client = await server.connect(GET)
        await until(lambda: client.connection.cycle.response_complete)
        client.look_in(HEAD + 1)  # It rests: how long it may is uvicorn's to say.
        assert client.is_open
        await client.send(b"GET / HT")
        client.look_in(HEAD - 1)
        assert client.is_open
        client.look_in(HEAD + 1)
        assert b"408" in await client.rest()

    serve(read_all, story)


# Bodies.


def test_a_body_that_does_not_go_on_is_told_so_and_its_application_ends() -> None:
    async def story(server: Server) -> None:
        client = await server.connect(POST + b"x" * 20_000)
        client.look_in(1)  # 20,000 bytes are enough for one stretch of time.
        client.look_in(BODY - 1)
        assert client.is_open
        client.look_in(BODY + 2)
        assert (await client.rest()).startswith(b"HTTP/1.1 408 ")
        await until(lambda: not server.state.tasks)

    serve(read_all, story)


def test_a_body_that_drips_is_too_slow() -> None:
    async def story(server: Server) -> None:
        client = await server.connect(POST)
        for _ in range(10):
            await client.send(b"x")
        client.look_in(BODY + 1)
        assert (await client.rest()).startswith(b"HTTP/1.1 408 ")

    serve(read_all, story)


def test_a_body_that_comes_steadily_has_all_the_time_it_needs() -> None:
    async def story(server: Server) -> None:
        client = await server.connect(POST)
        for _ in range(10):
            await client.send(b"x" * 10_000)
            client.look_in(BODY + 1)
            assert client.is_open or client.connection.cycle.response_complete
        answer = await asyncio.get_running_loop().sock_recv(client.socket, 65536)
        assert answer.startswith(b"HTTP/1.1 200 ")

    serve(read_all, story)


def test_a_body_that_waits_for_us_is_not_slow() -> None:
    async def never_reads(scope: Any, receive: Any, send: Any) -> None:
        await asyncio.sleep(PATIENCE)

    async def story(server: Server) -> None:
        full = await server.connect(POST + b"x" * 90_000)
        await until(lambda: full.connection.flow.read_paused)
        expecting = b"\r\nExpect: 100-continue\r\n\r\n"
        asking = await server.connect(POST.replace(b"\r\n\r\n", expecting))
        for client in (full, asking):
            client.look_in(BODY + 1)
            assert client.is_open

    serve(never_reads, story)


# Answers.


def test_an_answer_that_nobody_reads_is_dropped() -> None:
    async def story(server: Server) -> None:
        client = await server.connect(GET, buffer=4096)
        await until(lambda: client.connection.flow.write_paused)
        client.look_in(0)
        client.look_in(ANSWER - 1)
        assert client.is_open
        client.look_in(ANSWER + 1)
        assert not client.is_open
        await until(lambda: not server.state.tasks)
        await client.rest()

    serve(large(), story)


def test_an_answer_that_is_finished_and_not_read_is_dropped_too() -> None:
    async def story(server: Server) -> None:
        client = await server.connect(
            GET.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"), buffer=4096
        )
        # The last piece is in our buffer, and closing waits for whoever does not read it.
        await until(lambda: client.connection.transport.get_write_buffer_size() > 0)
        client.look_in(0)
        client.look_in(ANSWER + 1)
        await until(lambda: client.connection not in server.connections)
        await client.rest()

    serve(large(), story)


def test_an_answer_that_is_read_slowly_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    async def story(server: Server) -> None:
        client = await server.connect(GET, buffer=4096)
        await until(lambda: client.connection.flow.write_paused)
        transport, unread = client.connection.transport, iter([9, 8, 7, 6, 5, 5, 5])
        monkeypatch.setattr(
            type(transport), "get_write_buffer_size", lambda _: next(unread), raising=True
        )
        for number in range(6):
            client.look_in(number * (ANSWER - 1))
            assert client.is_open
        client.look_in(6 * (ANSWER - 1))
        assert not client.is_open
        monkeypatch.undo()

    serve(large(), story)


@pytest.mark.skipif(not hasattr(socket, "TCP_NOTSENT_LOWAT"), reason="the system has no such limit")
def test_the_kernel_tells_of_progress_as_slow_as_is_allowed(settings: Any) -> None:
    """It asks for more once half of what it may hold is sent; until then nothing moves here."""

    async def story(server: Server) -> None:
        client = await server.connect(GET)
        kernel = client.connection.transport.get_extra_info("socket")
        held = kernel.getsockopt(socket.IPPROTO_TCP, socket.TCP_NOTSENT_LOWAT)
        assert held / 2 <= LEAST_BYTES_A_SECOND * settings.ATOM_ANSWER_SECONDS

    serve(read_all, story)


def test_a_stream_that_is_silent_is_not_slow() -> None:
    async def silent(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b": hello\n\n", "more_body": True})
        await asyncio.sleep(PATIENCE)

    async def story(server: Server) -> None:
        client = await server.connect(GET)
        await until(lambda: client.connection.cycle.response_started)
        for seconds in (0, HEAD + 1, BODY + 1, ANSWER + 1, 3600):
            client.look_in(seconds)
        assert client.is_open

    serve(silent, story)


# Connections of one address.


def test_one_address_holds_so_many_connections_and_more_once_some_are_closed(
    settings: Any,
) -> None:
    settings.ATOM_MAX_CONNECTIONS_PER_ADDRESS = 2

    async def story(server: Server) -> None:
        first, second = await server.connect(), await server.connect()
        third = await server.knock()
        with contextlib.suppress(ConnectionResetError):
            assert await asyncio.get_running_loop().sock_recv(third, 1) == b""
        assert first.is_open
        assert second.is_open
        await until(lambda: len(server.connections) == 2)
        first.socket.close()
        await until(lambda: len(server.connections) == 1)
        assert (await server.connect()).is_open

    serve(read_all, story)


def test_whoever_knocks_again_and_again_fills_no_log(settings: Any, caplog: Any) -> None:
    settings.ATOM_MAX_CONNECTIONS_PER_ADDRESS = 1

    async def story(server: Server) -> None:
        client = await server.connect()
        for _ in range(5):
            refused = await server.knock()
            with contextlib.suppress(ConnectionResetError):
                assert await asyncio.get_running_loop().sock_recv(refused, 1) == b""
        assert client.is_open

    serve(read_all, story)
    assert [one.message for one in caplog.records if "more are refused" in one.message] == [
        "127.0.0.1 holds 1 connections; more are refused"
    ]


@pytest.mark.parametrize(
    "free", [{"ATOM_MAX_CONNECTIONS_PER_ADDRESS": 0}, {"ATOM_TRUSTED_PROXY": "127.0.0.1"}]
)
def test_a_trusted_proxy_holds_any_number(settings: Any, free: dict[str, Any]) -> None:
    settings.ATOM_MAX_CONNECTIONS_PER_ADDRESS = 2
    for name, value in free.items():
        setattr(settings, name, value)

    async def story(server: Server) -> None:
        clients = [await server.connect() for _ in range(5)]
        assert all(client.is_open for client in clients)

    serve(read_all, story)


# What is refused here, where no application sees it.


@pytest.mark.parametrize(
    ("request_", "status", "code"),
    [(b"GET / HT", b"408", "request_timeout"), (b"no\x00http\r\n\r\n", b"400", "bad_request")],
)
def test_refusals_of_the_server_carry_what_binds_browsers(
    settings: Any, request_: bytes, status: bytes, code: str
) -> None:
    settings.SECURE_HSTS_SECONDS = 60

    async def story(server: Server) -> None:
        client = await server.connect()
        await asyncio.get_running_loop().sock_sendall(client.socket, request_)
        await until(lambda: client.connection.received >= len(request_))
        client.look_in(HEAD + 1)
        head, body = (await client.rest()).split(b"\r\n\r\n", 1)
        assert head.startswith(b"HTTP/1.1 " + status)
        assert b"strict-transport-security: max-age=60; includeSubDomains; preload" in head
        assert b"x-content-type-options: nosniff" in head
        assert b"x-frame-options: DENY" in head
        assert json.loads(body)["code"] == code
        assert f"content-length: {len(body)}".encode() in head

    serve(read_all, story)


# As it is run.


def test_the_web_server_runs_with_deadlines() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        command = " ".join(web_command(listener))
    assert "--http atom_project.deadlines:DeadlineProtocol" in command
    assert "--ws none" in command


@pytest.mark.slow
def test_a_real_server_closes_half_requests_and_goes_on_serving(tmp_path: Path) -> None:
    installation = Installation.prepared(
        tmp_path, ATOM_HEAD_SECONDS="1", ATOM_BODY_SECONDS="1", ATOM_MAX_CONNECTIONS_PER_ADDRESS="9"
    )
    running = installation.up("--no-worker")
    try:
        running.wait_for("ATOM is ready at")
        place = ("127.0.0.1", int(installation.environment["ATOM_PORT"]))
        body = b"POST /auth/login HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n{"
        starts = [b"", b"GET /login HTTP/1.1\r\nHo", body] * 3
        held = [socket.create_connection(place, timeout=PATIENCE) for _ in starts]
        for client, start in zip(held, starts, strict=True):
            client.sendall(start)
        answers = [_all(client) for client in held]
        assert [answer[:12] for answer in answers] == [b"", b"HTTP/1.1 408", b"HTTP/1.1 408"] * 3
        with socket.create_connection(place, timeout=PATIENCE) as visitor:
            visitor.sendall(GET.replace(b"GET / ", b"GET /healthz "))
            assert _all(visitor).startswith(b"HTTP/1.1 200 ")
    finally:
        running.interrupt()
        running.end()


def _all(client: socket.socket) -> bytes:
    received = b""
    with client, contextlib.suppress(ConnectionResetError):
        while part := client.recv(65536):
            received += part
    return received
