"""Search on a temporary database: latency for rare and frequent words, and what indexing costs.

python -m bench.speed.search [--documents 100000] [--pages 1]

On the empty database of ATOM_BENCH_DATABASE_URL, or on SQLite in a folder of its own.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# So that it runs as a file, too.
sys.path[0] = str(Path(__file__).resolve().parents[2])
FOLDER = tempfile.mkdtemp(prefix="atom-bench-search-")
os.environ.update(
    DJANGO_SETTINGS_MODULE="atom_project.settings",
    ATOM_ENV_FILE=os.devnull,
    ATOM_DATA_DIR=FOLDER,
    ATOM_THROTTLE="off",
)
if os.environ.get("ATOM_BENCH_DATABASE_URL"):
    os.environ["DATABASE_URL"] = os.environ["ATOM_BENCH_DATABASE_URL"]
else:
    os.environ.pop("DATABASE_URL", None)

import django  # noqa: E402

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.test import Client  # noqa: E402
from rest_framework.test import APIClient  # noqa: E402

from accounts.models import User  # noqa: E402
from documents import search  # noqa: E402
from documents.models import Analysis, Document, Page, SearchBacklog, SearchEntry  # noqa: E402

WORDS_OF_A_PAGE = 150
SMALL = 1_000
REPEATS = 25
BATCH = 500
# How much of the documents has it.
WORDS = {
    "rare (1 in 10,000)": "zyzzyva",
    "middling (1 in 20)": "manifest",
    "frequent (9 in 10)": "contract",
}
PAIRS = {"two frequent": "contract delivery", "frequent and rare": "contract zyzzyva"}


def pages_of(seed: int, pages: int, vocabulary: list[str], weights: list[float]) -> Iterator[str]:
    chance = random.Random(seed)  # noqa: S311
    for _ in range(pages):
        words = chance.choices(vocabulary, cum_weights=weights, k=WORDS_OF_A_PAGE)
        for share, word in (
            (0.0001, "zyzzyva"),
            (0.05, "manifest"),
            (0.9, "contract"),
            (0.8, "delivery"),
        ):
            if chance.random() < share:
                words[chance.randrange(len(words))] = word
        yield " ".join(words)


def vocabulary() -> tuple[list[str], list[float]]:
    """60,000 words as frequent as those of a language (Zipf's law)."""
    chance = random.Random(1)  # noqa: S311
    letters = "abdefgiklmnoprstu"
    words = ["".join(chance.choices(letters, k=chance.randint(3, 10))) for _ in range(60_000)]
    total, weights = 0.0, []
    for rank in range(1, len(words) + 1):
        total += 1 / rank
        weights.append(total)
    return words, weights


def fill(owner: User, documents: int, pages: int) -> None:
    words, weights = vocabulary()
    have = Document.objects.count()
    for first in range(0, documents, BATCH):
        rows = [
            Document(
                owner=owner, filename=f"report {have + number}.txt", content_type="text/plain",
                size=1000, sha256="0" * 64, file="x", queue_number=have + number + 1,
                status="completed", page_count=pages,
            )
            for number in range(first, min(first + BATCH, documents))
        ]  # fmt: skip
        texts = [list(pages_of(row.queue_number, pages, words, weights)) for row in rows]
        with transaction.atomic():
            Document.objects.bulk_create(rows)
            Page.objects.bulk_create(
                [
                    Page(document=row, number=number, text=text, condition="read", engine="text")
                    for row, some in zip(rows, texts, strict=True)
                    for number, text in enumerate(some, start=1)
                ],
                batch_size=BATCH,
            )
            SearchEntry.objects.bulk_create(
                [
                    SearchEntry(
                        document=row, owner_id=owner.pk, name=f"report {row.queue_number} txt",
                        findings="quarterly summary", text="\n".join(some),
                    )
                    for row, some in zip(rows, texts, strict=True)
                ],
                batch_size=BATCH,
            )  # fmt: skip


@dataclass(frozen=True)
class Timing:
    """Milliseconds. `cpu` is this process's own: on SQLite all there is, whoever else is busy."""

    median: float
    p95: float
    cpu: float

    def __str__(self) -> str:
        return f"median {self.median:6.1f} ms  p95 {self.p95:6.1f} ms  CPU here {self.cpu:6.1f} ms"


def timed(call: Callable[[], Any]) -> Timing:
    call()
    walls, cpus = [], []
    for _ in range(REPEATS):
        begin, began = time.perf_counter(), time.process_time()
        response = call()
        walls.append((time.perf_counter() - begin) * 1000)
        cpus.append((time.process_time() - began) * 1000)
        if getattr(response, "status_code", 200) != 200:
            raise SystemExit(f"HTTP {response.status_code}: {response.content!r}")
    walls.sort()
    return Timing(
        walls[len(walls) // 2], walls[int(len(walls) * 0.95)], sorted(cpus)[len(cpus) // 2]
    )


def latencies(owner: User) -> None:
    api, pages = APIClient(SERVER_NAME="localhost"), Client(SERVER_NAME="localhost")
    api.force_authenticate(owner)
    pages.force_login(owner)
    calls: dict[str, Callable[[str], Any]] = {
        "find": lambda words: list(search.find(owner.pk, words)) and None,
        "API list": lambda words: api.get("/documents", {"search": words}),
        "page": lambda words: pages.get("/", {"search": words}),
    }
    for kind, word in {**WORDS, **PAIRS, "in none": "xylophone"}.items():
        for name, call in calls.items():
            told = timed(lambda call=call, word=word: call(word))
            print(f"    {kind:18} {name:8} {told}  load {os.getloadavg()[0]:.0f}", flush=True)


def first_page(owner: User) -> float:
    api = APIClient(SERVER_NAME="localhost")
    api.force_authenticate(owner)
    return timed(lambda: api.get("/documents")).median


def cost_of_indexing(owner: User, pages: int) -> None:
    words, weights = vocabulary()
    times: dict[str, list[float]] = {"name": [], "pages": [], "findings": [], "forget": []}
    have = Document.objects.count()
    for number in range(100):
        row = Document(
            owner=owner, filename=f"new {number}.txt", content_type="text/plain", size=1,
            sha256="0" * 64, file="x", queue_number=have + number + 1, status="completed",
        )  # fmt: skip
        texts = list(pages_of(number, pages, words, weights))
        row.save()
        Page.objects.bulk_create(
            Page(document=row, number=at, text=text, condition="read", engine="text")
            for at, text in enumerate(texts, start=1)
        )
        found = {"findings": {"actionable_items": [{"task": "Send the survey"}], "topics": []}}
        analysis = Analysis.objects.create(
            document=row, engine="offline", prompt_version="1", coverage={},
            summary=" ".join(words[:80]), result=found,
        )  # fmt: skip
        steps: dict[str, Callable[[], Any]] = {
            "name": lambda row=row: search.index_new([row]),
            "pages": lambda row=row, texts=texts: search.index(
                row, search.fold(enumerate(texts, start=1))
            ),
            "findings": lambda row=row, analysis=analysis: search.index_findings(row, analysis),
            "forget": lambda row=row: search.forget(row),
        }
        with transaction.atomic():  # What the commit costs is paid anyway.
            for name, step in steps.items():
                begin = time.perf_counter()
                step()
                times[name].append((time.perf_counter() - begin) * 1000)
    total = [
        sum(each) for each in zip(*(times[name] for name in times if name != "forget"), strict=True)
    ]
    for name, some in {**times, "a document in all": total}.items():
        some.sort()
        print(f"    {name:18} median {some[50]:6.2f} ms  p95 {some[95]:6.2f} ms")


def sizes() -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            for table in ("documents_page", "documents_searchentry"):
                cursor.execute("SELECT pg_table_size(%s), pg_indexes_size(%s)", [table, table])
                rows, indexes = cursor.fetchone()
                print(f"    {table}: {rows / 1e6:.0f} MB, indexes {indexes / 1e6:.0f} MB")
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT sum(length(block)) FROM documents_search_words_data")
        print(f"    index: {cursor.fetchone()[0] / 1e6:.0f} MB")
    print(f"    file: {Path(connection.settings_dict['NAME']).stat().st_size / 1e6:.0f} MB")


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("--documents", type=int, default=100_000)
    asked.add_argument("--pages", type=int, default=1)
    options = asked.parse_args()
    call_command("migrate", verbosity=0)
    small, large = User.objects.create_user("small"), User.objects.create_user("large")
    begin = time.perf_counter()
    fill(large, 100, options.pages)
    hundred = first_page(large)
    fill(large, options.documents - 100, options.pages)
    fill(small, min(SMALL, options.documents), options.pages)
    SearchBacklog.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
    took = time.perf_counter() - begin
    print(f"{connection.vendor}: filled in {took:.0f} s; load {os.getloadavg()[0]:.0f}")
    sizes()
    print(
        f"  first page of the list: {hundred:.1f} ms with 100, {first_page(large):.1f} ms with all"
    )
    for owner in (small, large):
        print(f"  owner of {owner.documents.count():,} documents")
        latencies(owner)
    for pages in (1, 10):
        print(f"  indexing a document of {pages} pages")
        cost_of_indexing(small, pages)


if __name__ == "__main__":
    try:
        main()
    finally:
        if os.environ.get("BENCH_KEEP"):
            print(FOLDER)
        else:
            shutil.rmtree(FOLDER)
