"""The tests on newer Pythons and Djangos than the locked ones (`make test-newer`, as root).

Each Python is that of another Debian, in a folder of its own, which stays for the next time; a
copy of this tree is tested in there. Servers that tests ask for are those of this machine.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests import debian
from tests.processes import ROOT

HOME = Path("/atom")  # where the tree is, in there
LOCKS = {"5.2": "requirements/dev.txt", "6.1": "requirements/newer.txt"}
# Mounts of its own, which go with the process.
ENTER = """
for place in proc sys dev; do mount --rbind "/$place" "$0/$place"; done
exec chroot "$0" sh -c 'cd "$0" && exec "$@"' "$@"
"""
PASSED_ON = ("ATOM_TEST_POSTGRES_URL", "ATOM_TEST_REDIS_URL", "LANG", "TERM")


@dataclass(frozen=True)
class Setup:
    python: str
    suite: str
    djangos: tuple[str, ...]


SETUPS = (
    Setup("3.13", "trixie", ("5.2", "6.1")),
    Setup("3.14", "forky", ("5.2", "6.1")),
)


class Machine:
    """A Debian with this Python and what the tests need."""

    def __init__(self, setup: Setup, folder: Path) -> None:
        self._setup = setup
        self._root = folder / setup.python

    def prepare(self) -> None:
        """Raises `debian.Unavailable`."""
        debian.require("mmdebstrap", "unshare")
        done = self._root / "made"
        if not done.exists():
            shutil.rmtree(self._root, ignore_errors=True)
            self._root.parent.mkdir(parents=True, exist_ok=True)
            python = f"python{self._setup.python}"
            packages = ("ca-certificates", "git", "procps", python, f"{python}-venv")
            debian.make_root(self._setup.suite, packages, self._root)
            for name in ("hosts", "resolv.conf"):
                shutil.copy(f"/etc/{name}", self._root / "etc" / name)
            shutil.copy(debian.AUTHORITIES, self._root / "authorities")
            (self._root / HOME.name).mkdir()
            self._must(python, "-m", "venv", "/venv")
            done.touch()
        (self._root / "etc" / "pip.conf").write_text(debian.pip_settings("/authorities"))
        self._copy_tree()

    def install(self, django: str) -> None:
        pip = ("/venv/bin/pip", "install", "--quiet", "--disable-pip-version-check")
        self._must(*pip, "--require-hashes", "-r", HOME / LOCKS["5.2"])
        if django != "5.2":
            self._must(*pip, "--require-hashes", "--no-deps", "-r", HOME / LOCKS[django])

    def test(self, arguments: list[str]) -> int:
        return self._run("/venv/bin/python", "-m", "pytest", *arguments).returncode

    def versions(self) -> str:
        script = "import django, sys; print(sys.version.split()[0], django.__version__)"
        return self._run("/venv/bin/python", "-c", script, capture_output=True).stdout.strip()

    def _must(self, *command: object) -> None:
        ended = self._run(*command, capture_output=True)
        if ended.returncode:
            raise debian.Unavailable(f"{command[0]} failed:\n{ended.stdout}{ended.stderr}")

    def _run(
        self, *command: object, capture_output: bool = False
    ) -> subprocess.CompletedProcess[str]:
        kept = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
        inside = [str(word) for word in (self._root, HOME, *command)]
        return subprocess.run(
            ["unshare", "--mount", "--propagation", "private", "sh", "-ec", ENTER, *inside],
            env={"PATH": "/venv/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/root", **kept},
            capture_output=capture_output,
            text=True,
            check=False,
        )

    def _copy_tree(self) -> None:
        copy = self._root / HOME.name
        shutil.rmtree(copy, ignore_errors=True)
        for name in _tracked():
            target = copy / name
            target.parent.mkdir(parents=True, exist_ok=True)
            if (ROOT / name).is_file():  # Not one that was deleted and is still known.
                shutil.copy2(ROOT / name, target)


def _tracked() -> Iterator[str]:
    command = ("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    yield from filter(None, told.stdout.split("\0"))


def main() -> int:
    parser = argparse.ArgumentParser(
        description=(__doc__ or "").partition("\n")[0], allow_abbrev=False
    )
    parser.add_argument("folder", type=Path, help="where the Debians are kept")
    parser.add_argument("--only", help="one of the pairs, such as 3.13/6.1")
    given, arguments = parser.parse_known_args()
    results = {}
    for setup in SETUPS:
        machine = Machine(setup, given.folder.absolute())
        wanted = [one for one in setup.djangos if given.only in {None, f"{setup.python}/{one}"}]
        try:
            if wanted:
                machine.prepare()
            for django in wanted:
                machine.install(django)
                print(f"Python and Django {machine.versions()}", flush=True)
                code = machine.test(arguments)
                results[f"{setup.python}/{django}"] = f"exit code {code}" if code else "passed"
        except debian.Unavailable as reason:
            results[setup.python] = f"not tested: {reason}"
    for name, result in results.items():
        print(f"{name}: {result}")
    return 0 if results and set(results.values()) == {"passed"} else 1


if __name__ == "__main__":
    sys.exit(main())
