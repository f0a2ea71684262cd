"""`manage.py backup`: a copy of database and files, made while everything runs."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from documents.operations import backup
from documents.operations.backup import BackupFailed


class Command(BaseCommand):
    help = (
        "Writes database and uploaded files into one file, while everything runs. Secrets and "
        "settings are not in it: keep `.env` and `var/secrets.json` elsewhere."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("target", type=Path, help="a folder, or the name of a new file")

    def handle(self, *, target: Path, **options: Any) -> None:
        try:
            path, manifest = backup.make(target)
        except BackupFailed as reason:
            raise CommandError(str(reason)) from reason
        saved = len(manifest.checksums) - 1
        self.stdout.write(f"{path}: {manifest.documents} documents, {saved} files.")
        if manifest.deleted:
            self.stdout.write(f"Deleted meanwhile: {', '.join(manifest.deleted)}")
        for what, ids in (("is missing", manifest.lost), ("has changed", manifest.damaged)):
            for document_id in ids:
                self.stderr.write(f"The file of document {document_id} {what}.")
