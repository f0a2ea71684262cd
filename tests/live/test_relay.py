"""Who carries for whom: the moments in which an event could fall between two chairs."""

import asyncio
import threading
from contextlib import aclosing

import pytest
from asgiref.sync import sync_to_async
from django.db import InterfaceError, NotSupportedError, OperationalError, connection
from django.test.utils import CaptureQueriesContext

from accounts.auth_snapshot import AuthSnapshot
from documents import events
from documents.live import event_rows, payloads
from documents.live.channels import Subscriber
from documents.live.log_reader import Phase
from documents.live.relay import Relay, RelayRun
from documents.live.stream import EventStream
from tests.live.conftest import until

pytestmark = pytest.mark.django_db(transaction=True)


def auth_of(user):
    return AuthSnapshot(user.pk, "", None, None, None, None)


@pytest.fixture
def relay():
    made = Relay()
    yield made
    for subscriber in made._everybody():
        made.leave(subscriber)
    until(lambda: not any(thread.name == "relay" for thread in threading.enumerate()))


def test_who_read_the_log_before_the_relay_began_is_told_to_read_it_again(relay, alice):
    first, late, next_one = (Subscriber(auth_of(alice)) for _ in range(3))
    assert relay.join(first, after=105)
    assert not relay.join(late, after=100)
    assert relay.join(next_one, after=105)


def test_whoever_leaves_before_listening_is_woken_by_nobody(alice):
    early = Subscriber(auth_of(alice))
    early.loop = object()
    early.end("failed")
    assert early.error == "failed"


def test_the_relay_begins_anew_after_everybody_has_left(relay, alice):
    first, second = Subscriber(auth_of(alice)), Subscriber(auth_of(alice))
    assert relay.join(first, after=105)
    relay.leave(first)
    assert relay.join(second, after=100)


def test_who_comes_to_a_relay_that_has_failed_gets_another(relay, alice, monkeypatch):
    stays, comes = Subscriber(auth_of(alice)), Subscriber(auth_of(alice))
    with monkeypatch.context() as patched:
        patched.setattr(RelayRun, "_carry_on", lambda run: 1 / 0)
        relay.join(stays, after=105)
        until(lambda: stays.error == "failed")
    failed = relay._run
    assert relay.join(comes, after=105)
    assert relay._run is not failed
    assert not comes.error


def test_who_read_the_log_before_something_was_handed_out_is_told_to_read_it_again(
    relay, alice, upload
):
    upload()
    before = events.latest_id()
    early, late, next_one = (Subscriber(auth_of(alice)) for _ in range(3))
    assert relay.join(early, after=before)
    upload()
    until(lambda: relay._run.taken_upto == events.latest_id())
    assert not relay.join(late, after=before)
    assert relay.join(next_one, after=events.latest_id())


class NobodyCarried:
    """A broker that misses what is committed while a stream joins it."""

    def __init__(self, commit):
        self.commit = commit

    def has_room(self):
        return True

    def stop_on_signals(self):
        pass

    def join(self, subscriber, *, after):
        meanwhile = threading.Thread(target=self.commit)
        meanwhile.start()
        meanwhile.join()
        return False

    def leave(self, subscriber):
        pass


@pytest.mark.parametrize("waiting", [0, 3, 40])
@pytest.mark.parametrize("cursor", [None, 0])
def test_a_stream_whose_relay_began_too_late_misses_nothing(alice, upload, cursor, waiting):
    for number in range(waiting):
        upload(f"{number}.txt")

    def commit():
        upload("meanwhile.txt")
        connection.close()

    heard = asyncio.run(told(EventStream(auth_of(alice), cursor, NobodyCarried(commit))))
    assert heard.count(b"meanwhile.txt") == 1
    assert heard.count(b"event: status") == waiting + 1
    assert f"id: {events.latest_id()}\n".encode() in heard


@pytest.mark.parametrize("cursor", [None, 0])
def test_what_happens_between_request_and_stream_is_told_once(relay, alice, upload, cursor):
    def between():
        upload("between.txt")
        until(lambda: relay._run.taken_upto == events.latest_id())
        connection.close()

    async def heard():
        other = EventStream(auth_of(alice), None, relay)
        async with aclosing(aiter(other)) as parts:
            await anext(parts)  # Somebody else is carried for all the time.
            stream = EventStream(auth_of(alice), cursor, relay)
            await sync_to_async(stream.prepare)()
            await sync_to_async(between)()
            return await told(stream)

    upload("before.txt")
    said = asyncio.run(heard())
    assert said.count(b"before.txt") == said.count(b"between.txt") == 1


