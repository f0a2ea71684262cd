"""`manage.py backup`: a copy of database and files, made while everything runs."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.db import DatabaseError

from accounts import audit
from documents.operations import backup, backup_care
from documents.operations.backup_archive import BackupFailed
from documents.operations.standing import DataCommand


class Command(DataCommand):
    help = (
        "Writes database and uploaded files into one file, while everything runs. Secrets and "
        "settings are not in it: keep `.env` and `var/secrets.json` elsewhere."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("target", type=Path, help="a folder, or the name of a new file")
        what = parser.add_mutually_exclusive_group()
        what.add_argument(
            "--keep",
            type=int,
            metavar="N",
            help="then delete all but the newest N backups in the folder",
        )
        what.add_argument(
            "--verify",
            action="store_true",
            help="make none, but check that one, or the newest of the folder, can be relied on",
        )

    def handle(self, *, target: Path, keep: int | None, verify: bool, **options: Any) -> None:
        if keep is not None and (keep < 1 or not target.is_dir()):
            raise CommandError("--keep takes a number from 1, and a folder to keep backups in.")
        try:
            if verify:
                self._verify(target)
            else:
                self._make(target, keep)
        except BackupFailed as reason:
            raise CommandError(str(reason)) from reason

    def _make(self, target: Path, keep: int | None) -> None:
        path, manifest = backup.make(target)
        saved = len(manifest.checksums) - 1
        self._note(manifest.documents, saved)
        self.stdout.write(f"{path}: {manifest.documents} documents, {saved} files.")
        if manifest.deleted:
            self.stdout.write(f"Deleted meanwhile: {', '.join(manifest.deleted)}")
        for what, ids in (("is missing", manifest.lost), ("has changed", manifest.damaged)):
            for document_id in ids:
                self.stderr.write(f"The file of document {document_id} {what}.")
        # Last: only a new one that is whole makes an old one dispensable.
        for old in backup_care.prune(target, keep=keep) if keep else ():
            self.stdout.write(f"Deleted the old backup {old.name}.")

    def _note(self, documents: int, files: int) -> None:
        try:
            audit.record(audit.Action.BACKED_UP, documents=documents, files=files)
        except DatabaseError:  # A standby can be backed up, and not written to.
            self.stderr.write("The audit log could not be written: /metrics does not know of it.")

    def _verify(self, target: Path) -> None:
        found = backup_care.verify(target)
        self.stdout.write(
            f"{found.path} of {found.made_at} is whole: {found.documents} documents, "
            f"{found.files} files, {found.same} of them stored here alike, {found.gone} not."
        )
        for name in found.changed:
            self.stderr.write(f"{name} is stored here with other bytes.")
        if found.changed:
            raise CommandError("The backup is whole; files stored here have changed since.")
