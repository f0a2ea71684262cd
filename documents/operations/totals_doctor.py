"""Health checks of running totals: whether they say what a full count says."""

from __future__ import annotations

from collections.abc import Iterator

from atom_project import paths
from documents.models import totals
from documents.operations.checks import CheckResult, broken, good

_REMEDY = f"Run {paths.command('recount')}; who writes waits for it. Then look why they were lost."


def examine() -> Iterator[CheckResult]:
    """Needs a database that is up to date; counts all rows."""
    found = list(totals.differing())
    for table, rows in found:
        yield broken(f"{rows} running totals in {table} are not what the rows add up to.", _REMEDY)
    if not found:
        yield good("The running totals are what the rows add up to.")
