"""The fault table of Celery nodes, written into docs/scaling.md: `make celery-faults`.

Two nodes of four slots, one line of documents, a broker that is ours to break. `ROUNDS=3` runs
every row three times; `DOCUMENTS=500` is how many each has.
"""

from __future__ import annotations

import http.client
import os
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

import pytest

from tests.brokers import servers
from tests.brokers.house import House, house
from tests.brokers.servers import Broker
from tests.brokers.table import Row, written
from tests.processes import ROOT

PAGE = ROOT / "docs" / "scaling.md"
ROUNDS = int(os.environ.get("ROUNDS", "1"))
WHOLE = 500
DOCUMENTS = int(os.environ.get("DOCUMENTS", WHOLE))
SECONDS = 0.2  # that a document takes without work, as with a model
AWAY = 8  # seconds without a broker
RESTARTS = 10
SENT = 200  # uploads whose times are compared

pytestmark = pytest.mark.postgres


@pytest.fixture(scope="module")
def table() -> Iterator[defaultdict[str, Row]]:
    """What is written into the page in the end; small runs leave it alone."""
    rows: defaultdict[str, Row] = defaultdict(Row)
    yield rows
    if rows and DOCUMENTS >= WHOLE:
        day = f"{datetime.now(UTC):%-d %B %Y}"
        PAGE.write_text(written(PAGE.read_text(), rows, day, DOCUMENTS))


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
    number: int, fault: Any, broker: Broker, tmp_path: Path, table: defaultdict[str, Row]
) -> None:
    losing = 0.3 if fault is killed else 0.0
    row = table[f"{type(broker).__name__}: {fault.__doc__.strip('.')}"]
    with row.tried(), house(tmp_path, broker) as line:
        for _ in range(2):
            line.node("--seconds", SECONDS, "--lose", losing)
        line.upload(DOCUMENTS, losing=losing)
        fault(line, broker)
        line.until("status = 'completed'", DOCUMENTS)
        _note(row, line)


@pytest.mark.parametrize("number", range(ROUNDS))
def test_the_real_pipeline_bears_the_same(
    number: int, tmp_path: Path, table: defaultdict[str, Row]
) -> None:
    row = table[f"RabbitMQ, real pipeline: {killed.__doc__}"]
    with row.tried(), servers.running("RabbitMQ") as broker, house(tmp_path, broker) as line:
        for _ in range(2):
            line.node("--lose", 0.3)
        line.upload(DOCUMENTS, losing=0.3)
        line.until("status = 'completed'", 80)
        line.nodes[0].process.kill()
        line.until("status = 'completed'", DOCUMENTS)
        _note(row, line)


def _note(row: Row, line: House) -> None:
    outcome = line.outcome()
    print(outcome)
    row.outcomes.append(outcome)
    assert (outcome.completed, outcome.twice, outcome.out_of_order) == (DOCUMENTS, 0, 0)


@pytest.mark.parametrize("number", range(ROUNDS))
def test_small_texts_are_read_nearly_as_fast_as_by_plain_workers(
    number: int, tmp_path: Path, table: defaultdict[str, Row]
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
    print(said, seconds)
    with table["speed beside plain workers"].tried() as row:
        row.words.append(said)
        assert min(ratios.values()) >= 0.75, seconds


def _reading(line: House) -> float:
    line.upload(DOCUMENTS)
    line.readers(2)
    line.until("status = 'completed'", DOCUMENTS)
    return line.outcome().seconds


@pytest.mark.parametrize("scheme", ["redis", "amqp"])
def test_uploads_do_not_wait_for_a_broker_that_is_silent(
    scheme: str, tmp_path: Path, table: defaultdict[str, Row]
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
    print(scheme, said)
    with table[f"{scheme}: broker silent, uploads"].tried() as row:
        row.words.append(said)
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
