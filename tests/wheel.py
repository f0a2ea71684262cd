"""ATOM as a wheel in an environment of its own, with what it declares and no more; offline."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.processes import PATIENCE, ROOT, Installation, free_port

# django-eventstream asks for them; nothing that ATOM runs imports them (docs/decisions.md).
NEVER_IMPORTED = {"django-grip", "werkzeug", "markupsafe"}


def built(folder: Path) -> Path:
    """The wheel of this tree, which stays as it is."""
    _run(sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", folder)
    [wheel] = folder.glob("atom-*.whl")
    return wheel


def environment_with(wheel: Path, folder: Path) -> Path:
    """A virtual environment with the wheel and what it depends on; its folder of programs."""
    _run(sys.executable, "-m", "venv", "--without-pip", folder)
    python = folder / "bin" / "python"
    pip = (sys.executable, "-m", "uv", "pip", "install", "--quiet", "--offline", "--no-cache")
    _run(*pip, "--no-deps", "--python", python, wheel)
    [packages] = folder.glob("lib/python*/site-packages")
    [info] = packages.glob("atom-*.dist-info")
    for needed in _needed_by(metadata.Distribution.at(info)):
        _copy(needed, packages)
    return folder / "bin"


class Installed(Installation):
    """What somebody has who installed the wheel and set nothing: a home folder and `atom`."""

    def __init__(self, programs: Path, home: Path, **environment: str) -> None:
        super().__init__(home)
        home.mkdir(parents=True, exist_ok=True)
        self.command = (str(programs / "atom"),)
        self.environment = {
            "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
            "HOME": str(home),
            "ATOM_PORT": str(free_port()),
            **environment,
        }


def _needed_by(package: metadata.Distribution) -> Iterator[metadata.Distribution]:
    """Each distribution once that the package needs to run, and those need, as pip finds them."""
    found: dict[tuple[str, str], metadata.Distribution] = {}
    waiting = [(package, "")]
    while waiting:
        asking, extra = waiting.pop()
        for line in asking.requires or ():
            wanted = Requirement(line)
            name = canonicalize_name(wanted.name)
            if name in NEVER_IMPORTED or not _applies(wanted, extra):
                continue
            for more in {"", *wanted.extras}:
                if (name, more) not in found:
                    found[name, more] = metadata.distribution(name)
                    waiting.append((found[name, more], more))
    yield from {name: distribution for (name, _), distribution in found.items()}.values()


def _applies(wanted: Requirement, extra: str) -> bool:
    return wanted.marker is None or wanted.marker.evaluate({"extra": extra})


def _copy(distribution: metadata.Distribution, packages: Path) -> None:
    """Its files, but not its commands, which name another Python."""
    for file in distribution.files or ():
        source, target = Path(str(file.locate())), packages / file
        if ".." in file.parts or source.suffix == ".pyc" or not source.is_file():
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            os.link(source, target)
        except OSError:  # On another disk.
            shutil.copy2(source, target)


def _run(*command: object) -> None:
    ended = subprocess.run(
        [str(word) for word in command],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=5 * PATIENCE,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
