"""Any sequence of acts at all, against a model of the line that is small enough to be believed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from accounts.models import User
from documents import events, queue, removal
from documents.models import Analysis, Document, Status
from documents.pipeline import process
from documents.uploads import intake
from tests.engines import FirstWords
from tests.faults import sanity

WORKERS = st.sampled_from(["first", "second", "third"])
LEASE = timedelta(seconds=30)


class Expected:
    """What the row of one document must say."""

    def __init__(self, place: int) -> None:
        self.place = place
        self.status = "pending"
        self.attempts = 0
        self.lease_expirations = 0
        self.analyses = 0
        self.held_by = ""


class Line(RuleBasedStateMachine):
    """Workers hold claims that may have been lost long ago; the clock goes as it likes."""

    documents: Bundle[Any] = Bundle("documents")
    claims: Bundle[Any] = Bundle("claims")

    @initialize()
    def begin(self) -> None:
        self.owner = User.objects.create_user(f"owner-{User.objects.count()}")
        self.expected: dict[Any, Expected] = {}
        self.places = 0

    def _pending(self) -> list[Any]:
        waiting = [pk for pk, it in self.expected.items() if it.status == "pending"]
        return sorted(waiting, key=lambda pk: self.expected[pk].place)

    def _new_place(self) -> int:
        self.places += 1
        return self.places

    @rule(target=documents)
    def upload(self) -> Any:
        text = f"Words {self.places}.".encode()
        document = intake.receive(self.owner, [SimpleUploadedFile("a.txt", text)]).documents[0]
        self.expected[document.pk] = Expected(self._new_place())
        return document.pk

    @rule(target=claims, worker=WORKERS)
    def claim(self, worker: str) -> Any:
        document = queue.claim_next(worker)
        waiting = self._pending()
        assert (document.pk if document else None) == (waiting[0] if waiting else None)
        if document:
            it = self.expected[document.pk]
            it.status, it.attempts, it.held_by = "processing", it.attempts + 1, worker
        return document

    @rule(claim=consumes(claims))
    def finish(self, claim: Any) -> None:
        """The holder does all its work; one that lost its claim changes nothing."""
        if claim is None:
            return
        it = self.expected.get(claim.pk)
        holds = it and (it.status, it.attempts) == ("processing", claim.attempts)
        try:
            process.read_and_analyze(claim, engine=FirstWords(), check_claim=lambda: None)
        except (events.StaleDocument, FileNotFoundError):
            assert not holds
        else:
            assert holds
            assert it
            it.status, it.lease_expirations, it.analyses = "completed", 0, it.analyses + 1

    @rule(claim=consumes(claims))
    def crash(self, claim: Any) -> None:
        """Nobody will ever write for this claim again; its lease has run out."""
        if claim is not None:
            Document.objects.running().filter(pk=claim.pk, attempts=claim.attempts).update(
                lease_expires_at=timezone.now() - LEASE
            )

    @rule(worker=WORKERS, back=st.booleans())
    def clock_jumps(self, worker: str, back: bool) -> None:
        """Seen from its lease, the clock went on by hours, or was set back by hours."""
        hours = timedelta(hours=5 if back else -5)
        Document.objects.held_by(worker).update(lease_expires_at=timezone.now() + hours)

    @rule()
    def recover(self) -> None:
        lost = set(Document.objects.lease_expired().values_list("pk", flat=True))
        assert queue.recover_expired() == len(lost)
        for pk in lost:
            it = self.expected[pk]
            it.lease_expirations += 1
            it.status = "failed" if it.lease_expirations >= 3 else "pending"

    @rule(claim=consumes(claims))
    def release(self, claim: Any) -> None:
        if claim is None:
            return
        it = self.expected.get(claim.pk)
        holds = it and (it.status, it.attempts) == ("processing", claim.attempts)
        if holds and it:
            queue.release(claim)
            it.status = "pending"
        else:
            with pytest.raises(events.StaleDocument):
                queue.release(claim)

    @precondition(lambda self: self.expected)
    @rule(pk=documents)
    def retry(self, pk: Any) -> None:
        it = self.expected.get(pk)
        try:
            queue.requeue(Document(pk=pk))
        except Document.DoesNotExist:
            assert it is None
        except queue.NotFinished:
            assert it
            assert it.status in ("pending", "processing")
        else:
            assert it
            assert it.status in ("completed", "failed")
            it.status, it.lease_expirations, it.place = "pending", 0, self._new_place()

    @rule(pk=documents)
    def cancel(self, pk: Any) -> None:
        it = self.expected.get(pk)
        try:
            queue.cancel(Document(pk=pk))
        except Document.DoesNotExist:
            assert it is None
        except queue.AlreadyFinished:
            assert it
            assert it.status in ("completed", "failed")
        else:
            assert it
            it.status = "failed"

    @rule(pk=documents)
    def delete(self, pk: Any) -> None:
        removal.delete(Document(pk=pk, owner=self.owner))
        self.expected.pop(pk, None)

    @invariant()
    def the_rows_say_what_the_model_says(self) -> None:
        if not hasattr(self, "expected"):
            return
        mine = Document.objects.filter(owner=self.owner)
        rows = {row.pk: row for row in mine}
        assert rows.keys() == self.expected.keys()
        for pk, it in self.expected.items():
            row = rows[pk]
            assert (row.status, row.attempts, row.lease_expirations) == (
                it.status,
                it.attempts,
                it.lease_expirations,
            )
            assert Analysis.objects.filter(document=row).count() == it.analyses
        assert list(mine.pending().in_queue_order().values_list("pk", flat=True)) == self._pending()

    @invariant()
    def all_is_sane(self) -> None:
        sanity.assert_sane(clocks_agree=False)

    def teardown(self) -> None:
        for document in Document.objects.filter(owner=self.owner):
            removal.delete(document)
        assert not Document.objects.filter(status=Status.PENDING).exists()


MACHINE = pytest.mark.row(
    "any sequence of upload, claim, finish, crash, expiry, clock jump, release, retry, cancel, "
    "delete",
    "a Hypothesis state machine against a model of 10 lines, questions asked after each step",
    "the rows say what the model says; whoever lost a claim changes nothing",
)


@pytest.mark.django_db
@MACHINE
@pytest.mark.parametrize(
    ("examples", "steps"), [pytest.param(12, 25, marks=pytest.mark.quick), (50, 40)]
)
def test_any_sequence(examples: Any, steps: Any) -> None:
    run_state_machine_as_test(
        Line,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            database=None,
            print_blob=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
