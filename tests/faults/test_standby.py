"""A standby of PostgreSQL is promoted that never got the last rows."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.faults import rig
from tests.faults.clusters import Cluster, Installation, Proxy, folder_of_a_server
from tests.faults.rig import until
from tests.live.ear import Ear

AN_HOUR_AND_MORE = 2 * 3600  # seconds


class Standby(Cluster):
    """A copy of another cluster that follows it, until it is promoted."""

    def __init__(self, primary: Cluster, folder: Path) -> None:
        self._primary = primary
        super().__init__(folder)

    def _fill(self) -> None:
        options = ("--checkpoint", "fast", "--no-sync", "--write-recovery-conf")
        self._run("pg_basebackup", "--dbname", self._primary.url(), *options)

    def has_caught_up(self) -> bool:
        [[upto]] = self._primary.ask("SELECT pg_current_wal_flush_lsn()")
        [[has]] = self.ask(f"SELECT pg_last_wal_replay_lsn() >= '{upto}'")
        return bool(has)


@pytest.fixture
def standby(cluster: Cluster) -> Iterator[Standby]:
    with folder_of_a_server() as folder:
        ours = Standby(cluster, folder)
        ours.control("start")
        yield ours
        ours.stop()


def age(installation: Installation) -> None:
    """As if all was uploaded two hours ago."""
    for folder in (installation.folder / "media" / "uploads").iterdir():
        then = time.time() - AN_HOUR_AND_MORE
        os.utime(folder, (then, then))


def read_to_the_end(installation: Installation, content: bytes) -> str:
    known = set(installation.acknowledged)
    until(lambda: installation.upload(content) == 201)
    until(installation.all_finished)
    [pk] = set(installation.acknowledged) - known
    return pk


def in_quarantine(installation: Installation) -> list[str]:
    kept = (installation.folder / "media" / "quarantine").glob("*/*/*")
    return [path.parent.name for path in kept]


def fail_over(installation: Installation, proxy: Proxy, standby: Standby) -> None:
    """The primary is gone; its address leads to the standby from now on."""
    installation.cluster.stop()
    standby.control("start")
    standby.control("promote")
    proxy.lead_to(standby.port)
    installation.cluster = standby


@pytest.mark.row(
    "a standby is promoted that lacks the last document",
    "pg_basebackup, the standby stopped, one more upload, pg_ctl promote; the address leads to it",
    "web and worker go on; the file that it does not know is in quarantine, whole; streams that "
    "heard more than it knows are told to start anew, others go on",
)
def test_a_promoted_standby(cluster: Any, standby: Any, installation: Any) -> None:
    with closing(Proxy(cluster.port)) as proxy:
        installation.environment["DATABASE_URL"] = cluster.url(installation.name, proxy.port)
        installation.serve()
        busy = installation.start("worker", "--lease", 2)
        for number in range(5):
            read_to_the_end(installation, b"Words %d." % number)
        known_to_both = latest_event(installation)
        until(standby.has_caught_up)
        standby.control("--mode", "fast", "stop")
        lost = read_to_the_end(installation, b"The last words.")
        heard_the_lost = latest_event(installation)
        age(installation)
        fail_over(installation, proxy, standby)
        sha256 = installation.acknowledged.pop(lost)
        assert told_first(installation, heard_the_lost) == "stream-reset"
        read_to_the_end(installation, b"Words for the standby.")
        assert told_first(installation, known_to_both) == "status"
        rig.end(busy)
        installation.start("worker", "--lease", 2)  # Its housekeeping looks at once.
        until(lambda: in_quarantine(installation) == [lost])
        [kept] = (installation.folder / "media" / "quarantine").glob(f"*/{lost}/*")
        assert rig.sha256(kept) == sha256
        installation.assert_sane()


def latest_event(installation: Installation) -> int:
    [[latest]] = installation.cluster.ask(
        "SELECT max(id) FROM documents_statusevent", installation.name
    )
    return int(latest)


def told_first(installation: Installation, last_id: int) -> str:
    """What a client hears first that says so much was heard by it already."""
    token = installation.headers["Authorization"].split()[1]
    with Ear(installation.port, token, Last_Event_ID=str(last_id)) as ear:
        return ear.next("stream-reset", "status").name
