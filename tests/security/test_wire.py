"""What a real server makes of requests that no browser would send, byte by byte."""

from __future__ import annotations

import contextlib
import json
import re
import socket
from collections.abc import Iterator
from urllib.parse import urlencode

import pytest

from tests.processes import Installation
from tests.security.served import MAKE_PEOPLE, PASSWORD

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, int]]:
    """As `manage.py up` serves it, with two people."""
    made = Installation.prepared(tmp_path_factory.mktemp("wire"))
    assert made.manage("shell", "-c", MAKE_PEOPLE).returncode == 0
    running = made.up("--no-worker")
    running.wait_for("ATOM is ready at")
    yield "127.0.0.1", int(made.environment["ATOM_PORT"])
    running.interrupt()
    running.end()


class Answer:
    def __init__(self, raw: bytes, is_closed: bool) -> None:
        head, _, self.body = raw.partition(b"\r\n\r\n")
        self.lines = head.decode("latin-1").split("\r\n")
        self.status = int(self.lines[0].split()[1]) if head else 0
        self.is_closed = is_closed
        self.count = len(re.findall(rb"HTTP/1\.1 \d", raw))

    def header(self, name: str) -> str:
        return next(
            (line.split(": ", 1)[1] for line in self.lines if line.lower().startswith(name)), ""
        )


def send(server: tuple[str, int], raw: bytes) -> Answer:
    """Everything that comes back until the server closes or has nothing more to say."""
    with socket.create_connection(server, timeout=3) as client:
        with contextlib.suppress(ConnectionError):  # It hung up on us: that is an answer, too.
            client.sendall(raw)
        received = b""
        while True:
            try:
                part = client.recv(65536)
            except TimeoutError:
                return Answer(received, is_closed=False)
            except ConnectionResetError:
                part = b""
            if not part:
                return Answer(received, is_closed=True)
            received += part


def request(line: str, *headers: str, body: bytes = b"", host: str = "localhost") -> bytes:
    head = "\r\n".join([f"{line} HTTP/1.1", f"Host: {host}", *headers, "", ""])
    return head.encode("latin-1") + body


LOGIN = json.dumps({"username": "alice", "password": PASSWORD}).encode()
SMUGGLED = b"GET /schema HTTP/1.1\r\nHost: localhost\r\n\r\n"
JSON = "Content-Type: application/json"

AMBIGUOUS = {
    "length and chunks": request(
        "POST /auth/login",
        JSON,
        "Content-Length: 5",
        "Transfer-Encoding: chunked",
        body=b"0\r\n\r\n" + SMUGGLED,
    ),
    "chunks and length": request(
        "POST /auth/login",
        JSON,
        "Transfer-Encoding: chunked",
        "Content-Length: 5",
        body=b"0\r\n\r\n" + SMUGGLED,
    ),
    "two lengths": request(
        "POST /auth/login", JSON, "Content-Length: 0", "Content-Length: 44", body=SMUGGLED
    ),
    "two lengths in one": request("POST /auth/login", JSON, "Content-Length: 0, 44", body=SMUGGLED),
    "a negative length": request("POST /auth/login", JSON, "Content-Length: -1", body=SMUGGLED),
    "a length with a sign": request("POST /auth/login", JSON, "Content-Length: +4", body=SMUGGLED),
    "a length in hex": request("POST /auth/login", JSON, "Content-Length: 0x4", body=SMUGGLED),
    "a chunk without a size": request(
        "POST /auth/login", JSON, "Transfer-Encoding: chunked", body=b"zz\r\nabc\r\n0\r\n\r\n"
    ),
    "two encodings": request(
        "POST /auth/login", "Transfer-Encoding: gzip, chunked", body=b"0\r\n\r\n" + SMUGGLED
    ),
    "an encoding nobody knows": request(
        "POST /auth/login", "Transfer-Encoding: xchunked", body=b"0\r\n\r\n" + SMUGGLED
    ),
    "a space before the colon": request(
        "POST /auth/login", JSON, "Content-Length : 44", body=SMUGGLED
    ),
    "a NUL in a header": request("GET /healthz", "X-A: b\0c"),
    "a bare line feed": b"GET /healthz HTTP/1.1\nHost: localhost\nContent-Length: x\n\n",
    "two hosts": request("GET /healthz", "Host: evil.example"),
    "no host": b"GET /healthz HTTP/1.1\r\n\r\n",
}


@pytest.mark.parametrize("raw", AMBIGUOUS.values(), ids=AMBIGUOUS.keys())
def test_what_could_be_read_in_two_ways_is_refused_and_the_connection_closed(
    server: tuple[str, int], raw: bytes
) -> None:
    answer = send(server, raw)
    assert answer.status in {400, 411, 431, 501}, answer.lines
    assert answer.is_closed
    assert answer.count == 1, "the smuggled request was answered"


