"""The ledger: every paid call to a model, and what calls add up to."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Count, Q, Sum
from django.db.models.functions import TruncDate
from django.utils import timezone

from accounts.models import User


class _Day(TruncDate):
    """The day in UTC. SQLite asks Python for that of each call, but keeps moments as UTC texts."""

    def as_sqlite(self, compiler: Any, connection: Any, **extra_context: Any) -> Any:
        column, parameters = compiler.compile(self.lhs)
        return f"substr({column}, 1, 10)", parameters


class ModelCallQuerySet(models.QuerySet["ModelCall"]):
    def visible_to(self, user: User) -> ModelCallQuerySet:
        return self.filter(owner=user)

    def recent(self, days: int) -> ModelCallQuerySet:
        """Those of the last days, today among them."""
        return self.filter(sent_at__gte=start_of_day() - timedelta(days=days - 1))

    def figures(self) -> dict[str, Any]:
        """What these calls add up to."""
        return shown(self.order_by().aggregate(**_figures()))

    def figures_per(self, *columns: str) -> list[dict[str, Any]]:
        """The same for each day and, within it, each value of the columns; newest day first."""
        days = self.annotate(day=_Day("sent_at", tzinfo=UTC)).order_by()
        rows = days.values("day", *columns).annotate(**_figures()).order_by("-day", *columns)
        return [{name: row[name] for name in ("day", *columns)} | shown(row) for row in rows]


def _figures() -> dict[str, Any]:
    states = ModelCall.State
    counted = {state.value: Count("pk", filter=Q(state=state)) for state in states}
    return {
        "calls": Count("pk"),
        **counted,
        "read": Sum("input_tokens"),
        "written": Sum("output_tokens"),
        "cost": Sum("cost_usd"),
        "unknown_cost_calls": Count("pk", filter=Q(state=states.ANSWERED, cost_usd=None)),
    }


def shown(row: dict[str, Any]) -> dict[str, Any]:
    """Figures as people and programs read them; a cost nobody knows is null, never 0."""
    is_known = row["cost"] is not None or not row["unknown_cost_calls"]
    return {
        "calls": row["calls"],
        **{state: row[state] for state in ModelCall.State.values},
        "input_tokens": row["read"] or 0,
        "output_tokens": row["written"] or 0,
        "cost_usd": f"{row['cost'] or 0:.6f}" if is_known else None,
        "unknown_cost_calls": row["unknown_cost_calls"],
    }


def start_of_day() -> datetime:
    """Days are those of UTC, wherever people and servers are."""
    return timezone.now().astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)


class ModelCall(models.Model):
    """One paid request: written before it is sent, closed when it is known how it ended."""

    class State(models.TextChoices):
        INTENDED = "intended"
        ANSWERED = "answered"
        FAILED = "failed"
        UNKNOWN = "unknown"

    # The figures stay when the document goes; the answer does not.
    document = models.ForeignKey(
        "documents.Document",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="model_calls",
        db_index=False,  # `call_of_document` begins with it.
    )
    # And when the owner is erased: what was spent stays spent.
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="model_calls",
        db_index=False,  # `call_of_owner` begins with it.
    )
    attempt = models.PositiveIntegerField()
    request_hash = models.CharField(max_length=64)
    chunk = models.PositiveIntegerField()
    model = models.CharField(max_length=200)
    state = models.CharField(max_length=8, choices=State, default=State.INTENDED)
    code = models.CharField(max_length=40, blank=True)
    answer = models.TextField(blank=True)
    input_tokens = models.PositiveBigIntegerField(null=True, blank=True)
    output_tokens = models.PositiveBigIntegerField(null=True, blank=True)
    cost_usd = models.DecimalField(max_digits=12, decimal_places=6, null=True, blank=True)
    sent_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = ModelCallQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["document", "request_hash"], name="call_of_document"),
            models.Index(fields=["owner", "sent_at"], name="call_of_owner"),
            models.Index(fields=["sent_at"], name="call_sent"),
        ]

    def __str__(self) -> str:
        return f"call {self.chunk} {self.state}"
