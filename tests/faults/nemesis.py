"""`make nemesis`: real processes, broken at random for as long as asked; the seed is the schedule.

Each round uploads documents, and while two or three workers read them, kills, stops, restarts
and locks at random, and errs as operators do. Then everything is started again, left to finish,
and questioned. Whatever the machine does meanwhile, the same seed hits the same victims in the
same order at the same moments of a round.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import http.client
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from tests import leftovers
from tests.faults.nemesis_databases import Database, PostgresDatabase, SQLiteDatabase
from tests.faults.nemesis_mistakes import Mistakes

LEASE = 2.0  # seconds
ROUND = 12.0  # seconds of trouble in each round
SETTLE = 120.0  # seconds after which a round that has not finished is a violation


class Fleet:
    """The processes of one installation, with whatever was done to them."""

    def __init__(self, folder: Path, database: Database, workers: int) -> None:
        self.folder = folder
        self.database = database
        self.environment = {
            **{name: value for name, value in os.environ.items() if name[:5] != "ATOM_"},
            "ATOM_ENV_FILE": os.devnull,
            "ATOM_DATA_DIR": str(folder),
            "DATABASE_URL": database.url,
            "ATOM_THROTTLE": "off",
            "ATOM_MAX_QUEUED_PER_USER": "0",
            "ATOM_LOG": "json",
            "DJANGO_SETTINGS_MODULE": "atom_project.settings",
        }
        self.processes: dict[str, subprocess.Popen[str]] = {}
        self.names = ["web", *(f"worker {number}" for number in range(1, workers + 1))]
        self.paused: set[str] = set()
        self.port = 0

    def prepare(self) -> None:
        for command in (["migrate", "-v", "0"], ["demo"]):
            subprocess.run(
                [sys.executable, "manage.py", *command],
                env=self.environment,
                check=True,
                stdout=subprocess.DEVNULL,
            )

    def start(self, name: str) -> None:
        if name in self.processes:
            return
        what = name.split()[0]
        options = ["--port", str(self.port)] if what == "web" else ["--lease", str(LEASE)]
        with (self.folder / f"{what}.log").open("a") as lines:
            self.processes[name] = leftovers.start(
                [sys.executable, "-m", f"tests.programs.{what}", *options],
                env=self.environment,
                stdout=subprocess.PIPE,
                stderr=lines,
                text=True,
                start_new_session=True,
            )
        if what == "web":
            said = self.processes[name].stdout
            assert said
            self.port = int(said.readline())

    def send(self, name: str, number: int) -> None:
        if name in self.processes:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.processes[name].pid, number)

    def kill(self, name: str, number: int = signal.SIGKILL) -> None:
        process = self.processes.pop(name, None)
        if process is None:
            return
        self.paused.discard(name)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGCONT)
            os.killpg(process.pid, number)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()

    def pause(self, name: str) -> None:
        self.send(name, signal.SIGSTOP)
        self.paused.add(name)

    def wake_all(self) -> None:
        for name in self.paused:
            self.send(name, signal.SIGCONT)
        self.paused.clear()

    def heal(self) -> None:
        self.wake_all()
        for name in self.names:
            self.start(name)

    def end(self) -> None:
        for name in list(self.processes):
            self.kill(name)


class Nemesis:
    def __init__(self, fleet: Fleet, seed: int) -> None:
        self.fleet = fleet
        self.mistakes = Mistakes(fleet.folder, fleet.environment)
        self.seed = seed
        self.random = random.Random()
        self.counts: Counter[str] = Counter()
        self.violations: list[str] = []
        self.acknowledged: dict[str, str] = {}
        self.token = ""

    # -- over HTTP -----------------------------------------------------------------------

    def ask(self, method: str, path: str, body: bytes | None = None, **headers: str) -> Any:
        """The answer as JSON, or None if there was none; an unbecoming one is a violation."""
        connection = http.client.HTTPConnection("127.0.0.1", self.fleet.port, timeout=25)
        headers["Authorization"] = f"Bearer {self.token}"
        try:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            content = response.read()
        except (OSError, http.client.HTTPException):
            self.counts["connections broken"] += 1
            return None
        finally:
            connection.close()
        if response.status >= 500:
            self.counts[f"answers {response.status}"] += 1
            if response.status not in (503, 507):
                self.violations.append(f"{method} {path} answered {response.status}")
            return None
        return json.loads(content) if content else {}

    def sign_in(self) -> None:
        body = json.dumps({"username": "user1", "password": "password123"}).encode()
        said = self.ask("POST", "/auth/login", body, **{"Content-Type": "application/json"})
        self.token = said["access"]

    def upload(self, number: int) -> None:
        content = f"Words {number} for the nemesis. ".encode() * self.random.randint(1, 400)
        body = (
            b"--line\r\nContent-Disposition: form-data; name=files; filename=a.txt\r\n\r\n"
            + content
            + b"\r\n--line--\r\n"
        )
        kind = {"Content-Type": "multipart/form-data; boundary=line"}
        said = self.ask("POST", "/upload", body, **kind)
        if said and said.get("uploaded"):
            self.counts["documents"] += 1
            self.acknowledged[said["uploaded"][0]["id"]] = hashlib.sha256(content).hexdigest()

    def some_document(self) -> str | None:
        known = sorted(self.acknowledged)  # Ids are random: their order is no part of the schedule.
        return known[int(self.random.random() * len(known))] if known else None

    # -- trouble -------------------------------------------------------------------------

    def troubles(self) -> dict[str, Callable[[], None]]:
        workers = self.fleet.names[1:]
        return {
            "kills of a worker": lambda: self.fleet.kill(self.random.choice(workers)),
            "kills of the web process": lambda: self.fleet.kill("web"),
            "polite stops of a worker": lambda: self.fleet.kill(
                self.random.choice(workers), signal.SIGTERM
            ),
            "pauses of a worker": lambda: self.fleet.pause(self.random.choice(workers)),
            "restarts": self.fleet.heal,
            "wake-ups": self.fleet.wake_all,
            "deletes": lambda: self.act("DELETE", ""),
            "retries": lambda: self.act("POST", "/retry"),
            "cancels": lambda: self.act("POST", "/cancel"),
            "locks of the database": self.lock,
            "starts with an empty database": lambda: self.err("start_with_an_empty_database"),
            "restorations beside the living": lambda: self.err("restore_beside_the_living"),
            "quarantines": lambda: self.err("quarantine"),
            **dict.fromkeys(self.fleet.database.cuts, self.fleet.database.cut),
        }

    def act(self, method: str, what: str) -> None:
        document = self.some_document()
        if document:
            if method == "DELETE":
                self.acknowledged.pop(document)
            self.ask(method, f"/documents/{document}{what}")

    def lock(self) -> None:
        if not self.fleet.database.lock(self.random.uniform(0.1, 1.5)):
            self.counts["locks not got"] += 1

    def err(self, mistake: str) -> None:
        self.fleet.start("web")  # Where nobody is at work, a restoration replaces everything.
        self.violations += getattr(self.mistakes, mistake)()

    def play(self, number: int) -> None:
        """One round; the schedule is drawn before anything happens, whatever happens then."""
        self.random.seed(f"{self.seed} {number}")
        names = list(self.troubles())
        moments = sorted(self.random.uniform(0, ROUND) for _ in range(18))
        schedule = [(moment, self.random.choice(names)) for moment in moments]
        uploads = sorted(self.random.uniform(0, ROUND * 0.8) for _ in range(30))
        acts = [(moment, name) for moment, name in schedule] + [(at, "upload") for at in uploads]
        began = time.monotonic()
        for index, (moment, name) in enumerate(sorted(acts)):
            time.sleep(max(0.0, began + moment - time.monotonic()))
            # Each act draws for itself: what one meets must not change what the next one does.
            self.random.seed(f"{self.seed} {number} {index}")
            if name == "upload":
                self.upload(1000 * number + index)
            else:
                self.counts[name] += 1
                self.troubles()[name]()
        self.fleet.heal()
        self.settle(number)

    def settle(self, number: int) -> None:
        deadline = time.monotonic() + SETTLE
        while unfinished := self.fleet.database.unfinished():
            if time.monotonic() > deadline:
                self.violations.append(f"round {number} did not finish: {unfinished}")
                break
            time.sleep(0.2)
        # Uploads that were cut off are none any more: the web process is quiet.
        self.violations += [f"round {number}: {found}" for found in self.questioned()]

    def questioned(self) -> list[str]:
        asked = subprocess.run(
            [sys.executable, "-m", "tests.faults.sanity", "--settled"],
            env=self.fleet.environment,
            input=json.dumps(self.acknowledged),
            capture_output=True,
            text=True,
            check=False,
        )
        if asked.returncode not in (0, 1) or not asked.stdout:
            return [asked.stderr]
        return list(json.loads(asked.stdout))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=1.0)
    parser.add_argument("--rounds", type=int, help="instead of minutes")
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--database", choices=["sqlite", "postgres"], default="sqlite")
    options = parser.parse_args()
    print(f"seed {options.seed}, {options.database}", flush=True)
    with tempfile.TemporaryDirectory(prefix="atom-nemesis-") as name, ExitStack() as left:
        folder = Path(name)
        is_sqlite = options.database == "sqlite"
        database: Database = SQLiteDatabase(folder) if is_sqlite else PostgresDatabase()
        left.callback(database.drop)
        fleet = Fleet(folder, database, workers=3)
        fleet.prepare()
        nemesis = Nemesis(fleet, options.seed)
        nemesis.mistakes.prepare()
        try:
            fleet.heal()
            nemesis.sign_in()
            ends = time.monotonic() + 60 * options.minutes
            played = 0
            while played < options.rounds if options.rounds else time.monotonic() < ends:
                played += 1
                nemesis.play(played)
        finally:
            fleet.end()
    print(f"{played} rounds")
    for name, count in sorted(nemesis.counts.items()):
        print(f"{count} {name}")
    print(f"{len(nemesis.violations)} violations")
    print("\n".join(nemesis.violations))
    return bool(nemesis.violations)


if __name__ == "__main__":
    sys.exit(main())
