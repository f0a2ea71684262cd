"""Health checks of the engine: who reads the texts, and whether the model answers."""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings

from documents.operations.checks import CheckResult, broken, good, warning
from documents.pipeline.analysis import ModelServer, probe_server

PROBE_SECONDS = 60  # a local model may have to be loaded first


def examine_engine() -> CheckResult:
    if settings.ANALYSIS_ENGINE == "offline":
        return good("Documents are analyzed by the built-in engine; no text leaves this machine.")
    server = settings.OPENAI_BASE_URL or "https://api.openai.com/v1"
    return good(f"Documents are analyzed by the model {settings.ATOM_MODEL} at {server}.")


def examine_model() -> Iterator[CheckResult]:
    """Ask the model one tiny question; it costs a few hundred tokens and no document is sent."""
    report = probe_server(
        ModelServer(
            base_url=settings.OPENAI_BASE_URL,
            api_key=settings.OPENAI_API_KEY,
            model=settings.ATOM_MODEL,
            deadline=min(settings.ATOM_MODEL_DEADLINE, PROBE_SECONDS),
        )
    )
    if report.failure:
        yield broken(report.words, report.failure.advice)
    elif report.is_usable:
        yield good(report.words)
    else:
        yield warning(
            report.words, "Set ATOM_MODEL to a model that can write JSON; very small ones cannot."
        )
    if report.ends and not settings.OPENAI_BASE_URL:
        yield warning(report.ends, "Set ATOM_MODEL to another model before that day.")
