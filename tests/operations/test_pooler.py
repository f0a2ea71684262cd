"""Behind PgBouncer in transaction mode, which carries no notification and no prepared statement."""

from __future__ import annotations

import http.client
import json
import os
import secrets
import shutil
import socket
import time
from urllib.parse import urlsplit

import psycopg
import pytest

from tests import leftovers
from tests.processes import PATIENCE, Installation, free_port
from tests.services import missing, postgres_or_skip

pytestmark = [pytest.mark.postgres, pytest.mark.slow]

SETTINGS = """
[databases]
* = host={host} port={port} user={user} password={password}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {own_port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 5
logfile = /dev/null
"""


@pytest.fixture
def pooled():
    """The addresses of one new database: through a pooler, and past it."""
    server, name = postgres_or_skip(), f"atom_pooled_{secrets.token_hex(3)}"
    program = shutil.which("pgbouncer") or missing("pgbouncer is not installed")
    direct = urlsplit(server)._replace(path=f"/{name}")
    with psycopg.connect(server, autocommit=True) as database:
        database.execute(f"CREATE DATABASE {name}")
    own_port = free_port()
    folder = leftovers.folder("pooler")
    folder.chmod(0o755)
    (folder / "pgbouncer.ini").write_text(
        SETTINGS.format(
            host=direct.hostname,
            port=direct.port or 5432,
            user=direct.username,
            password=direct.password or "none",
            own_port=own_port,
        )
    )
    # It refuses to run as root.
    command = [program, "-q", str(folder / "pgbouncer.ini")]
    if os.getuid() == 0:
        command = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", *command]
    process = leftovers.start(command)
    try:
        answers(own_port)
        yield f"postgres://atom@127.0.0.1:{own_port}/{name}", direct.geturl()
    finally:
        process.kill()
        process.wait()
        with psycopg.connect(server, autocommit=True) as database:
            database.execute(f"DROP DATABASE {name} WITH (FORCE)")


def answers(port):
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            time.sleep(0.02)
        else:
            return
    pytest.fail("the pooler does not answer")


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
