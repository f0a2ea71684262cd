"""A receiver may do what it likes: an attempt ends in time, takes little, and goes nowhere else."""

from __future__ import annotations

import socket
import ssl
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from documents.webhooks import sender
from documents.webhooks.codes import SendCode
from tests.webhooks.receivers import (
    Receiver,
    answers,
    babbles,
    closes,
    drips,
    floods,
    hangs,
    pours,
)

Make = Callable[..., Receiver]
BODY = '{"type":"webhook.test","data":{"word":"Kaimauer–ß"}}'.encode()
MOST_POURED = 32 * 2**20  # what the buffers of two ends may swallow before anybody notices


def test_a_request_is_whole(receiver: Make) -> None:
    there = receiver()
    result = sender.post(f"{there.url}?a=b%20c", BODY, {"webhook-id": "msg_1"})
    assert (result.code, result.status) == (SendCode.DELIVERED, 204)
    [request] = there.requests
    assert (request.url, request.body) == ("/hook?a=b%20c", BODY)
    assert request.headers == {
        "host": f"127.0.0.1:{there.port}",
        "user-agent": request.headers["user-agent"],
        "content-type": "application/json",
        "content-length": str(len(BODY)),
        "connection": "close",
        "webhook-id": "msg_1",
    }


def test_a_literal_ipv6_address_is_reached(receiver: Make) -> None:
    try:
        there = receiver(host="::1")
    except OSError:
        pytest.skip("this machine has no IPv6 loopback")
    assert sender.post(there.url, BODY, {}).is_delivered
    assert there.requests[0].headers["host"] == f"[::1]:{there.port}"


@pytest.mark.parametrize("status", ["200 OK", "201 Created", "202 Accepted", "204 No Content"])
def test_all_that_is_good_is_delivered(receiver: Make, status: str) -> None:
    assert sender.post(receiver(answers(status, body=b"ok")).url, BODY, {}).is_delivered


@pytest.mark.parametrize(
    ("status", "code"),
    [
        ("400 Bad Request", SendCode.STATUS),
        ("401 Unauthorized", SendCode.STATUS),
        ("404 Not Found", SendCode.STATUS),
        ("410 Gone", SendCode.GONE),
        ("429 Too Many Requests", SendCode.STATUS),
        ("500 Internal Server Error", SendCode.STATUS),
        ("304 Not Modified", SendCode.REDIRECT),
    ],
)
def test_what_is_not_good_is_told(receiver: Make, status: str, code: SendCode) -> None:
    result = sender.post(receiver(answers(status)).url, BODY, {})
    assert (result.code, result.status) == (code, int(status[:3]))


def test_a_redirect_is_not_followed(receiver: Make) -> None:
    inside = receiver()
    there = receiver(answers("307 Temporary Redirect", f"Location: {inside.url}"))
    assert sender.post(there.url, BODY, {}).code is SendCode.REDIRECT
    assert inside.connections == 0


