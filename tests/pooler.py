"""PgBouncer in transaction mode, before a PostgreSQL that answers already."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from urllib.parse import urlsplit

from tests import leftovers
from tests.processes import PATIENCE, free_port
from tests.services import missing

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


class Pooler:
    """One that leads to every database of a server, given by any URL of it."""

    def __init__(self, server: str) -> None:
        self._program = shutil.which("pgbouncer") or missing("pgbouncer is not installed")
        facts = urlsplit(server)
        self.port = free_port()
        folder = leftovers.folder("pooler")
        folder.chmod(0o755)
        self._settings = folder / "pgbouncer.ini"
        self._settings.write_text(
            SETTINGS.format(
                host=facts.hostname,
                port=facts.port or 5432,
                user=facts.username,
                password=facts.password or "none",
                own_port=self.port,
            )
        )
        self.start()

    def start(self) -> None:
        command = [self._program, "-q", str(self._settings)]
        if os.getuid() == 0:  # It refuses to run as root.
            command = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", *command]
        self._process: subprocess.Popen[str] = leftovers.start(command)
        deadline = time.monotonic() + PATIENCE
        while not _answers(self.port):
            assert time.monotonic() < deadline, "the pooler does not answer"
            time.sleep(0.02)

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()


def _answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port)).close()
    except OSError:
        return False
    return True
