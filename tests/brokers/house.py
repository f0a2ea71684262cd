"""An installation on PostgreSQL with a broker, what reads its documents, and what came of it."""

from __future__ import annotations

import contextlib
import json
import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import psycopg

from tests.brokers.servers import Broker
from tests.faults import rig
from tests.processes import Installation, Running, postgres_installation

PATIENCE = 240  # seconds; leases of killed nodes run out meanwhile
LAST_WORDS, LINES = 2, 200  # seconds for them, and how many
# One process is a node, or a worker, with this many slots.
SLOTS = 4
QUIET = ("--without-gossip", "--without-mingle")

FIRST_CLAIMS = """
    SELECT document.queue_number FROM (
        SELECT document_id, min(id) AS id FROM documents_statusevent
        WHERE kind = 'status' AND status = 'processing' GROUP BY document_id
    ) claim JOIN documents_document document ON document.id = claim.document_id
    ORDER BY claim.id
"""


@dataclass(frozen=True)
class Outcome:
    completed: int
    twice: int  # analyzed more than once
    out_of_order: int  # first claims that came before an earlier document's
    taken_again: int  # from a node that was lost
    seconds: float  # from the first claim to the last end


class House:
    def __init__(self, installation: Installation, running: contextlib.ExitStack) -> None:
        self.installation = installation
        self.nodes: list[Running] = []
        self._running = running
        address = installation.environment["DATABASE_URL"]
        self._database = running.enter_context(psycopg.connect(address, autocommit=True))

    def node(self, *options: object) -> Running:
        """A Celery node that is ready. Its chatter with other nodes is left out."""
        node = self._started(*options, *QUIET)
        node.wait_for("Celery node ")
        self.nodes.append(node)
        return node

    def worker(self, *options: object) -> Running:
        worker = self._started("--plain", *options)
        worker.wait_for("Worker ")
        return worker

    def readers(self, number: int) -> None:
        """Nodes, or workers where there is no broker, which begin at once and are ready.

        From one thread: a process ends with the thread that started it (`leftovers`).
        """
        has_broker = "ATOM_BROKER_URL" in self.installation.environment
        options = QUIET if has_broker else ("--plain",)
        for reader in [self._started(*options) for _ in range(number)]:
            reader.wait_for("Celery node " if has_broker else "Worker ")

    def _started(self, *options: object) -> Running:
        started = self.installation.program("celery_node", *options)
        self._running.callback(started.end)
        return started

    def upload(self, number: int, *, losing: float = 0.0) -> None:
        sending = self.installation.program("kicking_uploader", "user1", number, losing)
        try:
            assert sending.wait() == 0, sending.lines
        finally:
            sending.end()

    def door(self) -> Callable[[bytes], int]:
        """Who uploads a text to a web server of this installation, and tells the status."""
        web = self.installation.up("--no-worker")
        self._running.callback(web.end)
        web.wait_for("Press Ctrl-C")
        port = int(self.installation.environment["ATOM_PORT"])
        asked = {"username": "user1", "password": "password123"}
        kind = {"Content-Type": "application/json"}
        _, said = rig.request(port, "POST", "/auth/login", json.dumps(asked).encode(), kind)
        headers = {
            "Authorization": f"Bearer {json.loads(said)['access']}",
            "Content-Type": "multipart/form-data; boundary=line",
        }
        return lambda text: rig.request(port, "POST", "/upload", rig.form(text), headers)[0]

    def ask(self, sql: str) -> list[Any]:
        return self._database.execute(sql).fetchall()  # type: ignore[arg-type]

    def count(self, condition: str) -> int:
        sql = f"SELECT count(*) FROM documents_document WHERE {condition}"
        return int(self.ask(sql)[0][0])

    def until(self, condition: str, number: int) -> None:
        """Wait until so many documents are like that."""
        deadline = time.monotonic() + PATIENCE
        while (found := self.count(condition)) < number:
            assert time.monotonic() < deadline, f"{found} of {number}\n{self.last_words()}"
            self.all_live()
            time.sleep(0.05)
        self.all_live()

    def all_live(self) -> None:
        """No node has ended but those that were killed."""
        ended = [node for node in self.nodes if node.process.poll() not in (None, -signal.SIGKILL)]
        assert not ended, self.last_words()

    def last_words(self) -> str:
        """What each node has said last, and where its threads are."""
        for node in self.nodes:
            with contextlib.suppress(ProcessLookupError):
                node.process.send_signal(signal.SIGUSR1)  # Celery's own, for this.
        time.sleep(LAST_WORDS)
        ends = [[f"exit code {node.process.poll()}", *node.said()[-LINES:]] for node in self.nodes]
        return "\n\n".join("\n".join(lines) for lines in ends)

    def outcome(self) -> Outcome:
        order = [number for (number,) in self.ask(FIRST_CLAIMS)]
        [(twice, again, seconds)] = self.ask(
            """SELECT
            (SELECT count(*) FROM (
                SELECT 1 FROM documents_analysis GROUP BY document_id HAVING count(*) > 1
            ) several),
            (SELECT count(*) FROM documents_statusevent WHERE reason = 'worker_lost'),
            (SELECT extract(epoch FROM max(finished_at) - min(started_at))
             FROM documents_document)"""
        )
        return Outcome(
            completed=self.count("status = 'completed'"),
            twice=twice,
            out_of_order=sum(before > after for before, after in pairwise(order)),
            taken_again=again,
            seconds=float(seconds or 0),
        )


@contextlib.contextmanager
def house(folder: Path, broker: Broker | None, **environment: str) -> Iterator[House]:
    """One with the built-in engine; everything it started ends with it."""
    given = {
        "ATOM_ENGINE": "offline",
        "ATOM_LOG": "json",
        "ATOM_MAX_QUEUED_PER_USER": "0",
        "ATOM_THROTTLE": "off",
        "ATOM_WORKER_SLOTS": str(SLOTS),
        "PYTHONUNBUFFERED": "1",
    }
    folder.mkdir(exist_ok=True)
    if broker:
        given["ATOM_BROKER_URL"] = broker.url
    installed = postgres_installation(folder, **given, **environment)
    with installed as installation, contextlib.ExitStack() as running:
        yield House(installation, running)
