"""Whose turn it is: in the order of uploads, or in turns among owners."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import override_settings
from django.utils import timezone
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as some

from accounts.models import User
from documents import queue
from documents.dashboard import panel
from documents.live import event_rows, payloads
from documents.models import BUILT_IN_ENGINE, BudgetHold, Document, Status, StatusEvent
from documents.trash import moves
from documents.uploads import intake
from documents.waiting import turns
from tests.queue.probes import is_one_probe

pytestmark = pytest.mark.django_db


@pytest.fixture
def carol(db):
    return User.objects.create_user("carol")


@pytest.fixture
def fair(settings):
    settings.ATOM_QUEUE_ORDER = "fair"
    settings.ATOM_MAX_QUEUED_PER_USER = 0


def bring(owner, number):
    """So many files of this owner, in requests of twenty; their names begin with the owner's."""
    names = [f"{owner.username}{place}.txt" for place in range(number)]
    files = [SimpleUploadedFile(name, name.encode() * 3) for name in names]
    found = []
    for start in range(0, number, 20):
        found += intake.receive(owner, files[start : start + 20]).documents
    return found


def claimed(number=None):
    """Names in the order of claims: so many, or all."""
    found = []
    while number is None or len(found) < number:
        document = queue.claim_next("worker")
        if document is None:
            break
        found.append(document.filename.removesuffix(".txt"))
    return found


def test_in_the_order_of_uploads_nobody_overtakes(alice, bob):
    bring(alice, 3)
    bring(bob, 2)
    bring(alice, 1)
    assert claimed() == ["alice0", "alice1", "alice2", "bob0", "bob1", "alice0"]
    assert set(Document.objects.values_list("turn", flat=True)) == {0}


def test_in_turns_the_one_document_waits_for_no_thousand(fair, alice, bob, carol):
    """A thousand of one owner, then one of another and twenty of a third: four slots."""
    bring(alice, 1000)
    running = claimed(4)
    bring(bob, 1)
    bring(carol, 20)
    # Within one job length, four claims, in which each slot is free once.
    rest = claimed(44)
    assert "bob0" in rest[:4]
    assert [name for name in rest if name.startswith("carol")] == [f"carol{n}" for n in range(20)]
    rest += claimed()
    own = [name for name in running + rest if name.startswith("alice")]
    assert own == [f"alice{number}" for number in range(1000)]


def test_in_turns_two_who_bring_many_share(fair, alice, bob):
    bring(alice, 6)
    bring(bob, 3)
    assert claimed() == [
        *("alice0", "bob0", "alice1", "bob1", "alice2", "bob2"),
        *("alice3", "alice4", "alice5"),
    ]


def test_who_has_waited_saves_no_turns(fair, alice, bob):
    """Whoever was away gets no more than a share when they come back."""
    bring(alice, 10)
    claimed(8)
    bring(bob, 3)
    assert claimed() == ["alice8", "bob0", "alice9", "bob1", "bob2"]


def positions_are_true():
    waiting = list(Document.objects.ready().order_by("?"))
    told = queue.positions(waiting)
    order = list(Document.objects.ready().in_queue_order())
    assert [told[document.pk] for document in order] == list(range(1, len(order) + 1))
    for document in order:
        event = StatusEvent.objects.filter(document_id=document.pk).latest("id")
        [said] = payloads.of(event_rows.events_since(event.pk - 1, 1))
        assert said.body["queue_position"] == told[document.pk]


def test_positions_are_those_of_the_claims_to_come(fair, alice, bob):
    bring(alice, 4)
    [single] = bring(bob, 1)
    bring(alice, 2)
    positions_are_true()
    assert queue.positions([single]) == {single.pk: 2}


def test_of_some_documents_the_positions_are_right_as_well(fair, alice, bob):
    first, *_, last = bring(alice, 5)
    [single] = bring(bob, 1)
    assert queue.positions([last, single, first]) == {last.pk: 6, single.pk: 2, first.pk: 1}


def test_one_that_is_recovered_keeps_its_turn(fair, alice, bob):
    bring(alice, 3)
    document = queue.claim_next("worker")
    bring(bob, 3)
    queue.release(document)
    assert claimed() == ["alice0", "alice1", "bob0", "alice2", "bob1", "bob2"]


def test_one_that_is_recovered_when_nobody_waits_stands_before_who_comes_then(fair, alice, bob):
    bring(alice, 5)
    claimed(4)
    last = queue.claim_next("worker")
    bring(bob, 2)
    queue.release(last)
    assert claimed() == ["alice4", "bob0", "bob1"]


def test_a_retry_takes_a_new_turn(fair, alice, bob):
    bring(alice, 1)
    finished = queue.claim_next("worker")
    queue.cancel(finished)
    bring(alice, 2)
    bring(bob, 3)
    queue.requeue(finished)
    positions_are_true()
    assert claimed() == ["alice0", "bob0", "alice1", "bob1", "bob2", "alice0"]


def test_one_out_of_the_trash_takes_a_new_turn(fair, alice, bob, settings):
    settings.ATOM_TRASH_DAYS = 7
    first, _ = bring(alice, 2)
    bring(bob, 1)
    moves.put(first.pk)
    moves.restore(first.pk)
    positions_are_true()
    assert claimed() == ["bob0", "alice1", "alice0"]


