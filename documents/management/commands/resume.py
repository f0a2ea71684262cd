"""`manage.py resume`: let a paused line try again now, instead of at the next minute."""

from __future__ import annotations

from typing import Any

from documents import circuit_breaker
from documents.operations.standing import DataCommand


class Command(DataCommand):
    help = (
        "Lets a line that is paused for a rejected key or an empty quota try again at once. "
        "A line paused for the budget goes on when ATOM_DAILY_BUDGET_USD is raised."
    )

    def handle(self, *, verbosity: int, **options: Any) -> None:
        resumed = circuit_breaker.probe_now()
        if verbosity:
            self.stdout.write("The line tries again now." if resumed else "The line is not paused.")
