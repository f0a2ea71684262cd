"""What a request leaves behind when it is answered, and what a stream holds while it goes on."""

import http.client
import threading
from contextlib import closing

import pytest
from django.db import connection

from accounts import tokens
from documents.models import Document, Status
from tests.live.conftest import until
from tests.live.test_endings import opened
from tests.programs import program

pytestmark = pytest.mark.django_db(transaction=True)


# Nothing is refused, and no line is written that fills the pipe nobody reads.
QUIET = {"ATOM_THROTTLE": "off", "ATOM_LOG": "text"}


def connections_of(name):
    """The server processes that serve programs of this name."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pid FROM pg_stat_activity WHERE application_name = %s", [name])
        return {pid for (pid,) in cursor.fetchall()}


def in_a_hurry(port, token, times, answers):
    for _ in range(times):
        with closing(http.client.HTTPConnection("127.0.0.1", port)) as client:
            client.request("GET", "/documents", headers={"Authorization": f"Bearer {token}"})
            answer = client.getresponse()
            assert answer.read()
            answers.append(answer.status)


def crowd(port, token, clients=5, times=20):
    """All at once, each on a new connection to the web server, and all answered."""
    answers = []
    crowded = [
        threading.Thread(target=in_a_hurry, args=(port, token, times, answers))
        for _ in range(clients)
    ]
    for client in crowded:
        client.start()
    for client in crowded:
        client.join()
    assert answers == [200] * clients * times


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite counts no connections")
def test_requests_share_the_connections_of_a_few_threads(own_web, alice):
    web = own_web(PGAPPNAME="hurried", **QUIET, ATOM_WEB_THREADS="3")
    token = tokens.log_in(alice).access
    crowd(web.port, token)
    crowd(web.port, token)
    before = connections_of("hurried")
    assert 1 <= len(before) <= 3
    crowd(web.port, token)
    assert connections_of("hurried") >= before
    assert len(connections_of("hurried")) <= 3


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has no server")
def test_connections_that_the_server_ended_are_replaced_before_anybody_meets_them(own_web, alice):
    web = own_web(PGAPPNAME="cut-off", **QUIET)
    token = tokens.log_in(alice).access
    for _ in range(5):
        crowd(web.port, token, times=4)
        ended = connections_of("cut-off")
        assert ended
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pid) FROM unnest(%s) pid", [list(ended)])
        until(lambda gone=ended: not connections_of("cut-off") & gone)
        crowd(web.port, token, times=4)
        assert not connections_of("cut-off") & ended


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite counts no connections")
def test_a_worker_keeps_its_connections(transactional_db, alice, upload):
    def read(name):
        document = upload(name)
        until(lambda: Document.objects.get(pk=document.pk).status == Status.COMPLETED)

    with program("worker", "--slots", 2, PGAPPNAME="steady"):
        for number in range(4):  # As many as it has slots.
            read(f"{number}.txt")
        before = connections_of("steady")
        assert len(before) >= 4  # Two slots, the leases, and the notifier.
        for number in range(4):
            read(f"again {number}.txt")
        assert connections_of("steady") == before


def test_a_stream_holds_nothing_of_its_request(own_web, alice):
    web = own_web(ATOM_MAX_STREAMS_PER_USER="20")
    ears = [opened(web.listen(alice)) for _ in range(20)]
    until(lambda: web.inside()["requests"] == 0, within=5)
    assert web.inside()["listeners"] == 20
    for ear in ears:
        ear.close()
