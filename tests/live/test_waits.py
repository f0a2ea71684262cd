"""Calls that wait for a document: what wakes them, what ends them, and what they hold."""

import asyncio
import signal
from contextlib import ExitStack
from datetime import timedelta

import pytest
from django.db import connection

from accounts import throttles, tokens
from accounts.keys import api_keys
from accounts.models import User
from atom_project.web import long_polling
from documents import events, queue, removal
from documents.failures import failure
from documents.live.waits import EventWait, ends
from documents.models import Document, Status
from documents.trash import moves
from tests.api.conftest import finish
from tests.live.caller import Call
from tests.live.conftest import until
from tests.live.test_connections import connections_of
from tests.live.test_endings import opened
from tests.live.test_relay import auth_of, relay

__all__ = ["relay"]  # A fixture.
pytestmark = pytest.mark.django_db(transaction=True)


def status_of(document, wait=60):
    return f"/documents/{document.pk}/status?wait={wait}"


def for_news():
    return f"/events?wait=60&after={events.latest_id()}"


@pytest.fixture
def stack():
    with ExitStack() as stack:
        yield stack


@pytest.fixture
def wait_on(stack):
    """Send calls of these, and go on once they wait."""

    def send(web, user_or_token, *paths, method="GET"):
        token = user_or_token
        if isinstance(token, User):
            token = tokens.log_in(token).access
        before = web.inside()["listeners"]
        calls = [Call(web.port, token, path, method) for path in paths]
        for call in calls:
            stack.callback(call.leave)
        until(lambda: web.inside()["listeners"] == before + len(calls))
        return calls

    return send


def test_a_waiting_call_is_answered_when_the_document_is_finished(web, alice, upload, wait_on):
    document = upload()
    [call] = wait_on(web, alice, status_of(document))
    claimed = queue.claim_next("w")
    events.progress(claimed, step="extracting", done=1, total=2)
    queue.fail(claimed, failure("damaged"))
    answer = call.answer()
    assert answer.status == 200
    assert (answer.said["status"], answer.said["is_finished"]) == ("failed", True)
    assert answer.said["failure"]["code"] == "damaged"
    assert int(answer.headers["Last-Event-ID"]) == events.latest_id()
    assert answer.headers["Cache-Control"] == "no-store, private"


def test_what_is_finished_already_is_answered_at_once(web, alice, upload):
    document = finish(upload())
    call = Call(web.port, tokens.log_in(alice).access, status_of(document))
    assert call.answer().said["status"] == "completed"


def test_after_its_time_a_call_is_told_how_it_stands(web, alice, upload, wait_on):
    document = upload()
    [call] = wait_on(web, alice, status_of(document, wait=2))
    answer = call.answer()
    assert (answer.status, answer.said["status"]) == (200, "pending")
    assert answer.said["is_finished"] is False


def test_other_documents_wake_nobody(web, alice, upload, wait_on):
    other, awaited = upload("other.txt"), upload("awaited.txt")
    [call, early] = wait_on(web, alice, status_of(awaited), status_of(other))
    finish(other)
    assert early.answer().said["id"] == str(other.pk)
    assert web.inside()["listeners"] == 1
    finish(awaited)
    assert call.answer().said["id"] == str(awaited.pk)


@pytest.mark.parametrize("remove", [removal.delete, moves.delete])
def test_who_waits_for_what_is_deleted_is_told_so(web, alice, upload, wait_on, remove):
    document = upload()
    [call] = wait_on(web, alice, status_of(document))
    remove(document)
    answer = call.answer()
    assert (answer.status, answer.said["code"]) == (404, "not_found")


def test_bob_gets_404_at_once(web, alice, bob, upload):
    document, token = upload(), tokens.log_in(bob).access
    answer = Call(web.port, token, status_of(document)).answer()
    assert (answer.status, answer.said["code"]) == (404, "not_found")
    answer = Call(web.port, token, "/documents/junk/status?wait=60").answer()
    assert answer.status == 404


def test_head_waits_as_well(web, alice, upload, wait_on):
    document = upload()
    [call] = wait_on(web, alice, status_of(document), method="HEAD")
    finish(document)
    assert call.answer().status == 200


# Whether it may.


def end_login(user):
    tokens.end(user.login_sessions.get())


def deactivate(user):
    type(user).objects.filter(pk=user.pk).update(is_active=False)


@pytest.mark.parametrize("end", [end_login, deactivate])
def test_a_call_ends_with_its_login(web, alice, upload, wait_on, end):
    token = tokens.log_in(alice).access
    [call] = wait_on(web, token, status_of(upload()))
    end(alice)
    answer = call.answer()
    assert (answer.status, answer.said["code"]) == (401, "login_ended")
    assert answer.headers["WWW-Authenticate"]


