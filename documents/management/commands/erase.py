"""`manage.py erase`: erase a person and all that is known of them."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone

from accounts.models import User
from documents.operations import erasure
from documents.operations.standing import DataCommand

NIGHTS_KEPT = 14  # `backup --keep`, in deploy/atom-backup.service


class Command(DataCommand):
    help = (
        "Erases a person for good: documents, files, findings, history, logins, then the user. "
        "What their calls to a model cost stays, without a name. Nothing has to be stopped."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("user", help="the name they sign in with")
        parser.add_argument("--dry-run", action="store_true", help="only say what there is")
        parser.add_argument("--yes", action="store_true", help="do not ask for the name again")

    def handle(self, *, user: str, dry_run: bool, yes: bool, **options: Any) -> None:
        try:
            person = User.objects.get_by_natural_key(User.normalize_username(user))
        except User.DoesNotExist:
            raise CommandError(f"There is no user {user}.") from None
        if dry_run:
            self._say(f"Of {person.username} (id {person.pk}) there is:", erasure.count(person))
            return
        if not yes and _typed(person.username) != person.username:
            raise CommandError("That is another name. Nothing was erased.")
        self._say(f"Erased user {person.pk}:", erasure.erase(person))
        until = timezone.now() + timedelta(days=NIGHTS_KEPT)
        self.stdout.write(
            f"Backups made before now still hold it. `backup --keep {NIGHTS_KEPT}` every night has "
            f"deleted its own by {until:%Y-%m-%d}; delete others yourself."
        )

    def _say(self, head: str, receipt: erasure.Receipt) -> None:
        self.stdout.write(head)
        for line in receipt.in_words():
            self.stdout.write(f"  {line}")


def _typed(name: str) -> str:
    try:
        return input(f"Type {name} to erase all of theirs: ")
    except EOFError:  # Nobody is there to type; `--yes` is for programs.
        return ""
