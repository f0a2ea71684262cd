"""Kicks are sent from one thread that never holds anybody up, and never grow in the broker."""

import subprocess
import sys
import threading
import time

import pytest
from django.db import transaction

from atom_project import kicks
from documents import wakeup
from documents.uploads import intake
from tests.brokers import servers
from tests.processes import ROOT, Installation, free_port


class Broker:
    """Takes kicks, or refuses; `arrive` lets the sender wait for permission."""

    def __init__(self):
        self.taken = []
        self.error = None
        self.may_answer = threading.Event()
        self.may_answer.set()
        self.heard = threading.Semaphore(0)

    def send(self, more, at_least):
        self.heard.release()
        self.may_answer.wait(10)
        if self.error:
            raise self.error
        self.taken.append((more, at_least))

    def hear(self):
        assert self.heard.acquire(timeout=10)


@pytest.fixture
def broker():
    return Broker()


def until(is_so):
    deadline = time.monotonic() + 10
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.005)


def test_whoever_kicks_does_not_wait_for_the_broker(broker):
    broker.may_answer.clear()
    kicker = kicks.Kicker(broker.send)
    kicker.kick(more=1)
    broker.hear()
    began = time.monotonic()
    for _ in range(1000):
        kicker.kick(more=1)
    assert time.monotonic() - began < 1
    broker.may_answer.set()
    broker.hear()
    until(lambda: len(broker.taken) == 2)
    # Those that came meanwhile are one batch, and no more than the broker is to hold.
    assert broker.taken == [(1, 0), (kicks.MOST, 0)]


def test_a_sweep_asks_for_a_number_and_not_for_more(broker):
    broker.may_answer.clear()
    kicker = kicks.Kicker(broker.send)
    kicker.kick(more=1)
    broker.hear()
    for waiting in (7, 3, 5000):
        kicker.kick(at_least=waiting)
    broker.may_answer.set()
    until(lambda: len(broker.taken) == 2)
    assert broker.taken[-1] == (0, kicks.MOST)


def test_after_a_failure_there_are_no_kicks_for_a_while_and_one_line(broker, caplog):
    broker.error = OSError("redis://:secret@host")
    kicker = kicks.Kicker(broker.send, pause=0.3)
    kicker.kick(more=1)
    until(lambda: "takes no kicks" in caplog.text)
    for _ in range(20):
        kicker.kick(more=1)
    assert broker.heard.acquire(timeout=1)
    assert not broker.heard.acquire(timeout=0.1)
    broker.error = None
    until(lambda: kicker.kick(more=1) or broker.taken)
    assert [record.name for record in caplog.records].count(kicks.__name__) == 1
    assert "secret" not in caplog.text


def test_a_process_without_room_for_a_thread_goes_on(broker, monkeypatch):
    def refuse(self):
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", refuse)
    kicks.Kicker(broker.send).kick(more=1)


@pytest.fixture
def heard(settings, monkeypatch):
    settings.ATOM_BROKER_URL = "redis://127.0.0.1:1/0"
    sent = []

    class Heard:
        def kick(self, **how):
            sent.append(how)

    monkeypatch.setattr(kicks, "_of_this_process", Heard())
    return sent


@pytest.mark.django_db(transaction=True)
def test_each_document_that_joins_the_queue_is_a_kick_once_it_is_committed(heard, upload):
    with transaction.atomic():
        upload()
        assert heard == []
    assert heard == [{"more": 1}]


@pytest.mark.django_db(transaction=True)
def test_files_of_one_upload_are_a_kick_each(heard, alice, text_file):
    intake.receive(alice, [text_file(f"{number}.txt") for number in range(5)])
    assert sum(how["more"] for how in heard) == 5


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_kicks_nobody(heard):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        wakeup.notify(wakeup.QUEUE)
        raise ZeroDivisionError
    assert heard == []


@pytest.mark.django_db(transaction=True)
def test_events_kick_nobody(heard):
    wakeup.notify(wakeup.EVENTS)
    assert heard == []


@pytest.mark.django_db(transaction=True)
def test_without_a_broker_nobody_is_kicked_and_nothing_of_celery_imported(upload, monkeypatch):
    monkeypatch.setattr(kicks, "_of_this_process", None)  # Its use would fail.
    upload()
    kicks.fill(3)


IMPORTED = """
import sys
import django
django.setup()
from atom_project import broker, kicks
kicks.prepare()
before = set(sys.modules)
try:
    broker.Sender().send(1, 0)
except Exception:
    pass
print(sum(name.partition(".")[0] in ("celery", "kombu", "amqp", "redis") for name in
          set(sys.modules) - before))
"""


@pytest.mark.parametrize("scheme", ["redis", "amqp"])
def test_the_first_kick_of_a_web_server_imports_nothing(scheme, tmp_path):
    servers.celery_or_skip()
    database = {"DATABASE_URL": "postgres://postgres@127.0.0.1:1/none"}
    broker = {"ATOM_BROKER_URL": f"{scheme}://127.0.0.1:{free_port()}/"}
    installation = Installation(tmp_path, **database, **broker)
    ended = subprocess.run(
        [sys.executable, "-c", IMPORTED],
        env=installation.environment | {"DJANGO_SETTINGS_MODULE": "atom_project.settings"},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.stdout == "0\n", ended.stderr


@pytest.mark.parametrize("scheme", ["redis", "amqp"])
def test_a_silent_broker_is_given_up_within_seconds(scheme, monkeypatch):
    servers.celery_or_skip()
    from atom_project import broker
    from atom_project.celery import app

    with servers.silent() as port:
        monkeypatch.setitem(app.conf, "broker_write_url", f"{scheme}://127.0.0.1:{port}//")
        began = time.monotonic()
        with pytest.raises(Exception):  # noqa: B017 - of whichever library it is
            broker.Sender().send(1, 0)
        assert time.monotonic() - began < 8


def test_queues_are_such_as_rabbitmq_takes_and_keeps_for_nobody():
    """From 4.3 on it refuses those that are neither durable nor of one connection alone."""
    servers.celery_or_skip()
    from atom_project.celery import app

    mailbox = app.control.mailbox
    [kicks_queue] = app.conf.task_queues
    of_one_node = [mailbox.get_queue("one@here"), mailbox.get_reply_queue()]
    assert all(queue.durable for queue in [kicks_queue, *of_one_node])
    assert all(queue.expires and not queue.exclusive for queue in of_one_node)