def test_a_call_ends_with_its_token(web, alice, upload, wait_on, monkeypatch):
    lifetime = "rest_framework_simplejwt.tokens.AccessToken.lifetime"
    monkeypatch.setattr(lifetime, timedelta(seconds=3))
    [call] = wait_on(web, alice, status_of(upload()))
    answer = call.answer()
    assert (answer.status, answer.said["code"]) == (401, "token_expired")


def test_a_call_ends_with_its_key(web, alice, upload, wait_on):
    key, raw = api_keys.make(alice, "script", ["read"])
    calls = wait_on(web, raw, status_of(upload()), for_news())
    api_keys.end(key)
    for call in calls:
        answer = call.answer()
        assert (answer.status, answer.said["code"]) == (401, "key_ended")


def test_a_key_without_the_scope_to_look_waits_for_nothing(web, alice, upload):
    _, raw = api_keys.make(alice, "script", ["upload"])
    for path in (status_of(upload()), "/events?wait=60"):
        answer = Call(web.port, raw, path).answer()
        assert (answer.status, answer.said["code"]) == (403, "insufficient_scope")


def test_one_user_has_so_many_calls_waiting_and_no_more(own_web, alice, bob, upload, wait_on):
    web = own_web(ATOM_MAX_WAITS_PER_USER="2")
    token, document = tokens.log_in(alice).access, upload()
    [first, _] = wait_on(web, token, status_of(document), for_news())
    refusal = Call(web.port, token, status_of(document)).answer()
    assert (refusal.status, refusal.said["code"]) == (429, "too_many_waits")
    assert int(refusal.headers["Retry-After"]) > 0
    assert Call(web.port, token, status_of(document, wait=0)).answer().status == 200
    opened(web.listen(alice)).close()
    wait_on(web, bob, status_of(upload(owner=bob)))
    first.leave()
    until(lambda: web.inside()["listeners"] == 2)
    wait_on(web, token, status_of(document))


# What it holds.


def test_who_leaves_is_forgotten(web, alice, upload, wait_on):
    calls = wait_on(web, alice, *[status_of(upload())] * 5)
    # The first that a view set ever answers is kept, by what describes it (drf-spectacular).
    until(lambda: web.inside()["requests"] <= 1)
    assert web.inside()["relays"] == 1
    for call in calls:
        call.leave()
    until(web.is_idle)


def test_who_leaves_at_once_is_forgotten_too(web, alice, upload):
    token, path = tokens.log_in(alice).access, status_of(upload())
    for _ in range(10):
        Call(web.port, token, path).leave()
    until(web.is_idle)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_server_that_stops_answers_whoever_waits(own_web, alice, upload, wait_on, number):
    web = own_web()
    token, path = tokens.log_in(alice).access, status_of(upload())
    calls = wait_on(web, token, *[path] * 30, for_news())
    web.process.send_signal(number)
    answers = [call.answer() for call in calls]
    web.process.wait(20)
    assert {answer.status for answer in answers} == {200}
    assert {answer.said["status"] for answer in answers[:-1]} == {"pending"}
    assert answers[-1].said["events"] == []


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has no server")
def test_a_restarted_database_wakes_nobody_and_loses_nothing(web, alice, upload, wait_on):
    document = upload()
    [call] = wait_on(web, alice, status_of(document))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid != pg_backend_pid()"
        )
    finish(document)
    assert call.answer().said["status"] == "completed"


# Threads that lanes start only when as much comes at once: of a busy machine, in the later calls.
LATE = 8


@pytest.mark.slow
def test_two_hundred_waiting_calls_hold_no_thread_and_no_connection(own_web, upload, stack):
    web = own_web(PGAPPNAME="waited-on")
    people = [User.objects.create_user(f"user {number}") for number in range(5)]
    documents = [upload(f"{n}.txt", owner=owner) for owner in people for n in range(40)]
    held = {owner.pk: tokens.log_in(owner).access for owner in people}
    calls = []

    def wait_on(some):
        for one in some:
            calls.append(Call(web.port, held[one.owner_id], status_of(one)))
            stack.callback(calls[-1].leave)
        until(lambda: web.inside()["listeners"] == len(calls))

    def connections():
        return connections_of("waited-on") if connection.vendor == "postgresql" else set()

    wait_on(documents[:8])  # Two for each of the threads that streams share.
    before, connected = web.inside(), connections()
    for start in range(8, 200, 48):  # More that come in the same moment than may line up are 503.
        wait_on(documents[start : start + 48])
    during = web.inside()
    assert during["listeners"] == 200
    assert during["threads"] <= before["threads"] + LATE
    assert during["requests"] <= 1
    assert len(connections()) <= len(connected) + LATE
    for document in documents[::20]:
        queue.cancel(document)
    assert {call.answer().said["status"] for call in calls[::20]} == {"failed"}
    assert web.inside()["threads"] <= before["threads"] + LATE
    assert len(connections()) <= len(connected) + LATE