def test_who_comes_as_the_last_one_leaves_misses_nothing(relay, alice, upload, monkeypatch):
    """A relay that is left in the middle of a look must not be heard by the next stream."""
    announce = payloads.of
    is_in_the_middle, may_go_on, former = threading.Event(), threading.Event(), []

    def slowly(rows, **how):
        if threading.current_thread() in former:
            is_in_the_middle.set()
            may_go_on.wait(5)
        elif former and threading.current_thread().name == "relay":
            former[0].join(5)  # Whatever the former one still does comes first.
        return announce(rows, **how)

    def meanwhile(last):
        upload("first.txt")
        until(lambda: last.subscriber_has_taken("first.txt"))
        former.append(relay._run)
        upload("second.txt")
        assert is_in_the_middle.wait(5)
        connection.close()

    async def heard():
        last, next_one = Told(EventStream(auth_of(alice), None, relay)), None
        await last.begin()
        next_one = EventStream(auth_of(alice), None, relay)
        await sync_to_async(next_one.prepare)()
        await sync_to_async(meanwhile)(last)
        await last.leave()
        asyncio.get_running_loop().call_later(0.2, may_go_on.set)
        return await told(next_one)

    monkeypatch.setattr(payloads, "of", slowly)
    said = asyncio.run(heard())
    assert said.count(b"first.txt") == said.count(b"second.txt") == 1
    assert said.index(b"first.txt") < said.index(b"second.txt")


class Told:
    """A stream that is open, and what its subscriber was handed."""

    def __init__(self, stream):
        self._stream = stream
        self._parts = aiter(stream)

    async def begin(self):
        await anext(self._parts)

    def subscriber_has_taken(self, name):
        handed = self._stream._subscriber.channel_items.get(self._stream._subscriber.channel, [])
        return any(name.encode() in event.data for event in handed)

    async def leave(self):
        await self._parts.aclose()


async def told(stream):
    """All that is told until the stream falls idle."""
    heard = b""
    try:
        async with aclosing(aiter(stream)) as parts:
            async for frames in parts:
                heard += frames
                # On a busy machine the first comes before all of the log is told.
                if b"event: heartbeat" in frames and stream._log.phase is Phase.LIVE:
                    break
    finally:
        await sync_to_async(lambda: connection.close())()
    return heard


@pytest.mark.parametrize("is_prepared", [True, False])
def test_a_stream_waits_for_a_database_that_is_away(relay, alice, upload, monkeypatch, is_prepared):
    upload()
    answers = iter([OperationalError("gone"), InterfaceError("gone"), events.latest_id()])

    def latest_id():
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr(events, "latest_id", latest_id)
    monkeypatch.setattr("documents.live.stream.DATABASE_PAUSE", 0.01)
    stream = EventStream(auth_of(alice), 0, relay)
    if is_prepared:
        stream.prepare()
    heard = asyncio.run(told(stream))
    assert heard.count(b"event: status") == 1


def test_a_stream_that_is_left_while_the_database_is_away_just_ends(relay, alice, monkeypatch):
    def latest_id():
        raise OperationalError("gone")

    async def left():
        stream = EventStream(auth_of(alice), 0, relay)
        asyncio.get_running_loop().call_later(0.05, stream.end, "left")
        async with aclosing(aiter(stream)) as parts:
            return [frames async for frames in parts]

    monkeypatch.setattr(events, "latest_id", latest_id)
    monkeypatch.setattr("documents.live.stream.DATABASE_PAUSE", 0.01)
    assert asyncio.run(left()) == []


def test_the_relay_goes_on_after_any_error_of_the_database(relay, alice, upload, monkeypatch):
    """Such as a plan that a migration has made useless: only a new connection helps."""
    read, errors = event_rows.events_since, [NotSupportedError("cached plan")]

    def once_useless(*asked):
        if errors and relay._run:
            raise errors.pop()
        return read(*asked)

    async def heard():
        stream = EventStream(auth_of(alice), None, relay)
        async with aclosing(aiter(stream)) as parts:
            await anext(parts)
            await sync_to_async(uploaded)()
            return await anext(parts)

    def uploaded():
        upload("after.txt")
        connection.close()

    monkeypatch.setattr(event_rows, "events_since", once_useless)
    assert b"after.txt" in asyncio.run(heard())
    assert not errors


def test_a_stream_that_will_be_refused_reads_nothing(relay, alice, upload, settings):
    upload()
    settings.ATOM_MAX_STREAMS_PER_USER = 0
    stream = EventStream(auth_of(alice), 0, relay)
    with CaptureQueriesContext(connection) as asked:
        stream.prepare()
        # No block of its own, which some clients take for an event without data.
        assert asyncio.run(told(stream)) == b"retry: 15000\n"
    assert list(asked) == []
