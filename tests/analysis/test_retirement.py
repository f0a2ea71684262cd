"""The end of models: told weeks before, and what the default becomes stands in one place."""

from datetime import date

import pytest
import time_machine

from atom_project import default_model
from documents.pipeline.analysis.model import offers, prices, retirement

LAST_DAY, FIRST_DAY = date(2027, 1, 13), date(2027, 1, 14)


def test_the_default_is_the_model_of_the_brief_while_it_exists():
    assert default_model.on(LAST_DAY) == "gpt-4.1"
    assert default_model.on(FIRST_DAY) != "gpt-4.1"


def test_each_default_has_a_price():
    assert all(prices.listed_price(model) for _, model in default_model.DEFAULTS)


def test_what_becomes_of_the_default_is_said_before_and_not_after():
    told = default_model.in_words(LAST_DAY)
    assert "gpt-4.1 is switched off on 2027-01-14" in told
    assert default_model.on(FIRST_DAY) in told
    assert default_model.in_words(FIRST_DAY) == ""


def test_the_default_ends_on_the_day_of_the_table():
    assert prices.ends_of("gpt-4.1") == default_model.next_change(LAST_DAY)[0]


@pytest.mark.parametrize(
    ("today", "is_near"), [("2026-11-01", False), ("2026-11-27", True), ("2027-02-01", True)]
)
def test_the_end_of_a_model_is_near_eight_weeks_before(today, is_near):
    with time_machine.travel(today):
        assert retirement.is_near("gpt-4.1-2025-04-14") is is_near
        assert not retirement.is_near("gpt-6-luna")
    with time_machine.travel("2027-02-01"):
        assert "was shut down on 2027-01-14" in retirement.in_words("gpt-4o")


@pytest.mark.parametrize(
    ("told", "day"),
    [
        ("2027-03-01", date(2027, 3, 1)),
        ("2027-03-01T00:00:00Z", date(2027, 3, 1)),
        (1803859200, date(2027, 3, 1)),
        ("soon", None),
        (None, None),
    ],
)
def test_a_server_may_list_the_end_itself(told, day):
    listed = offers.shutdown_of([{"id": "mine", "shutdown_date": told}], "mine")
    assert listed == day
    if day:
        assert "Its provider has announced" in retirement.in_words("mine", day)


def test_of_many_models_the_newest_are_named():
    entries = [{"id": f"model-{n}", "created": n} for n in range(100)]
    assert offers.names([*entries, {"id": "<b>bad</b>"}, {}])[:2] == ["model-99", "model-98"]
    assert len(offers.names(entries)) == offers.MOST_NAMES
