"""Paths: the program's own files and the default data folder, in a checkout and in a wheel."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

_PACKAGE = Path(__file__).resolve().parent
# The build copies `manage.py`, `static` and `templates` there; a checkout has no such folder.
_BUNDLED = _PACKAGE / "bundled"

IS_CHECKOUT = not _BUNDLED.is_dir()
CODE = _PACKAGE.parent  # what stands on the path of imports
FILES = CODE if IS_CHECKOUT else _BUNDLED
MANAGE = FILES / "manage.py"


def data_folder() -> Path:
    """Where data is kept unless ATOM_DATA_DIR says otherwise: a checkout keeps its own."""
    return CODE if IS_CHECKOUT else user_data_folder()


def env_file() -> Path:
    """The file of settings: beside `manage.py`, or in the folder of the data."""
    if path := os.environ.get("ATOM_ENV_FILE"):
        return Path(path)
    return (CODE if IS_CHECKOUT else _chosen_data_folder()) / ".env"


def _chosen_data_folder() -> Path:
    chosen = os.environ.get("ATOM_DATA_DIR", "").strip()
    return Path(chosen) if chosen else user_data_folder()


def user_data_folder() -> Path:
    """ATOM's among the data of the user's programs (XDG Base Directory; on macOS its own place)."""
    # A relative path is to be ignored, says the convention.
    if (shared := Path(os.environ.get("XDG_DATA_HOME", ""))).is_absolute():
        return shared / "atom"
    places = "Library/Application Support" if sys.platform == "darwin" else ".local/share"
    try:
        return Path.home() / places / "atom"
    except RuntimeError:
        raise ImproperlyConfigured(
            "The user running ATOM has no home folder. Set ATOM_DATA_DIR to a folder that this "
            "user may write to."
        ) from None


def program() -> str:
    """What is typed here before the name of a command."""
    return "python manage.py" if IS_CHECKOUT else "atom"


def command(line: str) -> str:
    """A command line of ours as advice shows it: `python manage.py doctor` or `atom doctor`."""
    return f"`{program()} {line}`"


def for_templates(_request: object) -> dict[str, str | bool]:
    """For every template."""
    return {"program": program(), "is_checkout": IS_CHECKOUT}
