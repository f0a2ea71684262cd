"""Health checks of the broker that wakes Celery nodes, where there is one."""

from __future__ import annotations

from collections.abc import Iterator

from documents.models import WorkerHeartbeat
from documents.operations.checks import CheckResult, good, warning

NODES = "celery@"  # as the names of their heartbeats begin


def examine() -> Iterator[CheckResult]:
    """Needs a database that is up to date, and ATOM_BROKER_URL."""
    yield examine_broker()
    yield examine_nodes()


def examine_broker() -> CheckResult:
    # Only here: without a broker, nothing of Celery is imported.
    from atom_project import broker

    try:
        with broker.connection() as opened:
            lying = broker.lying(opened)
    except Exception as error:  # Each broker's library has exceptions of its own.
        return warning(
            f"The broker ({broker.described()}) does not answer ({type(error).__name__}); "
            "Celery nodes look for documents by themselves, every 10 seconds.",
            "Check ATOM_BROKER_URL, and that the broker runs.",
        )
    return good(f"The broker ({broker.described()}) answers; {lying} kicks lie there.")


def examine_nodes() -> CheckResult:
    nodes = WorkerHeartbeat.objects.alive().filter(name__startswith=NODES).count()
    if not nodes:
        return warning(
            "A broker is set, but no Celery node is running.",
            "Start one with `celery -A atom_project worker`, or leave ATOM_BROKER_URL out.",
        )
    return good(f"{nodes} Celery nodes are running.")
