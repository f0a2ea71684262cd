"""Ranges learnt from past durations, and none where they would be a guess."""

from __future__ import annotations

import pytest

from bench.quality import estimates as bench
from documents.estimates.durations import FEWEST, Durations, Run, Size
from documents.estimates.forecast import Job, forecast

SMALL, LARGE = Size("offline", "text/plain", 1_000), Size("offline", "text/plain", 10_000)


def runs(size=SMALL, number=40, seconds=1.0):
    return [Run(size, seconds * (1 + place / number)) for place in range(number)]


def test_a_larger_document_takes_longer():
    known = Durations([*runs(), *runs(LARGE, seconds=10.0)])
    told = forecast(known, [Job("small", SMALL), Job("large", LARGE)], slots=2)
    assert 0.8 < told["small"].earliest < told["small"].latest < 2.5
    assert 8 < told["large"].earliest < told["large"].latest < 25


def test_who_waits_behind_others_is_told_their_time_too():
    told = forecast(Durations(runs()), [Job(number, SMALL) for number in range(5)], slots=1)
    assert told[4].earliest > 5
    assert told[0].latest < 2.5
    assert list(told) == list(range(5))
    two = forecast(Durations(runs()), [Job(number, SMALL) for number in range(5)], slots=2)
    assert two[4].latest < told[4].earliest


def test_time_that_went_by_shortens_what_is_left_and_rules_out_short_runs():
    told = forecast(Durations(runs()), [Job("runs", SMALL, elapsed=1.5)], slots=1)
    assert 0 <= told["runs"].earliest < told["runs"].latest < 0.6


@pytest.mark.parametrize("number", [FEWEST - 1, FEWEST])
def test_of_fewer_than_twenty_finished_ones_nothing_is_said(number):
    told = forecast(Durations(runs(number=number)), [Job("a", SMALL)], slots=1)
    assert bool(told) == (number == FEWEST)


def test_one_engine_says_nothing_of_another():
    other = Size("gpt-4.1", "text/plain", 1_000)
    line = [Job("first", SMALL), Job("other", other), Job("behind", SMALL)]
    assert set(forecast(Durations(runs()), line, slots=1)) == {"first"}


def test_a_kind_of_file_that_is_rare_is_told_by_all_that_the_engine_read():
    picture = Size("offline", "image/png", 1_000)
    assert forecast(Durations(runs()), [Job("a", picture)], slots=1)


def test_one_that_takes_longer_than_all_before_it_has_no_estimate_nor_has_who_waits_for_it():
    line = [Job("stuck", SMALL, elapsed=100.0), Job("waits", SMALL)]
    assert forecast(Durations(runs()), line, slots=1) == {}


def test_without_slots_there_is_no_estimate():
    assert forecast(Durations(runs()), [Job("a", SMALL)], slots=0) == {}


def test_ranges_of_a_simulated_installation_hold_as_often_as_they_say():
    queued, ran = bench.shares(seed=2, slots=3)
    for verdicts in (queued, ran):
        assert len(verdicts) > 200
        assert 0.85 <= sum(verdicts) / len(verdicts) <= 0.95
