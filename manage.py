#!/usr/bin/env python3
"""Run ATOM's commands; `python manage.py help` lists them."""

import os
import sys

from atom_project.hardening import hide_memory


def main() -> None:
    hide_memory()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "atom_project.settings")
    try:
        from django.core.exceptions import ImproperlyConfigured
        from django.core.management import execute_from_command_line
    except ImportError as missing:
        raise SystemExit(
            "Django is not installed in this Python. Run `make run`, or activate the virtual "
            "environment and run `pip install -r requirements.txt`."
        ) from missing
    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as wrong:
        raise SystemExit(str(wrong)) from None


if __name__ == "__main__":
    main()
