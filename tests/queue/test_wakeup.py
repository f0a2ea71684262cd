import socket
import threading
from pathlib import Path

import pytest
from django.db import connection, transaction

from documents import queue, wakeup

pytestmark = pytest.mark.django_db(transaction=True)


def bells():
    return list(Path(wakeup._socket_folder(wakeup.QUEUE)).iterdir())


def test_a_commit_wakes_a_sleeper(alice):
    with wakeup.notifier(wakeup.QUEUE) as notifier:
        notifier.wait(0)
        with transaction.atomic():
            wakeup.notify(wakeup.QUEUE)
        assert notifier.wait(5)


def test_an_upload_wakes_a_sleeper(upload):
    with wakeup.notifier(wakeup.QUEUE) as notifier:
        while notifier.wait(0.01):
            pass
        upload()
        assert notifier.wait(5)


def test_nobody_is_woken_when_nothing_happens(alice):
    with wakeup.notifier(wakeup.QUEUE) as notifier:
        while notifier.wait(0.3):
            pass
        assert not notifier.wait(0.3)


def test_work_on_a_document_wakes_nobody_who_waits_for_the_line(upload):
    document = upload()
    with wakeup.notifier(wakeup.QUEUE) as line, wakeup.notifier(wakeup.EVENTS) as events:
        while line.wait(0.3) or events.wait(0.3):
            pass
        queue.claim_next("w")
        queue.fail(document.__class__.objects.get(), queue.failure("damaged"))
        assert events.wait(5)
        # On SQLite the version of the database tells of any write, so only the notifier is asked.
        assert connection.vendor == "sqlite" or not line.wait(0.3)


def test_a_rolled_back_change_rings_nobody(alice):
    with wakeup.notifier(wakeup.QUEUE) as notifier:
        while notifier.wait(0.3):
            pass
        with pytest.raises(RuntimeError), transaction.atomic():
            wakeup.notify(wakeup.QUEUE)
            raise RuntimeError
        assert not notifier.wait(0.3)


def test_another_thread_can_end_the_wait(alice):
    with wakeup.notifier(wakeup.QUEUE) as notifier:
        while notifier.wait(0.3):
            pass
        threading.Timer(0.05, notifier.interrupt).start()
        assert notifier.wait(30)


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="sockets belong to SQLite")
class TestDoorbells:
    def test_the_socket_of_a_dead_process_is_removed(self, alice):
        folder = Path(wakeup._socket_folder(wakeup.QUEUE))
        folder.mkdir(exist_ok=True)
        dead = folder / "dead"
        sock = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        sock.bind(str(dead))
        sock.close()
        wakeup.notify(wakeup.QUEUE)
        assert not dead.exists()

    def test_a_lost_ring_is_made_up_for_by_the_version_of_the_database(self, upload):
        with wakeup.notifier(wakeup.QUEUE) as notifier:
            while notifier.wait(0.01):
                pass
            for path in bells():
                path.unlink()
            upload()
            assert notifier.wait(5)

    def test_a_path_too_long_for_a_socket_is_no_error(self, upload, monkeypatch):
        monkeypatch.setattr(wakeup, "LONGEST_SOCKET_PATH", 3)
        with wakeup.notifier(wakeup.QUEUE) as notifier:
            upload()
            assert notifier.wait(5)

    def test_a_closed_bell_leaves_no_socket(self, alice):
        with wakeup.notifier(wakeup.QUEUE):
            assert bells()
        assert not bells()


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="LISTEN belongs to PostgreSQL")
def test_listening_goes_on_after_the_connection_breaks(alice):
    with wakeup.notifier(wakeup.QUEUE) as notifier:
        notifier.wait(0)
        pid = notifier._listener.info.backend_pid
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s)", [pid])
        notifier.wait(5)
        notifier.wait(5)
        wakeup.notify(wakeup.QUEUE)
        assert notifier.wait(5)
        assert notifier._listener.info.backend_pid != pid
