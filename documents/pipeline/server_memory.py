"""Server memory: what a model server has shown is kept in the database, over restarts.

Without it each restart learns context and abilities anew by refusals, and a document that was
cut in other parts before pays for them again.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from django.utils.crypto import salted_hmac

from atom_project.persistent_connections import reconnecting
from documents.models import ServerMemory, clock
from documents.pipeline.analysis import AnalysisFailed, Engine, LearningEngine

_FORMAT = 1  # of what is kept
_FIGURES = ("marks", "ratios")  # which change with every answer
_FIGURES_INTERVAL = 60.0  # seconds
_kept_at: dict[str, float] = {}  # by server, of the monotonic clock


@contextmanager
def of(engine: Engine) -> Iterator[None]:
    """Tell the engine what is known of its server, and keep what it finds out meanwhile.

    Known from before a restart, or by another worker. Kept at the end: with other limits, a
    document would be cut in other parts in the middle of it.
    """
    if not isinstance(engine, LearningEngine):
        yield
        return
    known = reconnecting(lambda: _recall(engine))
    try:
        yield
    except AnalysisFailed:
        _keep_news(engine, known)  # Refusals teach, too.
        raise
    _keep_news(engine, known)


def _recall(engine: LearningEngine) -> ServerMemory | None:
    memory = ServerMemory.objects.fresh().filter(pk=_fingerprint(engine)).first()
    if memory:
        engine.recall(memory.learned)
    return memory


def _keep_news(engine: LearningEngine, known: ServerMemory | None) -> None:
    """Figures alone now and then only: a transaction for each answer would tell nothing more."""
    server, now = _fingerprint(engine), time.monotonic()
    is_news = known is None or _facts(known.learned) != _facts(engine.learned())
    if is_news or now - _kept_at.get(server, 0.0) >= _FIGURES_INTERVAL:
        reconnecting(lambda: _keep(engine))
        _kept_at[server] = now


def _facts(learned: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in learned.items() if name not in _FIGURES}


@transaction.atomic
def _keep(engine: LearningEngine) -> None:
    """Beside what others have found out."""
    before = _recall(engine)
    learned = engine.learned()
    if before is None:
        facts = {"model": engine.server.model, "learned": learned, "learned_at": clock.now()}
        ServerMemory.objects.update_or_create(pk=_fingerprint(engine), defaults=facts)
    elif before.learned != learned:
        ServerMemory.objects.filter(pk=before.pk).update(learned=learned)


def _fingerprint(engine: LearningEngine) -> str:
    server = engine.server
    limits = (server.context_tokens, server.answer_tokens, server.chunk_tokens)
    facts = [_FORMAT, engine.prompt_version, server.base_url, server.model, *limits]
    return salted_hmac("documents.server", json.dumps(facts), algorithm="sha256").hexdigest()
