"""Uploads many tiny documents, one after another, as the user whose name is given."""

from __future__ import annotations

import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "atom_project.settings")
django.setup()

from django.core.files.uploadedfile import SimpleUploadedFile  # noqa: E402

from accounts.models import User  # noqa: E402
from documents.originals import ownership  # noqa: E402
from documents.uploads import intake  # noqa: E402


def main() -> None:
    ownership.require_stamp()  # As every web server does before it takes a file.
    owner = User.objects.get(username=sys.argv[1])
    for number in range(int(sys.argv[2])):
        intake.receive(owner, [SimpleUploadedFile(f"{number}.txt", b"Tiny words.")])


if __name__ == "__main__":
    main()
