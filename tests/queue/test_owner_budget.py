"""Who has used up the budget of the day waits; others go on."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.db import connections
from django.utils import timezone

from documents import queue, removal
from documents.models import BudgetHold, Document, ModelCall, Status, WorkerHeartbeat
from documents.pipeline.ledger import account_of
from tests.conftest import statuses
from tests.engines import FirstWords, OneCall
from tests.queue.probes import held_ahead, is_one_probe
from tests.queue.test_recovery import expire

ACCOUNT = account_of(OneCall())


@pytest.fixture(autouse=True)
def budget(settings):
    settings.ATOM_DAILY_BUDGET_USD_PER_USER = Decimal("0.02")


def spend(owner, cost="0.02", sent_at=None):
    """Answers that this person has bought today."""
    facts = {"attempt": 1, "request_hash": "0" * 64, "chunk": 1, "model": "gpt-4.1"}
    return ModelCall.objects.create(
        **facts,
        owner=owner,
        state="answered",
        cost_usd=None if cost is None else Decimal(cost),
        sent_at=sent_at or timezone.now(),
    )


def announced(make_worker, engine=None):
    busy = make_worker(engine or OneCall())
    busy._leases.announce()
    return busy


def held():
    return set(Document.objects.exclude(held_until=None).values_list("pk", flat=True))


def fresh(document):
    return Document.objects.get(pk=document.pk)


def midnight():
    day = datetime.now(UTC).date() + timedelta(days=1)
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def test_who_has_used_up_the_budget_waits_and_others_go_on(upload, alice, bob):
    first, second = upload(), upload()
    others = upload(owner=bob)
    spend(alice)
    assert queue.claim_next("w", ACCOUNT) == others
    assert queue.claim_next("w", ACCOUNT) is None
    assert held() == {first.pk, second.pk}
    assert {fresh(first).held_until, fresh(second).held_until} == {midnight()}
    hold = BudgetHold.objects.get()
    assert (hold.owner, hold.until, hold.budget) == (alice, midnight(), Decimal("0.02"))


def test_held_documents_keep_their_numbers_and_their_history(upload, alice, bob):
    document = upload()
    spend(alice)
    queue.claim_next("w", ACCOUNT)
    after = fresh(document)
    assert (after.queue_number, after.status) == (document.queue_number, Status.PENDING)
    assert statuses(document) == [Status.PENDING]


def test_among_those_who_go_on_the_order_stays(upload, alice, bob):
    upload(), upload()
    expected = [upload(owner=bob) for _ in range(3)]
    spend(alice)
    assert [queue.claim_next("w", ACCOUNT) for _ in range(3)] == expected


def test_several_held_owners_are_passed_over_by_one_claim(upload, alice, bob, staff):
    upload(), upload(owner=bob)
    last = upload(owner=staff)
    spend(alice), spend(bob)
    assert queue.claim_next("w", ACCOUNT) == last
    assert BudgetHold.objects.count() == 2


@pytest.mark.parametrize(("spent", "waits"), [("0.019999", False), ("0.02", True)])
def test_the_budget_is_used_up_by_the_last_cent(upload, alice, spent, waits):
    upload()
    spend(alice, spent)
    assert (queue.claim_next("w", ACCOUNT) is None) == waits


@pytest.mark.parametrize("what", ["yesterday", "somebody else's", "of unknown price"])
def test_what_counts_is_ones_own_of_today_with_a_price(upload, alice, bob, what):
    upload()
    if what == "yesterday":
        spend(alice, sent_at=timezone.now() - timedelta(days=1))
    elif what == "somebody else's":
        spend(bob)
    else:
        spend(alice, None)
    assert queue.claim_next("w", ACCOUNT)


def test_without_a_budget_nobody_waits(upload, alice, settings):
    settings.ATOM_DAILY_BUDGET_USD_PER_USER = None
    document = upload()
    spend(alice, "1000")
    assert queue.claim_next("w", ACCOUNT) == document


def test_a_document_that_runs_when_the_budget_is_used_up_is_finished(upload, alice, worker):
    document, waiting = upload(), upload(text="The crane is late.")

    class Dear(OneCall):
        def answer_arrives(self):
            spend(alice)

    busy = worker(Dear())
    assert busy.work_once()
    assert fresh(document).status == Status.COMPLETED
    # Told at once, not only when its turn comes.
    assert held() == {waiting.pk}
    assert not busy.work_once()


def test_the_built_in_engine_costs_nothing_and_holds_nobody(upload, alice, worker):
    documents = [upload(), upload(text="The crane is late.")]
    spend(alice)
    busy = announced(worker, FirstWords())
    assert busy.work_once()
    assert busy.work_once()
    assert {fresh(document).status for document in documents} == {Status.COMPLETED}
    assert not BudgetHold.objects.exists()


def test_an_identical_file_costs_nothing(upload, alice, worker, settings):
    settings.ATOM_DAILY_BUDGET_USD_PER_USER = Decimal("0.015")
    upload(), upload()
    engine = OneCall()
    busy = worker(engine)
    assert [busy.work_once(), busy.work_once()] == [True, True]
    assert engine.bought == 1
    assert not BudgetHold.objects.exists()


# Who comes while the owner waits.


@pytest.fixture
def waiting(upload, alice):
    """A document of alice, who has to wait for tomorrow."""
    document = upload()
    spend(alice)
    assert queue.claim_next("w", ACCOUNT) is None
    return fresh(document)


def test_what_a_held_owner_uploads_is_held_from_the_start(waiting, upload):
    later = upload()
    assert fresh(later).held_until == waiting.held_until


def test_a_held_document_that_is_canceled_and_tried_again_is_held_again(waiting):
    queue.cancel(waiting)
    assert not held()
    queue.requeue(waiting)
    assert held() == {waiting.pk}


def test_a_document_whose_worker_dies_meanwhile_goes_back_to_wait(upload, alice):
    upload()
    claimed = queue.claim_next("dies", ACCOUNT)
    spend(alice)
    assert queue.hold_if_used_up(alice.pk)
    expire(claimed)
    queue.recover_expired()
    assert (fresh(claimed).status, held()) == (Status.PENDING, {claimed.pk})


def test_a_document_that_slipped_in_unheld_is_held_when_its_turn_comes(waiting, upload):
    slipped = upload()
    Document.objects.filter(pk=slipped.pk).update(held_until=None)
    assert queue.claim_next("w", ACCOUNT) is None
    assert held() == {waiting.pk, slipped.pk}
    assert BudgetHold.objects.count() == 1


def test_a_held_document_can_be_deleted(waiting):
    removal.delete(waiting)
    assert not Document.objects.exists()


# How it ends.


def test_a_raised_budget_lets_the_owner_go_on(waiting, worker, settings):
    busy = announced(worker)
    busy._leases.keep_once()
    assert held() == {waiting.pk}
    settings.ATOM_DAILY_BUDGET_USD_PER_USER = Decimal("0.03")
    busy._leases.keep_once()
    assert not held()
    assert not BudgetHold.objects.exists()
    assert busy.work_once()


def test_a_budget_raised_to_less_than_was_spent_changes_nothing(waiting, alice, worker, settings):
    spend(alice, "0.05")
    settings.ATOM_DAILY_BUDGET_USD_PER_USER = Decimal("0.03")
    announced(worker)._leases.keep_once()
    assert held() == {waiting.pk}


def test_a_lifted_budget_lets_everybody_go_on(waiting, worker, settings):
    settings.ATOM_DAILY_BUDGET_USD_PER_USER = None
    announced(worker)._leases.keep_once()
    assert not held()


def test_a_new_day_has_a_new_budget(upload, alice, worker):
    with time_machine.travel(datetime(2026, 3, 1, 23, 59, 50, tzinfo=UTC), tick=False):
        document = upload()
        spend(alice)
        busy = announced(worker)
        assert not busy.work_once()
        busy._leases.keep_once()
        assert held() == {document.pk}
    with time_machine.travel(datetime(2026, 3, 2, 0, 0, tzinfo=UTC), tick=False):
        busy._leases._beat(busy=0)
        busy._leases.keep_once()
        assert not held()
        assert busy.work_once()


def test_whoever_is_let_go_stands_at_the_old_place(waiting, upload, bob, settings):
    upload(owner=bob)
    settings.ATOM_DAILY_BUDGET_USD_PER_USER = None
    assert queue.let_go() == 1
    assert queue.claim_next("w", ACCOUNT) == waiting


def test_where_no_worker_pays_any_more_nobody_waits_for_a_budget(waiting, worker):
    paid = announced(worker)
    built_in = announced(worker, FirstWords())
    built_in._leases.keep_once()
    assert held() == {waiting.pk}
    paid._leases.withdraw()
    built_in._leases.keep_once()
    assert not held()


def test_a_hold_renewed_for_a_new_day_is_not_ended_by_one_who_read_the_old(waiting):
    old = BudgetHold.objects.get()
    BudgetHold.objects.update(until=old.until + timedelta(days=1))
    assert not queue._let_go(old)
    assert held() == {waiting.pk}


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_drains_the_line_lets_go_first(waiting, worker, settings):
    settings.ATOM_DAILY_BUDGET_USD_PER_USER = None
    worker(OneCall()).drain()
    assert fresh(waiting).status == Status.COMPLETED


# What people are told.


def test_positions_pass_over_held_documents(waiting, upload, bob):
    others = upload(owner=bob)
    assert queue.positions([waiting, others]) == {others.pk: 1}


def test_a_held_document_says_why_it_waits(waiting, upload, bob, worker):
    others = upload(owner=bob)
    assert queue.waiting_reason(waiting) == queue.WaitingReason.NO_WORKER
    announced(worker)
    reason = queue.waiting_reason(waiting)
    assert reason == queue.WaitingReason.OWNER_BUDGET
    assert "ATOM_DAILY_BUDGET_USD_PER_USER" in reason.in_words()
    assert queue.waiting_reason(others) is None


def test_an_idle_look_past_held_documents_takes_one_query(waiting, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert queue.claim_next("w") is None


# Races.


@pytest.mark.django_db(transaction=True)
def test_two_workers_that_claim_while_the_budget_is_used_up_take_nothing_more(upload, alice, bob):
    hers = [upload() for _ in range(6)]
    his = [upload(owner=bob) for _ in range(6)]
    claimed, start = [], threading.Barrier(3)

    def claim_all(name):
        start.wait()
        while document := queue.claim_next(name, ACCOUNT):
            claimed.append(document.pk)
        connections.close_all()

    workers = [threading.Thread(target=claim_all, args=(name,)) for name in ("one", "two")]
    for thread in workers:
        thread.start()
    start.wait()
    spend(alice)
    known = {document.pk for document in hers} & set(claimed)
    for thread in workers:
        thread.join()
    assert len(claimed) == len(set(claimed))
    assert {document.pk for document in his} <= set(claimed)
    # Each worker may have been in the middle of a claim when the money was spent, not later.
    assert len({document.pk for document in hers} & set(claimed)) <= len(known) + 2
    left = {document.pk for document in hers} - set(claimed)
    assert held() == left


@pytest.mark.django_db(transaction=True)
def test_uploads_that_race_with_the_hold_are_all_held_or_found_at_their_turn(upload, alice):
    upload()
    spend(alice)
    start = threading.Barrier(2)

    def hold():
        start.wait()
        queue.hold_if_used_up(alice.pk)
        connections.close_all()

    thread = threading.Thread(target=hold)
    thread.start()
    start.wait()
    for _ in range(5):
        upload()
    thread.join()
    assert len(held()) == 6


# The claim stays one probe of the index.


def test_a_claim_does_not_walk_over_those_who_are_held(upload, alice, bob):
    held_ahead(upload(), 20_000)
    ready = upload(owner=bob)
    line = Document.objects.ready().in_queue_order()
    assert is_one_probe(line[:1])
    assert is_one_probe(Document.objects.ready()[:1])
    assert queue.positions([ready]) == {ready.pk: 1}
    WorkerHeartbeat.objects.create(name="w", account=ACCOUNT, host="box", pid=1, slots=4)
    assert queue.claim_next("w", ACCOUNT) == ready


def test_what_walks_over_them_is_not_taken_for_a_probe(upload, alice, bob):
    held_ahead(upload(), 1000)
    upload("others.txt", owner=bob)
    assert not is_one_probe(Document.objects.filter(filename="others.txt").in_queue_order()[:1])
