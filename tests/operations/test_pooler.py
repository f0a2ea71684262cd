"""Behind PgBouncer in transaction mode, which carries no notification and no prepared statement."""

from __future__ import annotations

import http.client
import json
import secrets
from urllib.parse import urlsplit

import psycopg
import pytest

from tests.pooler import Pooler
from tests.processes import PATIENCE, Installation
from tests.services import postgres_or_skip

pytestmark = [pytest.mark.postgres, pytest.mark.slow]


@pytest.fixture
def pooled():
    """The addresses of one new database: through a pooler, and past it."""
    server, name = postgres_or_skip(), f"atom_pooled_{secrets.token_hex(3)}"
    pooler = Pooler(server)
    direct = urlsplit(server)._replace(path=f"/{name}")
    with psycopg.connect(server, autocommit=True) as database:
        database.execute(f"CREATE DATABASE {name}")
    try:
        yield f"postgres://atom@127.0.0.1:{pooler.port}/{name}", direct.geturl()
    finally:
        pooler.kill()
        with psycopg.connect(server, autocommit=True) as database:
            database.execute(f"DROP DATABASE {name} WITH (FORCE)")


def test_streams_and_workers_go_on_behind_a_pooler_and_it_is_told(pooled, tmp_path):
    through, past = pooled
    installation = Installation(tmp_path, DATABASE_URL=through, ATOM_ENGINE="offline")
    for arguments in (["migrate", "-v", "0"], ["demo"]):
        assert installation.manage(*arguments).returncode == 0
    assert "Set ATOM_LISTEN_URL" in installation.manage("doctor").stdout
    told = installation.manage("doctor", ATOM_LISTEN_URL=past).stdout
    assert "Notifications of the database arrive." in told
    running = installation.up()
    try:
        running.wait_for("ATOM is ready at")
        port = int(installation.environment["ATOM_PORT"])
        token = ask(port, "POST", "/auth/login", {"username": "user1", "password": "password123"})[
            "access_token"
        ]
        stream = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        stream.request("GET", "/documents/stream", headers={"Authorization": f"Bearer {token}"})
        events = stream.getresponse()
        assert events.status == 200
        for number in range(8):  # More than a statement is used before it is prepared.
            upload(port, token, f"Words {number}.")
            completed(events)
        stream.close()
    finally:
        running.end()
    said = "\n".join(everything(running))
    assert "do not arrive, as behind a pooler in transaction mode" in said
    assert "prepared statement" not in said
    assert "Next look at the database" not in said


def everything(running):
    while not running._arriving.empty():
        running.lines.append(running._arriving.get() or "")
    return running.lines


def completed(events):
    """Read on until the stream tells of an end."""
    for line in events:
        if b'"completed"' in line:
            return
    pytest.fail("the stream ended")


def ask(port, method, path, body):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    connection.request(method, path, json.dumps(body), {"Content-Type": "application/json"})
    answer = json.loads(connection.getresponse().read())
    connection.close()
    return answer


def upload(port, token, text):
    boundary = "part"
    part = 'Content-Disposition: form-data; name="files"; filename="a.txt"'
    body = f"--{boundary}\r\n{part}\r\n\r\n{text}\r\n--{boundary}--\r\n"
    headers = {
        "Authorization": f"Bearer {token}",
        "Content-Type": f"multipart/form-data; boundary={boundary}",
    }
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    connection.request("POST", "/upload", body, headers)
    assert connection.getresponse().status == 201
    connection.close()
