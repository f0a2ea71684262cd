"""Queue statistics: read when somebody asks, from few and bounded queries."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Count, Min

from documents.models import (
    BudgetHold,
    CallTotals,
    Document,
    ModelCall,
    OpenCircuit,
    Status,
    StatusEvent,
    TrashedDocument,
    WorkerHeartbeat,
    clock,
    counts_by_status,
    owner_totals,
)

RECENTLY = timedelta(hours=1)
SAMPLE = 500  # rows of the recent past that durations are taken from
LONGEST_QUERY = 5  # seconds; figures are not worth more of the database's time
QUANTILES = (0.5, 0.95, 1.0)
VIEW_OPERATIONS = "documents.view_operations"

# What a document does between one status and the next.
STAGES: dict[tuple[str, str], str] = {
    (Status.PENDING, Status.PROCESSING): "waiting",
    (Status.PROCESSING, Status.ANALYZING): "extracting",
    (Status.ANALYZING, Status.COMPLETED): "analyzing",
}


def may_be_seen_by(user: Any) -> bool:
    """Staff with a permission of its own: figures tell what others do, though not about what."""
    return bool(user.is_staff and user.has_perm(VIEW_OPERATIONS))


@dataclass(frozen=True)
class TrashFigures:
    documents: int
    bytes: int  # of their files
    oldest: datetime | None


@dataclass(frozen=True)
class QueueStatistics:
    documents: dict[str, int]  # By status, every one of them named.
    oldest_wait: float  # seconds
    silent_claims: int  # held by workers that have not renewed them
    failures: dict[str, int]  # of the last day, by code
    stages: dict[str, list[float]]  # seconds, of documents finished recently
    calls: dict[tuple[str, str], int]  # of today, by model and state
    call_seconds: list[float]  # of calls answered recently
    spent: Decimal  # USD today, as far as prices are known
    unpriced: int  # calls answered today whose price is unknown
    workers: list[WorkerHeartbeat]  # alive
    open_circuits: list[OpenCircuit]
    budget_holds: list[BudgetHold]
    trash: TrashFigures

    @property
    def waiting(self) -> int:
        return self.documents[Status.PENDING]

    @property
    def running(self) -> int:
        return self.documents[Status.PROCESSING] + self.documents[Status.ANALYZING]

    @property
    def slots(self) -> int:
        return sum(worker.slots for worker in self.workers)

    @property
    def busy(self) -> int:
        return sum(worker.busy for worker in self.workers)


def read() -> QueueStatistics:
    with _patience():
        calls = CallTotals.objects.today().by_model()
        return QueueStatistics(
            documents=_by_status(),
            oldest_wait=_oldest_wait(),
            silent_claims=Document.objects.lease_expired().count(),
            failures=failures_of_the_last_day(),
            stages=_stages(),
            calls={
                (each.model, state): number
                for each in calls
                for state, number in each.states.items()
                if number
            },
            call_seconds=_call_seconds(),
            spent=sum((each.spent for each in calls), Decimal(0)),
            unpriced=sum(each.unpriced for each in calls),
            workers=list(WorkerHeartbeat.objects.alive().order_by("name")),
            open_circuits=list(OpenCircuit.objects.all()),
            budget_holds=_budget_holds(),
            trash=trash_figures(),
        )


@contextmanager
def _patience() -> Iterator[None]:
    """PostgreSQL ends a statement that takes too long; SQLite's readers hold nobody up."""
    if connection.vendor != "postgresql":
        yield
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL statement_timeout = {LONGEST_QUERY * 1000}")
        yield


def _by_status() -> dict[str, int]:
    counted = counts_by_status(None)
    return {status.value: counted.get(status, 0) for status in Status}


def trash_figures() -> TrashFigures:
    totals, _ = owner_totals.by_status(None)
    oldest = TrashedDocument.objects.order_by().aggregate(oldest=Min("trashed_at"))["oldest"]
    return TrashFigures(totals.trashed, totals.trashed_bytes, oldest)


def _oldest_wait() -> float:
    # Not of those who are held: they are meant to wait.
    # The bound has SQLite take the index of those who wait, not that of the queue and a sort.
    oldest = Document.objects.ready().filter(queued_at__lte=clock.now()).order_by("queued_at")
    told = oldest.values_list("queued_at", clock.as_expression()).first()
    return max(0.0, (told[1] - told[0]).total_seconds()) if told else 0.0


def _budget_holds() -> list[BudgetHold]:
    if settings.ATOM_DAILY_BUDGET_USD_PER_USER is None:
        return []  # Whatever is left is about to end.
    return list(BudgetHold.objects.select_related("owner"))


def failures_of_the_last_day() -> dict[str, int]:
    failed = Document.objects.filter(
        status=Status.FAILED, finished_at__gte=clock.now() - timedelta(days=1)
    )
    codes = failed.order_by().values_list("failure__code").annotate(number=Count("*"))
    return {code or "unknown": number for code, number in codes}


def _stages() -> dict[str, list[float]]:
    recently = Document.objects.filter(finished_at__gte=clock.now() - RECENTLY)
    ids = list(recently.order_by("-finished_at").values_list("pk", flat=True)[:SAMPLE])
    steps = (
        StatusEvent.objects.filter(document_id__in=ids)
        .statuses()
        .order_by("document_id", "id")
        .values_list("document_id", "status", "created_at")
    )
    taken: dict[str, list[float]] = {stage: [] for stage in STAGES.values()}
    before: Any = (None, "", None)
    for step in steps:
        stage = STAGES.get((before[1], step[1])) if before[0] == step[0] else None
        if stage:
            taken[stage].append(max(0.0, (step[2] - before[2]).total_seconds()))
        before = step
    return taken


def _call_seconds() -> list[float]:
    answered = ModelCall.objects.filter(
        sent_at__gte=clock.now() - RECENTLY,
        state=ModelCall.State.ANSWERED,
    )
    times = answered.order_by("-sent_at").values_list("sent_at", "closed_at")[:SAMPLE]
    return [max(0.0, (closed - sent).total_seconds()) for sent, closed in times if closed]


def quantiles(values: Iterable[float]) -> dict[float, float]:
    """Nearest rank; nothing of nothing."""
    ordered = sorted(values)
    if not ordered:
        return {}
    return {q: ordered[math.ceil(len(ordered) * q) - 1] for q in QUANTILES}
