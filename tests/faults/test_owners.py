"""Files that belong to another user than the one the service runs as."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from tests import services
from tests.faults import rig
from tests.faults.rig import until

# A user like any other, whatever its id: what belongs to others is shut.
WITHOUT_RIGHTS = ("setpriv", "--inh-caps=-all", "--bounding-set=-all")
NOBODY = 65534


def everything(media: Path) -> Iterable[Path]:
    return [media, *media.rglob("*")]


def documents(media: Path) -> Iterable[Path]:
    return (media / "uploads").iterdir()


def give(paths: Iterable[Path], owner: int) -> None:
    for path in list(paths):
        os.chown(path, owner, -1)


@pytest.fixture
def without_rights(house: rig.House) -> rig.House:
    """A service that root's rights do not help."""
    rig.root_or_skip()
    tried = shutil.which("setpriv") and subprocess.run([*WITHOUT_RIGHTS, "true"], check=False)
    if not tried or tried.returncode:
        services.missing("rights cannot be given up here")
    house.installation.under = WITHOUT_RIGHTS
    return house


@pytest.mark.row(
    "the media folder, or the files in it, belong to another user",
    "chown to nobody while stopped, as after a restoration by root; started without root's rights",
    "refused with a sentence before any document is claimed; given back, all is read and served",
)
@pytest.mark.parametrize("of", [everything, documents], ids=lambda it: it.__name__)
def test_files_of_another_owner(of: Callable[..., Any], without_rights: rig.House) -> None:
    house = without_rights
    media = house.installation.folder / "media"
    for number in range(3):
        house.upload(b"Words %d." % number)
    assert house.running.interrupt() == 0
    give(of(media), NOBODY)
    for command in (["up"], ["worker", "--drain"]):
        refused = house.installation.manage(*command)
        assert (refused.returncode, "belongs to another user" in refused.stderr) == (1, True)
        assert "Traceback" not in refused.stderr
    told = house.installation.manage("doctor")
    assert (told.returncode, "belongs to another user" in told.stdout) == (1, True)
    give(of(media), os.getuid())
    running = house.installation.up()
    running.wait_for("Press Ctrl-C")
    try:
        until(lambda: all(house.status(pk) == "completed" for pk in house.acknowledged))
        assert running.interrupt() == 0
    finally:
        running.end()
    house.assert_sane("--settled")
