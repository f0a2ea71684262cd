"""Brokers of our own on ports of their own, to be killed, silenced and started again."""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests import leftovers, services
from tests.processes import free_port

PATIENCE = 90  # seconds; RabbitMQ takes ten on a busy machine


def celery_or_skip() -> None:
    try:
        import celery  # noqa: F401
    except ImportError:
        services.missing("Celery is not installed (requirements/dev.txt)")


class Broker:
    """A broker process; `url` is what ATOM_BROKER_URL is to be."""

    scheme = ""
    greeting = b""  # Sent to it; whoever answers is ready.

    def __init__(self, folder: Path) -> None:
        celery_or_skip()
        self.folder, self.port = folder, free_port()
        self.process: subprocess.Popen[Any] | None = None

    @property
    def url(self) -> str:
        return f"{self.scheme}://127.0.0.1:{self.port}/"

    def command(self) -> tuple[list[str], dict[str, str]]:
        """What starts it, and with which variables."""
        raise NotImplementedError

    def start(self) -> None:
        command, environment = self.command()
        with (self.folder / "broker.log").open("ab") as log:
            self.process = leftovers.start(
                command,
                env=os.environ | environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        deadline = time.monotonic() + PATIENCE
        while not self.answers():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise AssertionError((self.folder / "broker.log").read_text())
            time.sleep(0.05)

    def answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1) as asking:
                asking.sendall(self.greeting)
                return bool(asking.recv(1))
        except OSError:
            return False

    def kill(self) -> None:
        if self.process:
            # All of its group: the server may be the child of a script.
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


class Redis(Broker):
    scheme = "redis"
    greeting = b"PING\r\n"

    def command(self) -> tuple[list[str], dict[str, str]]:
        program = shutil.which("redis-server") or services.missing("no Redis is installed")
        options = ("--port", str(self.port), "--bind", "127.0.0.1", "--save", "")
        return [program, *options, "--dir", str(self.folder)], {}


class RabbitMQ(Broker):
    scheme = "amqp"
    greeting = b"AMQP\x00\x00\x09\x01"

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        # Not the wrapper in the path: that becomes another user, who may not write here.
        self.program = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")
        if not self.program.exists():
            services.missing("no RabbitMQ is installed")
        self._name = f"atom-{secrets.token_hex(4)}@localhost"
        (folder / "plugins").write_text("[].\n")
        (folder / "rabbitmq.conf").write_text(f"listeners.tcp.own = 127.0.0.1:{self.port}\n")

    def command(self) -> tuple[list[str], dict[str, str]]:
        return [str(self.program)], {
            "HOME": str(self.folder),
            "RABBITMQ_NODENAME": self._name,
            "RABBITMQ_CONFIG_FILE": str(self.folder / "rabbitmq.conf"),
            "RABBITMQ_DIST_PORT": str(free_port()),
            "RABBITMQ_MNESIA_BASE": str(self.folder / "mnesia"),
            "RABBITMQ_LOG_BASE": str(self.folder),
            "RABBITMQ_LOGS": "-",
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(self.folder / "plugins"),
            "RABBITMQ_PID_FILE": str(self.folder / "pid"),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
        }


KINDS: dict[str, type[Broker]] = {"Redis": Redis, "RabbitMQ": RabbitMQ}


@contextlib.contextmanager
def running(kind: str) -> Iterator[Broker]:
    broker = KINDS[kind](leftovers.folder("broker"))
    try:
        broker.start()
        yield broker
    finally:
        broker.kill()


@contextlib.contextmanager
def silent() -> Iterator[int]:
    """The port of a server that accepts and never says a word."""
    with socket.create_server(("127.0.0.1", 0), backlog=512) as listener:
        yield int(listener.getsockname()[1])
