"""kill -9 at every step of web and worker, of the supervisor, of a child, and polite stops."""

from __future__ import annotations

import os
import signal
import time
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from documents import events, queue, removal
from documents.models import ModelCall, Status, StatusEvent
from tests.faults import rig, sanity
from tests.faults.rig import TEXT, until
from tests.live.ear import Ear
from tests.processes import children_of, gone
from tests.programs import ended
from tests.programs.worker import STEPS

pytestmark = pytest.mark.django_db(transaction=True)


def _of_thread(calls: str, nth: int) -> str:
    return f"{calls}:signal=SIGKILL:when={nth}"


def kill_at_each(
    calls: str, web: Any, patron: Any, temp: Any, *, files: int = 2, step: int = 1
) -> int:
    """Upload while the n-th such system call of the request's thread kills the web process."""
    for nth in count(1, step):
        contents = [TEXT + b" %d of %d" % (number, nth) for number in range(files)]
        server = web(inject=_of_thread(calls, nth))
        status = patron.upload(server.port, *contents)
        server.stop()
        for path in temp.iterdir():
            path.unlink()  # What a killed process cannot do; `tmp` is emptied by the system.
        patron.assert_sane(temp=temp)
        if status == 201:
            return nth
        assert status is None, "the process was to be killed in the middle"
    raise AssertionError


@pytest.mark.quick
@pytest.mark.row(
    "kill -9 of the web process at every fsync of an upload",
    "strace injects SIGKILL at the n-th fsync or fdatasync, for every n: files, folders, commits",
    "the client's connection breaks; nothing was acknowledged; no row without file or the reverse",
)
def test_web_killed_at_each_fsync(web: Any, patron: Any, temp: Any) -> None:
    # Counted for each thread: files and folders are synced by several at once.
    assert kill_at_each("fsync,fdatasync", web, patron, temp, files=1) > 2


@pytest.mark.row(
    "kill -9 of the web process at every write of an upload",
    "the same at the n-th mkdir, rename, unlink, ftruncate; at every third write and pwrite64",
    "as above",
)
@pytest.mark.parametrize("calls", ["mkdir,rename,unlink,ftruncate", "write,pwrite64"])
def test_web_killed_at_each_write(calls: Any, web: Any, patron: Any, temp: Any) -> None:
    step = 3 if "write" in calls else 1
    assert kill_at_each(calls, web, patron, temp, step=step) > 1


@pytest.mark.row(
    "kill -9 of a worker at every step",
    "the worker kills itself: claimed, extracting, extracted, calling, answered, storing, stored",
    "resumed after the lease, finished once, history with one loss at most",
)
@pytest.mark.parametrize("step", STEPS)
def test_worker_killed_at_each_step(step: Any, worker: Any, upload: Any) -> None:
    document = upload()
    assert ended(worker("--die", step))[0] == -signal.SIGKILL
    worker("--lease", 0.5)
    until(rig.all_finished)
    document.refresh_from_db()
    assert (document.status, document.analyses.count()) == (Status.COMPLETED, 1)
    assert document.attempts == (1 if step == "after storing" else 2)
    sanity.assert_sane(settled=True)


@pytest.mark.row(
    "kill -9 of a worker at every fsync of its work",
    "strace injects SIGKILL at the n-th fdatasync of any of its threads",
    "as above; a document that meets three such deaths fails with `worker_lost`",
)
def test_worker_killed_at_each_commit(worker: Any, upload: Any) -> None:
    for nth in count(1):
        document = upload(text=f"Words {nth}.")
        code, _ = ended(worker("--drain", inject=_of_thread("fdatasync", nth)))
        sanity.assert_sane()
        if code == 0:
            break
        healer = worker("--lease", 0.5)
        until(rig.all_finished)
        rig.end(healer)
    document.refresh_from_db()
    assert document.status == Status.COMPLETED
    assert nth > 4
    sanity.assert_sane(settled=True)


@pytest.mark.row(
    "document deleted in mid-call",
    "deleted or canceled while the model thinks, then kill -9 of the worker",
    "the next worker's housekeeping tells the call as unknown: it may have been billed",
)
@pytest.mark.parametrize("what", [removal.delete, queue.cancel], ids=lambda it: it.__name__)
def test_a_call_of_nobody(what: Any, worker: Any, upload: Any, tmp_path: Path) -> None:
    document = upload()
    busy = worker("--wait", tmp_path)
    until((tmp_path / "calling").exists)
    what(document)
    rig.end(busy)
    call = ModelCall.objects.get()
    assert call.state == ModelCall.State.INTENDED
    until(lambda: timezone.now() - call.sent_at > timedelta(seconds=1.6))
    worker("--lease", 0.5, ATOM_MODEL_DEADLINE="1")
    until(lambda: ModelCall.objects.get().state == ModelCall.State.UNKNOWN)
    sanity.assert_sane(settled=True)


