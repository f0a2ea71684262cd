"""Secrets of the web server and the worker are for them alone, not for all that its user runs."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from atom_project import hardening
from tests.processes import ROOT

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="prctl exists on Linux only")

NOBODY = 65534
IS_DUMPABLE = "import ctypes; print(ctypes.CDLL(None).prctl(3))"  # PR_GET_DUMPABLE


@pytest.mark.parametrize(
    "start",
    [
        "import atom_project.asgi",
        "import atom_project.wsgi",
        "import sys, manage; sys.argv = ['manage.py', 'help', '--commands']; manage.main()",
    ],
    ids=["ASGI", "WSGI", "commands"],
)
def test_no_process_of_this_user_may_look_into(start, tmp_path):
    ended = subprocess.run(
        [sys.executable, "-c", f"{start}\n{IS_DUMPABLE}"],
        cwd=ROOT,
        env=os.environ | {"ATOM_DATA_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert ended.stdout.split()[-1] == "0"


PROGRAM = """
import faulthandler, os, subprocess, sys
import hardening
if sys.argv[1] == "hides":
    hardening.hide_memory()
faulthandler.enable()
look = f"open('/proc/{os.getpid()}/environ').read(); print('seen')"
print(subprocess.run([sys.executable, "-c", look], capture_output=True, text=True).stdout)
print(len(os.listdir("/proc/self/fd")) > 2)
faulthandler.dump_traceback()
"""


@pytest.mark.skipif(os.getuid() != 0, reason="only root can become somebody else")
@pytest.mark.parametrize(("how", "said"), [("hides", ["True"]), ("shows", ["seen", "True"])])
def test_another_process_of_the_same_user_is_refused_the_environment(how, said):
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(Path(hardening.__file__), folder)
        Path(folder).chmod(0o755)
        ended = subprocess.run(
            ["/usr/bin/python3", "-c", PROGRAM, how],
            cwd=folder,
            capture_output=True,
            text=True,
            user=NOBODY,
            group=NOBODY,
            extra_groups=[],
        )
    assert ended.stdout.split() == said
    assert "most recent call first" in ended.stderr  # The handler of faults works on.
