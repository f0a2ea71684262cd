"""Runs commands, and after each says all that the installation has, as a line of JSON."""

from __future__ import annotations

import hashlib
import io
import json
import os
import shlex
import sys
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "atom_project.settings")
django.setup()

from django.core.files.storage import default_storage  # noqa: E402
from django.core.management import call_command  # noqa: E402

from accounts.models import User  # noqa: E402
from documents import storage  # noqa: E402
from documents.models import Analysis, Document, Page, StatusEvent  # noqa: E402


def main() -> None:
    """Each argument is a command line of `manage.py`."""
    for line in sys.argv[1:]:
        call_command(*shlex.split(line), stdout=io.StringIO())
        print(json.dumps(everything(), default=str))


def everything() -> dict[str, Any]:
    columns = [
        "pk",
        "filename",
        "status",
        "queue_number",
        "attempts",
        "lease_expirations",
        "sha256",
    ]
    return {
        "documents": list(Document.objects.order_by("queue_number").values(*columns)),
        "files": {file: digest(file) for file in Document.objects.values_list("file", flat=True)},
        "folders": sorted(map(str, storage.stored_documents())),
        "pages": list(Page.objects.order_by("pk").values("document", "number", "text")),
        "analyses": list(Analysis.objects.order_by("pk").values("pk", "document", "result")),
        "events": list(
            StatusEvent.objects.order_by("pk").values("pk", "document_id", "status", "kind")
        ),
        "users": list(User.objects.order_by("pk").values("pk", "username", "password")),
    }


def digest(name: str) -> str:
    try:
        with default_storage.open(name) as stored:
            return hashlib.sha256(stored.read()).hexdigest()
    except FileNotFoundError:
        return "missing"


if __name__ == "__main__":
    main()
