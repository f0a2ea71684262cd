"""Health checks of the queue and what it rests on: claims, circuits, clocks, database."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import redis
from django.conf import settings
from django.db import connection
from django.utils import timezone

from atom_project import paths
from documents import quotas
from documents.models import Document, WorkerHeartbeat
from documents.operations import statistics
from documents.operations.checks import CheckResult, good, warning
from documents.operations.statistics import QueueStatistics, TrashFigures

LONG_SILENCE = 2  # leases, after which some worker should have taken a claim back
LONG_WAIT = 600  # seconds that nobody should wait while a slot is free
OVERDUE = timedelta(days=1)  # Housekeeping looks each hour.
CLOCK_TOLERANCE = timedelta(seconds=5)


def examine() -> Iterator[CheckResult]:
    """Needs a database that is up to date."""
    now = statistics.read()
    yield examine_claims()
    yield from examine_circuits(now)
    yield from examine_budgets(now)
    yield from examine_waiting(now)
    yield from examine_trash(now.trash)
    yield from examine_clocks()
    if settings.REDIS_URL:
        yield examine_redis()


def examine_claims() -> CheckResult:
    stuck = Document.objects.lease_expired(since=LONG_SILENCE * settings.LEASE).count()
    if stuck:
        return warning(
            f"{stuck} documents are held by workers that have gone silent.",
            "Start a worker: it takes them back within ten seconds.",
        )
    return good("No document is held by a worker that has gone silent.")


def examine_circuits(now: QueueStatistics) -> Iterator[CheckResult]:
    for circuit in now.open_circuits:
        yield warning(
            circuit.in_words(),
            f"Put it right, then run {paths.command('resume')} to go on at once.",
        )


def examine_budgets(now: QueueStatistics) -> Iterator[CheckResult]:
    if held := len(now.budget_holds):
        yield good(
            f"{held} people have used up their budget of today; their documents wait until "
            "midnight UTC, or until ATOM_DAILY_BUDGET_USD_PER_USER is raised."
        )


def examine_waiting(now: QueueStatistics) -> Iterator[CheckResult]:
    is_idle = now.busy < now.slots and not now.open_circuits
    if now.waiting and is_idle and now.oldest_wait > LONG_WAIT:
        yield warning(
            f"A document has waited {now.oldest_wait / 60:.0f} minutes although slots are free.",
            "Look at the workers' log; restart them if it says nothing.",
        )


def examine_trash(trash: TrashFigures) -> Iterator[CheckResult]:
    if trash.oldest is None:
        return
    said = f"{trash.documents} documents ({quotas.shown(trash.bytes)}) are in the trash"
    time = timedelta(days=settings.ATOM_TRASH_DAYS)
    if trash.oldest < timezone.now() - time - OVERDUE:
        yield warning(
            f"{said}, some of them for longer than ATOM_TRASH_DAYS={time.days}.",
            "Start a worker: it clears the trash each hour. If one runs, look at its log.",
        )
        return
    yield good(f"{said}; each is there for {time.days} days.")


def examine_clocks() -> Iterator[CheckResult]:
    ahead = timezone.now() + settings.LEASE
    if names := list(WorkerHeartbeat.objects.filter(seen_at__gt=ahead).values_list("host")[:5]):
        hosts = ", ".join(sorted({host for (host,) in names}))
        yield warning(
            f"The clocks differ: workers were heard of in the future ({hosts}).",
            "Run a time service such as systemd-timesyncd or chrony on every host.",
        )
    if connection.vendor == "postgresql":
        yield examine_database_clock()


def examine_database_clock() -> CheckResult:
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        difference = abs(cursor.fetchone()[0] - timezone.now())
    if difference > CLOCK_TOLERANCE:
        return warning(
            f"This host and the database differ by {difference.total_seconds():.0f} seconds.",
            "Run a time service such as systemd-timesyncd or chrony on both.",
        )
    return good("This host and the database agree on the time.")


def examine_redis() -> CheckResult:
    client = redis.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=1, socket_timeout=1)
    try:
        client.ping()
    except redis.RedisError as error:
        return warning(
            f"Redis does not answer ({type(error).__name__}); each web server counts alone.",
            "Check REDIS_URL, and that the server runs.",
        )
    finally:
        client.close()
    return good("Redis answers.")
