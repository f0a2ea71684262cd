"""On which data a command stands: database and store of files, in one line without a password."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from atom_project.addresses import database_in_words
from documents import storage


class DataCommand(BaseCommand):
    """A command that begins by saying, on stderr, on which data it stands."""

    def execute(self, *args: Any, **options: Any) -> Any:
        if options.get("verbosity", 1):
            self.tell(in_one_line())
        return super().execute(*args, **options)

    def tell(self, sentence: str) -> None:
        self.stderr.write(sentence, style_func=str)


def in_one_line() -> str:
    return f"Database: {database_in_words()}. Uploads: {storage.media.described()}."
