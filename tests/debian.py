"""Another Debian in a folder, by mmdebstrap, from where this machine's own packages come."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

PATIENCE = 900  # seconds; a mirror may be slow
KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"
AUTHORITIES = os.environ.get("SSL_CERT_FILE") or "/etc/ssl/certs/ca-certificates.crt"


class Unavailable(Exception):
    """It cannot be had on this machine; the message says why."""


def require(*programs: str) -> None:
    """Raises `Unavailable`."""
    if os.geteuid() != 0:
        raise Unavailable("only root can make the root of another system")
    for program in programs:
        if not shutil.which(program):
            raise Unavailable(f"{program} is not installed (Debian: apt install {program})")


def make_root(suite: str, packages: Sequence[str], target: Path) -> None:
    """A folder or a .tar, as `target` is named. Raises `Unavailable`."""
    run(
        *("mmdebstrap", "--quiet", "--variant=minbase", f"--keyring={KEYRING}"),
        f"--include={','.join(packages)}",
        # A mirror may be weeks behind. Signatures are checked all the same.
        "--aptopt=Acquire::Check-Valid-Until false",
        *("--aptopt=Acquire::Languages none", "--dpkgopt=path-exclude=/usr/share/doc/*"),
        *(suite, target, f"deb {_archive()} {suite} main"),
    )


def pip_settings(authorities: str) -> str:
    """A pip.conf by which pip in there finds packages as it does here."""
    # An environment made by uv has no pip, and uv keeps settings of its own.
    has_pip = importlib.util.find_spec("pip") is not None
    told = run(sys.executable, "-m", "pip", "config", "list") if has_pip else ""
    given = re.findall(
        r"^global\.(index-url|extra-index-url|proxy)='(http.*)'$", told, re.MULTILINE
    )
    lines = ["[global]", f"cert = {authorities}", *(f"{name} = {value}" for name, value in given)]
    return "\n".join([*lines, ""])


def run(*command: object) -> str:
    """What it said; raises `Unavailable` where it failed."""
    ended = subprocess.run(
        [str(word) for word in command],
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )
    if ended.returncode:
        said = f"{ended.stdout[-4000:]}{ended.stderr[-4000:]}"
        raise Unavailable(f"{' '.join(map(str, command[:3]))} failed:\n{said}")
    return ended.stdout


def _archive() -> str:
    """The address this machine has its Debian packages from, security updates aside."""
    columns = "$(REPO_URI) $(ORIGIN) $(LABEL)"
    told = run("apt-get", "indextargets", "--format", columns, "Created-By: Packages")
    found = [line.split()[0] for line in told.splitlines() if line.endswith(" Debian Debian")]
    if not found:
        raise Unavailable("apt knows no archive of Debian (apt-get update?)")
    return found[0]
