"""`GET /events`: the log of the stream by single calls."""

import pytest

from accounts import tokens
from documents import events, queue, removal
from documents.live import event_rows, following
from documents.models import StatusEvent
from tests.api.conftest import finish
from tests.live.caller import Call
from tests.live.conftest import until
from tests.live.test_waits import for_news, stack, wait_on

__all__ = ["stack", "wait_on"]  # Fixtures.
pytestmark = pytest.mark.django_db(transaction=True)


def all_pages(api, after=0, **more):
    """All pages from a cursor on."""
    while True:
        query = {"after": after, **more}
        page = api.get("/events", query).json()
        assert (page["reset"], page["reason"]) == (False, None)
        yield page
        after = page["next"]
        if not page["events"]:
            return


def test_the_stream_and_single_calls_tell_the_same(web, alice, api, upload):
    finish(upload())
    claimed = upload("second.txt") and queue.claim_next("w")
    events.progress(claimed, step="extracting", done=1, total=3)
    events.record_change(claimed)
    removal.delete(upload("third.txt"))
    with web.listen(alice, 0) as ear:
        streamed = [event.said for event in ear.up_to_heartbeat()]
    told = [event for page in all_pages(api, limit=2) for event in page["events"]]
    assert told == streamed
    assert {event["event"] for event in told} == {"status", "progress", "changed", "deleted"}
    assert api.get("/events?after=0").json() == {
        "events": streamed,
        "next": events.latest_id(),
        "reset": False,
        "reason": None,
    }


def test_nothing_is_told_twice_and_nothing_of_others(api, bobs_api, upload, bob):
    upload()
    cursor = api.get("/events?after=0").json()["next"]
    upload(owner=bob)
    page = api.get(f"/events?after={cursor}").json()
    assert page["events"] == []
    assert page["next"] == events.latest_id()
    own = bobs_api.get("/events?after=0").json()["events"]
    assert [event["id"] for event in own] == [events.latest_id()]


def test_pages_of_what_is_gone_are_passed_over(api, alice, upload):
    documents = [upload(f"{number}.txt") for number in range(5)]
    kept = upload("kept.txt")
    StatusEvent.objects.filter(document_id__in=[one.pk for one in documents]).update(
        document_id="12345678-1234-4234-8234-123456789012"
    )
    page = api.get("/events?after=0&limit=2").json()
    assert [event["document_id"] for event in page["events"]] == [str(kept.pk)]


def test_what_says_nothing_is_passed_in_growing_steps(alice, upload, monkeypatch):
    for number in range(40):
        upload(f"{number}.txt")
    StatusEvent.objects.update(document_id="12345678-1234-4234-8234-123456789012")
    kept = [upload(f"kept-{number}.txt") for number in range(3)]
    read, sizes = event_rows.owner_events_since, []
    monkeypatch.setattr(
        event_rows,
        "owner_events_since",
        lambda owner, cursor, size: sizes.append(size) or read(owner, cursor, size),
    )
    cursor, told = 0, []
    while not (page := following.read(alice.pk, cursor, 1)).is_empty:
        assert len(page.events) == 1
        told += [event["document_id"] for event in page.events]
        cursor = page.next
    assert told == [str(document.pk) for document in kept]
    assert sizes[:6] == [1, 2, 4, 8, 16, 32]


def test_a_newcomer_is_told_how_documents_stand(api, upload):
    old = finish(upload("old.txt"))
    type(old).objects.filter(pk=old.pk).update(finished_at="2026-01-01T00:00:00Z")
    waiting = [upload(f"{number}.txt") for number in range(5)]
    first = api.get("/events?limit=3").json()
    rest = api.get(f"/events?after={first['next']}").json()
    told = [event["document_id"] for event in first["events"] + rest["events"]]
    assert told == [str(document.pk) for document in waiting]
    assert all(event["replayed"] for event in first["events"])


def test_an_upload_wakes_who_waits(web, alice, upload, wait_on):
    upload("before.txt")
    [call] = wait_on(web, alice, for_news())
    upload("news.txt")
    said = call.answer().said
    assert [event["filename"] for event in said["events"]] == ["news.txt"]
    assert said["events"][0]["replayed"] is False
    assert said["next"] == events.latest_id()


def test_who_knows_nothing_yet_waits_for_the_first_event(web, alice, upload, wait_on):
    [call] = wait_on(web, alice, "/events?wait=60")
    document = upload()
    assert [event["document_id"] for event in call.answer().said["events"]] == [str(document.pk)]


def test_others_wake_nobody(web, alice, bob, upload, wait_on):
    [hers], [his] = wait_on(web, alice, for_news()), wait_on(web, bob, for_news())
    upload(owner=bob)
    assert len(his.answer().said["events"]) == 1
    assert web.inside()["listeners"] == 1
    upload()
    assert len(hers.answer().said["events"]) == 1


def test_what_is_there_is_told_at_once_and_without_news_nothing(web, alice, upload, wait_on):
    upload()
    token = tokens.log_in(alice).access
    answer = Call(web.port, token, "/events?after=0&wait=60").answer()
    assert len(answer.said["events"]) == 1
    [call] = wait_on(web, token, f"/events?after={answer.said['next']}&wait=2")
    assert call.answer().said["events"] == []


