"""What a stream costs before it begins, also for clients that want none any more."""

import asyncio
import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from itertools import repeat

import pytest

from atom_project.web.handler import RequestHandler


def test_who_left_before_its_turn_costs_nothing(monkeypatch):
    may_end, answered = threading.Event(), []
    handler = RequestHandler()
    monkeypatch.setattr(handler, "get_response", answered.append)

    async def receive():
        asyncio.get_running_loop().call_later(0.05, may_end.set)
        return {"type": "http.disconnect"}

    async def send(message):
        answered.append(message)

    scope = {"type": "http", "method": "GET", "path": "/documents/stream", "headers": []}
    with ThreadPoolExecutor(1) as thread:
        handler._streams = repeat(thread)
        thread.submit(may_end.wait, 5)
        asyncio.run(handler(scope, receive, send))
    assert answered == []


@pytest.mark.django_db(transaction=True)
def test_a_request_sent_along_behind_a_refused_stream_is_answered(web):
    with socket.create_connection(("127.0.0.1", web.port), timeout=10) as client:
        for path in ("/documents/stream", "/healthz"):
            client.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        said = b""
        while said.count(b"HTTP/1.1 ") < 2:
            received = client.recv(65536)
            assert received, said
            said += received
    assert said.startswith(b"HTTP/1.1 401 ")
    assert b"HTTP/1.1 200 " in said
