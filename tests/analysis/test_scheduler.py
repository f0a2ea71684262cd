"""Runs go on as their delays end; what they ask of a server is told in test_long_documents."""

import pytest

from documents.pipeline.analysis import ModelServer
from documents.pipeline.analysis.model import scheduler
from documents.pipeline.analysis.model.capabilities import CapabilityMemory
from documents.pipeline.analysis.model.purchases import Purchases
from documents.pipeline.analysis.model.scheduler import Delay, Scheduler


@pytest.fixture
def schedule(ledger):
    def run(runs, *, at_once=2, has_answered=True, tick=lambda: None):
        capabilities = CapabilityMemory()
        capabilities.has_answered = has_answered
        server = ModelServer("", "", calls_at_once=at_once)
        return Scheduler(Purchases(server, ledger), capabilities, tick).run(runs)

    return run


def resting(name, *seconds):
    for each in seconds:
        yield Delay(each)
    return name


def test_results_come_as_runs_end(schedule):
    assert list(schedule([resting("long", 0.05), resting("short", 0.01)])) == ["short", "long"]


def test_a_run_without_steps_gives_its_result_at_once(schedule):
    assert list(schedule([resting("first"), resting("second")], at_once=1)) == ["first", "second"]


@pytest.mark.parametrize(("has_answered", "begun"), [(True, 3), (False, 1)])
def test_runs_are_begun_when_there_is_room(schedule, has_answered, begun):
    taken = []

    def runs():
        for number in range(9):
            taken.append(number)
            yield resting(number, 0.01 * (number + 1))

    results = schedule(runs(), at_once=3, has_answered=has_answered)
    next(results)
    assert len(taken) == begun
    results.close()


def test_a_run_that_fails_ends_the_others(schedule):
    def failing():
        yield Delay(0.01)
        raise LookupError("claim lost")

    waiting = resting("never", 60)
    with pytest.raises(LookupError):
        list(schedule([waiting, failing()]))


def test_waiting_ticks(schedule, monkeypatch):
    monkeypatch.setattr(scheduler, "TICK", 0.01)
    ticks = []
    list(schedule([resting("one", 0.2)], tick=lambda: ticks.append(1)))
    assert len(ticks) >= 3
