"""Make the first user, on a machine of one's own."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError

from accounts import demo
from documents.operations.standing import DataCommand


class Command(DataCommand):
    help = "Make the user user1 / password123, if there is no user yet. For this machine only."

    def handle(self, **options: Any) -> None:
        try:
            created = demo.create()
        except demo.NotOnThisAddress as refusal:
            raise CommandError(str(refusal)) from refusal
        if created:
            self.stdout.write(f"Made the user {demo.USERNAME} with password {demo.PASSWORD}.")
        else:
            self.stdout.write("There are users already; none was made or changed.")
