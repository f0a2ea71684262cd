"""The fault table of Celery nodes, written into docs/scaling.md: `make celery-faults`.

Two nodes of four slots, one line of documents, a broker that is ours to break. `ROUNDS=3` runs
every row three times; `DOCUMENTS=500` is how many each has.
"""

from __future__ import annotations

import http.client
import os
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

import pytest

from tests.brokers import servers
from tests.brokers.house import House, Outcome, house
from tests.brokers.servers import Broker
from tests.processes import ROOT

PAGE = ROOT / "docs" / "scaling.md"
BEGIN = "<!-- written by `make celery-faults`: begin -->"
END = "<!-- written by `make celery-faults`: end -->"
ROUNDS = int(os.environ.get("ROUNDS", "1"))
DOCUMENTS = int(os.environ.get("DOCUMENTS", "500"))
SECONDS = 0.2  # that a document takes without work, as with a model
AWAY = 8  # seconds without a broker
RESTARTS = 10
SENT = 200  # uploads whose times are compared

pytestmark = pytest.mark.postgres


@dataclass
class Row:
    outcomes: list[Outcome] = field(default_factory=list)
    words: list[str] = field(default_factory=list)

    def cells(self) -> list[str]:
        if self.words:
            return [str(len(self.words)), *("–",) * 4, "; ".join(self.words)]
        each = self.outcomes
        return [
            str(len(each)),
            _range(outcome.completed for outcome in each),
            _range(outcome.twice for outcome in each),
            _range(outcome.out_of_order for outcome in each),
            _range(outcome.taken_again for outcome in each),
            _range(round(outcome.seconds) for outcome in each) + " s",
        ]


def _range(figures: Any) -> str:
    found = sorted(figures)
    return str(found[0]) if found[0] == found[-1] else f"{found[0]}–{found[-1]}"


@pytest.fixture(scope="module")
def table() -> Iterator[dict[str, Row]]:
    """What is written into the page in the end, if every row was run."""
    rows: dict[str, Row] = {}
    yield rows
    if len(rows) < 2 * len(FAULTS) + 3:
        return
    before, _, rest = PAGE.read_text().partition(BEGIN)
    _, _, after = rest.partition(END)
    head = "| what | runs | completed | analyzed twice | out of order | taken again | time |"
    lines = [f"| {name} | {' | '.join(row.cells())} |" for name, row in rows.items()]
    told = f"Run on {datetime.now(UTC):%-d %B %Y}, {DOCUMENTS} documents in each row."
    text = "\n".join([BEGIN, "", told, "", head, "|---" * 7 + "|", *lines, "", END])
    PAGE.write_text(before + text + after)


@pytest.fixture(params=servers.KINDS)
def broker(request: pytest.FixtureRequest) -> Iterator[Broker]:
    with servers.running(request.param) as started:
        yield started


def nothing(line: House, broker: Broker) -> None:
    """No fault."""


def killed(line: House, broker: Broker) -> None:
    """kill -9 of one node, 30 % of the kicks lost"""
    line.until("status = 'completed'", 80)
    line.nodes[0].process.kill()


def away(line: House, broker: Broker) -> None:
    """the broker killed, away for 8 s"""
    line.until("status = 'completed'", 80)
    broker.kill()
    time.sleep(AWAY)
    broker.start()


