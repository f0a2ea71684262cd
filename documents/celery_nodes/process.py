"""A Celery process as a node: begun with it, set to work by its task, ended within a grace.

Celery itself waits for its tasks without end when it is told to stop.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from typing import Any

from celery import concurrency, signals
from celery.concurrency.thread import TaskPool
from celery.utils.nodenames import default_nodename
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from atom_project import kicks, presence, watchdog
from atom_project.celery import app
from documents.celery_nodes.node import Node
from documents.operations.start_check import StartRefused
from documents.pipeline.extraction import survivors

LAST_STEPS = 5.0  # seconds that Celery and the broker get after the grace

_node: Node | None = None


@app.task(name=kicks.TASK)  # type: ignore[untyped-decorator]
def kick() -> None:
    """Somebody was queued, or may be."""
    if _node is not None:
        _node.work_on()


@signals.setup_logging.connect  # type: ignore[untyped-decorator]
def keep_logging(**_: Any) -> None:
    """Django has set it up; where somebody hears this signal, Celery leaves it alone."""


@signals.worker_init.connect  # type: ignore[untyped-decorator]
def begin(sender: Any, **_: Any) -> None:
    """Before anything is consumed. Of an exception Celery would make a line in the log."""
    global _node
    try:
        require_lasting_threads(sender)
        presence.hold()
        survivors.adopt_orphans()
        _node = Node(slots=sender.concurrency)
        if sender.hostname == default_nodename(None):
            sender.hostname = _node.name  # Several on one host would all be celery@host.
        watchdog.start(settings.LEASE.total_seconds())
        _node.begin()
    except (ImproperlyConfigured, StartRefused) as reason:
        raise SystemExit(str(reason)) from reason
    threading.Thread(target=_leave, args=(_node,), name="leaving", daemon=True).start()


def require_lasting_threads(celery_worker: Any) -> None:
    """Raises `ImproperlyConfigured` for other pools.

    The children that read documents die with the thread that made them (PR_SET_PDEATHSIG), so
    threads must stay; leases and children would not survive a fork.
    """
    pool = concurrency.get_implementation(celery_worker.pool_cls)
    is_scaled = celery_worker.options.get("autoscale")
    if is_scaled or not (isinstance(pool, type) and issubclass(pool, TaskPool)):
        raise ImproperlyConfigured(
            "A Celery node of ATOM needs a pool of threads that stay: leave out --pool and "
            "--autoscale, and give --concurrency."
        )


@signals.worker_shutting_down.connect  # type: ignore[untyped-decorator]
def stop(how: str, **_: Any) -> None:
    """Called by a signal handler; the second signal is a cold shutdown."""
    if _node is not None:
        _node.stop()
        if how.lower() != "warm":
            _node.stop()


@signals.worker_shutdown.connect  # type: ignore[untyped-decorator]
def ended(**_: Any) -> None:
    """Not before the last document is given back and the heartbeat withdrawn."""
    if _node is not None:
        _node.end()
        _node.has_ended.wait(_node.grace + LAST_STEPS)


def _leave(node: Node) -> None:
    """End the process where Celery would not: a thread that waits for a model holds its pool.

    The document is back in the queue, and whatever that thread still writes is fenced off. A
    broker that is silent may hold the process as well.
    """
    node.has_ended.wait()
    if not (node.is_busy() or node.has_lost_database):
        time.sleep(LAST_STEPS)  # Mostly it has ended by then.
    logging.shutdown()
    os._exit(int(node.has_lost_database))
