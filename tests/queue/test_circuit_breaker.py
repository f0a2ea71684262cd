"""When the model server takes no more money, or the budget of the day is used up."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from documents import circuit_breaker, queue, removal
from documents.failures import failure
from documents.models import Document, ModelCall, OpenCircuit, Status, StatusEvent, WorkerHeartbeat
from documents.pipeline.analysis import AnalysisFailed, ModelServer, build_engine
from documents.pipeline.ledger import account_of
from tests.conftest import statuses
from tests.engines import FirstWords, OneCall
from tests.model_server import StandIn
from tests.queue.test_model_servers import engine
from tests.queue.test_recovery import expire

TEXTS = ["The quay wall is safe.", "The crane is late.", "The budget is fixed.", "Ferries sail."]


class Refused(OneCall):
    """An account that is refused with this code, until it is `paid`."""

    def __init__(self, code="key_rejected"):
        super().__init__()
        self.code = code
        self.asked = 0
        self.paid = False

    def analyze(self, pages, **how):
        if self.paid:
            return super().analyze(pages, **how)
        self.asked += 1
        call = how["ledger"].intend(request_hash="refused", chunk=1, model=self.model)
        how["ledger"].failed(call, code=self.code)
        raise AnalysisFailed(failure(self.code))


@pytest.fixture
def line(upload):
    return [upload(f"{number}.txt", text) for number, text in enumerate(TEXTS)]


def a_minute_passes():
    OpenCircuit.objects.update(probe_at=timezone.now() - timedelta(seconds=1))


def standing(documents):
    return list(
        Document.objects.filter(pk__in=[document.pk for document in documents])
        .in_queue_order()
        .values_list("status", flat=True)
    )


PAUSING = pytest.mark.parametrize(
    "code", ["key_rejected", "quota_exhausted", "model_not_found", "model_too_slow"]
)


@PAUSING
def test_the_first_document_fails_and_the_rest_stay_in_line(code, line, worker):
    refused = Refused(code)
    busy = worker(refused)
    assert busy.work_once()
    assert not busy.work_once()
    assert refused.asked == 1
    assert standing(line) == ["failed", "pending", "pending", "pending"]
    line[0].refresh_from_db()
    assert (line[0].failure["code"], line[0].failure["retryable"]) == (code, True)
    assert OpenCircuit.objects.get().reason == code


def test_one_document_a_minute_tries_again_and_keeps_its_place(line, worker):
    refused = Refused()
    busy, other = worker(refused), worker(refused)
    busy.work_once()
    for minute in range(1, 6):
        a_minute_passes()
        assert busy.work_once()
        assert not busy.work_once()
        assert not other.work_once()
        assert refused.asked == 1 + minute
    assert standing(line) == ["failed", "pending", "pending", "pending"]
    tried = Document.objects.get(pk=line[1].pk)
    assert (tried.lease_expirations, tried.queue_number) == (0, line[1].queue_number)
    assert OpenCircuit.objects.get().probes == 5
    assert queue.positions([tried])[tried.pk] == 1


def test_the_line_goes_on_by_itself_once_the_account_pays(line, worker):
    refused = Refused()
    busy = worker(refused)
    busy.work_once()
    a_minute_passes()
    busy.work_once()
    refused.paid = True
    assert not busy.work_once()
    a_minute_passes()
    while busy.work_once():
        pass
    assert standing(line) == ["failed", "completed", "completed", "completed"]
    assert not OpenCircuit.objects.exists()


def test_documents_that_run_when_the_line_is_paused_go_back_to_their_places(line, worker):
    class Meanwhile(Refused):
        """The second document meets the refusal while the first one is asked about."""

        def analyze(self, pages, **how):
            self.asked += 1
            if self.asked == 1:
                worker(self).work_once()
            raise AnalysisFailed(failure(self.code))

    worker(Meanwhile()).work_once()
    # The second one was told first, so it is the one that fails.
    assert standing(line) == ["pending", "failed", "pending", "pending"]
    assert StatusEvent.objects.of(line[0]).last().reason == "line_paused"


def test_days_of_fruitless_tries_leave_one_in_the_history(line, worker):
    busy = worker(Refused())
    busy.work_once()
    for _ in range(4):
        a_minute_passes()
        busy.work_once()
    assert statuses(line[1]) == [
        *[Status.PENDING, Status.PROCESSING, Status.ANALYZING, Status.PENDING]
    ]
    assert StatusEvent.objects.of(line[1]).last().attempt == 4


def test_what_the_owner_did_between_tries_stays_in_the_history(line, worker):
    busy = worker(Refused())
    busy.work_once()
    a_minute_passes()
    busy.work_once()
    queue.cancel(line[1])
    queue.requeue(line[1])
    for document in line[2:]:
        removal.delete(document)
    for _ in range(2):
        a_minute_passes()
        busy.work_once()
    reasons = StatusEvent.objects.of(line[1]).oldest_first().values_list("reason", flat=True)
    assert list(reasons) == ["", "cancelled", "retry", "", "", "line_paused"]


def test_a_try_that_asks_nothing_hands_its_turn_to_the_next(line, worker, upload):
    refused = Refused()
    busy = worker(refused)
    busy.work_once()
    for document in line[1:]:
        removal.delete(document)
    upload(text=" "), upload(text="\n"), upload(text="Words.")
    a_minute_passes()
    assert [busy.work_once() for _ in range(4)] == [True, True, True, False]
    assert refused.asked == 2


def test_a_try_whose_worker_dies_is_followed_by_another(line, worker):
    busy = worker(Refused())
    busy.work_once()
    a_minute_passes()
    tried = queue.claim_next("dies", account_of(Refused()))
    expire(tried)
    queue.recover_expired()
    assert not busy.work_once()
    a_minute_passes()
    assert busy.work_once()
    tried.refresh_from_db()
    assert (tried.status, tried.lease_expirations) == (Status.PENDING, 1)


def test_an_answer_to_an_older_call_does_not_lift_the_pause(line, worker):
    class Late(OneCall):
        def answer_arrives(self):
            assert circuit_breaker.trip(account_of(self), "quota_exhausted")

    worker(Late()).work_once()
    assert standing(line)[0] == "completed"
    assert OpenCircuit.objects.get().reason == "quota_exhausted"


def test_other_failures_do_not_pause_the_line(line, worker):
    busy = worker(Refused("model_unavailable"))
    while busy.work_once():
        pass
    assert standing(line) == ["failed"] * 4
    assert not OpenCircuit.objects.exists()


def test_the_built_in_engine_is_never_paused(line, worker):
    worker(Refused()).work_once()
    built_in = worker(FirstWords())
    while built_in.work_once():
        pass
    assert standing(line) == ["failed", "completed", "completed", "completed"]
    assert queue.claim_next("w") is None


@pytest.mark.parametrize("changed", ["key", "server", "model"])
def test_another_key_server_or_model_tries_at_once(changed, line, worker):
    with StandIn("401") as refusing, StandIn() as other:
        busy = worker(engine(refusing))
        busy.work_once()
        assert not busy.work_once()
        refusing.mode = "ok"
        put_right = {
            "key": ModelServer(refusing.base_url, "another-key"),
            "server": ModelServer(other.base_url, "a-key"),
            "model": ModelServer(refusing.base_url, "a-key", "gpt-4.1-mini"),
        }[changed]
        assert worker(build_engine("openai", put_right)).work_once()
    assert standing(line)[:2] == ["failed", "completed"]


def test_the_fingerprint_of_an_account_betrays_no_key():
    with StandIn() as model:
        account = account_of(engine(model))
    assert len(account) == 64
    assert "a-key" not in account
    assert account_of(FirstWords()) == ""


def test_a_document_cancelled_meanwhile_stays_cancelled(line, worker):
    class Cancelled(Refused):
        def analyze(self, pages, **how):
            queue.cancel(line[0])
            raise AnalysisFailed(failure(self.code))

    worker(Cancelled()).work_once()
    assert standing(line) == ["failed", "pending", "pending", "pending"]
    line[0].refresh_from_db()
    assert line[0].failure["code"] == "cancelled"


def test_the_operator_can_let_it_try_at_once(line, worker, capsys):
    refused = Refused()
    busy = worker(refused)
    busy.work_once()
    assert not busy.work_once()
    refused.paid = True
    call_command("resume")
    assert "tries again now" in capsys.readouterr().out
    while busy.work_once():
        pass
    assert standing(line) == ["failed", "completed", "completed", "completed"]


def test_trying_at_once_in_vain_fails_no_other_document(line, worker):
    busy = worker(Refused())
    busy.work_once()
    call_command("resume", verbosity=0)
    assert busy.work_once()
    assert not busy.work_once()
    assert standing(line) == ["failed", "pending", "pending", "pending"]


def test_there_is_nothing_to_resume_where_nothing_is_paused(db, capsys):
    call_command("resume")
    assert "not paused" in capsys.readouterr().out


# What people are told


def announce(worker, engine):
    busy = worker(engine)
    busy._leases.announce()
    return busy


def test_waiting_documents_say_why_they_wait(line, worker):
    busy = announce(worker, Refused("quota_exhausted"))
    assert queue.waiting_reason(line[1]) is None
    busy.work_once()
    reason = queue.waiting_reason(Document.objects.get(pk=line[1].pk))
    assert reason == queue.open_circuit().reason == queue.WaitingReason.QUOTA_EXHAUSTED
    assert "no quota left" in queue.open_circuit().in_words()
    assert queue.waiting_reason(Document.objects.get(pk=line[0].pk)) is None


def test_the_line_is_not_paused_while_some_worker_goes_on(line, worker):
    announce(worker, Refused()).work_once()
    assert queue.open_circuit() is not None
    announce(worker, FirstWords())
    assert queue.open_circuit() is None


def test_without_a_worker_that_is_what_documents_wait_for(line, worker):
    announce(worker, Refused()).work_once()
    WorkerHeartbeat.objects.all().delete()
    assert queue.open_circuit() is None
    waiting = Document.objects.get(pk=line[1].pk)
    assert queue.waiting_reason(waiting) == queue.WaitingReason.NO_WORKER


def test_pauses_nobody_has_tried_for_a_day_are_forgotten(line, worker):
    worker(Refused()).work_once()
    announce(worker, FirstWords())
    assert OpenCircuit.objects.exists()
    OpenCircuit.objects.update(probe_at=timezone.now() - timedelta(days=1, seconds=1))
    announce(worker, FirstWords())
    assert not OpenCircuit.objects.exists()


# The budget of the day


@pytest.fixture
def spent(alice):
    """Somebody has bought answers for this many dollars."""

    def spend(cost, sent_at=None):
        ModelCall.objects.create(
            owner=alice,
            attempt=1,
            request_hash="0" * 64,
            chunk=1,
            model="gpt-4.1",
            state="answered",
            cost_usd=None if cost is None else Decimal(cost),
            sent_at=sent_at or timezone.now(),
        )

    return spend


def test_the_line_rests_when_the_budget_of_the_day_is_used_up(line, worker, spent, settings):
    settings.ATOM_DAILY_BUDGET_USD = Decimal("0.02")
    busy = announce(worker, OneCall())
    spent("0.005"), spent(None)
    assert [busy.work_once() for _ in range(4)] == [True, True, False, False]
    assert standing(line) == ["completed", "completed", "pending", "pending"]
    pause = OpenCircuit.objects.get()
    assert (pause.reason, pause.probe_at) == ("budget", tomorrow())
    waiting = Document.objects.get(pk=line[2].pk)
    assert queue.waiting_reason(waiting) == queue.WaitingReason.BUDGET


def tomorrow():
    day = datetime.now(UTC).date() + timedelta(days=1)
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def test_a_raised_budget_lets_the_line_go_on(line, worker, spent, settings):
    settings.ATOM_DAILY_BUDGET_USD = Decimal("0.02")
    spent("0.02")
    busy = worker(OneCall())
    assert not busy.work_once()
    call_command("resume", verbosity=0)
    assert not busy.work_once()
    settings.ATOM_DAILY_BUDGET_USD = Decimal("0.03")
    assert busy.work_once()
    assert not OpenCircuit.objects.exists()


def test_a_new_day_has_a_new_budget(line, worker, spent, settings):
    settings.ATOM_DAILY_BUDGET_USD = Decimal("0.02")
    with time_machine.travel(datetime(2026, 3, 1, 23, 59, tzinfo=UTC), tick=False):
        spent("0.02")
        assert not worker(OneCall()).work_once()
    with time_machine.travel(datetime(2026, 3, 2, 0, 0, tzinfo=UTC), tick=False):
        assert worker(OneCall()).work_once()
        assert not OpenCircuit.objects.exists()


def test_a_budget_of_nothing_buys_nothing(line, worker, settings):
    settings.ATOM_DAILY_BUDGET_USD = Decimal(0)
    assert not worker(OneCall()).work_once()
    assert worker(FirstWords()).work_once()


def test_without_a_pause_a_look_costs_one_query_more_than_with_the_built_in_engine(alice, line):
    queue.claim_next("w")
    queue.claim_next("w")
    with CaptureQueriesContext(connection) as built_in:
        queue.claim_next("w")
    with CaptureQueriesContext(connection) as paid:
        queue.claim_next("w", "an account")
    assert len(paid) == len(built_in) + 1  # Without the lock.
