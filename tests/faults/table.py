"""The table of `docs/reliability.md`, written by the run that it tells about."""

from __future__ import annotations

import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest

BEGIN = "<!-- written by `make faults`: begin -->"
END = "<!-- written by `make faults`: end -->"


@dataclass
class Row:
    fault: str
    how: str
    expected: str
    outcomes: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0

    def result(self) -> str:
        if self.outcomes["failed"]:
            total = self.outcomes["failed"] + self.outcomes["passed"]
            return f"**{self.outcomes['failed']} of {total} cases failed**"
        if not self.outcomes["passed"]:
            return "not run here"
        cases = self.outcomes["passed"]
        held = "held" if cases == 1 else f"held in {cases} cases"
        return held + (f", {n} not run here" if (n := self.outcomes["skipped"]) else "")

    def line(self) -> str:
        cells = (self.fault, self.how, self.expected, self.result())
        return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


class Table:
    """A plugin that hears of all outcomes, also of those in other processes."""

    def __init__(self, page: Path) -> None:
        self._page = page
        self._rows: dict[str, Row] = {}
        self._began = time.monotonic()

    @pytest.hookimpl
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        described = dict(report.user_properties).get("row")
        if not isinstance(described, list):
            return
        row = self._rows.setdefault(described[0], Row(*described))
        row.seconds += report.duration
        if report.when == "call" or report.outcome != "passed":
            row.outcomes[report.outcome] += 1

    @pytest.hookimpl
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        is_part = session.config.option.keyword or any(".py" in it for it in session.config.args)
        if not self._rows or is_part:
            return  # A part of the rows says nothing about the others.
        before, _, rest = self._page.read_text().partition(BEGIN)
        _, _, after = rest.partition(END)
        self._page.write_text(f"{before}{BEGIN}\n\n{self._text()}\n{END}{after}")

    def _text(self) -> str:
        rows = sorted(self._rows.values(), key=lambda row: row.fault)
        cases = sum((row.outcomes for row in rows), Counter())
        minutes = (time.monotonic() - self._began) / 60
        return "\n".join(
            [
                f"Run on {datetime.now(UTC):%-d %B %Y} with Python {sys.version.split()[0]}: "
                f"{len(rows)} rows, {cases['passed']} cases held, {cases['failed']} failed, "
                f"{cases['skipped']} not run, in {minutes:.1f} minutes.",
                "",
                "| what is done to it | how | what is expected, besides sanity | result |",
                "|---|---|---|---|",
                *(row.line() for row in rows),
                "",
            ]
        )
