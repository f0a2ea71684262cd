"""List latency with 100 and with 100,000 documents, and upload speed, on a temporary database.

python bench/lists.py
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

# So that it runs as a file, too.
sys.path[0] = str(Path(__file__).resolve().parent.parent)
FOLDER = tempfile.mkdtemp(prefix="atom-bench-")
os.environ.update(
    DJANGO_SETTINGS_MODULE="atom_project.settings",
    ATOM_ENV_FILE=os.devnull,
    ATOM_DATA_DIR=FOLDER,
    ATOM_THROTTLE="off",
)
if not os.environ.get("ATOM_BENCH_DATABASE_URL"):
    os.environ.pop("DATABASE_URL", None)
else:
    os.environ["DATABASE_URL"] = os.environ["ATOM_BENCH_DATABASE_URL"]

import django  # noqa: E402

django.setup()

from django.core.files.uploadedfile import SimpleUploadedFile  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from rest_framework.test import APIClient  # noqa: E402

from accounts.models import User  # noqa: E402
from documents.models import Document, Status, StatusEvent  # noqa: E402

SMALL, LARGE = 100, 100_000
REPEATS = 40
UPLOAD_MB = 9
UPLOADS = 10

ADDRESSES = {
    "newest 20": "/documents",
    "newest 100": "/documents?page_size=100",
    "only failed": "/documents?status=failed",
    "only pending": "/documents?status=pending",
    "by name": "/documents?ordering=filename",
    "by status": "/documents?ordering=status",
    "last page": "/documents?page=last",
}


def fill(owner: User, upto: int) -> None:
    """Half of them wait, the other half have ended in every way."""
    done = [Status.COMPLETED, Status.FAILED]
    have = Document.objects.count()
    documents = [
        Document(
            owner=owner,
            filename=f"{number * 7919 % 1_000_003:07}.txt",
            content_type="text/plain",
            size=1000,
            sha256="0" * 64,
            file="x",
            queue_number=number,
            status=Status.PENDING if number % 2 else done[number // 2 % 2],
        )
        for number in range(have + 1, upto + 1)
    ]
    Document.objects.bulk_create(documents, batch_size=500)
    StatusEvent.objects.bulk_create(
        [StatusEvent(owner=owner, document_id=document.pk) for document in documents],
        batch_size=500,
    )
    with connection.cursor() as cursor:
        # As the housekeeping of either database does before long.
        is_postgresql = connection.vendor == "postgresql"
        cursor.execute("VACUUM ANALYZE" if is_postgresql else "ANALYZE")


def best_ms(call: Callable[[], Any]) -> float:
    """The two sizes are measured minutes apart; the best of many shuts other work out."""
    call()
    times = []
    for _ in range(REPEATS):
        begin = time.perf_counter()
        response = call()
        times.append(time.perf_counter() - begin)
        if response.status_code != 200:
            raise SystemExit(f"HTTP {response.status_code}: {response.content!r}")
    return min(times) * 1000


def latencies(client: APIClient) -> dict[str, float]:
    return {name: best_ms(lambda: client.get(url)) for name, url in ADDRESSES.items()}  # noqa: B023


def upload_speed(client: APIClient) -> float:
    content = b"The quay wall is safe today.\n" * (UPLOAD_MB * 1024 * 1024 // 29)
    begin = time.perf_counter()
    for number in range(UPLOADS):
        file = SimpleUploadedFile(f"{number}.txt", content)
        response = client.post("/upload", {"files": file}, format="multipart")
        if response.status_code != 201:
            raise SystemExit(f"HTTP {response.status_code}: {response.content!r}")
    return len(content) * UPLOADS / 1024 / 1024 / (time.perf_counter() - begin)


def main() -> None:
    call_command("migrate", verbosity=0)
    owner = User.objects.create_user("bench")
    client = APIClient(SERVER_NAME="localhost")
    client.force_authenticate(owner)
    fill(owner, SMALL)
    small = latencies(client)
    fill(owner, LARGE)
    large = latencies(client)
    print(f"{'list, best ms':<20}{SMALL:>12,}{LARGE:>12,}{'ratio':>9}")
    for name, before in small.items():
        print(f"{name:<20}{before:>12.2f}{large[name]:>12.2f}{large[name] / before:>9.2f}")
    print(f"\nupload {upload_speed(client):.1f} MB/s ({UPLOADS} text files of {UPLOAD_MB} MB)")


if __name__ == "__main__":
    try:
        main()
    finally:
        shutil.rmtree(FOLDER, ignore_errors=True)
