"""`manage.py api_key USER NAME`: a new API key, for programs that are set up without a browser."""

from __future__ import annotations

from typing import Any

from django.core.management import CommandError, CommandParser

from accounts.keys import api_keys
from accounts.keys.model import Scope
from accounts.models import User
from documents.operations.standing import DataCommand


class Command(DataCommand):
    help = "Makes an API key of a user and prints it, this once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("user")
        parser.add_argument("name", help="which program it is for")
        parser.add_argument(
            "--scope", nargs="+", choices=Scope.values, default=[Scope.READ, Scope.UPLOAD]
        )
        parser.add_argument("--days", type=int, default=90, help="it ends after; 0 is never (90)")

    def handle(self, *args: Any, user: str, name: str, **options: Any) -> None:
        if not 0 <= options["days"] <= 3650:
            raise CommandError("--days is a number from 0, for never, to 3650.")
        if not name.strip() or len(name) > 80 or not name.isprintable():
            raise CommandError("The name has 1 to 80 characters that can be seen.")
        try:
            owner = User.objects.get_by_natural_key(user)
            _, raw = api_keys.make(owner, name, options["scope"], days=options["days"] or None)
        except User.DoesNotExist:
            raise CommandError(f"There is no user {user}.") from None
        except api_keys.TooManyKeys:
            raise CommandError(f"{user} has {api_keys.MOST} keys. End one first.") from None
        self.stdout.write(raw)
