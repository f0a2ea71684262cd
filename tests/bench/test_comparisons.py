"""The programs of `make bench` still start and print figures. None of their times is judged."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from bench.__main__ import COMPARISONS
from bench.speed import report
from bench.speed.figures import SHORT, Figure, Missing, Rounds, at_least, at_most
from tests.processes import ROOT

# A figure, its unit, and the load beside it.
FIGURE = re.compile(r"^  \S.* [\d.,]+ \S+ .*load \d+\.\d$", re.MULTILINE)


@pytest.mark.long
@pytest.mark.parametrize("name", COMPARISONS)
def test_every_comparison_prints_figures_in_the_smallest_size(name: str, tmp_path: Path) -> None:
    page = report.PAGE.read_text()
    command = [sys.executable, "-m", "bench", "--tiny", "--folder", str(tmp_path), name]
    run = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=300
    )
    assert run.returncode == 0, run.stderr[-3000:]
    assert len(FIGURE.findall(run.stdout)) >= 3, run.stdout
    assert report.PAGE.read_text() == page


def _rounds(repeats: int) -> tuple[Rounds, list[str]]:
    order: list[str] = []

    def contender(name: str, values: list[float]) -> dict[str, float]:
        order.append(name)
        return {"ms": values[order.count(name) - 1]}

    ours, theirs = [3.0, 30.0, 4.0], [1.0, 10.0, 4.0]
    contenders = {
        "ATOM": lambda: contender("ATOM", ours),
        "rival": lambda: contender("rival", theirs),
    }
    return Rounds(contenders, repeats), order


def test_contenders_take_turns_in_being_first() -> None:
    _, order = _rounds(3)
    assert order == ["ATOM", "rival", "rival", "ATOM", "ATOM", "rival"]


def test_a_ratio_is_the_median_of_the_ratios_of_rounds() -> None:
    rounds, _ = _rounds(3)
    figure = rounds.figure("list", "ms", "ms", "ATOM", "rival", at_most(1.3))
    # Not 4 : 4, that of the medians: a round that the machine slowed is compared within itself.
    assert (figure.ours, figure.theirs, figure.ratio) == (4.0, 4.0, 3.0)
    assert figure.is_met is False


@pytest.mark.parametrize(
    ("aim", "ours", "ratio", "is_met"),
    [
        (at_least(3), 100.0, 2.9, False),
        (at_least(3), 100.0, 3.0, True),
        (at_most(1.3), 100.0, 1.3, True),
        (at_most(2.5, "ms"), 2.6, 0.1, False),
        (at_least(3), 100.0, None, None),
    ],
)
def test_an_aim_judges_the_ratio_or_the_figure_itself(aim, ours, ratio, is_met) -> None:
    assert Figure("", "ms", ours, "rival", 1.0, ratio, aim).is_met is is_met


def test_a_missed_aim_and_a_missing_rival_are_told_in_the_table() -> None:
    missed = Figure("list", "ms", 4.0, "bare DRF", 2.0, 2.0, at_most(1.3), 0.5)
    table = report.table([missed, Missing("line beside celery", "it is not installed")])
    assert "| list | 4.00 ms | bare DRF | 2.00 ms | 2.00 × | ≤ 1.3 × **missed** | 0.5 |" in table
    assert "| line beside celery | not measured: it is not installed |" in table


def test_the_page_keeps_its_words_and_gets_one_part_a_comparison(tmp_path, monkeypatch) -> None:
    page = tmp_path / "performance.md"
    page.write_text("# Performance\n\nWords.\n")
    monkeypatch.setattr(report, "PAGE", page)
    row = Figure("list", "ms", 4.0)
    for count in (1, 2):
        report.write("requests", "Requests", "Fairly.", [row] * count, SHORT)
    report.write("line", "The line", "Fairly.", [row], SHORT)
    text = page.read_text()
    assert text.startswith("# Performance\n\nWords.\n")
    assert text.count("## Requests") == text.count("## The line") == 1
    assert text.count("| list |") == 3
    # A table of few rounds and few documents says so.
    assert text.count("medians of 1 rounds, small sizes") == 2
