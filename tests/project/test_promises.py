"""Each promise of the README is kept by a row of the fault matrix or by a test."""

from __future__ import annotations

import re

import pytest

from tests.processes import ROOT

README = " ".join((ROOT / "README.md").read_text().split())
PAGE = (ROOT / "docs" / "reliability.md").read_text()
_, _, rest = PAGE.partition("## What the README promises\n")
TABLE, _, RESULTS = rest.partition("\n## ")
PROMISES = [
    [cell.strip() for cell in line.strip("|").split(" | ")]
    for line in TABLE.splitlines()
    if line.startswith("| ") and not line.startswith("| the README says")
]


def test_there_are_promises() -> None:
    assert len(PROMISES) >= 10


@pytest.mark.parametrize("promise", PROMISES, ids=lambda promise: promise[0][:40])
def test_a_promise_is_made_and_kept(promise: list[str]) -> None:
    words, rows, tests = promise
    assert words in README
    named = re.findall(r"`(tests/[\w/]+\.py)::(test_\w+)`", tests)
    assert rows != "—" or named
    for row in rows.split("; ") if rows != "—" else []:
        assert f"\n| {row} |" in RESULTS, row
    for path, name in named:
        assert re.search(rf"^def {name}\(", (ROOT / path).read_text(), re.MULTILINE), name
