"""Running totals of calls to models: each person's of each day, in UTC, for each model.

The budget of a day is looked at before every claim, and metrics at every scrape: neither adds up
all calls since midnight. Money is in millionths of a dollar, so that sums are exact everywhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.db import models
from django.db.models import OuterRef, Subquery, Sum

from accounts.models import User
from documents.models.model_calls import ModelCall, start_of_day
from documents.models.running_totals import RunningTotals

MILLION = 1_000_000

_DAY = {
    "sqlite": "substr({row}.sent_at, 1, 10)",  # It keeps moments as texts in UTC.
    "postgresql": "CAST({row}.sent_at AT TIME ZONE 'UTC' AS date)",
}


STATES = [state.value for state in ModelCall.State]


def _in_state(state: str, more: str = "") -> str:
    return f"CASE WHEN {{row}}.state = '{state}'{more} THEN 1 ELSE 0 END"


def totals(vendor: str) -> RunningTotals:
    return RunningTotals(
        name="documents_called",
        source="documents_modelcall",
        reads=("sent_at", "owner_id", "model", "state", "cost_usd"),
        table="documents_calltotals",
        keys={
            "day": _DAY[vendor],
            "owner_id": "coalesce({row}.owner_id, 0)",
            "model": "{row}.model",
        },
        sums={
            **{state: _in_state(state) for state in STATES},
            "unpriced": _in_state("answered", " AND {row}.cost_usd IS NULL"),
            "micro_usd": f"CAST(round(coalesce({{row}}.cost_usd, 0) * {MILLION}) AS bigint)",
        },
    )


@dataclass(frozen=True)
class CallsOfModel:
    model: str
    states: dict[str, int]  # how many calls are in each
    unpriced: int  # of those that were answered
    spent: Decimal  # USD, as far as prices are known


class CallTotalsQuerySet(models.QuerySet["CallTotals"]):
    def today(self) -> CallTotalsQuerySet:
        return self.filter(day=start_of_day().date())

    def spent(self) -> Decimal:
        """What the calls cost in USD, as far as prices are known."""
        return _usd(self.aggregate(sum=Sum("micro_usd"))["sum"] or 0)

    def by_model(self) -> list[CallsOfModel]:
        """Of all people together."""
        columns = [*STATES, "unpriced", "micro_usd"]
        rows = self.order_by("model").values_list("model").annotate(*map(Sum, columns))
        return [
            CallsOfModel(model, dict(zip(STATES, figures, strict=True)), unpriced, _usd(micro))
            for model, *figures, unpriced, micro in rows
        ]

    def spenders(self, most: int) -> list[tuple[str, Decimal]]:
        """Names and USD of those who have spent the most; erased people have no name."""
        name = Subquery(User.objects.filter(pk=OuterRef("owner_id")).values("username"))
        rows = self.order_by().values("owner_id").annotate(spent=Sum("micro_usd"), name=name)
        spent = rows.filter(spent__gt=0).order_by("-spent", "name")[:most]
        return [(row["name"] or "", _usd(row["spent"])) for row in spent]


def _usd(micro: int) -> Decimal:
    return Decimal(micro) / MILLION


class CallTotals(models.Model):
    day = models.DateField()
    owner_id = models.BigIntegerField(help_text="0: people who were erased")
    model = models.CharField(max_length=200)
    intended = models.BigIntegerField(default=0)
    answered = models.BigIntegerField(default=0)
    failed = models.BigIntegerField(default=0)
    unknown = models.BigIntegerField(default=0)
    unpriced = models.BigIntegerField(default=0, help_text="answered at an unknown price")
    micro_usd = models.BigIntegerField(default=0, help_text="millionths of a dollar, where known")

    objects = CallTotalsQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "call totals"
        constraints = [
            models.UniqueConstraint(fields=["day", "owner_id", "model"], name="call_totals_once")
        ]

    def __str__(self) -> str:
        return f"{self.day}"
