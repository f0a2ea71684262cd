"""A worker stands by without what only the web server needs."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from django.contrib import admin
from django.core import checks

from documents.management.commands.worker import Command
from documents.models import Document

ASKED = """
import sys
from django.core.management import call_command
from documents.management.commands.worker import Command
command = Command()
command.handle = lambda **options: None
call_command(command)
print(*sys.modules)
"""


@pytest.fixture(scope="module")
def modules(tmp_path_factory):
    """Those that a worker has imported when it begins to work."""
    folder = tmp_path_factory.mktemp("data")
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "atom_project.settings",
        "ATOM_DATA_DIR": str(folder),
        "ATOM_ENGINE": "offline",
    }
    asked = f"import django; django.setup()\n{ASKED}"
    said = subprocess.run(
        [sys.executable, "-c", asked], env=environment, capture_output=True, text=True, check=True
    )
    return set(said.stdout.split())


@pytest.mark.parametrize(
    "name",
    [
        "atom_project.urls",
        "documents.api.views",
        "documents.dashboard.urls",
        "accounts.admin",
        "documents.admin",
        "accounts.tokens",
        "cryptography",
        "jinja2",
        "openai",
        "PIL",
    ],
)
def test_a_worker_does_not_import(modules, name):
    assert "documents.worker" in modules
    assert name not in modules


def test_settings_are_checked_before_a_worker_starts(settings, capsys, monkeypatch):
    settings.SETTING_NOTES = ["The key is short."]
    monkeypatch.setattr(Command, "handle", lambda self, **options: None)
    command = Command()
    command.execute(**vars(command.create_parser("manage.py", "worker").parse_args([])))
    assert "The key is short." in capsys.readouterr().err


def test_the_admin_is_checked_where_it_was_not_discovered_yet():
    asked = (
        "import django; django.setup()\n"
        "from django.contrib import admin; from django.core import checks\n"
        "before = len(admin.site._registry)\n"
        "found = checks.run_checks(tags=[checks.Tags.admin])\n"
        "print(before, len(admin.site._registry) > 10, found)"
    )
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "atom_project.settings"}
    said = subprocess.run(
        [sys.executable, "-c", asked], env=environment, capture_output=True, text=True, check=True
    )
    assert said.stdout.strip() == "0 True []"


def test_a_wrong_admin_is_noticed(monkeypatch):
    checks.run_checks(tags=[checks.Tags.admin])
    monkeypatch.setattr(type(admin.site._registry[Document]), "list_display", ["nowhere"])
    found = checks.run_checks(tags=[checks.Tags.admin])
    assert any("nowhere" in each.msg for each in found)
