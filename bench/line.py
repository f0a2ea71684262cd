"""The line side by side with django-tasks-db, on each database at hand.

Run `python -m bench.line [sqlite|postgresql ...]`. Rounds of both alternate, medians are
printed; machines are noisy, so read the ratios.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
from urllib.parse import urlsplit, urlunsplit

import psycopg

POSTGRES = os.environ.get("ATOM_TEST_POSTGRES_URL", "postgres://postgres@127.0.0.1:5432/postgres")
ROUNDS = 3


def measure(name: str, database: str, *, durable: bool = True) -> float:
    """One round in a fresh database; without `durable`, commits do not wait for the disk."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/bench.sqlite3" if database == "sqlite" else fresh_postgresql()
        environment = {**os.environ, "ATOM_DATA_DIR": folder, "DATABASE_URL": url}
        if not durable:
            environment["BENCH_WITHOUT_SYNC"] = "1"
        command = [sys.executable, "-m", "bench.line_rounds", name]
        run = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        if run.returncode:
            raise SystemExit(run.stderr)
        return float(run.stdout.split()[-1])


def fresh_postgresql() -> str:
    with psycopg.connect(POSTGRES, autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS atom_bench WITH (FORCE)")
        connection.execute("CREATE DATABASE atom_bench")
    return urlunsplit(urlsplit(POSTGRES)._replace(path="/atom_bench"))


def compare(database: str, *names: str, durable: bool = True) -> list[float]:
    """Medians of rounds that take turns."""
    rounds = [[measure(name, database, durable=durable) for name in names] for _ in range(ROUNDS)]
    return [statistics.median(values) for values in zip(*rounds, strict=True)]


def report(database: str) -> None:
    print(f"\n{database}")
    for durable in (True, False):
        jobs, stories, tasks = compare(database, "jobs", "stories", "tasks", durable=durable)
        print("  commits wait for the disk" if durable else "  commits do not wait for the disk")
        print(f"    jobs/s, claim and finish  {jobs:9.0f}   ratio {jobs / tasks:.2f}")
        print(f"    jobs/s, all three steps   {stories:9.0f}   ratio {stories / tasks:.2f}")
        print(f"    jobs/s, django-tasks-db   {tasks:9.0f}")
    deep, shallow = compare(database, "claim at 100000", "claim at 100")
    print(f"  claim of 100 waiting        {shallow:9.2f} ms")
    print(f"  claim of 100,000 waiting    {deep:9.2f} ms   ratio {deep / shallow:.2f}")
    print(f"  upload to start             {measure('start', database):9.0f} ms (median of 20)")


if __name__ == "__main__":
    for database in sys.argv[1:] or ["sqlite", "postgresql"]:
        report(database)