def test_a_cursor_that_is_too_old_or_unknown_is_told_so_at_once(web, api, alice, upload):
    seen = upload() and events.latest_id()
    removal.delete(upload())
    tombstone = events.latest_id()
    upload()
    StatusEvent.objects.filter(pk=tombstone).update(created_at="2026-01-01T00:00:00Z")
    assert events.prune_tombstones() == 1
    newest, token = events.latest_id(), tokens.log_in(alice).access
    for after, reason in ((seen, "too_old"), (newest + 1000, "unknown")):
        said = Call(web.port, token, f"/events?after={after}&wait=60").answer().said
        assert said == {"events": [], "next": newest, "reset": True, "reason": reason}
    assert len(api.get("/events?after=0").json()["events"]) == 2
    until(web.is_idle)


def test_a_reset_after_a_first_page_loses_nothing(api, upload):
    """The cursor lies below a deletion of long ago, as that of somebody who missed it would."""
    waiting = [upload(f"{number}.txt") for number in range(4)]
    removal.delete(upload())
    StatusEvent.objects.tombstones().update(created_at="2026-01-01T00:00:00Z")
    upload("later.txt")
    assert events.prune_tombstones() == 1
    first = api.get("/events?limit=3").json()
    assert len(first["events"]) == 3
    second = api.get(f"/events?after={first['next']}").json()
    assert (second["reset"], second["reason"]) == (True, "too_old")
    listed = {shown["id"] for shown in api.get("/documents").json()["results"]}
    assert {str(document.pk) for document in waiting} < listed
    queue.cancel(waiting[3])
    [news] = api.get(f"/events?after={second['next']}").json()["events"]
    assert (news["document_id"], news["status"]) == (str(waiting[3].pk), "failed")


# Of one document.


def test_the_events_of_one_document_are_told_alone(api, upload):
    document, other = upload(), upload("other.txt")
    finish(document)
    queue.cancel(other)
    told = [
        event for page in all_pages(api, limit=2, document=document.pk) for event in page["events"]
    ]
    every = api.get("/events?after=0").json()["events"]
    assert told == [event for event in every if event["document_id"] == str(document.pk)]
    assert [event["status"] for event in told][::3] == ["pending", "completed"]


def test_without_a_cursor_one_document_is_told_however_long_ago_it_ended(api, upload):
    old = finish(upload())
    type(old).objects.filter(pk=old.pk).update(finished_at="2026-01-01T00:00:00Z")
    upload("other.txt")
    page = api.get("/events", {"document": old.pk}).json()
    assert [event["status"] for event in page["events"]] == ["completed"]
    assert page["events"][0]["result"]["summary"]
    assert page["next"] == events.latest_id()


def test_of_one_document_nothing_is_too_old(api, upload):
    document = upload()
    cursor = events.latest_id()
    removal.delete(upload())
    StatusEvent.objects.tombstones().update(created_at="2026-01-01T00:00:00Z")
    queue.cancel(document)
    assert events.prune_tombstones() == 1
    page = api.get("/events", {"document": document.pk, "after": cursor}).json()
    assert [event["status"] for event in page["events"]] == ["failed"]
    page = api.get("/events", {"document": document.pk, "after": cursor + 1000}).json()
    assert (page["reset"], page["reason"]) == (True, "unknown")


def test_who_waits_for_news_of_one_document_is_not_woken_by_others(web, alice, upload, wait_on):
    document, other = upload(), upload("other.txt")
    [call, gone] = wait_on(
        web, alice, *(f"{for_news()}&document={one.pk}" for one in (document, other))
    )
    removal.delete(other)
    assert (gone.answer().status, web.inside()["listeners"]) == (404, 1)
    queue.cancel(document)
    [event] = call.answer().said["events"]
    assert (event["document_id"], event["status"]) == (str(document.pk), "failed")


def test_events_of_what_is_nobodys_or_somebody_elses_are_not_found(api, bobs_api, upload):
    document = upload()
    assert bobs_api.get(f"/events?document={document.pk}&after=0").status_code == 404
    unknown = "12345678-1234-4234-8234-123456789012"
    assert api.get(f"/events?document={unknown}&wait=60").json()["code"] == "not_found"
    removal.delete(document)
    assert api.get(f"/events?document={document.pk}&after=0").status_code == 404


@pytest.mark.parametrize(
    ("query", "code"),
    [
        *[(f"document={junk}", "bad_document") for junk in ("", "7", "%00")],
        *[(f"after={junk}", "bad_cursor") for junk in ("-1", "", "1.5", "a", "%D9%A3", "9" * 19)],
        *[(f"limit={junk}", "bad_limit") for junk in ("0", "101", "", "-1", "a", "9" * 5000)],
        *[(f"{name}=1", "unknown_parameter") for name in ("since", "id", "lastEventId")],
    ],
)
def test_what_makes_no_sense_is_refused(api, query, code):
    refusal = api.get(f"/events?{query}")
    assert (refusal.status_code, refusal.json()["code"]) == (400, code)


def test_strangers_are_told_nothing(client):
    assert client.get("/events").json()["code"] == "not_authenticated"
