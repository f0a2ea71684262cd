"""Each statement of each act fails once: it is done wholly or not at all, and can be repeated."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from itertools import count
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError, connection
from rest_framework.test import APIClient

from accounts.models import User
from documents import queue, removal
from documents.models import Document, Status
from documents.worker import Worker
from tests.engines import OneCall
from tests.faults.sanity import answers_unbecoming, assert_sane

pytestmark = [
    pytest.mark.quick,
    pytest.mark.django_db(transaction=True),
    pytest.mark.row(
        "the n-th SQL statement or commit fails, for every n",
        "a wrapper around the connection raises OperationalError",
        "upload, claim, work, delete, retry, cancel, release and recovery are atomic; "
        "the API says 503; a repetition succeeds",
    ),
]


class Trouble:
    """Lets the n-th statement or commit fail; says whether it came to that."""

    def __init__(self, nth: int) -> None:
        self._left = nth
        self.struck = False

    def count(self) -> None:
        self._left -= 1
        if self._left == 0:
            self.struck = True
            raise OperationalError("the server has gone away")

    def statement(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if not sql.startswith(("ROLLBACK", "RELEASE")):
            self.count()
        return execute(sql, params, many, context)


@contextlib.contextmanager
def trouble_at(nth: int) -> Iterator[Trouble]:
    trouble = Trouble(nth)
    commit = connection._commit

    def commit_or_not() -> Any:
        trouble.count()
        return commit()

    connection._commit = commit_or_not
    try:
        with connection.execute_wrapper(trouble.statement):
            yield trouble
    finally:
        del connection._commit


def each_statement(act: Callable[[], object]) -> Iterator[tuple[int, bool]]:
    """Does the act with its 1st, 2nd, … statement failing, until none is left to fail.

    Yields the number and whether the failure was heard by whoever asked for the act.
    """
    for nth in count(1):
        heard = False
        with trouble_at(nth) as trouble:
            try:
                act()
            except OperationalError:
                heard = True
        if not trouble.struck:
            assert nth > 2
            return
        yield nth, heard


def test_an_upload_is_stored_whole_or_not_and_its_repetition_gives_one_answer(alice: User) -> None:
    client = APIClient()
    client.force_authenticate(alice)
    answers = []

    def act() -> None:
        files = [SimpleUploadedFile(f"{n}.txt", b"Words %d." % n) for n in range(2)]
        answer = client.post("/upload", {"files": files}, headers={"Idempotency-Key": "a"})
        answers.append((answer.status_code, answer.content))

    for _ in each_statement(act):
        assert answers[-1][0] in (201, 503)
        # Two after the commit, when only the answer failed: the key finds them again.
        assert Document.objects.count() in ((2,) if answers[-1][0] == 201 else (0, 2))
        assert_sane()
    assert answers[-1][0] == 201
    assert Document.objects.count() == 2
    assert not answers_unbecoming(answers)
    assert_sane()


def test_a_claim_is_made_or_not(upload: Any) -> None:
    upload()
    for _ in each_statement(lambda: queue.claim_next("me")):
        assert Document.objects.get().status == Status.PENDING
        assert_sane()
    assert Document.objects.get().status == Status.PROCESSING


def test_work_that_is_cut_off_is_taken_up_again_and_finished_once(
    upload: Any, settings: Any
) -> None:
    """The worker's own thread for leases is played here: the lease runs out, others recover."""
    engine = OneCall()
    me = Worker(slots=1, engine=engine)
    handed_in: list[Document] = []

    def act() -> None:
        handed_in[-1:] = [Document.objects.get(pk=handed_in[-1].pk)]
        me.work_once()

    for number in count(1):
        handed_in.append(upload(text=f"Words {number}."))
        bought = engine.bought
        with trouble_at(number) as trouble, contextlib.suppress(OperationalError):
            act()
        assert_sane()
        Document.objects.running().update(lease_expires_at=None)
        queue.recover_expired()
        while me.work_once():
            pass
        assert Document.objects.get(pk=handed_in[-1].pk).status == Status.COMPLETED
        assert engine.bought - bought <= 2
        assert_sane(settled=True)
        if not trouble.struck:
            break
    assert number > 15


ACTS: dict[str, tuple[Callable[[Document], object], str]] = {
    "delete": (removal.delete, "waiting"),
    "delete of a running one": (removal.delete, "running"),
    "delete of a finished one": (removal.delete, "finished"),
    "retry": (queue.requeue, "finished"),
    "cancel": (queue.cancel, "waiting"),
    "cancel of a running one": (queue.cancel, "running"),
    "release": (lambda document: queue.release(Document.objects.get(pk=document.pk)), "running"),
}


@pytest.mark.parametrize("act", ACTS)
def test_an_act_happens_or_does_not(act: Any, upload: Any) -> None:
    do, state = ACTS[act]
    document = upload()
    me = Worker(slots=1, engine=OneCall())
    if state == "running":
        queue.claim_next("me")
    elif state == "finished":
        me.work_once()
    before = list(Document.objects.values())
    for _ in each_statement(lambda: do(document)):
        assert list(Document.objects.values()) == before
        assert_sane()
    assert list(Document.objects.values()) != before
    assert_sane()


def test_a_lost_document_is_recovered_or_stays(upload: Any) -> None:
    upload()
    queue.claim_next("me")
    Document.objects.update(lease_expires_at="2020-01-01T00:00Z")
    for _ in each_statement(queue.recover_expired):
        assert Document.objects.get().status == Status.PROCESSING
    assert Document.objects.get().lease_expirations == 1
    assert_sane()
