"""The operations page of the admin: what an operator wants to know first. It changes nothing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.utils.timesince import timesince
from django.views.decorators.http import require_safe

from documents import quotas
from documents.live import channels
from documents.models import CallTotals, Document
from documents.operations import statistics
from documents.operations.statistics import QueueStatistics

SHOWN_CLAIMS = 50
SHOWN_SPENDERS = 20


@require_safe
def page(request: HttpRequest) -> TemplateResponse:
    """For staff who may view operations; the admin's own gate stands before it."""
    if not statistics.may_be_seen_by(request.user):
        raise PermissionDenied
    now = statistics.read()
    return TemplateResponse(
        request,
        "admin/operations.html",
        {
            **admin.site.each_context(request),
            "title": "Operations",
            "statistics": now,
            "figures": _figures(now),
            "claims": _claims(),
            "spenders": _spenders(now),
            "failures": sorted(now.failures.items(), key=lambda row: -row[1]),
            "stages": [
                (stage, len(taken), statistics.quantiles(taken))
                for stage, taken in now.stages.items()
            ],
        },
    )


def _claims() -> list[Document]:
    # Sorted here: there are as many as slots, and SQLite would walk the whole queue for it.
    running = Document.objects.running().order_by()
    return sorted(running, key=lambda document: document.place)[:SHOWN_CLAIMS]


def _spenders(now: QueueStatistics) -> list[tuple[str, str, Any]]:
    """Who has spent the most today, how much of which budget, and until when they are held."""
    budget = settings.ATOM_DAILY_BUDGET_USD_PER_USER
    limit = "" if budget is None else f" of {budget:.2f}"
    held = {hold.owner.get_username(): hold.until for hold in now.budget_holds}
    return [
        (name, f"{spent:.2f}{limit}", held.get(name))
        for name, spent in CallTotals.objects.today().spenders(SHOWN_SPENDERS)
    ]


def _figures(now: QueueStatistics) -> list[tuple[str, Any]]:
    since = timezone.now() - timedelta(seconds=now.oldest_wait)
    return [
        ("Documents that wait", now.waiting),
        ("Longest wait", timesince(since) if now.waiting else "nothing is waiting"),
        ("Documents being read", now.running),
        ("Claims whose worker does not answer", now.silent_claims),
        ("Documents in the trash", f"{now.trash.documents}, {quotas.shown(now.trash.bytes)}"),
        ("Workers", f"{len(now.workers)} with {now.busy} of {now.slots} slots busy"),
        ("Calls to models today", sum(now.calls.values())),
        ("Spent today", f"{now.spent:.2f} USD{_unpriced(now.unpriced)}"),
        ("People whose budget of today is used up", len(now.budget_holds)),
        ("Streams open at this host", channels.count()),
    ]


def _unpriced(calls: int) -> str:
    return f", and {calls} calls of unknown price" if calls else ""


urlpatterns = [path("admin/operations/", admin.site.admin_view(page), name="operations")]
