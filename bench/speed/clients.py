"""What asks a server: requests over lasting connections, and streams read until something is in."""

from __future__ import annotations

import http.client
import socket
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

PATIENCE = 60.0
BOUNDARY = "bench-boundary"


@dataclass
class Client:
    """One lasting connection with the headers of one person."""

    port: int
    headers: dict[str, str] = field(default_factory=dict)
    _connection: http.client.HTTPConnection | None = None

    def get(self, path: str) -> bytes:
        return self._ask("GET", path, None, {})

    def upload(self, path: str, texts: Sequence[bytes]) -> bytes:
        kind = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
        return self._ask("POST", path, form(texts), kind)

    def post_json(self, path: str, body: bytes) -> bytes:
        return self._ask("POST", path, body, {"Content-Type": "application/json"})

    def _ask(self, method: str, path: str, body: bytes | None, more: dict[str, str]) -> bytes:
        for attempt in (1, 2):
            if self._connection is None:
                self._connection = http.client.HTTPConnection("127.0.0.1", self.port, PATIENCE)
            try:
                self._connection.request(method, path, body, {**self.headers, **more})
                answer = self._connection.getresponse()
                said = answer.read()
            except (http.client.HTTPException, ConnectionError):
                # A connection that was idle may be closed by the server at any moment.
                self.close()
                if attempt == 2:
                    raise
            else:
                if answer.status not in (200, 201):
                    raise SystemExit(f"{method} {path}: HTTP {answer.status}: {said[:500]!r}")
                return said
        raise AssertionError

    def close(self) -> None:
        if self._connection:
            self._connection.close()
        self._connection = None


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def form(texts: Sequence[bytes]) -> bytes:
    parts = [
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="files"; '
        f'filename="{number}.txt"\r\nContent-Type: text/plain\r\n\r\n'.encode()
        + text
        + b"\r\n"
        for number, text in enumerate(texts)
    ]
    return b"".join(parts) + f"--{BOUNDARY}--\r\n".encode()


def milliseconds(ask: Callable[[], object]) -> float:
    began = time.perf_counter()
    ask()
    return 1000 * (time.perf_counter() - began)


def per_second(clients: Sequence[Client], path: str, requests: int) -> float:
    """Requests a second, all clients asking at once, each its share."""
    share = max(1, requests // len(clients))

    def ask(client: Client) -> None:
        for _ in range(share):
            client.get(path)

    threads = [threading.Thread(target=ask, args=(client,)) for client in clients]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return share * len(clients) / (time.perf_counter() - began)


def stream_until(port: int, headers: dict[str, str], words: bytes, times: int = 1) -> None:
    """Open an event stream and read it until these words have come so often."""
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    with socket.create_connection(("127.0.0.1", port), PATIENCE) as door:
        door.sendall(f"GET /documents/stream HTTP/1.1\r\nHost: localhost\r\n{head}\r\n".encode())
        seen, tail = 0, b""
        while seen < times:
            data = door.recv(262_144)
            if not data:
                raise SystemExit(f"the stream ended after {seen} of {times}: {tail[:300]!r}")
            seen += (tail + data).count(words) - tail.count(words)
            tail = (tail + data)[-len(words) + 1 :] if len(words) > 1 else b""
