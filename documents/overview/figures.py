"""What an overview tells: documents by status and kind, topics, tones by week, cost by day.

Each is one statement answered from an index alone, however many documents there are.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db.models import CharField, Count, Min, Value

from accounts.models import User
from documents.models import Classification, DocumentTopic, ModelCall, Status, counts_by_status
from documents.pipeline.analysis import wording
from documents.todo.filters import today, week_of

WEEKS = 12
DAYS = 30
MOST_TOPICS = 12
TONES = ("positive", "mixed", "neutral", "negative", "not_assessed")


def statuses(owner: User) -> dict[str, int]:
    """How many documents have each status, those with none included."""
    counted = counts_by_status(owner.pk)
    return {status: counted.get(status, 0) for status in Status.values}


def kinds(owner: User) -> dict[str, int]:
    """How many analyzed documents are of each kind, most first; last those where none is told."""
    analyzed = Classification.objects.visible_to(owner).order_by().values("kind")
    counted = dict(analyzed.annotate(count=Count("*")).values_list("kind", "count"))
    known = [kind for kind in (*wording.KINDS, "") if kind in counted]
    ranked = sorted(known, key=lambda kind: (not kind, -counted[kind]))
    return {kind: counted[kind] for kind in ranked}


def topics(owner: User) -> list[tuple[str, int]]:
    """The topics that most documents have, each as one of them spells it."""
    named = DocumentTopic.objects.visible_to(owner).order_by().values("key")
    counted = named.annotate(count=Count("*"), spelled=Min("label")).order_by("-count", "key")
    return list(counted.values_list("spelled", "count")[:MOST_TOPICS])


def tones(owner: User) -> dict[date, dict[str, int]]:
    """How many documents of each tone were analyzed in each of the last weeks, by their Monday."""
    monday = week_of(today())[0]
    mondays = [monday - timedelta(weeks=back) for back in reversed(range(WEEKS))]
    counts: dict[date, dict[str, int]] = {day: dict.fromkeys(TONES, 0) for day in mondays}
    # A range of the index for each week: to cut days out of moments, SQLite calls Python.
    first, *rest = (_tones_of(owner, day) for day in mondays)
    for tone, week, count in first.union(*rest, all=True).values_list("tone", "week", "count"):
        counts[date.fromisoformat(week)][tone] = count
    return counts


def _tones_of(owner: User, monday: date) -> Any:
    begin = datetime.combine(monday, time(), UTC)
    analyzed = Classification.objects.visible_to(owner).filter(
        analyzed_at__gte=begin, analyzed_at__lt=begin + timedelta(weeks=1), tone__in=TONES
    )
    week = Value(monday.isoformat(), output_field=CharField())
    return analyzed.order_by().values("tone", week=week).annotate(count=Count("*"))


def spending(owner: User) -> list[dict[str, Any]]:
    """Calls, tokens and cost of each of the last days, oldest first; days without calls, too."""
    calls = ModelCall.objects.visible_to(owner).recent(DAYS)
    return every_day(calls.figures_per())


def every_day(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    counted = ("calls", "input_tokens", "output_tokens", "unknown", "unknown_cost_calls")
    nothing = {**dict.fromkeys(counted, 0), "cost_usd": "0.000000"}
    told: Mapping[date, dict[str, Any]] = {row["day"]: row for row in rows}
    days = [today() - timedelta(days=back) for back in reversed(range(DAYS))]
    return [{**nothing, **told.get(day, {}), "day": day} for day in days]
