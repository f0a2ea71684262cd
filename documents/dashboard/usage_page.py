"""What somebody has used: tokens and money by day and model, beside the budget and the quotas."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.conf import settings

from accounts.models import User
from documents import quotas
from documents.dashboard import overview_page
from documents.models import BudgetHold, ModelCall, budget_holds
from documents.overview import charts, figures

_COUNTED = ("calls", "input_tokens", "output_tokens", "unknown", "unknown_cost_calls")


@dataclass(frozen=True)
class Meter:
    """How much is used of what there may be; `limit` is blank where there is no limit."""

    label: str
    used: str
    limit: str
    percent: int

    @property
    def is_full(self) -> bool:
        return bool(self.limit) and self.percent >= 100


def read(owner: User) -> dict[str, Any]:
    calls = ModelCall.objects.visible_to(owner).recent(figures.DAYS)
    rows = calls.figures_per("model")
    days = figures.every_day(_days(rows))
    total = calls.figures()
    return {
        "meters": [_budget(owner, days[-1]), *_quotas(owner)],
        "hold": budget_holds.IN_WORDS if BudgetHold.objects.until(owner.pk) else "",
        "rows": [{**row, "cost": overview_page.cost_in_words(row)} for row in rows],
        "total": {**total, "cost": overview_page.cost_in_words(total)},
        "days": figures.DAYS,
        "tokens": _tokens(days),
        **overview_page.cost(days),
    }


def _days(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The figures of each day, of all models together."""
    days: dict[Any, dict[str, Any]] = {}
    for row in rows:
        day = days.setdefault(
            row["day"],
            {"day": row["day"], **dict.fromkeys(_COUNTED, 0), "cost_usd": 0},
        )
        for name in _COUNTED:
            day[name] += row[name]
        day["cost_usd"] += Decimal(row["cost_usd"] or 0)
    return list(days.values())


def _tokens(days: list[dict[str, Any]]) -> charts.Chart:
    read, written = (sum(day[name] for day in days) for name in ("input_tokens", "output_tokens"))
    most = max(day["input_tokens"] + day["output_tokens"] for day in days)
    return charts.columns(
        "tokens",
        title="Tokens by day",
        told=f"In the last {figures.DAYS} days a model read {read:,} tokens for your documents "
        f"and wrote {written:,}.",
        columns=[{"read": day["input_tokens"], "written": day["output_tokens"]} for day in days],
        names=[f"{day['day']:%-d %b}" for day in days],
        highest=f"{most:,} tokens",
    )


def _budget(owner: User, today: dict[str, Any]) -> Meter:
    budget = settings.ATOM_DAILY_BUDGET_USD_PER_USER
    spent = budget_holds.spent_today(owner.pk)
    used, limit = overview_page.dollars(spent), overview_page.dollars(budget or 0)
    if overview_page.unpriced(today):
        used = f"{used} in part" if spent else "not known"
    return Meter("Spent today (UTC)", used, limit if budget else "", _percent(spent, budget))


def _quotas(owner: User) -> list[Meter]:
    used = quotas.Used.of(owner)
    documents, queued = settings.ATOM_MAX_DOCUMENTS_PER_USER, settings.ATOM_MAX_QUEUED_PER_USER
    room = settings.ATOM_MAX_BYTES_PER_USER
    return [
        _counted("Documents", used.documents, documents),
        Meter(
            "Room",
            quotas.shown(used.bytes),
            quotas.shown(room) if room else "",
            _percent(used.bytes, room),
        ),
        _counted("Waiting in line", used.places, queued),
    ]


def _counted(label: str, used: int, limit: int) -> Meter:
    return Meter(label, f"{used:,}", f"{limit:,}" if limit else "", _percent(used, limit))


def _percent(used: Decimal | int, limit: Decimal | int | None) -> int:
    return min(100, int(100 * used / limit)) if limit else 0
