"""The command line: `python manage.py` in a checkout, `atom` where ATOM is installed."""

from __future__ import annotations

import os
import sys

from atom_project import __version__
from atom_project.hardening import hide_memory


def main() -> None:
    hide_memory()
    if sys.argv[1:] == ["--version"]:  # Django would tell its own, as `version` does.
        print(f"ATOM {__version__}")
        return
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "atom_project.settings")
    try:
        from django.core.exceptions import ImproperlyConfigured
        from django.core.management import execute_from_command_line
        from django.db import DatabaseError, DataError, IntegrityError, InterfaceError
    except ImportError as missing:
        raise SystemExit(
            "Django is not installed in this Python. Run `make run`, or activate the virtual "
            "environment and run `pip install -r requirements.txt`."
        ) from missing
    from atom_project import paths

    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as wrong:
        raise SystemExit(str(wrong)) from None
    except (IntegrityError, DataError):
        raise  # A defect of ours: where it is counts.
    except (DatabaseError, InterfaceError) as error:
        # Away, damaged, another one, or not made yet; also in Django's own commands.
        why = " ".join(str(error).split())
        raise SystemExit(
            f"The database cannot be used: {why}. Check DATABASE_URL and ATOM_DATA_DIR; "
            f"{paths.command('doctor')} says more."
        ) from None
