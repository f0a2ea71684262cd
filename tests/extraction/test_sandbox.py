"""Whatever the child does, the worker gets an answer and the child is gone."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path

import pytest

from documents.pipeline.extraction import sandbox
from tests import leftovers

from .conftest import children

EXTRACTION = Path(sandbox.__file__).parent
BIG = b"x" * 10_000_000


@pytest.fixture
def child(tmp_path, monkeypatch):
    """Put a child of these lines in the place of the real one, and run it."""
    monkeypatch.setattr(sandbox, "_CHILD", tmp_path)

    def run(lines, data=b"", seconds=20.0, take=None):
        # Renamed into place: a child that starts meanwhile must not find half of it.
        half = tmp_path / f"{threading.get_ident()}.py"
        half.write_text(textwrap.dedent(lines))
        half.rename(tmp_path / "__main__.py")
        messages = []
        sandbox.run({"engine": "none"}, data, seconds=seconds, take=take or messages.append)
        return messages

    return run


def test_messages_arrive_in_order(child):
    assert child("""
        print('{"page": 1}')
        print('{"page": 2}')
        print('{"end": true}')
    """) == [{"page": 1}, {"page": 2}]


def test_a_large_file_passes_while_the_child_talks(child):
    messages = child(
        """
        import json, sys
        for n in range(2_000):
            print(json.dumps({"n": n, "text": "y" * 500}), flush=True)
        print(json.dumps({"read": len(sys.stdin.buffer.read())}))
        print('{"end": true}')
        """,
        BIG,
    )
    assert messages[-1] == {"read": len(BIG)}
    assert len(messages) == 2_001


def test_a_child_that_never_listens_may_still_answer(child):
    assert child("""print('{"error": "invalid"}\\n{"end": true}')""", BIG) == [{"error": "invalid"}]


def test_a_child_that_hangs_is_killed(child):
    with pytest.raises(sandbox.ChildTimedOut):
        child("import time; time.sleep(60)", BIG, seconds=0.3)


def test_a_child_that_closes_its_output_and_stays_is_killed(child):
    with pytest.raises(sandbox.ChildTimedOut):
        child("import os, time; os.close(1); time.sleep(60)", seconds=0.3)


def test_the_childs_own_children_are_killed_with_it(child, tmp_path):
    marker = tmp_path / "grandchild"
    with pytest.raises(sandbox.ChildTimedOut):
        child(
            f"""
            import os, time
            if not os.fork():
                open({str(marker)!r}, "w").write(str(os.getpid()))
            time.sleep(60)
            """,
            seconds=1.0,
        )
    grandchild = int(marker.read_text())
    assert _is_gone(grandchild)


@pytest.mark.parametrize(
    "lines",
    [
        "raise SystemExit(3)",
        "raise MemoryError",
        "import os; os.abort()",
        "import os, signal; os.kill(os.getpid(), signal.SIGSEGV)",
        "print('not json')",
        "print('[' * 100_000)",
        "print('[1, 2]')",
        "print('{\"page\": 1}')",
        """print('{"end": true}'); print('{"page": 1}')""",
        """print('{"end": true}'); raise SystemExit(1)""",
    ],
)
def test_a_child_that_dies_or_talks_nonsense_has_crashed(child, lines):
    with pytest.raises(sandbox.ChildCrashed):
        child(lines)


def test_a_child_that_talks_without_end_is_stopped(child, monkeypatch):
    monkeypatch.setattr(sandbox, "OUTPUT_BYTES", 1_000_000)
    with pytest.raises(sandbox.ChildCrashed):
        child("while True: print('x' * 10_000)")


def test_what_the_caller_raises_goes_through_and_the_child_dies(child):
    class Deleted(Exception):
        pass

    def take(message):
        raise Deleted

    with pytest.raises(Deleted):
        child("""import time; print('{"page": 1}', flush=True); time.sleep(60)""", take=take)
    assert children() == []


def test_time_spent_by_the_caller_is_not_counted_against_the_child(child):
    lines = """
        for _ in range(3): print('{"page": 1}', flush=True)
        print('{"end": true}')
    """
    child(lines, seconds=1.0, take=lambda message: time.sleep(0.4))


def test_no_more_children_run_at_once_than_there_are_free_cores(child, monkeypatch):
    monkeypatch.setattr(sandbox, "_free_cores", threading.BoundedSemaphore(2))
    most = []
    lines = """import time; time.sleep(0.2); print('{"page": 1}\\n{"end": true}')"""

    def count(message):
        most.append(len(children()))

    threads = [
        threading.Thread(target=child, args=(lines,), kwargs={"take": count}) for _ in "12345"
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(most) == 5
    assert max(most) <= 2


def stopped(child, monkeypatch, *, has_core):
    """How a run ends whose work nobody wants any more."""
    monkeypatch.setattr(sandbox, "_free_cores", threading.BoundedSemaphore(1))
    stop = threading.Event()
    threading.Timer(0.3, stop.set).start()
    with contextlib.nullcontext() if has_core else sandbox.free_core():
        sandbox.run({"engine": "none"}, b"", seconds=60, take=dict, stop=stop, has_core=has_core)


@pytest.mark.parametrize("has_core", [True, False], ids=["at work", "waiting for a core"])
def test_a_child_that_nobody_wants_any_more_is_stopped(child, monkeypatch, has_core):
    child("""print('{"end": true}')""")
    (sandbox._CHILD / "__main__.py").write_text("import time; time.sleep(60)")
    with pytest.raises(sandbox.ChildStopped):
        stopped(child, monkeypatch, has_core=has_core)
    assert children() == []


def test_a_core_is_free_again_whatever_became_of_the_child(child, monkeypatch):
    monkeypatch.setattr(sandbox, "_free_cores", threading.BoundedSemaphore(1))
    for _ in range(2):
        with pytest.raises(sandbox.ChildCrashed):
            child("raise SystemExit(1)")


def test_what_a_program_says_is_taken_whole_up_to_a_size(child):
    child("""print('{"end": true}')""")
    (sandbox._CHILD / "__main__.py").write_text("print('x' * 1_000_000, end='')")
    assert sandbox.output_of({}, BIG, seconds=20, at_most=1_000_000) == b"x" * 1_000_000
    with pytest.raises(sandbox.ChildCrashed):
        sandbox.output_of({}, BIG, seconds=20, at_most=999_999)


def test_what_a_program_says_counts_for_nothing_where_it_fails(child):
    child("""print('{"end": true}')""")
    (sandbox._CHILD / "__main__.py").write_text("print('x'); raise SystemExit(1)")
    with pytest.raises(sandbox.ChildCrashed):
        sandbox.output_of({}, b"", seconds=20, at_most=1_000)


CONFINED = f"""
import json, os, sys, time
sys.path.append({str(EXTRACTION)!r})
from child import confinement
job = json.loads(sys.argv[1])
confinement.die_with(job["parent"])
group = os.getpgid(0) == os.getpid()
status = open("/proc/self/status")
confinement.Confinement(memory=job["memory"], cpu_seconds=job["cpu_seconds"]).enter()
"""


def test_the_child_is_confined(child):
    [told] = child(
        CONFINED
        + """
