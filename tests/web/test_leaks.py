"""Five thousand requests leave a web process as it was: threads, connections, descriptors, memory.

`make leaks` runs it on both databases, `make test-long` on SQLite.
"""

from __future__ import annotations

import http.client
import threading
from contextlib import closing
from typing import Any

import pytest
from django.db import connection

from accounts import tokens
from tests.live.test_connections import QUIET, connections_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.long]

REQUESTS = 5000
WARM_UP = 1000  # After which caches are filled and all threads there are have been started.
CLIENTS = 8
THREADS, MOST_MEMORY = 8, 3_000  # KB; half a kilobyte that a request left would show


def ask(port: int, requests: list[tuple[str, str, int]], token: str) -> None:
    """Ask for these in turn, on one connection as long as it is kept."""
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as client:
        for method, path, status in requests:
            client.request(method, path, headers={"Authorization": f"Bearer {token}"})
            answer = client.getresponse()
            answer.read()
            assert answer.status == status, (method, path)


def rounds(paths: list[tuple[str, str, int]], count: int) -> list[tuple[str, str, int]]:
    return [paths[number % len(paths)] for number in range(count)]


def all_at_once(port: int, paths: list[tuple[str, str, int]], count: int, token: str) -> None:
    failures: list[BaseException] = []

    def one() -> None:
        try:
            ask(port, rounds(paths, count // CLIENTS), token)
        except BaseException as failure:
            failures.append(failure)

    clients = [threading.Thread(target=one) for _ in range(CLIENTS)]
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    assert not failures, failures[0]


def test_five_thousand_requests_leave_nothing_behind(own_web: Any, alice: Any, upload: Any) -> None:
    document, token = upload(), tokens.log_in(alice).access
    web = own_web(PGAPPNAME="leaks", **QUIET, ATOM_WEB_THREADS=str(THREADS))
    paths = [
        ("GET", f"/documents/{document.pk}/status", 200),
        ("GET", "/documents", 200),
        ("GET", f"/documents/{document.pk}/file", 200),
        ("GET", "/healthz", 200),
        ("GET", "/nowhere", 404),
        ("POST", f"/documents/{document.pk}/retry", 409),
    ]
    all_at_once(web.port, paths, WARM_UP, token)
    before, connected = web.inside(), connections_of_leaks()
    all_at_once(web.port, paths, REQUESTS, token)
    after = web.inside()
    # A thread may hold on to its last one; none holds two.
    assert after["requests"] <= THREADS + THREADS // 2
    assert after["threads"] <= before["threads"] + 2  # Those of a pool begin when they are needed.
    assert after["descriptors"] <= before["descriptors"] + 12  # A thread's file, log and index.
    assert after["memory"] <= before["memory"] + MOST_MEMORY
    assert connections_of_leaks() <= max(connected, THREADS + THREADS // 2 + 1)


def connections_of_leaks() -> int:
    return len(connections_of("leaks")) if connection.vendor == "postgresql" else 0
