"""A machine on which the deployment page was followed, under a folder of a test."""

from __future__ import annotations

import grp
import os
import pwd
import re
import shutil
import subprocess
import sys
from pathlib import Path

from tests.processes import PATIENCE, ROOT, Running

PAGE = (ROOT / "docs/deployment.md").read_text()
FOLDERS = re.findall(r"^(install -d .+)$", PAGE, re.MULTILINE)
INLINE = re.findall(r"`(atom-manage [a-z]+)`", PAGE)
# Where the page puts things; here all of it is below a folder of the test.
PLACES = ("/opt/atom", "/etc/atom", "/var/lib/atom", "/var/backups/atom", "/usr/local/bin")
ROOMS = ("accounts", "atom_project", "documents", "static", "templates", "manage.py")


class Machine:
    """Its files are below `root`; the service runs as `user`, by this line of a shell."""

    def __init__(self, root: Path, *, user: str, python: str) -> None:
        self.root, self.user = root, user
        for place in PLACES:
            self.path(place).mkdir(parents=True, mode=0o755)
        for room in ROOMS:
            (self.path("/opt/atom") / room).symlink_to(ROOT / room)
        script = self.path("/opt/atom") / "deploy" / "atom-manage"
        script.parent.mkdir()
        script.write_text(self.here((ROOT / "deploy/atom-manage").read_text()))
        script.write_text(re.sub(r"^user=atom$", f"user={user}", script.read_text(), flags=re.M))
        script.chmod(0o755)
        self.path("/usr/local/bin/atom-manage").symlink_to(script)
        interpreter = self.path("/opt/atom/.venv/bin/python")
        interpreter.parent.mkdir(parents=True)
        interpreter.write_text(f"#!/bin/sh\n{python}\n")
        interpreter.chmod(0o755)
        self.settings = self.path("/etc/atom/environment")
        self.settings.write_text(settings_of_the_page())
        self._give_to(user)

    def _give_to(self, user: str) -> None:
        """By the lines of the page, with the names there are on this machine."""
        group = grp.getgrgid(pwd.getpwnam(user).pw_gid).gr_name
        for line in FOLDERS:
            own = line.replace("-o root", f"-o {myself()}")
            named = own.replace("-o atom", f"-o {user}").replace("-g atom", f"-g {group}")
            subprocess.run(["/bin/sh", "-c", self.here(named)], check=True)

    def path(self, place: str) -> Path:
        return self.root / place.lstrip("/")

    def here(self, words: str) -> str:
        for place in PLACES:
            words = re.sub(rf"(?<![\w/]){place}", str(self.path(place)), words)
        return words

    def run(self, line: str, **more: str) -> subprocess.CompletedProcess[str]:
        """A line of the page in root's shell, whose own settings are other ones."""
        return subprocess.run(
            ["/bin/sh", "-c", self.here(line)],
            env=self._shell() | more,
            cwd="/",
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE,
        )

    def start(self, line: str) -> Running:
        """The same for a line that does not end by itself."""
        return Running(["/bin/sh", "-c", f"exec {self.here(line)}"], env=self._shell(), cwd="/")

    def _shell(self) -> dict[str, str]:
        path = f"{self.path('/usr/local/bin')}{os.pathsep}{os.defpath}"
        return {"PATH": path, "DATABASE_URL": "sqlite:////nowhere/else.sqlite3"}


def myself() -> str:
    return pwd.getpwuid(os.geteuid()).pw_name


def service_user() -> str:
    """Who runs the service: somebody without rights, where root's Python is one for others too."""
    become = ("setpriv", "--reuid=daemon", "--regid=daemon", "--init-groups")
    # In a shell: setpriv itself may still reach more than the program it becomes.
    tried = [*become, "/bin/sh", "-c", f"{sys.executable} -c 'import django' && test -r manage.py"]
    may_be = not os.geteuid() and shutil.which("setpriv")
    found = may_be and subprocess.run(tried, cwd=ROOT, check=False, stderr=subprocess.DEVNULL)
    return "daemon" if found and found.returncode == 0 else myself()


def settings_of_the_page() -> str:
    [block] = re.findall(r"```ini\n(.*?)```", PAGE, re.DOTALL)
    lines = [line for line in block.splitlines() if not line.startswith(("DATABASE_", "REDIS_"))]
    secrets = {"SECRET_KEY": "a $HOME 'and' \"b\" # c" + "s" * 40, "JWT_SECRET_KEY": "j" * 50}
    given = [
        f'{name}="{secrets[name]}"' if (name := line.partition("=")[0]) in secrets else line
        for line in lines
    ]
    return "\n".join(["# Settings of ATOM", "", *given])  # Without a newline at its end.
