"""The overview in words, links and charts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from accounts.models import User
from documents.dashboard import todo_list
from documents.models import ActionItem, Status
from documents.overview import charts, figures
from documents.pipeline.analysis import wording

TONES = {
    "positive": "Positive",
    "mixed": "Mixed",
    "neutral": "Neutral",
    "negative": "Negative",
    "not_assessed": "Not assessed",
}


@dataclass(frozen=True)
class Counted:
    """A count that leads to what was counted; `share` of the largest, in percent."""

    label: str
    count: int
    query: str = ""
    share: int = 0
    status: str = ""


def read(owner: User) -> dict[str, Any]:
    statuses = figures.statuses(owner)
    return {
        "documents": sum(statuses.values()),
        "statuses": [
            Counted(Status(status).label, count, f"?status={status}", status=status)
            for status, count in statuses.items()
        ],
        "kinds": _with_shares(figures.kinds(owner)),
        "topics": [
            Counted(label, count, "?" + urlencode({"topic": label}))
            for label, count in figures.topics(owner)
        ],
        "deadlines": todo_list.deadlines(ActionItem.objects.listed_for(owner)),
        **_tone(figures.tones(owner)),
        **cost(figures.spending(owner)),
    }


def _with_shares(kinds: dict[str, int]) -> list[Counted]:
    most = max(kinds.values(), default=0)
    return [
        Counted(
            wording.KINDS[kind].capitalize() if kind else "Kind not told",  # type: ignore[index]
            count,
            f"?kind={kind}" if kind else "",
            max(1, round(100 * count / most)),
        )
        for kind, count in kinds.items()
    ]


def _tone(weeks: dict[date, dict[str, int]]) -> dict[str, Any]:
    total = {tone: sum(week[tone] for week in weeks.values()) for tone in TONES}
    parts = [f"{total[tone]} {label.lower()}" for tone, label in TONES.items() if total[tone]]
    documents = sum(total.values())
    chart = charts.columns(
        "tone",
        title="Tone of documents by week",
        told=f"Of {_documents(documents)} analyzed in the last "
        f"{figures.WEEKS} weeks: {', '.join(parts) or 'none'}.",
        columns=list(weeks.values()),
        names=[f"{day:%-d %b}" for day in weeks],
        highest=_documents(max(sum(week.values()) for week in weeks.values())),
    )
    rows = [(day, [week[tone] for tone in TONES]) for day, week in weeks.items()]
    legend = [(tone, label) for tone, label in TONES.items() if total[tone]]
    return {"tone": chart, "tone_rows": rows, "tones": TONES.values(), "tone_legend": legend}


def _documents(count: int) -> str:
    return "1 document" if count == 1 else f"{count:,} documents"


def cost(days: list[dict[str, Any]]) -> dict[str, Any]:
    """What the last days cost, as far as prices are known."""
    spent = [Decimal(day["cost_usd"] or 0) for day in days]
    most = max(spent)
    chart = charts.columns(
        "cost",
        title="Cost by day",
        told=_told(sum(spent), most, sum(map(unpriced, days))),
        columns=[{"cost": float(value)} for value in spent],
        names=[f"{day['day']:%-d %b}" for day in days],
        highest=dollars(most),
    )
    rows = [(day["day"], cost_in_words(day)) for day in days if day["calls"]]
    return {"cost": chart, "cost_rows": rows}


def _told(spent: Decimal | int, most: Decimal, without: int) -> str:
    """What is not known is never told as nothing."""
    calls = "1 call" if without == 1 else f"{without:,} calls"
    if not spent and without:
        return f"The cost of {calls} in the last {figures.DAYS} days is not known."
    if not spent:
        return (
            f"Nothing was spent in the last {figures.DAYS} days. The built-in engine costs nothing."
        )
    return (
        f"In the last {figures.DAYS} days your documents cost {dollars(spent)}, "
        f"at most {dollars(most)} in a day"
        + (f", without {calls} of unknown price." if without else ".")
    )


def unpriced(row: dict[str, Any]) -> int:
    """Calls without a known price, and those that were cut off, which may be billed as well."""
    return int(row["unknown_cost_calls"] + row["unknown"])


def cost_in_words(row: dict[str, Any]) -> str:
    """In US dollars, as a cell of a table."""
    spent = Decimal(row["cost_usd"] or 0)
    if not unpriced(row):
        return f"{spent:,.4f}"
    return f"{spent:,.4f}, in part" if spent else "not known"


def dollars(amount: Decimal | float) -> str:
    """To the cent; small sums to what is left of them."""
    return f"${amount:.2f}" if amount >= 1 or not amount else f"${amount:.4f}"
