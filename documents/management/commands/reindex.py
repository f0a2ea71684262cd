"""`manage.py reindex`: build the search index anew, beside web servers and workers."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from documents import search
from documents.operations.standing import DataCommand


class Command(DataCommand):
    help = (
        "Builds the search index anew, some documents at a time, while everything else goes on. "
        "Where an earlier run, or an upgrade, was not finished, it goes on there."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--all", action="store_true", help="begin anew, also where one is unfinished"
        )

    def handle(self, *, all: bool, verbosity: int, **options: Any) -> None:
        state = search.state()
        waiting = state.waiting
        if all or state.damage or state.missing or not waiting:
            waiting = search.begin_anew()
        done = 0
        while indexed := search.catch_up():
            done += indexed
            if verbosity > 1:
                self.stdout.write(f"{done} of {waiting}")
        if verbosity:
            self.stdout.write(f"{done} documents were indexed.")
