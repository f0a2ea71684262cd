"""Clients that leave and come back, servers that are killed, three writers: nothing is amiss.

`make torture` runs it at full length; `make test` a short one.
"""

import contextlib
import http.client
import os
import random
import signal
import threading
import time
from contextlib import ExitStack

import pytest

from accounts import tokens
from accounts.models import User
from documents.models import StatusEvent
from tests.live.conftest import running
from tests.live.ear import Ear
from tests.processes import free_port
from tests.programs import ended, program

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

IS_FULL = os.environ.get("TORTURE") == "full"
PEOPLE, CLIENTS_EACH, WRITERS = 3, 6, 3
EVENTS_EACH = 480 if IS_FULL else 40  # by each writer; times clients is what is delivered
PAUSE = 0.03
KILLS = 4 if IS_FULL else 1
LOST = (OSError, http.client.HTTPException, AssertionError)


class Client(threading.Thread):
    """Reads for a while, leaves without a word, and resumes at either server."""

    def __init__(self, ports, token, seed):
        super().__init__(daemon=True)
        self.random = random.Random(seed)
        self.ports, self.token = ports, token
        self.heard, self.last, self.returns = [], 0, 0
        self.is_done = threading.Event()

    def run(self):
        while not self.is_done.is_set():
            with contextlib.suppress(*LOST):
                self.listen_for_a_while()
            self.returns += 1
            time.sleep(self.random.uniform(0, 0.1))

    def listen_for_a_while(self):
        deadline = time.monotonic() + self.random.uniform(0.05, 2)
        # Never without a cursor, which would ask for a summary instead of the log.
        port = self.random.choice(self.ports)
        with Ear(port, self.token, Last_Event_ID=str(self.last)) as ear:
            assert ear.status == 200
            for event in ear:
                if event.name == "stream-reset":
                    self.heard.append("reset")
                if event.name in {"status", "progress", "deleted"}:
                    self.heard.append(event.id)
                # As a browser: whatever carries an id moves the cursor.
                self.last = event.id
                if time.monotonic() > deadline or self.is_done.is_set():
                    return


def kill_and_restart(stack, webs, at):
    web, port = webs[at], webs[at].port
    web.process.send_signal(signal.SIGKILL)
    web.process.wait()
    webs[at] = stack.enter_context(running("--port", port, ATOM_MAX_STREAMS_PER_USER="100"))


def kept(user):
    return list(StatusEvent.objects.visible_to(user).oldest_first().values_list("id", flat=True))


def wait_until_all_is_heard(clients, newest):
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and any(
        not client.heard or client.heard[-1] != newest[client.token] for client in clients
    ):
        time.sleep(0.1)


def test_nothing_is_lost_repeated_or_out_of_order(bob, upload):
    people = [User.objects.create_user(f"reader{number}") for number in range(PEOPLE)]
    documents = [upload(owner=person).pk for person in people]
    access = {person.pk: tokens.log_in(person).access for person in [*people, bob]}
    with ExitStack() as stack:
        more = {"ATOM_MAX_STREAMS_PER_USER": "100"}
        webs = [stack.enter_context(running("--port", free_port(), **more)) for _ in range(2)]
        ports = [web.port for web in webs]
        clients = {
            person.pk: [Client(ports, access[person.pk], f"{person.pk} {n}") for n in range(each)]
            for person, each in [*((person, CLIENTS_EACH) for person in people), (bob, 1)]
        }
        everybody = [client for some in clients.values() for client in some]
        for client in everybody:
            client.start()
        writers = [
            stack.enter_context(program("writer", EVENTS_EACH, PAUSE, *documents))
            for _ in range(WRITERS)
        ]
        for number in range(KILLS):
            time.sleep(1)
            kill_and_restart(stack, webs, number % 2)
        assert [ended(writer, within=120) for writer in writers] == [(0, "")] * WRITERS
        newest = {access[person.pk]: kept(person)[-1] for person in people}
        readers = [client for client in everybody if client.token in newest]
        wait_until_all_is_heard(readers, newest)
        for client in everybody:
            client.is_done.set()
        for client in everybody:
            client.join(30)
    for person in people:
        for client in clients[person.pk]:
            assert client.heard == kept(person)
    assert clients[bob.pk][0].heard == []
    assert sum(len(client.heard) for client in readers) >= (8000 if IS_FULL else 700)
    assert sum(client.returns for client in everybody) > 2 * len(everybody)
