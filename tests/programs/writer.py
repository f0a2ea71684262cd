"""Appends events to the documents whose ids are given, in turn, and stops after a number."""

from __future__ import annotations

import os
import sys
import time

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "atom_project.settings")
django.setup()

from documents import events  # noqa: E402
from documents.models import Document  # noqa: E402


def main() -> None:
    count, pause = int(sys.argv[1]), float(sys.argv[2])
    documents = [Document.objects.get(pk=pk) for pk in sys.argv[3:]]
    for number in range(count):
        events.record(documents[number % len(documents)])
        time.sleep(pause)


if __name__ == "__main__":
    main()
