"""The fault table keeps what was not run again, and tells of runs that failed."""

from __future__ import annotations

import pytest

from tests.brokers.house import Outcome
from tests.brokers.table import BEGIN, END, Row, written

PAGE = f"# Many machines\n\n{BEGIN}\nnothing yet\n{END}\n\nThe end.\n"


def outcome(seconds: float) -> Outcome:
    return Outcome(completed=500, twice=0, out_of_order=0, taken_again=2, seconds=seconds)


def test_a_row_that_is_run_again_replaces_itself_and_no_other() -> None:
    rows = {"killed": Row([outcome(20.2)]), "away": Row([outcome(31)])}
    first = written(PAGE, rows, "1 May 2026", 500)
    assert "nothing yet" not in first
    second = written(first, {"killed": Row([outcome(40), outcome(50.4)])}, "2 May 2026", 500)
    assert "| killed | 2 | 500 | 0 | 0 | 2 | 40–50 s | 2 May 2026 |" in second
    assert "| away | 1 | 500 | 0 | 0 | 2 | 31 s | 1 May 2026 |" in second
    assert (second.count("| killed |"), second.count("| what |")) == (1, 1)
    assert second.startswith("# Many machines\n")
    assert second.endswith(f"{END}\n\nThe end.\n")


def test_a_run_that_failed_is_told() -> None:
    row = Row()
    with row.tried():
        row.outcomes.append(outcome(20))
    with pytest.raises(AssertionError), row.tried():
        raise AssertionError("499 of 500 are completed")
    assert row.cells()[0] == "2, **1 failed**"


def test_what_has_words_instead_of_documents_has_them_in_the_last_place() -> None:
    page = written(PAGE, {"speed": Row(words=["Redis 0.80"])}, "1 May 2026", 500)
    assert "| speed | 1 | – | – | – | – | Redis 0.80 | 1 May 2026 |" in page
