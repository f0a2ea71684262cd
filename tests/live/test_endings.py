"""When a stream ends: by age, because its reader may not listen any more, with its process."""

import signal
import time
from datetime import timedelta

import pytest
from django.db import connection

from accounts import tokens
from documents import wakeup
from documents.models import StatusEvent
from tests.conftest import PASSWORD
from tests.live.conftest import until
from tests.live.ear import Ear
from tests.programs import ended, program

pytestmark = pytest.mark.django_db(transaction=True)


def ends(ear):
    """Reads to the end; the patience of an ear is over long before a stream's age."""
    ear.rest()
    return True


def opened(ear):
    ear.next("stream-open")
    return ear


def by_cookie(web, browser):
    return opened(Ear(web.port, Cookie=f"sessionid={browser.cookies['sessionid'].value}"))


def test_a_stream_ends_at_its_age_and_goes_on_where_it_was(own_web, alice, upload):
    web = own_web("--age", 1.5)
    ear = web.listen(alice)
    upload()
    heard = ear.rest()
    last = heard[-1].id
    upload("later.txt")
    with web.listen(alice, last) as ear:
        assert [event.said["filename"] for event in ear.up_to_heartbeat()] == ["later.txt"]


def test_a_stream_ends_with_its_token(web, alice, monkeypatch):
    lifetime = "rest_framework_simplejwt.tokens.AccessToken.lifetime"
    monkeypatch.setattr(lifetime, timedelta(seconds=3))
    with opened(web.listen(alice)) as ear:
        assert ends(ear)


def test_a_deactivated_user_hears_no_more(web, alice, bob):
    with opened(web.listen(alice)) as ear, opened(web.listen(bob)) as unaffected:
        alice.is_active = False
        alice.save()
        assert ends(ear)
        assert unaffected.next("heartbeat")


def test_an_update_past_the_model_ends_streams_too(web, alice):
    with opened(web.listen(alice)) as ear:
        type(alice).objects.filter(pk=alice.pk).update(is_active=False)
        assert ends(ear)


def test_a_login_by_token_that_ended_hears_no_more(web, alice):
    ended, goes_on = opened(web.listen(alice)), opened(web.listen(alice))
    tokens.end(alice.login_sessions.earliest("created_at"))
    assert ends(ended)
    assert goes_on.next("heartbeat")
    goes_on.close()


def test_a_signed_out_browser_hears_no_more(web, browser):
    with by_cookie(web, browser) as ear:
        browser.logout()
        assert ends(ear)


def test_an_expired_session_hears_no_more(web, browser):
    session = browser.session
    with by_cookie(web, browser) as ear:
        session.model.objects.update(expire_date="2026-01-01T00:00:00Z")
        assert ends(ear)


def test_a_changed_password_ends_every_stream(web, alice, browser):
    with by_cookie(web, browser) as page, opened(web.listen(alice)) as program:
        alice.set_password(PASSWORD + "!")
        alice.save()
        assert ends(page)
        assert ends(program)


def test_a_user_signed_out_everywhere_hears_no_more(web, alice, browser):
    with by_cookie(web, browser) as ear:
        tokens.end_all(alice)
        assert ends(ear)


def test_one_user_has_so_many_streams_and_no_more(own_web, alice, bob):
    web = own_web(ATOM_MAX_STREAMS_PER_USER="2")
    first, second = opened(web.listen(alice)), opened(web.listen(alice))
    with web.listen(alice) as refused:
        # Not an error: an EventSource would give up for good.
        assert refused.status == 200
        assert refused.rest() == []
        assert refused.retry == 15000
    opened(web.listen(bob)).close()
    first.close()
    until(lambda: web.inside()["listeners"] == 1)
    opened(web.listen(alice)).close()
    second.close()


def test_who_leaves_is_forgotten_and_so_is_the_relay(web, alice):
    before = web.inside()
    ears = [opened(web.listen(alice)) for _ in range(8)]
    during = web.inside()
    for ear in ears:
        ear.close()
    until(lambda: web.inside()["listeners"] == 0, within=5)
    until(lambda: web.inside()["relays"] == 0, within=5)
    assert (before["relays"], during["relays"], during["listeners"]) == (0, 1, 8)


def test_who_leaves_before_the_first_event_is_forgotten_too(web, alice):
    token = tokens.log_in(alice).access
    for _ in range(10):
        Ear(web.port, token).close()
    until(lambda: web.inside()["listeners"] == 0, within=5)
    until(lambda: web.inside()["relays"] == 0, within=5)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_server_with_fifty_streams_stops_at_once(own_web, alice, number):
    web = own_web(ATOM_MAX_STREAMS_PER_USER="50")
    ears = [opened(web.listen(alice)) for _ in range(50)]
    begin = time.monotonic()
    web.process.send_signal(number)
    # Without our handler uvicorn waits for the streams, which is for ever.
    web.process.wait(10)
    took = time.monotonic() - begin
    assert all(ends(ear) for ear in ears)
    assert took < 5, took  # One second on a machine that does nothing else.


@pytest.mark.slow
def test_a_reader_that_stalls_costs_no_memory_and_gets_everything_in_order(own_web, alice, upload):
    web = own_web("--heartbeat", 600)
    document = upload("n" * 200 + ".txt")
    events = []

    def write(count):
        made = StatusEvent.objects.bulk_create(
            [
                StatusEvent(owner=alice, document_id=document.pk, status="pending", reason="x" * 40)
                for _ in range(count)
            ]
        )
        events.extend(event.pk for event in made)
        wakeup.notify(wakeup.EVENTS)

    with web.listen(alice, buffer=4096) as stalled, web.listen(alice) as reader:
        opened(stalled), opened(reader)
        memory = []
        for count in (3000, 6000):
            write(count)
            reader.until(lambda event: event.id == events[-1])
            memory.append(web.inside()["memory"])
        heard = stalled.until(lambda event: event.id == events[-1])
    told = [event.id for event in heard if event.name == "status"]
    assert [id for id in told if id >= events[0]] == events
    assert memory[1] - memory[0] < 5000  # KB; what was told meanwhile is more than that.


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has no server")
def test_a_restarted_database_costs_no_event(web, alice, upload):
    with web.listen(alice) as ear:
        opened(ear)
        for number in range(3):
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    "WHERE datname = current_database() AND pid != pg_backend_pid()"
                )
            upload(f"{number}.txt")
            assert ear.next("status").said["filename"] == f"{number}.txt"


@pytest.mark.slow
@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite counts no connections")
def test_five_hundred_streams_leave_the_database_to_the_worker(own_web, alice, upload):
    """A connection each would be five times what the server grants by default."""
    web = own_web(ATOM_MAX_STREAMS_PER_USER="500")
    ears = [opened(web.listen(alice)) for _ in range(500)]
    inside = web.inside()
    document = upload()
    with program("worker", "--drain") as worker:
        assert ended(worker)[0] == 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()")
        connections = cursor.fetchone()[0]
    for ear in ears:
        heard = ear.until(lambda event: event.said.get("status") == "completed")
        assert heard[-1].said["document_id"] == str(document.pk)
        ear.close()
    assert inside["listeners"] == 500
    assert inside["threads"] <= 16
    assert connections <= 16
