"""What a listener is told, and that nobody hears of another's documents."""

import re

import pytest
from django.utils import timezone

from accounts import tokens
from documents import events, queue, removal
from documents.models import LowWaterMark, Status, StatusEvent
from tests.api.conftest import RESULT, finish
from tests.live.ear import Ear

pytestmark = pytest.mark.django_db(transaction=True)


def ids(heard):
    return [event.id for event in heard]


def of(user):
    return list(StatusEvent.objects.visible_to(user).oldest_first().values_list("id", flat=True))


def test_a_document_is_followed_from_upload_to_result(web, alice, upload):
    with web.listen(alice) as ear:
        opened = ear.next("stream-open")
        document = upload()
        finish(document)
        heard = ear.until(lambda event: event.said.get("status") == "completed")
    assert opened.id == opened.said["id"]
    told = [event for event in heard if event.name == "status"]
    assert [event.said["status"] for event in told] == [
        Status.PENDING,
        Status.PROCESSING,
        Status.ANALYZING,
        Status.COMPLETED,
    ]
    assert ids(told) == of(alice)
    first, last = told[0].said, told[-1].said
    assert first == {
        "event": "status",
        "id": told[0].id,
        "document_id": str(document.pk),
        "filename": "notes.txt",
        "external_id": None,
        "status": "pending",
        "attempt": 0,
        "reason": None,
        "queue_position": first["queue_position"],
        "estimate": None,
        "timestamp": first["timestamp"],
        "replayed": False,
    }
    assert first["timestamp"].endswith("Z")
    assert last["result"]["summary"] == RESULT["summary"]


def test_progress_failure_and_deletion_are_told(web, alice, upload):
    with web.listen(alice) as ear:
        ear.next("stream-open")
        document = upload()
        claimed = queue.claim_next("w")
        events.progress(claimed, step="extracting", done=3, total=9)
        progress = ear.next("progress").said
        queue.fail(claimed, queue.failure("damaged"))
        failed = ear.until(lambda event: event.said.get("status") == "failed")[-1].said
        removal.delete(document)
        deleted = ear.next("deleted").said
    assert (progress["step"], progress["done"], progress["total"]) == ("extracting", 3, 9)
    assert progress["queue_position"] is None
    assert failed["failure"]["code"] == failed["reason"] == "damaged"
    assert failed["failure"]["advice"]
    assert deleted["document_id"] == str(document.pk)
    assert deleted["filename"] is None


def test_bob_hears_nothing_of_alices_documents(web, alice, bob, upload):
    with web.listen(bob, 0) as ear, web.listen(bob) as another:
        ear.next("stream-open")
        another.next("stream-open")
        finish(upload())
        own = upload(owner=bob)
        assert ear.next("status").said["document_id"] == str(own.pk)
        assert another.next("status").said["document_id"] == str(own.pk)
    with web.listen(bob, 0) as ear:
        assert ids(ear.up_to_heartbeat()) == of(bob)


def test_a_stream_goes_on_after_the_last_event_that_was_heard(web, alice, upload):
    with web.listen(alice) as ear:
        upload()
        seen = ear.next("status").id
    upload("second.txt")
    upload("third.txt")
    with web.listen(alice, seen) as ear:
        assert ear.next("stream-open").id == seen
        missed = ear.up_to_heartbeat()
        upload("fourth.txt")
        news = ear.next("status")
    assert ids([*missed, news]) == [id for id in of(alice) if id > seen]
    assert [event.said["replayed"] for event in missed] == [True, True]
    assert news.said["replayed"] is False


def test_the_header_wins_over_the_address(web, alice, upload):
    upload()
    upload()
    first, second = of(alice)
    with web.listen(alice, first, query="?lastEventId=0") as ear:
        assert ids(ear.up_to_heartbeat()) == [second]
    with web.listen(alice, query=f"?lastEventId={first}") as ear:
        assert ids(ear.up_to_heartbeat()) == [second]


def test_zero_replays_all_that_is_kept(web, alice, upload):
    finish(upload())
    for _ in range(50):  # More than is read from the log at once.
        upload()
    with web.listen(alice, 0) as ear:
        heard = ear.up_to_heartbeat()
    assert ids(heard) == of(alice)
    assert all(event.said["replayed"] for event in heard)


def test_a_newcomer_is_told_where_unfinished_and_just_finished_documents_stand(web, alice, upload):
    done, old = finish(upload("done.txt")), finish(upload("old.txt"))
    type(old).objects.filter(pk=old.pk).update(finished_at="2026-01-01T00:00:00Z")
    type(old).objects.filter(pk=done.pk).update(finished_at=timezone.now())
    waiting = [upload(f"{number}.txt") for number in range(40)]
    running = queue.claim_next("w")
    with web.listen(alice) as ear:
        opened = ear.next("stream-open")
        heard = ear.up_to_heartbeat()
    assert ids(heard) == sorted(ids(heard))
    assert opened.id == heard[0].id - 1
    stand = {event.said["document_id"]: event.said["status"] for event in heard}
    assert len(heard) == len(stand) == 41
    assert stand[str(done.pk)] == "completed"
    assert stand[str(running.pk)] == "processing"
    assert all(stand[str(one.pk)] == "pending" for one in waiting[1:])
    assert all(event.said["replayed"] for event in heard)


def test_a_stream_that_knows_all_says_so_by_the_id_of_its_heartbeat(web, alice, bob, upload):
    upload()
    upload(owner=bob)
    with web.listen(alice, 0) as ear:
        heartbeat = ear.next("heartbeat")
        again = ear.next("heartbeat")
    assert heartbeat.id == again.id == heartbeat.said["id"] == events.latest_id()
    assert heartbeat.said["timestamp"].endswith("Z")