@pytest.mark.parametrize(
    "raw",
    [
        request("GET /healthz", *(f"X-{n}: {'a' * 1000}" for n in range(1000))),
        request("GET /healthz", "X-A: " + "a" * 1_000_000),
        request("GET /healthz?" + "a" * 1_000_000),
        b"a" * 1_000_000,
    ],
    ids=["many headers", "a long header", "a long address", "no request at all"],
)
def test_a_head_without_end_is_cut_off(server: tuple[str, int], raw: bytes) -> None:
    answer = send(server, raw)
    assert answer.is_closed
    # The answer may be lost to a client that is still sending.
    assert answer.status in {0, 400, 431}


def test_two_requests_that_are_meant_as_two_are_answered(server: tuple[str, int]) -> None:
    first = request("GET /healthz")
    last = request("GET /healthz", "Connection: close")
    assert send(server, first + last).count == 2


def test_a_host_that_is_not_ours_is_a_400(server: tuple[str, int]) -> None:
    for host in ("evil.example", "localhost@evil.example", "localhost evil.example"):
        answer = send(server, request("GET /documents", "Connection: close", host=host))
        assert answer.status == 400, host
        assert b"evil.example" not in answer.body


def test_headers_of_a_proxy_change_nothing(server: tuple[str, int]) -> None:
    forged = (
        "X-Forwarded-Host: evil.example",
        "X-Forwarded-Proto: https",
        "X-Forwarded-For: 203.0.113.9",
        "X-Forwarded-Port: 444",
        "X-Original-URL: /admin/",
        "X-Rewrite-URL: /admin/",
        "X-HTTP-Method-Override: DELETE",
        "Forwarded: host=evil.example;proto=https",
        "X_Forwarded_Host: evil.example",
        "X-Real-IP: 203.0.113.9",
    )
    token = log_in(server)
    bearer = f"Authorization: Bearer {token}"
    plain = send(server, request("GET /documents", bearer, "Connection: close"))
    same = send(server, request("GET /documents", bearer, "Connection: close", *forged))
    assert (same.status, same.body) == (plain.status, plain.body) != (404, b"")
    page = send(server, request("GET /login", "Connection: close", *forged))
    assert page.status == 200
    assert b"evil.example" not in page.body
    # Believed, the last would be https, where Django refuses a form that names no page it is of.
    assert sign_in(server, page, *forged).status == 302


def sign_in(server: tuple[str, int], page: Answer, *headers: str) -> Answer:
    """Send the form of this page, as the browser that got it."""
    cookie = page.header("set-cookie").partition(";")[0]
    token = re.search(rb'name="csrfmiddlewaretoken" value="(\w+)"', page.body)
    assert token
    words = {"csrfmiddlewaretoken": token[1].decode(), "username": "alice", "password": PASSWORD}
    body = urlencode(words).encode()
    form = "Content-Type: application/x-www-form-urlencoded"
    length, closing = f"Content-Length: {len(body)}", "Connection: close"
    sent = (form, length, closing, f"Cookie: {cookie}", *headers)
    return send(server, request("POST /login", *sent, body=body))


def log_in(server: tuple[str, int]) -> str:
    length = f"Content-Length: {len(LOGIN)}"
    raw = request("POST /auth/login", JSON, length, "Connection: close", body=LOGIN)
    answer = send(server, raw)
    assert answer.status == 200
    return str(json.loads(answer.body)["access"])


def test_neither_the_server_nor_a_folder_shows_itself(server: tuple[str, int]) -> None:
    for path in ("/healthz", "/static/", "/static/css/", "/media/", "/.git/config", "/.env"):
        answer = send(server, request(f"GET {path}", "Connection: close"))
        assert answer.header("server") == "", path
        assert answer.status == (200 if path == "/healthz" else 404), path


@pytest.mark.parametrize(
    "path",
    [
        "/static/../atom_project/settings.py",
        "/static/%2e%2e/atom_project/settings.py",
        "/static/..%2fatom_project%2fsettings.py",
        "/static/css/../../.env",
        "//evil.example/%2e%2e",
        "/documents/..%2f..%2fvar%2fsecrets.json",
        "/%00",
        "/\xff",
    ],
)
def test_no_path_leads_out(server: tuple[str, int], path: str) -> None:
    answer = send(server, request(f"GET {path}", "Connection: close"))
    assert answer.status in {400, 401, 404}, path
    assert b"SECRET" not in answer.body


def test_a_cookie_too_large_is_no_accident(server: tuple[str, int]) -> None:
    answer = send(server, request("GET /documents", "Cookie: sessionid=" + "x" * 30_000))
    assert answer.status in {400, 401, 431}


def test_the_process_lives_on(server: tuple[str, int]) -> None:
    """Last in this file: after everything above the same server still answers."""
    assert send(server, request("GET /healthz", "Connection: close")).status == 200
