"""The admin, discovered where it is served and where it is checked.

With it come the views, tokens and their cryptography: a worker, which needs none of them, would
stand by with 20 MB more.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.contrib import admin
from django.contrib.admin.apps import SimpleAdminConfig
from django.contrib.admin.checks import check_admin_app, check_dependencies
from django.core import checks


class AdminConfig(SimpleAdminConfig):
    def ready(self) -> None:
        checks.register(check_dependencies, checks.Tags.admin)
        checks.register(check_discovered, checks.Tags.admin)


def check_discovered(
    app_configs: Sequence[AppConfig] | None, **options: Any
) -> list[checks.CheckMessage]:
    """Django's check of what is registered, once it is."""
    admin.autodiscover()
    return check_admin_app(app_configs, **options)
