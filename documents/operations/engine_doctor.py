"""Health checks of the engine: who reads the texts, whether the model answers, and in time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from django.conf import settings

from documents.operations.checks import CheckResult, broken, good, warning
from documents.pipeline import engines
from documents.pipeline.analysis import probe_server

if TYPE_CHECKING:  # It imports the SDK, which only those should pay for who ask a model.
    from documents.pipeline.analysis.model.probe import Report

PROBE_SECONDS = 60  # a local model may have to be loaded first


def examine_engine() -> CheckResult:
    if settings.ANALYSIS_ENGINE == "offline":
        return good("Documents are analyzed by the built-in engine; no text leaves this machine.")
    server = settings.OPENAI_BASE_URL or "https://api.openai.com/v1"
    return good(f"Documents are analyzed by the model {settings.ATOM_MODEL} at {server}.")


def examine_model() -> Iterator[CheckResult]:
    """Ask the model one tiny question; it costs a few hundred tokens and no document is sent."""
    server = engines.model_server()
    report = probe_server(replace(server, deadline=min(server.deadline, PROBE_SECONDS)))
    if report.failure:
        yield broken(report.words, report.failure.advice)
    elif report.is_usable:
        yield good(report.words)
    else:
        yield warning(
            report.words, "Set ATOM_MODEL to a model that can write JSON; very small ones cannot."
        )
    yield from _examine_speed(report)
    if report.ends_soon:
        yield warning(report.ends, "Set ATOM_MODEL to another model before that day.")


def _examine_speed(report: Report) -> Iterator[CheckResult]:
    """Whether an answer about a page or two comes before the deadline."""
    if not report.speed or not (seconds := report.seconds_for_an_answer):
        return
    told = f"It writes {report.speed:.1f} tokens a second, so that a usual answer takes about "
    deadline = settings.ATOM_MODEL_DEADLINE
    if seconds < deadline / 2:
        yield good(f"{told}{seconds:.0f} s; the deadline is {deadline} s (ATOM_MODEL_DEADLINE).")
    else:
        yield warning(
            f"{told}{seconds:.0f} s: documents may not be done within {deadline} s.",
            f"Set ATOM_MODEL_DEADLINE to {round(seconds * 4, -1):.0f} or more and "
            "ATOM_WORKER_SLOTS to 1, or use a smaller model or a faster server.",
        )