import resource
limits = {n: resource.getrlimit(getattr(resource, n)) for n in dir(resource) if "RLIMIT" in n}
status = dict(line.split(":", 1) for line in status)
print(json.dumps({"limits": limits, "new": status["NoNewPrivs"].strip(), "cwd": os.getcwd(),
                  "env": sorted(os.environ), "group": group,
                  "path": sys.path}))
print('{"end": true}')
"""
    )
    limits = told["limits"]
    assert limits["RLIMIT_AS"] == [1 << 30, 1 << 30]
    assert limits["RLIMIT_CPU"] == [20, 21]
    assert limits["RLIMIT_FSIZE"] == limits["RLIMIT_CORE"] == [0, 0]
    assert limits["RLIMIT_NOFILE"] == [64, 64]
    assert limits["RLIMIT_NPROC"] == [0, 0]
    assert told["new"] == "1"
    assert told["cwd"] == "/"
    assert set(told["env"]) <= {"LC_CTYPE"}  # Python sets this one itself.
    assert told["group"]
    assert str(EXTRACTION.parents[2]) not in told["path"]


def test_a_child_that_only_computes_is_ended_by_its_processor_limit(child, monkeypatch):
    monkeypatch.setattr(sandbox, "CPU_SECONDS", 1)
    with pytest.raises(sandbox.ChildTimedOut):
        child(CONFINED + "while True: pass")


def test_a_child_that_takes_all_memory_crashes_alone(child):
    with pytest.raises(sandbox.ChildCrashed):
        child(CONFINED + "x = [bytes(100_000_000) for _ in range(100)]")


def test_a_child_cannot_write_files(child, tmp_path):
    target = tmp_path / "written"
    with pytest.raises(sandbox.ChildCrashed):
        child(CONFINED + f"open({str(target)!r}, 'w').write('x' * 10_000)")
    assert not target.exists() or not target.stat().st_size


def test_a_child_whose_parent_is_another_ends_at_once():
    job = {"engine": "pdfium", "parent": 1, "memory": 1 << 30, "cpu_seconds": 20}
    ended = subprocess.run(
        [sys.executable, "-I", str(EXTRACTION / "child"), json.dumps(job)],
        input=b"",
        capture_output=True,
        timeout=20,
    )
    assert (ended.returncode, ended.stdout) == (1, b"")


def test_the_child_dies_when_its_worker_is_killed(tmp_path):
    (tmp_path / "__main__.py").write_text(
        CONFINED + "print(json.dumps({'pid': os.getpid()}), flush=True)\ntime.sleep(60)"
    )
    worker = leftovers.start(
        [
            sys.executable,
            "-c",
            "import pathlib, sys\n"
            "from documents.pipeline.extraction import sandbox\n"
            "sandbox._CHILD = pathlib.Path(sys.argv[1])\n"
            "sandbox.run({}, b'', seconds=60, take=lambda m: print(m['pid'], flush=True))",
            str(tmp_path),
        ],
        stdout=subprocess.PIPE,
        cwd=EXTRACTION.parents[2],
    )
    with worker:
        child_id = int(worker.stdout.readline())
        assert not _is_gone(child_id, within=0.0)
        worker.send_signal(signal.SIGKILL)
    assert _is_gone(child_id)
    # Whoever ran a worker in this process made it the heir of orphans (`survivors`).
    with contextlib.suppress(ChildProcessError):
        os.waitpid(child_id, 0)


def _is_gone(process_id, within=5.0):
    """Gone, or dead and waiting for init to notice."""
    deadline = time.monotonic() + within
    while True:
        try:
            state = Path(f"/proc/{process_id}/stat").read_text().rpartition(")")[2].split()[0]
        except FileNotFoundError:
            return True
        if state in "ZX":
            return True
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)


def test_the_child_knows_neither_django_nor_this_project():
    listed = subprocess.run(
        [
            sys.executable,
            "-I",
            "-c",
            f"import sys; sys.path.append({str(EXTRACTION)!r})\n"
            "import child.job, child.pdfium_pages, child.pdfminer_pages\n"
            "print(*sys.modules)",
        ],
        capture_output=True,
        text=True,
        cwd="/",
        env={k: v for k, v in os.environ.items() if k == "PATH"},
        check=True,
    )
    loaded = set(listed.stdout.split())
    assert not loaded & {"django", "documents", "atom_project"}
