"""`manage.py quarantine`: stored files that the database does not know, and their way back."""

from __future__ import annotations

from argparse import ArgumentParser
from itertools import groupby
from typing import Any
from uuid import UUID

from django.core.management.base import CommandError
from django.db import DatabaseError

from atom_project import paths
from documents.operations.standing import DataCommand
from documents.originals import quarantine
from documents.storage import MediaUnavailable


class Command(DataCommand):
    help = (
        "Lists stored files that the database did not know and that were moved aside. They are "
        "removed ATOM_QUARANTINE_DAYS after their move; those of known documents come back by "
        "themselves."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        words = parser.add_subparsers(dest="word", metavar="WORD")
        listing = words.add_parser("list", help="count and bytes by day, as without WORD")
        listing.add_argument("--ids", action="store_true", help="each document by its id")
        restoring = words.add_parser(
            "restore", help="bring files back: of known documents, of these ids, or all"
        )
        restoring.add_argument("ids", nargs="*", type=UUID, metavar="ID", help="of a document")
        restoring.add_argument("--all", action="store_true", help="also of unknown documents")
        words.add_parser(
            "adopt",
            help="make the store this database's, whosever it was; what is unknown is moved aside",
        )

    def handle(self, *, word: str | None, **options: Any) -> None:
        try:
            if word == "restore":
                self._restore(options["ids"], everything=options["all"])
            elif word == "adopt":
                self._adopt()
            else:
                self._list(with_ids=options.get("ids", False))
        except (DatabaseError, OSError, MediaUnavailable) as error:
            why = str(error).strip().split("\n")[0]
            raise CommandError(
                f"It could not be done: {why}. Run {paths.command('doctor')}."
            ) from error

    def _list(self, *, with_ids: bool) -> None:
        held = quarantine.contents()
        for since, of_a_day in groupby(held, key=lambda one: one.since):
            some = list(of_a_day)
            self.stdout.write(f"{since}  {_counted(some)}, kept until {some[0].until}")
            for one in some if with_ids else ():
                self.stdout.write(f"    {one.document_id}  {one.bytes:,} bytes")
        self.stdout.write(f"In quarantine: {_counted(held)}.")

    def _restore(self, ids: list[UUID], *, everything: bool) -> None:
        if ids and everything:
            raise CommandError("Give ids, or --all, not both.")
        if everything:
            ids = [one.document_id for one in quarantine.contents()]
        returned = sum(map(quarantine.bring_back, ids))
        if not ids and not everything:
            returned = quarantine.return_known()
        self.stdout.write(f"Files of {returned} documents are back.")
        if unknown := quarantine.unknown_among(ids):
            self.stdout.write(
                f"{len(unknown)} of them are still not known to this database: put the database "
                "back that knows them, or they are moved aside again."
            )

    def _adopt(self) -> None:
        moved = quarantine.adopt()
        self.stdout.write(
            f"The store belongs to this database now. Files of {moved} documents it does not "
            "know are in quarantine."
        )


def _counted(held: list[quarantine.Held]) -> str:
    files, size = sum(one.files for one in held), sum(one.bytes for one in held)
    return f"{files} files of {len(held)} documents, {size:,} bytes"
