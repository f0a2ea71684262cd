"""Figures for Prometheus, read from the database when it asks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse
from django.utils.crypto import constant_time_compare
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector
from rest_framework.authentication import BaseAuthentication, SessionAuthentication
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from accounts import tokens
from atom_project import process_counters
from documents.api import describe_operation, metric_families
from documents.api.access import OneForm
from documents.live import channels
from documents.operations import statistics
from documents.operations.statistics import QueueStatistics

SCRAPER = "scraper"


class MetricsToken(BaseAuthentication):
    """`ATOM_METRICS_TOKEN` as Bearer token opens this one address, and nothing else."""

    def authenticate(self, request: Request) -> tuple[AnonymousUser, str] | None:
        scheme, _, given = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
        wanted = settings.ATOM_METRICS_TOKEN
        is_bearer = scheme.lower() == "bearer"
        if wanted and is_bearer and constant_time_compare(given.strip(), wanted):
            return AnonymousUser(), SCRAPER
        return None

    def authenticate_header(self, request: Request) -> str:
        return tokens.CHALLENGE


class MetricsTokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = MetricsToken
    name = "metricsToken"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "description": "ATOM_METRICS_TOKEN"}


class IsScraperOrOperator(BasePermission):
    def has_permission(self, request: Request, view: APIView) -> bool:
        return request.auth == SCRAPER or statistics.may_be_seen_by(request.user)


class MetricsView(APIView):
    """How the line, the workers and the model are doing."""

    # The scraper's first: to the next, its token is a broken JWT and refused.
    authentication_classes = [MetricsToken, tokens.BearerAuthentication, SessionAuthentication]
    permission_classes = [IsScraperOrOperator]
    throttle_classes = []
    content_negotiation_class = OneForm

    @describe_operation.metrics
    def get(self, request: Request) -> HttpResponse:
        # Not the global one: the figures are the database's, whichever process is asked.
        registry = CollectorRegistry()
        registry.register(Figures(statistics.read(), channels.count()))
        registry.register(Families())
        answer = HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)
        answer["Cache-Control"] = "no-store, private"
        return answer


class Figures(Collector):
    def __init__(self, read: QueueStatistics, streams: int) -> None:
        self._statistics = read
        self._streams = streams

    def collect(self) -> Iterator[GaugeMetricFamily]:
        now = self._statistics
        yield _figure("queue_depth", "Documents that wait", now.waiting)
        yield _figure("queue_oldest_wait_seconds", "Wait of the first in line", now.oldest_wait)
        yield _figure("in_flight", "Documents being worked on", now.running)
        yield _figure("claims_silent", "Claims whose worker is silent", now.silent_claims)
        yield _table("documents", "Documents by status", ["status"], now.documents.items())
        yield _table("failures_last_day", "Failures by code", ["code"], now.failures.items())
        yield _figure("trash_documents", "Documents in the trash", now.trash.documents)
        yield _figure("trash_bytes", "Bytes of files in the trash", now.trash.bytes)
        yield self._stages()
        yield from self._model()
        yield _figure("workers_alive", "Workers heard of within a lease", len(now.workers))
        yield _figure("worker_slots", "Documents all workers can hold", now.slots)
        yield _figure("worker_slots_busy", "Documents workers say they hold", now.busy)
        yield _figure("line_paused", "Accounts whose line is paused", len(now.open_circuits))
        yield _figure("streams_open", "Of the web processes of this host", self._streams)

    def _stages(self) -> GaugeMetricFamily:
        rows = [
            ((stage, quantile), value)
            for stage, taken in self._statistics.stages.items()
            for quantile, value in _by_quantile(taken)
        ]
        help_text = "Of documents finished in the last hour"
        return _table("stage_seconds", help_text, ["stage", "quantile"], rows)

    def _model(self) -> Iterator[GaugeMetricFamily]:
        now = self._statistics
        labels = ["model", "state"]
        yield _table("model_calls_today", "Calls since midnight UTC", labels, now.calls.items())
        latency = _by_quantile(now.call_seconds)
        yield _table("model_seconds", "Answers of the last hour", ["quantile"], latency)
        yield _figure("model_spent_today_usd", "Known cost since midnight UTC", float(now.spent))
        yield _figure("model_unpriced_calls_today", "Answers of unknown price", now.unpriced)


class Families(Collector):
    """Counters, and the machine."""

    def collect(self) -> Iterator[Metric]:
        yield from metric_families.of_process(process_counters.of_this_process)
        yield from metric_families.of_history()
        yield from metric_families.of_machine()


def _figure(name: str, help_text: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"atom_{name}", help_text, value=value)


def _table(
    name: str, help_text: str, labels: list[str], rows: Iterable[tuple[Any, float]]
) -> GaugeMetricFamily:
    family = GaugeMetricFamily(f"atom_{name}", help_text, labels=labels)
    for key, value in rows:
        family.add_metric([key] if isinstance(key, str) else list(key), value)
    return family


def _by_quantile(values: Iterable[float]) -> list[tuple[str, float]]:
    return [(f"{quantile:g}", value) for quantile, value in statistics.quantiles(values).items()]