def test_clients_are_told_different_times_to_come_back(web, alice):
    waits = set()
    for _ in range(5):
        with web.listen(alice) as ear:
            ear.next("stream-open")
            waits.add(ear.retry)
    assert len(waits) > 1
    assert min(waits) >= 1000
    assert max(waits) <= 3000


def test_the_time_to_come_back_stands_in_the_first_block(web, alice, upload):
    upload()
    with web.listen(alice, 0) as ear:
        first, second = ear.response.read1(65536).split(b"\n\n")[:2]
    newest = events.latest_id()
    block = (
        rb"retry: (?:[12]\d{3}|3000)\nevent: stream-open\nid: 0\n"
        rb'data: {"event": "stream-open", "id": 0, "timestamp": "[-\d:.T]+Z"}'
    )
    assert re.fullmatch(block, first)
    assert second.startswith(b"event: status\nid: %d\ndata: {" % newest)


def test_an_unknown_id_resets_the_client(web, alice, upload):
    upload()
    with web.listen(alice, events.latest_id() + 1000) as ear:
        reset = ear.next("stream-reset")
        assert reset.id == events.latest_id()
        assert reset.said["reason"] == "unknown"
        upload("after.txt")
        assert ear.next("status").said["filename"] == "after.txt"


def test_an_id_from_before_something_forgotten_resets_the_client(web, alice, upload):
    seen = upload() and events.latest_id()
    removal.delete(upload())
    tombstone = events.latest_id()
    upload()
    StatusEvent.objects.filter(pk=tombstone).update(created_at="2026-01-01T00:00:00Z")
    assert events.prune_tombstones() == 1
    with web.listen(alice, seen) as ear:
        assert ear.next("stream-reset").said["reason"] == "too_old"
    with web.listen(alice, tombstone) as ear:
        assert ids(ear.up_to_heartbeat()) == [events.latest_id()]
    with web.listen(alice, 0) as ear:
        assert ids(ear.up_to_heartbeat()) == of(alice)


def test_only_deletions_of_yesterday_are_forgotten(alice, upload):
    removal.delete(upload())
    removal.delete(upload())
    assert events.prune_tombstones() == 0
    StatusEvent.objects.update(created_at="2026-01-01T00:00:00Z")
    upload()
    assert events.prune_tombstones() == 2
    assert LowWaterMark.objects.get(owner=alice).event_id == events.latest_id() - 1


def test_the_newest_event_of_all_is_never_forgotten(alice, upload):
    removal.delete(upload())
    newest = events.latest_id()
    StatusEvent.objects.update(created_at="2026-01-01T00:00:00Z")
    assert events.prune_tombstones() == 0
    assert events.latest_id() == newest


def test_answers_are_kept_by_nobody_and_held_back_by_nobody(web, alice):
    with web.listen(alice, Accept_Encoding="gzip, br", Origin="http://example.org") as ear:
        headers = ear.response.headers
        assert ear.next("stream-open")  # It can be read, so it is not compressed.
    assert headers["Content-Type"] == "text/event-stream"
    assert "no-store" in headers["Cache-Control"]
    assert headers["X-Accel-Buffering"] == "no"
    assert headers["Content-Encoding"] == "identity"
    assert not [name for name in headers if name.startswith("Access-Control")]


def test_a_signed_in_browser_listens_with_its_cookie(web, browser, upload):
    cookie = f"sessionid={browser.cookies['sessionid'].value}"
    with Ear(web.port, Cookie=cookie, Accept="text/event-stream") as ear:
        ear.next("stream-open")
        upload()
        assert ear.next("status").said["filename"] == "notes.txt"


@pytest.mark.parametrize("accept", ["*/*", "text/event-stream", "application/json"])
def test_whoever_is_not_signed_in_is_refused_before_the_stream(web, db, accept):
    ear = Ear(web.port, Accept=accept)
    assert ear.status == 401
    assert ear.response.headers["WWW-Authenticate"]
    assert ear.problem()["code"] == "not_authenticated"


def test_a_dead_token_is_refused_before_the_stream(web, alice):
    token = tokens.log_in(alice).access
    tokens.end_all(alice)
    ear = Ear(web.port, token)
    assert (ear.status, ear.problem()["code"]) == (401, "login_ended")


@pytest.mark.parametrize("name", ["es-meta", "recover", "channel", "channels", "link"])
def test_what_the_library_would_obey_is_refused(web, alice, name):
    ear = web.listen(alice, query=f"?{name}=x")
    assert (ear.status, ear.problem()["code"]) == (400, "unknown_parameter")


@pytest.mark.parametrize("junk", ["user-1:5", "-1", "1.5", "%D9%A3", "9" * 19, "error", "+1"])
def test_a_junk_cursor_is_refused(web, alice, junk):
    ear = web.listen(alice, query=f"?lastEventId={junk}")
    assert (ear.status, ear.problem()["code"]) == (400, "bad_cursor")
    if "%" not in junk:
        ear = web.listen(alice, Last_Event_ID=junk)
        assert (ear.status, ear.problem()["code"]) == (400, "bad_cursor")


@pytest.mark.parametrize("method", ["HEAD", "POST", "PUT", "PATCH", "DELETE"])
def test_other_methods_are_refused(web, alice, method):
    with web.listen(alice, method=method) as ear:
        assert ear.status == 405
        assert ear.response.headers["Allow"] == "GET, OPTIONS"
    assert web.inside()["listeners"] == 0


def test_without_asgi_it_says_so(browser):
    answer = browser.get("/documents/stream", headers={"Accept": "text/event-stream"})
    assert answer.status_code == 503
    assert answer.json()["code"] == "needs_asgi"
