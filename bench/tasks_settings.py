"""ATOM's settings with django-tasks-db beside it, for the comparison in `bench/line.py`."""

import os

from atom_project.settings import *  # noqa: F403
from atom_project.settings import DATABASES
from atom_project.settings import INSTALLED_APPS as ATOM_APPS

INSTALLED_APPS = [*ATOM_APPS, "django_tasks", "django_tasks_db"]
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
LOGGING_CONFIG = None

if os.environ.get("BENCH_WITHOUT_SYNC"):
    if "sqlite" in DATABASES["default"]["ENGINE"]:
        pragmas = "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"
        DATABASES["default"]["OPTIONS"]["init_command"] = pragmas
    else:
        DATABASES["default"]["OPTIONS"]["options"] = "-c synchronous_commit=off"
