"""People who upload and delete, and a worker who reads, until a file appears."""

from __future__ import annotations

import os
import random
import sys
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "atom_project.settings")
django.setup()

from django.core.files.uploadedfile import SimpleUploadedFile  # noqa: E402
from django.core.management import call_command  # noqa: E402

from accounts.models import User  # noqa: E402
from documents import removal  # noqa: E402
from documents.models import Document  # noqa: E402
from documents.uploads import intake  # noqa: E402
from documents.worker import Worker  # noqa: E402
from tests.engines import OneCall  # noqa: E402


def main() -> None:
    call_command("migrate", verbosity=0)
    stop, choice = Path(sys.argv[1]), random.Random(1)
    owner = User.objects.get_or_create(username="alice")[0]
    worker = Worker(slots=1, engine=OneCall())
    number = 0
    while not stop.exists():
        number += 1
        text = f"Minute {number}: the quay wall is safe."
        file = SimpleUploadedFile(f"minutes {number}.txt", text.encode())
        intake.receive(owner, [file])
        if number % 3:
            worker.work_once()
        if number % 4 == 0:
            removal.delete(choice.choice(list(Document.objects.all())))
        print(number, flush=True)


if __name__ == "__main__":
    main()