def test_a_call_counts_once_however_long_it_waits(alice, settings, monkeypatch, rf):
    settings.ATOM_THROTTLE = True
    monkeypatch.setattr(throttles.RequestThrottle, "limit", 1)
    request = rf.get("/events?wait=1")
    request.user = alice
    request.scope = {"method": "GET", "path": "/events", "query_string": b"wait=1"}
    poll = long_polling.begin(request.scope)
    assert throttles.RequestThrottle().allow_request(request, None)
    poll.mark = 7
    # Nor is it refused, whatever was asked for meanwhile.
    for _ in range(3):
        assert throttles.RequestThrottle().allow_request(request, None)
    poll.mark = None
    with pytest.raises(throttles.Throttled):
        throttles.RequestThrottle().allow_request(request, None)


def test_an_answer_that_waited_tells_how_many_requests_are_left_by_then(
    own_web, alice, upload, wait_on
):
    web, token, document = own_web(ATOM_THROTTLE="on"), tokens.log_in(alice).access, upload()
    calls = wait_on(web, token, status_of(document), for_news())
    assert (
        Call(web.port, token, "/me").answer().headers["RateLimit"].startswith('"requests";r=597;')
    )
    queue.cancel(document)
    for call in calls:
        headers = call.answer().headers
        assert headers["RateLimit"].startswith('"requests";r=597;')
        assert headers["RateLimit-Policy"] == '"requests";q=600;w=60'


# The moments in which an end could fall between two chairs.


class Broker:
    """Brings what a test lets it."""

    def __init__(self, is_gapless=True):
        self.is_gapless = is_gapless

    def has_room(self):
        return True

    def stop_on_signals(self):
        pass

    def join(self, subscriber, *, after):
        return self.is_gapless

    def leave(self, subscriber):
        pass


def wait_of(alice, broker, is_due, **more):
    facts = {"mark": 7, "seconds": 60, "is_meant": lambda event: False, "is_due": is_due, **more}
    return EventWait(auth_of(alice), broker, **facts)


async def over(wait, within=20):
    async with asyncio.timeout(within):
        await wait.over()
    return True


def test_what_ended_before_it_listened_is_asked_for(alice):
    assert asyncio.run(over(wait_of(alice, Broker(is_gapless=False), lambda: True)))


def test_what_was_told_while_it_began_to_listen_but_has_not_ended_is_waited_for(alice):
    asked = []
    wait = wait_of(alice, Broker(is_gapless=False), lambda: bool(asked.append(1)), seconds=0.1)
    assert asyncio.run(over(wait))
    assert asked == [1]


def test_of_more_events_than_are_kept_none_is_missed(relay, alice, upload):
    """The library keeps ten for a listener; the eleventh may be the one that was meant."""
    documents = [upload(f"{number}.txt") for number in range(12)]
    last, mark = documents[-1].pk, events.latest_id()
    unfinished = Document.objects.filter(pk=last, status=Status.PENDING)

    async def told():
        wait = wait_of(
            alice, relay, lambda: not unfinished.exists(), mark=mark, is_meant=ends(last)
        )
        waiting = asyncio.create_task(over(wait))
        await asyncio.sleep(0)
        await asyncio.to_thread(all_at_once)
        return await waiting

    def all_at_once():
        for document in documents:
            queue.cancel(document)
        connection.close()

    assert asyncio.run(told())


def test_one_that_was_ended_before_it_began_does_not_wait(alice):
    wait = wait_of(alice, Broker(), lambda: False)
    wait.end("left")
    assert asyncio.run(over(wait))


@pytest.mark.parametrize("wait", ["-1", "61", "1.5", "", "a", "%D9%A3", "1e1", "+1", "9" * 99])
def test_a_time_that_makes_no_sense_is_refused(api, upload, wait):
    for path in (f"/documents/{upload().pk}/status", "/events"):
        refusal = api.get(f"{path}?wait={wait}")
        assert (refusal.status_code, refusal.json()["code"]) == (400, "bad_wait")


def test_without_asgi_only_what_needs_no_waiting_is_answered(api, upload):
    document = upload()
    for path in (status_of(document), for_news()):
        refusal = api.get(path)
        assert (refusal.status_code, refusal.json()["code"]) == (503, "needs_asgi")
    assert api.get("/events?wait=60&after=0").status_code == 200
    finish(document)
    assert api.get(status_of(document)).json()["is_finished"] is True
