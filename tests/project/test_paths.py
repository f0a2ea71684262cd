"""Where data goes when nobody says: beside a checkout, or with the data of the user's programs."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from atom_project import paths
from tests.processes import ROOT


@pytest.fixture
def as_package(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """As if it were installed, by somebody with this home folder."""
    monkeypatch.setattr(paths, "IS_CHECKOUT", False)
    monkeypatch.setattr(paths.sys, "platform", "linux")
    for name in ("ATOM_ENV_FILE", "ATOM_DATA_DIR", "XDG_DATA_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path


def test_a_checkout_keeps_its_data_and_its_settings_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ATOM_ENV_FILE")
    monkeypatch.setenv("ATOM_DATA_DIR", "/somewhere/else")
    assert (paths.CODE, paths.FILES, paths.data_folder()) == (ROOT, ROOT, ROOT)
    assert paths.env_file() == ROOT / ".env"
    assert paths.MANAGE.is_file()
    assert paths.command("doctor") == "`python manage.py doctor`"


def test_a_package_keeps_them_with_the_data_of_the_users_programs(as_package: Path) -> None:
    assert paths.data_folder() == as_package / ".local/share/atom"
    assert paths.env_file() == as_package / ".local/share/atom/.env"
    assert paths.command("doctor") == "`atom doctor`"


def test_macos_has_a_place_of_its_own(as_package: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paths.sys, "platform", "darwin")
    assert paths.data_folder() == as_package / "Library/Application Support/atom"


@pytest.mark.parametrize(("given", "used"), [("/data", "/data/atom"), ("data", None), ("", None)])
def test_xdg_data_home_counts_where_it_is_absolute(
    as_package: Path, monkeypatch: pytest.MonkeyPatch, given: str, used: str | None
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", given)
    assert paths.data_folder() == Path(used or as_package / ".local/share/atom")


def test_the_folder_that_is_chosen_has_the_settings(
    as_package: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ATOM_DATA_DIR", "/srv/atom")
    assert paths.env_file() == Path("/srv/atom/.env")
    monkeypatch.setenv("ATOM_ENV_FILE", "/etc/atom/environment")
    assert paths.env_file() == Path("/etc/atom/environment")


def test_nobody_without_a_home_is_told_what_to_set(
    as_package: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def homeless() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(paths.Path, "home", homeless)
    with pytest.raises(ImproperlyConfigured, match="ATOM_DATA_DIR"):
        paths.data_folder()
