"""What `manage.py up` needs to serve: a port, room for connections, and the commands to run."""

from __future__ import annotations

import contextlib
import errno
import gc
import resource
import socket
import sys
from collections.abc import Sequence

from django.conf import settings

from atom_project import paths

PORTS_TRIED = 20
WAITING_CONNECTIONS = 2048
WEB_GRACE = 4  # seconds open requests get at a stop; the supervisor allows 4.5
WORKER_GRACE = 2.5  # seconds running documents get before they are given back


class CannotListen(Exception):
    """No port could be taken; the message says why."""


def listen(host: str, port: int, *, may_move: bool) -> socket.socket:
    """Take the port or, where somebody is told, the next free one above it.

    The supervisor keeps the socket and the web process inherits it: no other program can take
    the port in between, and while a crashed web process restarts, connections wait.
    """
    host = host.strip("[]")
    tried = PORTS_TRIED if may_move else 1
    for candidate in range(port, min(port + tried, 65536)):
        try:
            return _listen(host, candidate)
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise CannotListen(f"Cannot listen on {host}:{candidate}: {error}.") from error
    if not may_move:
        raise CannotListen(
            f"Port {port} is taken. Stop what listens there, or set ATOM_PORT to a free one."
        )
    raise CannotListen(f"Ports {port} to {candidate} are all taken. Set ATOM_PORT to a free one.")


def _listen(host: str, port: int) -> socket.socket:
    family, kind, protocol, _, address = socket.getaddrinfo(
        host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )[0]
    listener = socket.socket(family, kind, protocol)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        # Accepted connections inherit it; uvicorn takes an inherited socket for a Unix one and
        # would leave small writes, such as events of a stream, waiting for 40 ms.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        listener.bind(address)
        listener.listen(WAITING_CONNECTIONS)
    except OSError:
        listener.close()
        raise
    return listener


def web_command(listener: socket.socket) -> list[str]:
    return [
        # Nothing is imported from the folder in which somebody typed the command.
        *(sys.executable, "-P", "-m", "uvicorn", "atom_project.asgi:application"),
        *("--app-dir", str(settings.BASE_DIR), "--fd", str(listener.fileno())),
        *("--log-level", "warning", "--no-access-log", "--no-server-header"),
        *_proxy_options(),
        # Without a grace uvicorn waits for open streams when it is to stop: in a trial over 20 s.
        *("--timeout-keep-alive", "5", "--timeout-graceful-shutdown", str(WEB_GRACE)),
        *("--h11-max-incomplete-event-size", "65536"),
        # WebSocket connections, which nothing here uses, would be out of reach of the deadlines.
        *("--http", "atom_project.deadlines:DeadlineProtocol", "--ws", "none"),
    ]


def _proxy_options() -> Sequence[str]:
    """Whom to believe about the client's address: nobody, unless a proxy is named.

    uvicorn believes anybody on this machine by default, and login limits could be dodged.
    """
    # Believed, 13 wrong logins under 13 made-up addresses passed a limit of ten.
    if settings.ATOM_TRUSTED_PROXY:
        return ("--proxy-headers", "--forwarded-allow-ips", settings.ATOM_TRUSTED_PROXY)
    return ("--no-proxy-headers",)


def worker_command() -> list[str]:
    """Without the line about its data, which `up` has said."""
    worker = ("worker", "--grace", str(WORKER_GRACE), "--verbosity", "0")
    return [sys.executable, str(paths.MANAGE), *worker]


def own_address() -> str:
    """Where this machine reaches what listens on all of its addresses."""
    host = settings.ATOM_HOST.strip("[]")
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104


def address(port: int) -> str:
    """What to type into a browser on this machine."""
    host = own_address()
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


def allow_many_connections() -> None:
    """Use as many file descriptors as the system lets this process have; a stream takes one."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with contextlib.suppress(ValueError, OSError):  # "Unlimited" is refused by some systems.
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def tune_garbage_collection() -> None:
    """Look for garbage among what is new, and not in all that was loaded or streams hold.

    With Python's own thresholds, a thousand clients that come back set off three full
    collections of up to 120 ms each, in which the whole process stands still.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 50)