def test_no_proxy_of_the_environment_is_asked(
    receiver: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    proxy, there = receiver(), receiver()
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
    assert sender.post(there.url, BODY, {}).is_delivered
    assert proxy.connections == 0


@pytest.mark.parametrize("behavior", [hangs, drips], ids=["hangs", "drips"])
def test_an_attempt_ends_in_time(
    receiver: Make, behavior: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sender, "DEADLINE", 0.3)
    result = sender.post(receiver(behavior).url, BODY, {})
    assert (result.code, result.status) == (SendCode.TIMEOUT, None)


def test_what_is_taken_piece_by_piece_has_one_deadline_for_all(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As TLS takes it: a record at a time."""
    now, limits = [0.0], []

    class Slow:
        def settimeout(self, seconds: float) -> None:
            limits.append(seconds)

        def send(self, data: memoryview) -> int:
            now[0] += 4
            return 2

    monkeypatch.setattr(sender.time, "monotonic", lambda: now[0])
    slow: Any = Slow()
    sender._Limited(slow, deadline=10.0).sendall(b"abc")
    assert limits == [10, 6]
    with pytest.raises(sender._Late):
        sender._Limited(slow, deadline=10.0).sendall(b"abc")
    assert limits == [10, 6, 2]


def test_so_it_does_where_a_receiver_takes_no_connection(
    receiver: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sender, "DEADLINE", 0.3)
    receiver()  # So that the network is allowed.
    with socket.create_server(("127.0.0.1", 0), backlog=0) as deaf:
        url = f"http://127.0.0.1:{deaf.getsockname()[1]}/"
        assert sender.post(url, BODY, {}).code is SendCode.TIMEOUT


def test_a_resolver_that_takes_too_long_takes_the_attempt_along(
    receiver: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    there, clock = receiver(), iter([0.0, 11.0, 11.0, 11.0])
    monkeypatch.setattr(sender.time, "monotonic", lambda: next(clock))
    assert sender.post(there.url, BODY, {}).code is SendCode.TIMEOUT
    assert there.requests == []


def test_headers_without_end_are_read_no_further(receiver: Make) -> None:
    there = receiver(floods)
    assert sender.post(there.url, BODY, {}).code is SendCode.BROKEN_ANSWER
    there.end_of_pouring()
    assert there.poured < MOST_POURED


def test_of_a_gigabyte_next_to_nothing_is_taken(receiver: Make) -> None:
    there = receiver(pours)
    assert sender.post(there.url, BODY, {}).is_delivered
    there.end_of_pouring()
    assert there.poured < MOST_POURED


@pytest.mark.parametrize("behavior", [closes, babbles], ids=["closes", "babbles"])
def test_what_is_no_answer_is_told(receiver: Make, behavior: Any) -> None:
    result = sender.post(receiver(behavior).url, BODY, {})
    assert (result.code, result.status) == (SendCode.BROKEN_ANSWER, None)


def test_nobody_there_is_told(receiver: Make) -> None:
    receiver()
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    assert sender.post(f"http://127.0.0.1:{port}/", BODY, {}).code is SendCode.UNREACHABLE


@pytest.mark.parametrize(
    ("given", "seconds"),
    [("120", 120), ("0", 0), ("-5", 0), ("1e9", 0), ("Fri, 27 Nov 2026 08:00:00 GMT", 0)],
)
def test_how_long_a_receiver_wants_to_rest_is_read(
    receiver: Make, given: str, seconds: int
) -> None:
    there = receiver(answers("503 Service Unavailable", f"Retry-After: {given}"))
    assert sender.post(there.url, BODY, {}).retry_after == seconds
    assert sender._seconds("9" * 500) == sender.LONGEST_WAIT


# TLS.


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Of 127.0.0.1 and of nobody else, signed by itself."""
    folder = tmp_path_factory.mktemp("tls")
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    how = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"]
    names = ["-subj", "/CN=receiver", "-addext", "subjectAltName=IP:127.0.0.1"]
    files = ["-keyout", str(key), "-out", str(certificate)]
    subprocess.run([*how, *names, *files], check=True, capture_output=True)
    return certificate, key


@pytest.fixture
def tls(certificate: tuple[Path, Path]) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    return context


def test_a_certificate_that_nobody_vouches_for_is_refused(
    receiver: Make, tls: ssl.SSLContext
) -> None:
    there = receiver(tls=tls)
    assert sender.post(there.url, BODY, {}).code is SendCode.TLS
    assert there.requests == []


@pytest.fixture
def trusted(certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    context = ssl.create_default_context(cafile=str(certificate[0]))
    monkeypatch.setattr(sender, "_context", lambda: context)


@pytest.mark.usefixtures("trusted")
def test_a_good_certificate_is_taken(receiver: Make, tls: ssl.SSLContext) -> None:
    there = receiver(tls=tls)
    assert sender.post(there.url, BODY, {}).is_delivered
    assert there.requests[0].headers["host"] == f"127.0.0.1:{there.port}"


@pytest.mark.usefixtures("trusted")
def test_and_for_its_own_host_only(receiver: Make, tls: ssl.SSLContext) -> None:
    there = receiver(tls=tls)
    url = there.url.replace("127.0.0.1", "localhost")
    assert sender.post(url, BODY, {}).code is SendCode.TLS
    assert there.requests == []


def test_who_speaks_no_tls_is_told(receiver: Make) -> None:
    there = receiver(babbles)
    assert sender.post(there.url.replace("http:", "https:"), BODY, {}).code is SendCode.TLS


def test_an_accident_is_an_attempt_that_failed(
    receiver: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*anything: Any) -> None:
        raise RuntimeError("unforeseen")

    monkeypatch.setattr(sender, "_exchange", broken)
    assert sender.post(receiver().url, BODY, {}).code is SendCode.BROKEN_ANSWER
