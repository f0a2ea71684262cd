"""`manage.py recount`: count anew what running totals say, beside web servers and workers."""

from __future__ import annotations

from typing import Any

from documents.models import totals
from documents.operations.standing import DataCommand


class Command(DataCommand):
    help = (
        "Makes the triggers that keep running totals anew and counts all rows, where the doctor "
        "found a difference. Who writes documents or calls waits meanwhile."
    )

    def handle(self, *, verbosity: int, **options: Any) -> None:
        found = dict(totals.differing())
        totals.make()
        if verbosity:
            self.stdout.write(f"Counted anew; {sum(found.values())} totals were wrong.")
