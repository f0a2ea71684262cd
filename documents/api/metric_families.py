"""Families that Prometheus is told besides the state of the queue: counters, and the machine."""

from __future__ import annotations

import platform
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from shutil import disk_usage
from typing import Any

import django
from django.db import connection
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.metrics_core import Metric

from accounts import audit
from atom_project import __version__, disk_reserve
from atom_project.process_counters import ProcessCounters
from documents.failures import FailureCode
from documents.models import Counter


def of_process(counters: ProcessCounters) -> Iterator[Metric]:
    """Of the web processes of this host, since they started."""
    requests = CounterMetricFamily(
        "atom_http_requests", "Of the web processes of this host", labels=["method", "status"]
    )
    for labels, number in sorted(counters.requests.items()):
        requests.add_metric(list(labels), number)
    yield requests
    seconds = HistogramMetricFamily(
        "atom_http_request_seconds", "Of the web processes of this host"
    )
    seconds.add_metric([], counters.buckets(), counters.seconds)
    yield seconds
    yield _counter(
        *("uploads_refused", "Files, by the web processes of this host", "code"),
        counters.refusals(FailureCode),
    )
    yield _gauge("event_loop_lag_seconds", "The largest of a minute or two", counters.largest_lag())


def of_history() -> Iterator[Metric]:
    """Of all processes, kept in the database; they survive restarts and deletions."""
    counted = Counter.objects.by_label()
    yield _counter("failures", "Documents that failed", "code", counted["failures"])
    warnings = counted["warnings"]
    yield _counter("warnings", "Documents completed with nothing supported", "code", warnings)
    retries, expired = counted["retries"], counted["lease_expirations"]
    yield CounterMetricFamily(
        "atom_retries", "Put in line again on request", value=retries.get("", 0)
    )
    yield CounterMetricFamily(
        "atom_lease_expirations", "Of workers that went silent", value=expired.get("", 0)
    )
    sent = counted["webhook_deliveries"]
    yield _counter("webhook_deliveries", "Attempts by what became of them", "code", sent)
    for name in ("input_tokens", "output_tokens"):
        help_text = f"{name.capitalize().replace('_', ' ')} of answers"
        yield _counter(f"model_{name}", help_text, "model", counted[name])


def of_machine() -> Iterator[Metric]:
    build = GaugeMetricFamily(
        "atom_build_info", "Always 1", labels=["version", "python", "django", "database"]
    )
    facts = [__version__, platform.python_version(), django.__version__, connection.vendor]
    build.add_metric(facts, 1)
    yield build
    yield _gauge("media_free_bytes", "Room for uploads", _free_for_uploads())
    yield _gauge("database_free_bytes", "Of a database that is a file", _free_for_database())
    last = audit.last(audit.Action.BACKED_UP)
    yield _gauge(
        "last_backup_timestamp_seconds", "By `manage.py backup`", last.timestamp() if last else None
    )


def _free_for_uploads() -> int | None:
    """Above the reserve; None where an object store keeps them."""
    try:
        room = disk_reserve.room()
    except OSError:
        return None
    return None if room == disk_reserve.PLENTY else room


def _free_for_database() -> int | None:
    """None where a server keeps it: that machine tells its own disks."""
    if connection.vendor != "sqlite":
        return None
    try:
        return disk_usage(Path(connection.settings_dict["NAME"]).parent).free
    except OSError:
        return None


def _gauge(name: str, help_text: str, value: float | None) -> GaugeMetricFamily:
    """A figure nobody knows has no sample: 0 would set off an alert, or hide one."""
    family = GaugeMetricFamily(f"atom_{name}", help_text)
    if value is not None:
        family.add_metric([], value)
    return family


def _counter(
    name: str, help_text: str, label: str, counted: Mapping[str, int]
) -> CounterMetricFamily:
    family = CounterMetricFamily(f"atom_{name}", help_text, labels=[label])
    rows: Iterable[tuple[Any, int]] = sorted(counted.items())
    for value, number in rows:
        family.add_metric([value], number)
    return family
