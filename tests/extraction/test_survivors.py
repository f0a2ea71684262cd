"""What a child leaves behind ends with it, and nobody else does."""

import subprocess
import sys
import textwrap

import pytest
from django.core.management import call_command

from documents.pipeline.extraction import sandbox, survivors
from tests.processes import ROOT

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="orphans are adopted on Linux only")

# Without the confinement, which would allow none of it.
FORKS_TWICE = """
import json, os, time
out, into = os.pipe()
if not os.fork():
    os.setsid()
    if os.fork():
        os._exit(0)
    os.setsid()
    os.write(into, str(os.getpid()).encode())
    for descriptor in (0, 1):
        os.close(descriptor)
    time.sleep(60)
print(json.dumps({"survivor": int(os.read(out, 20))}))
print('{"end": true}', flush=True)
"""

WORKER = """
import os, pathlib, subprocess, sys
from documents.pipeline.extraction import sandbox, survivors
if sys.argv[2] == "adopts":
    survivors.adopt_orphans()
librarys = subprocess.Popen(["sleep", "60"])
sandbox._CHILD = pathlib.Path(sys.argv[1])
told = []
sandbox.run({}, b"", seconds=20, take=told.append)
survivor = told[0]["survivor"]
try:
    os.kill(survivor, 9)
    print("there")
except ProcessLookupError:
    print("gone")
print("there" if librarys.poll() is None else "gone")
librarys.kill()
librarys.wait()
"""


def worker(tmp_path, how):
    (tmp_path / "__main__.py").write_text(textwrap.dedent(FORKS_TWICE))
    return subprocess.run(
        [sys.executable, "-c", WORKER, tmp_path, how],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )


def test_a_process_that_forked_twice_into_its_own_session_is_ended(tmp_path):
    ended = worker(tmp_path, "adopts")
    assert ended.stdout.split() == ["gone", "there"]
    assert "left processes behind" in ended.stderr


def test_without_the_search_such_a_process_goes_on(tmp_path):
    assert worker(tmp_path, "leaves orphans alone").stdout.split() == ["there", "there"]


def test_the_worker_adopts_before_it_reads(monkeypatch):
    class Adopted(Exception):
        pass

    def adopt():
        raise Adopted

    monkeypatch.setattr(survivors, "adopt_orphans", adopt)
    with pytest.raises(Adopted):
        call_command("worker", once=True)


def test_the_search_is_no_business_of_a_process_that_adopts_nobody(tmp_path, monkeypatch):
    bystander = subprocess.Popen(["sleep", "60"], start_new_session=True)
    try:
        (tmp_path / "__main__.py").write_text("print('{\"end\": true}')")
        monkeypatch.setattr(sandbox, "_CHILD", tmp_path)
        sandbox.run({}, b"", seconds=20, take=print)
        assert bystander.poll() is None
    finally:
        bystander.kill()
        bystander.wait()
