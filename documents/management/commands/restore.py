"""`manage.py restore`: make this installation what a backed-up one was."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from accounts import audit
from documents.operations import restore
from documents.operations.backup_archive import BackupFailed
from documents.operations.standing import DataCommand


class Command(DataCommand):
    help = "Makes this installation what the backed-up one was. Stop web servers and workers first."
    requires_system_checks = ()  # There may be no tables yet.

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="what `manage.py backup` has written")
        parser.add_argument("--force", action="store_true", help="replace what is here already")

    def handle(self, *, file: Path, force: bool, **options: Any) -> None:
        try:
            manifest = restore.restore(file, force=force)
        except BackupFailed as reason:
            raise CommandError(str(reason)) from reason
        audit.record(audit.Action.RESTORED, documents=manifest.documents)
        self.stdout.write(f"Restored {manifest.documents} documents as of {manifest.made_at}.")
        self.stdout.write("Everybody is signed out. Passwords are those of the backup.")
        self.stdout.write("Calendar feeds and API keys have ended; people make new ones.")
        self.stdout.write("Webhooks are paused until their owners let them go on.")
        if manifest.deleted:
            self.stdout.write(f"{len(manifest.deleted)} were being deleted then, and are gone.")
        for document_id in manifest.lost:
            self.stderr.write(f"The file of document {document_id} was missing then already.")
