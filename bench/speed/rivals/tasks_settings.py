"""django-tasks-db on ATOM's database settings, and so at the same durability."""

from bench.speed.rivals.drf.settings import *  # noqa: F403
from bench.speed.rivals.drf.settings import INSTALLED_APPS as FEW_APPS

INSTALLED_APPS = [*FEW_APPS, "django_tasks", "django_tasks_db"]
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
