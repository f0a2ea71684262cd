"""What exactly is said about an event, now and when it is told again later."""

import pytest

from documents import events, queue, removal
from documents.failures import failure
from documents.live import event_rows, payloads
from documents.live.channels import EventLog, OwnChannel, channel_of
from documents.models import ActionItem, Analysis, Status, StatusEvent
from documents.pipeline import ticks
from tests.api.conftest import RESULT, analyzed, finish

pytestmark = pytest.mark.django_db


def told(user, after=0):
    rows = event_rows.owner_events_since(user.pk, after, 1000)
    return [one.body for one in payloads.of(rows)]


def test_a_ticked_item_is_told_with_the_result_as_it_stands(alice, completed):
    before = events.latest_id()
    first, *_ = ActionItem.objects.order_by("position")
    for done in (True, True, False, True):  # The same again is no news, the latest says it all.
        ticks.tick(first, done=done)
    [said] = told(alice, before)
    assert (said["event"], said["status"]) == ("changed", "completed")
    assert said["result"]["findings"]["actionable_items"][0]["done"] is True
    assert said["id"] == before + 3


def test_a_held_document_is_told_without_a_place_and_with_the_reason(alice, bob, upload, use_up):
    upload()
    others = upload(owner=bob)
    assert "waiting_reason" not in told(alice)[0]
    use_up(alice)
    [said] = told(alice)
    assert (said["status"], said["queue_position"]) == ("pending", None)
    assert "Your budget of today is used up" in said["waiting_reason"]
    [his] = payloads.of(event_rows.events_since(said["id"], 1000))
    assert (his.body["document_id"], his.body["queue_position"]) == (str(others.pk), 1)
    assert "waiting_reason" not in his.body


def test_a_large_result_is_told_by_its_gist_and_where_the_rest_is(alice, completed):
    analysis = Analysis.objects.get()
    analysis.result = {**RESULT, "padding": "x" * payloads.LARGEST_RESULT}
    analysis.save()
    assert told(alice)[-1]["result"] == {
        "summary": RESULT["summary"],
        "topics": RESULT["topics"],
        "sentiment": RESULT["sentiment"],
        "warning": None,
        "partial": True,
        "url": f"/documents/{completed.pk}",
    }


def test_a_result_just_small_enough_is_told_whole(alice, completed):
    assert "partial" not in told(alice)[-1]["result"]


def test_each_run_is_told_with_its_own_result(alice, completed):
    queue.requeue(completed)
    again = queue.claim_next("w")
    events.advance(again, Status.ANALYZING)
    analyzed(again, {**RESULT, "summary": "The second reading."})
    events.advance(again, Status.COMPLETED)
    results = [said["result"]["summary"] for said in told(alice) if "result" in said]
    assert results == [RESULT["summary"], "The second reading."]


def test_a_failure_of_an_earlier_run_is_still_explained(alice, upload):
    upload()
    document = queue.claim_next("w")
    queue.fail(document, failure("internal_error", reference="abcd"))
    assert told(alice)[-1]["failure"]["reference"] == "abcd"
    queue.requeue(document)
    failed = next(said for said in told(alice) if said["status"] == "failed")
    assert failed["failure"] == failure("internal_error").as_json()


def test_a_failure_with_a_code_of_the_past_is_no_accident(alice, upload):
    queue.cancel(upload())
    StatusEvent.objects.filter(status="failed").update(reason="retired_code")
    assert told(alice)[-1]["failure"] is None


@pytest.mark.parametrize("count", [1, 3])
def test_who_waits_is_told_his_place_in_line(alice, bob, upload, count):
    upload(owner=bob)
    for number in range(count):
        upload(f"{number}.txt")
    assert [said["queue_position"] for said in told(alice)] == list(range(2, count + 2))


def test_an_old_place_in_line_is_not_told(alice, upload):
    finish(upload())
    assert {said["queue_position"] for said in told(alice)} == {None}


def test_an_event_whose_document_is_gone_is_silent_but_moves_the_cursor(alice, upload):
    document = upload()
    rows = event_rows.owner_events_since(alice.pk, 0, 10)
    removal.delete(document)
    gone = [row._replace(filename=None) for row in rows]
    assert [one.body for one in payloads.of(gone)] == [None]
    kept = EventLog().get_events(channel_of(alice.pk), 0)
    assert [event.id for event in kept] == [events.latest_id()]


def test_telling_many_costs_as_many_statements_as_telling_one(
    alice, completed, upload, django_assert_num_queries
):
    for number in range(10):
        upload(f"{number}.txt")
    rows = event_rows.owner_events_since(alice.pk, 0, 100)
    assert len(rows) > 10
    with django_assert_num_queries(4):  # Places, estimates, analyses, action items.
        payloads.of(rows)


def test_a_name_with_every_trick_stays_in_its_line(alice, upload):
    upload("a\u2028b — data: x‮fdp.txt")
    [event] = EventLog().get_events(channel_of(alice.pk), 0)
    lines = event.data.decode().split("\n")
    assert [line.partition(":")[0] for line in lines] == ["event", "id", "data", "", ""]
    assert len(event.data.decode().splitlines()) == 4


def test_nobody_may_read_the_channel_of_another(alice, bob):
    manager = OwnChannel()
    assert manager.can_read_channel(alice, channel_of(alice.pk))
    assert not manager.can_read_channel(alice, channel_of(bob.pk))
    assert not manager.can_read_channel(None, channel_of(alice.pk))
    alice.is_active = False
    assert not manager.can_read_channel(alice, channel_of(alice.pk))
