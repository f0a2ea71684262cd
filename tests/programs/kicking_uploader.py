"""Uploads small texts, all different, in requests of twenty, and loses a share of the kicks.

Arguments: the user's name, how many, and the share. Ends when the last kicks are sent.
"""

from __future__ import annotations

import os
import sys
import time

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "atom_project.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.core.files.uploadedfile import SimpleUploadedFile  # noqa: E402

from accounts.models import User  # noqa: E402
from documents.originals import ownership  # noqa: E402
from documents.uploads import intake  # noqa: E402
from tests.programs.celery_node import lose  # noqa: E402

AT_ONCE = 20
TEXT = "The committee met on day {0}. Maria Lopez must send survey {0} to the insurer."


def main() -> None:
    name, number, share = sys.argv[1], int(sys.argv[2]), float(sys.argv[3])
    ownership.require_stamp()
    if settings.ATOM_BROKER_URL:
        lose(share)
    owner = User.objects.get(username=name)
    for first in range(0, number, AT_ONCE):
        numbers = range(first, min(number, first + AT_ONCE))
        files = [SimpleUploadedFile(f"{n}.txt", TEXT.format(n).encode()) for n in numbers]
        received = intake.receive(owner, files)
        assert len(received.documents) == len(files), received
    time.sleep(1 if settings.ATOM_BROKER_URL else 0)


if __name__ == "__main__":
    main()