@pytest.mark.row(
    "kill -9 of the web process, of the worker, of the supervisor",
    "a signal from outside to one process of `manage.py up`",
    "a killed child is started again by itself; with the supervisor all children end",
)
@pytest.mark.parametrize("who", ["web", "worker"])
def test_a_killed_child_is_replaced(who: Any, house: Any) -> None:
    pid = children_of(house.running.process.pid)[who]
    first = house.upload(b"Before the kill.")
    os.kill(pid, signal.SIGKILL)
    second = house.upload(b"After the kill.")
    until(lambda: children_of(house.running.process.pid).get(who, pid) != pid)
    until(lambda: {house.status(first), house.status(second)} == {"completed"}, within=90)
    assert house.running.interrupt() == 0
    house.assert_sane("--settled")


@pytest.mark.row(
    "kill -9 of the web process, of the worker, of the supervisor",
    "a signal from outside to one process of `manage.py up`",
    "a killed child is started again by itself; with the supervisor all children end",
)
def test_with_the_supervisor_all_children_end(house: Any) -> None:
    children = children_of(house.running.process.pid)
    house.upload(b"Before the kill.")
    house.running.process.kill()
    assert all(gone(pid) for pid in children.values())
    house.assert_sane()


@pytest.mark.row(
    "SIGTERM in the middle of a document, once and twice",
    "a signal while the stand-in model thinks",
    "given back without a loss within the grace, at once at the second; finished by the next",
)
@pytest.mark.parametrize("times", [1, 2])
def test_a_polite_stop_gives_back(times: Any, worker: Any, upload: Any, tmp_path: Path) -> None:
    document = upload()
    stopped = worker("--wait", tmp_path, "--grace", 0.5 if times == 1 else 60)
    until((tmp_path / "calling").exists)
    for _ in range(times):
        stopped.send_signal(signal.SIGTERM)
        time.sleep(0.3)  # Or the two would be one.
    assert ended(stopped)[0] == 0
    document.refresh_from_db()
    assert (document.status, document.lease_expirations) == (Status.PENDING, 0)
    sanity.assert_sane()
    assert ended(worker("--drain"))[0] == 0
    assert StatusEvent.objects.of(document).last().status == Status.COMPLETED
    sanity.assert_sane(settled=True)


@pytest.mark.row(
    "SIGTERM to a web process with 50 open streams",
    "a signal from outside",
    "ends within 5 s (7 on a busy machine); streams go on elsewhere after their last id",
)
def test_a_web_process_with_streams_stops(web: Any, patron: Any, upload: Any) -> None:
    server = web(ATOM_MAX_STREAMS_PER_USER="60")
    ears = [Ear(server.port, patron.token) for _ in range(50)]
    document = upload()
    for ear in ears:
        ear.until(lambda heard: heard.said.get("document_id") == str(document.pk))
    began = time.monotonic()
    server.process.send_signal(signal.SIGTERM)
    for ear in ears:
        ear.rest()
        assert ear.last == events.latest_id()
        ear.close()
    server.process.wait(10)
    assert time.monotonic() - began < 5 + 2  # Two seconds for a busy machine.
    again = web()
    queue.cancel(document)
    with Ear(again.port, patron.token, Last_Event_ID=str(ears[0].last)) as ear:
        assert ear.next("status").said["status"] == Status.FAILED
    patron.assert_sane(settled=True)


@pytest.mark.row(
    "a worker that holds the interpreter lock",
    "a regular expression without an end with a watchdog of 0.5 s",
    "it dies by itself, naming files and lines; the document is taken back and finished once",
)
def test_a_worker_that_holds_the_interpreter_lock(worker: Any, upload: Any) -> None:
    document = upload()
    assert ended(worker("--hang", 0.5))[0] == -signal.SIGPROF
    said = rig.log("worker").read_text()
    assert "in answer_arrives" in said
    assert document.filename not in said
    worker("--lease", 0.5)
    until(rig.all_finished)
    document.refresh_from_db()
    assert (document.status, document.attempts) == (Status.COMPLETED, 2)
    sanity.assert_sane(settled=True)
