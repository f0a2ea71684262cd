"""On which data a command stands: database and store of files, in one line without a password."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.files.storage import FileSystemStorage, default_storage
from django.core.management.base import BaseCommand
from django.db import connection


class DataCommand(BaseCommand):
    """A command that begins by saying, on stderr, on which data it stands."""

    def execute(self, *args: Any, **options: Any) -> Any:
        if options.get("verbosity", 1):
            self.tell(in_one_line())
        return super().execute(*args, **options)

    def tell(self, sentence: str) -> None:
        self.stderr.write(sentence, style_func=str)


def in_one_line() -> str:
    return f"Database: {database()}. Uploads: {media()}."


def database() -> str:
    facts = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"SQLite, {facts['NAME']}"
    user = facts["USER"] or "the system's user"
    host = facts["HOST"] or "local socket"
    port = f":{facts['PORT']}" if facts["PORT"] else ""
    return f"PostgreSQL, {facts['NAME']} as {user} at {host}{port}"


def media() -> str:
    if isinstance(default_storage, FileSystemStorage):
        return str(default_storage.location)
    parts = urlsplit(settings.ATOM_MEDIA_URL)
    return f"bucket {parts.path.strip('/')} at {parts.netloc.rpartition('@')[2] or 'Amazon S3'}"
