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


def connections_of(name):
    """The server processes that serve programs of this name."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pid FROM pg_stat_activity WHERE application_name = %s", [name])
        return {pid for (pid,) in cursor.fetchall()}


def in_a_hurry(port, token, times):
    for _ in range(times):
        with closing(http.client.HTTPConnection("127.0.0.1", port)) as client:
            client.request("GET", "/documents", headers={"Authorization": f"Bearer {token}"})
            assert client.getresponse().read()


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite counts no connections")
def test_requests_leave_no_connection_to_the_database(own_web, alice):
    """Kept by a thread that ends, one stays open until the garbage collector finds it."""
    web = own_web(PGAPPNAME="hurried", ATOM_THROTTLE="off")
    token = tokens.log_in(alice).access
    clients = [threading.Thread(target=in_a_hurry, args=(web.port, token, 20)) for _ in range(5)]
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    until(lambda: not connections_of("hurried"), within=2)


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