def test_whose_budget_is_free_again_comes_in_turns_and_not_all_at_once(fair, alice, bob, use_up):
    bring(alice, 4)
    use_up(alice)
    bring(bob, 40)
    claimed(30)
    BudgetHold.objects.update(until=timezone.now() - timedelta(seconds=1))
    assert queue.let_go() == 1
    positions_are_true()
    assert claimed(6) == ["alice0", "bob30", "alice1", "bob31", "alice2", "bob32"]


def test_in_the_order_of_uploads_they_have_their_old_places(alice, bob, use_up):
    bring(alice, 2)
    use_up(alice)
    bring(bob, 2)
    BudgetHold.objects.update(until=timezone.now() - timedelta(seconds=1))
    queue.let_go()
    assert claimed() == ["alice0", "alice1", "bob0", "bob1"]


def test_who_waits_when_the_order_is_changed_keeps_their_place(settings, alice, bob):
    settings.ATOM_QUEUE_ORDER = "fifo"
    bring(alice, 2)
    settings.ATOM_QUEUE_ORDER = "fair"
    bring(bob, 2)
    bring(alice, 1)
    settings.ATOM_QUEUE_ORDER = "fifo"
    bring(bob, 1)
    positions_are_true()
    assert claimed() == ["alice0", "alice1", "bob0", "bob1", "alice0", "bob0"]


def test_for_the_built_in_engine_turns_hold_while_a_circuit_holds_others(fair, alice, bob):
    own = bring(alice, 4)
    [other] = bring(bob, 1)
    chosen = [own[1].pk, own[3].pk, other.pk]
    Document.objects.filter(pk__in=chosen).update(chosen_engine=BUILT_IN_ENGINE)
    line = Document.objects.ready().without_model().in_queue_order()
    assert [document.filename for document in line] == ["bob0.txt", "alice1.txt", "alice3.txt"]


def test_the_page_and_the_api_say_which_order_is_in_force(fair, upload, api, browser, settings):
    document = upload()
    assert api.get(f"/documents/{document.pk}/status").json()["queue_order"] == "fair"
    assert "Next in line, in turns among all owners." in browser.get(f"/d/{document.pk}").text
    assert "next in line, in turns" in browser.get("/").text
    assert panel.read(document, version=1).order == "in turns among all owners"
    settings.ATOM_QUEUE_ORDER = "fifo"
    assert api.get(f"/documents/{document.pk}/status").json()["queue_order"] == "fifo"
    assert "Next in line, in the order of uploads." in browser.get(f"/d/{document.pk}").text
    assert "in turns" not in browser.get("/").text


@pytest.mark.parametrize("order", ["fifo", "fair"])
def test_the_head_is_one_probe_in_either_order(order, settings, alice, bob):
    settings.ATOM_QUEUE_ORDER = order
    bring(alice, 40)
    bring(bob, 10)
    assert is_one_probe(Document.objects.ready().in_queue_order()[:1])


@pytest.mark.parametrize("sql", [turns._FIRST, turns._LAST, turns._OF_OWNER])
def test_turns_are_looked_up_by_indexes(sql, upload, alice):
    upload()
    owners = [alice.pk] * sql.count("%s")
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute(f"EXPLAIN {sql}", owners)
        else:
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}", owners)
        plan = "\n".join(str(row[-1]) for row in cursor.fetchall())
    assert "Seq Scan" not in plan
    # SQLite calls it a scan as well where it begins at an end of an index.
    assert not re.search(r"SCAN documents_document$", plan, re.MULTILINE)


class Model:
    """Start-time fair queueing as the books have it, beside which the queue is held."""

    def __init__(self):
        self.waiting = []  # [turn, number, owner], of each document
        self.running = []
        self.number = 0

    def arrive(self, owner):
        self.number += 1
        turns = [entry[0] for entry in self.waiting]
        on = min(turns, default=max((entry[0] for entry in self.running), default=0))
        own = [entry[0] for entry in self.waiting + self.running if entry[2] == owner]
        self.waiting.append([max([on, *(turn + 1 for turn in own)]), self.number, owner])

    def claim(self):
        if self.waiting:
            self.waiting.sort()
            self.running.append(self.waiting.pop(0))
            return self.running[-1][2]
        return None


@hypothesis_settings(max_examples=20, deadline=None)
@given(acts=some.lists(some.sampled_from(["alice", "bob", "carol", "claim"]), max_size=25))
def test_whatever_comes_in_whichever_order_the_queue_does_what_the_books_say(acts):
    people = {
        name: User.objects.get_or_create(username=name)[0] for name in ("alice", "bob", "carol")
    }
    StatusEvent.objects.all().delete()
    Document.objects.all().delete()
    model = Model()
    with override_settings(ATOM_QUEUE_ORDER="fair"):
        for act in acts:
            if act == "claim":
                document = queue.claim_next("worker")
                expected = model.claim()
                assert (document.owner.username if document else None) == expected
            else:
                bring(people[act], 1)
                model.arrive(act)
        assert Document.objects.filter(status=Status.PROCESSING).count() == len(model.running)