def restarted(line: House, broker: Broker) -> None:
    """ten restarts of the broker"""
    for number in range(RESTARTS):
        line.until("status = 'completed'", DOCUMENTS * number // (RESTARTS + 2))
        broker.kill()
        broker.start()


FAULTS: list[Callable[[House, Broker], None]] = [nothing, killed, away, restarted]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
@pytest.mark.parametrize("number", range(ROUNDS))
def test_every_document_is_analyzed_once_and_in_order(
    number: int, fault: Any, broker: Broker, tmp_path: Path, table: dict[str, Row]
) -> None:
    losing = 0.3 if fault is killed else 0.0
    with house(tmp_path, broker) as line:
        for _ in range(2):
            line.node("--seconds", SECONDS, "--lose", losing)
        line.upload(DOCUMENTS, losing=losing)
        fault(line, broker)
        line.until("status = 'completed'", DOCUMENTS)
        _note(table, f"{type(broker).__name__}: {fault.__doc__.strip('.')}", line.outcome())


@pytest.mark.parametrize("number", range(ROUNDS))
def test_the_real_pipeline_bears_the_same(
    number: int, tmp_path: Path, table: dict[str, Row]
) -> None:
    with servers.running("RabbitMQ") as broker, house(tmp_path, broker) as line:
        for _ in range(2):
            line.node("--lose", 0.3)
        line.upload(DOCUMENTS, losing=0.3)
        line.until("status = 'completed'", 80)
        line.nodes[0].process.kill()
        line.until("status = 'completed'", DOCUMENTS)
        _note(table, f"RabbitMQ, real pipeline: {killed.__doc__}", line.outcome())


def _note(table: dict[str, Row], name: str, outcome: Outcome) -> None:
    table.setdefault(name, Row()).outcomes.append(outcome)
    print(name, outcome)
    assert (outcome.completed, outcome.twice, outcome.out_of_order) == (DOCUMENTS, 0, 0)


@pytest.mark.parametrize("number", range(ROUNDS))
def test_small_texts_are_read_nearly_as_fast_as_by_plain_workers(
    number: int, tmp_path: Path, table: dict[str, Row]
) -> None:
    """The worst case for a broker: a few milliseconds of work for each document."""
    seconds: dict[str, list[float]] = {}
    with servers.running("Redis") as redis, servers.running("RabbitMQ") as rabbit:
        for turn in range(3):  # In turn: the machine may be busy with other things.
            for name, broker in (("workers", None), ("Redis", redis), ("RabbitMQ", rabbit)):
                with house(tmp_path / f"{name}{turn}", broker) as line:
                    seconds.setdefault(name, []).append(_reading(line))
    workers = min(seconds["workers"])
    ratios = {name: workers / min(seconds[name]) for name in ("Redis", "RabbitMQ")}
    said = ", ".join(f"{name} {ratio:.2f}" for name, ratio in ratios.items())
    table.setdefault("speed beside plain workers", Row()).words.append(said)
    print(said, seconds)
    assert min(ratios.values()) >= 0.75, seconds


def _reading(line: House) -> float:
    line.upload(DOCUMENTS)
    begin = line.node if "ATOM_BROKER_URL" in line.installation.environment else line.worker
    starting = [threading.Thread(target=begin) for _ in range(2)]
    for thread in starting:
        thread.start()
    for thread in starting:
        thread.join()
    line.until("status = 'completed'", DOCUMENTS)
    return line.outcome().seconds


@pytest.mark.parametrize("scheme", ["redis", "amqp"])
def test_uploads_do_not_wait_for_a_broker_that_is_silent(
    scheme: str, tmp_path: Path, table: dict[str, Row]
) -> None:
    with servers.silent() as port:
        url = f"{scheme}://127.0.0.1:{port}/"
        with (
            house(tmp_path / "with", None, ATOM_BROKER_URL=url) as troubled,
            house(tmp_path / "without", None) as plain,
        ):
            times = _uploads(plain, troubled)
    without, silent = (_p99(each) for each in times)
    said = (
        f"p99 {silent * 1000:.0f} ms beside {without * 1000:.0f} ms, "
        f"median {median(times[1]) * 1000:.0f} and {median(times[0]) * 1000:.0f} ms"
    )
    table.setdefault(f"{scheme}: broker silent, uploads", Row()).words.append(said)
    print(scheme, said)
    assert silent <= without + 0.05, times


def _uploads(*lines: House) -> list[list[float]]:
    """Seconds that uploads take at each of these, asked in turn."""
    doors = [line.door() for line in lines]
    times: list[list[float]] = [[] for _ in doors]
    for number in range(SENT):
        for door, taken in zip(doors, times, strict=True):
            began = time.monotonic()
            assert door(f"Text number {number} of many.".encode()) == http.client.CREATED
            taken.append(time.monotonic() - began)
    return times


def _p99(seconds: list[float]) -> float:
    return sorted(seconds)[int(len(seconds) * 0.99) - 1]
