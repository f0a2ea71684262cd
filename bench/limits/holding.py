"""What one client may hold: bodies, unread downloads, half requests, and a small file that grows.

Attacks a service of its own, of this tree or of another one:

    python -m bench.limits.holding --tree ../other/checkout bodies downloads
"""

from __future__ import annotations

import argparse
import contextlib
import resource
import socket
import tempfile
import threading
import time
import zlib
from collections.abc import Callable
from pathlib import Path

from bench.limits.holding_service import HOST, Service

MB = 1_000_000
MIB = 1024 * 1024
WATCHED = 20  # seconds in which half requests should be over
COUNT_TEXT = (
    "from documents.models import Document, Page; document = Document.objects.get(); "
    "print(document.status, (document.failure or {}).get('code'), "
    "sum(len(page.text.encode()) for page in Page.objects.all()))"
)


def bodies(service: Service) -> None:
    """Forty bodies of one user that never end, 40 MiB sent of each."""
    with service.running():
        token, before = service.token(), service.memory()
        clients = [service.connect(timeout=10) for _ in range(40)]

        def send(number: int, client: socket.socket) -> None:
            path = ("/upload", "/d/upload", "/healthz", "/documents")[number % 4]
            head = f"POST {path} HTTP/1.1\r\n{HOST}Authorization: Bearer {token}\r\n"
            with contextlib.suppress(OSError):
                client.sendall(f"{head}Content-Length: {40 * MIB + 1}\r\n\r\n".encode())
                for _ in range(40):
                    client.sendall(b"x" * MIB)

        threads = [threading.Thread(target=send, args=pair) for pair in enumerate(clients)]
        for thread in threads:
            thread.start()
        most = 0
        while any(thread.is_alive() for thread in threads):
            most = max(most, service.on_disk() + service.memory() - before)
            time.sleep(0.2)
        most = max(most, service.on_disk() + service.memory() - before)
        print(f"bodies of one user: {most / MB:.0f} MB held at most")
        for client in clients:
            client.close()


def downloads(service: Service) -> None:
    """A hundred downloads of 10 MB that nobody reads."""
    with service.running():
        document = service.upload("large.txt", b"The quay wall is safe. " * (10 * MB // 23))
        token = service.token()
        time.sleep(2)
        before = service.memory()
        clients = []
        for _ in range(100):
            client = service.connect()
            head = f"GET /documents/{document}/file HTTP/1.1\r\n{HOST}"
            client.sendall(f"{head}Authorization: Bearer {token}\r\n\r\n".encode())
            clients.append(client)
        most = 0
        for _ in range(50):
            most = max(most, service.memory() - before)
            time.sleep(0.2)
        print(f"100 unread downloads: +{most / MB:.0f} MB of memory")
        for client in clients:
            client.close()


def half_requests(service: Service) -> None:
    """3,000 requests that never end; a visitor from another address looks in meanwhile."""
    head = f"POST /auth/login HTTP/1.1\r\n{HOST}"
    starts = (b"", head.encode(), f"{head}Content-Length: 9\r\n\r\n{{".encode())
    clients, served, asked = [], 0, 0
    with service.running():
        for number in range(3000):
            client = service.connect()
            client.sendall(starts[number % 3])
            client.setblocking(False)
            clients.append(client)
        opened = time.monotonic()
        while time.monotonic() < opened + WATCHED:
            asked += 1
            served += service.answers("127.0.0.2")
            time.sleep(1)
        open_now = sum(_is_open(client) for client in clients)
        print(
            f"3,000 half requests: {open_now} open after {WATCHED} s; "
            f"visitors served: {served} of {asked}"
        )
        for client in clients:
            client.close()


def _is_open(client: socket.socket) -> bool:
    try:
        while client.recv(65536):
            pass
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False


def growing(service: Service) -> None:
    """A PDF whose 2,000 pages share one stream; its owner may have 1 MB."""
    content = pdf(2000)
    with service.running():
        service.upload("small.pdf", content)
    service.manage("worker", "--once")
    status, code, stored = service.manage("shell", "-c", COUNT_TEXT).splitlines()[-1].split()
    print(
        f"PDF of {len(content):,} bytes, quota 1 MB: {int(stored):,} bytes of text stored "
        f"({status}, {code})"
    )


def pdf(pages: int) -> bytes:
    """All pages are the same object, and so is what they draw."""
    line = b"(The quay wall is old and the survey of it goes to the insurer in March.) Tj T* "
    stream = b"BT /F1 9 Tf 12 TL 40 800 Td " + line * 55 + b"ET"
    packed = zlib.compress(stream, 9)
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count %d/MediaBox[0 0 595 842]/Resources<</Font<</F1 4 0 R>>>>/Kids[%s]>>"
        % (pages, b" 5 0 R" * pages),
        b"<</Length %d/Filter/FlateDecode>>stream\n%s\nendstream" % (len(packed), packed),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        b"<</Type/Page/Parent 2 0 R/Contents 3 0 R>>",
    ]
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj%s endobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    start = len(out)
    size = len(objects) + 1
    out += b"xref\n0 %d\n0000000000 65535 f \n%s" % (size, table)
    return out + b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (size, start)


ATTACKS: dict[str, tuple[Callable[[Service], None], dict[str, str]]] = {
    "bodies": (bodies, {}),
    "downloads": (downloads, {}),
    "requests": (half_requests, {}),
    "growing": (growing, {"ATOM_MAX_BYTES_PER_USER": "1000000"}),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tree", type=Path, default=Path(__file__).resolve().parents[2])
    parser.add_argument("attacks", nargs="*", default=list(ATTACKS), metavar="ATTACK")
    given = parser.parse_args()
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    for name in given.attacks:
        attack, environment = ATTACKS[name]
        with tempfile.TemporaryDirectory(prefix="atom-bench-") as folder:
            attack(Service(given.tree.resolve(), Path(folder), **environment))


if __name__ == "__main__":
    main()
