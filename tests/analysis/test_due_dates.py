"""Deadlines in words become days where there is one answer, in four languages."""

import csv
from datetime import date
from pathlib import Path

import pytest

from documents.pipeline.analysis.evidence.due_dates import resolve

CASES = Path(__file__).parent / "due_date_cases"


def cases(half):
    with (CASES / f"{half}.tsv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def resolved(case):
    day = resolve(case["due_text"], [case["sentence"]], date.fromisoformat(case["dated"]))
    return day.isoformat() if day else "-"


@pytest.mark.parametrize(
    "case", [*cases("developed"), *cases("held_out")], ids=lambda case: case["sentence"]
)
def test_a_deadline_is_the_day_it_means_or_none(case):
    assert resolved(case) == case["expected"]
