"""A test run that is killed leaves no server and, after the next one, no folder."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests import leftovers
from tests.processes import ROOT, gone

PROGRAM = """
import sys, time
from tests import leftovers
child = leftovers.start([sys.executable, "-c", "import time; time.sleep(60)"])
print(child.pid, leftovers.folder("killed"), flush=True)
time.sleep(60)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's part of it is Linux's")
def test_what_a_killed_run_started_and_made_goes_with_it() -> None:
    killed = subprocess.Popen(
        [sys.executable, "-c", PROGRAM], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert killed.stdout
    pid, folder = killed.stdout.readline().split()
    killed.send_signal(signal.SIGKILL)
    killed.communicate()
    assert gone(int(pid))
    assert Path(folder).exists()
    leftovers.sweep()
    assert not Path(folder).exists()


def test_what_others_use_is_left_to_them() -> None:
    mine = leftovers.folder("mine")
    leftovers.sweep()
    assert mine.exists()
