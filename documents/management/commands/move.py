"""`manage.py move`: take the database from SQLite to PostgreSQL, or back."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError

from documents.operations import move
from documents.operations.move import MoveFailed
from documents.operations.standing import DataCommand


class Command(DataCommand):
    help = (
        "Copies the database into another, empty one, from SQLite to PostgreSQL or back, and "
        "compares both. Stop web servers and workers first. Files stay where they are."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "address",
            help="postgres://user:password@host:port/name or sqlite:///path; - reads it from "
            "standard input, so that `ps` shows no password",
        )

    def handle(self, *, address: str, **options: Any) -> None:
        url = sys.stdin.readline().strip() if address == "-" else address
        try:
            moved = move.move(url)
        except MoveFailed as reason:
            raise CommandError(str(reason)) from reason
        for table, rows in moved.rows.items():
            self.stdout.write(f"{table}: {rows} rows, the same there")
        store = "the object store" if settings.ATOM_MEDIA_URL else settings.MEDIA_ROOT
        self.stdout.write(f"{moved.files} files stay where they are, in {store}.")
        if moved.missing_files:
            self.stderr.write(f"{moved.missing_files} files were missing before. Run `doctor`.")
        if moved.released:
            self.stdout.write(f"{moved.released} documents that were being read wait again.")
        self.stdout.write(
            "Events kept their ids: streams go on after the last one they were told. Now set "
            "DATABASE_URL to the new address. Never start with the old database again: it does "
            "not know what happens from now on."
        )
