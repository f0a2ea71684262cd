"""Model list: what a server says of its models at `/models`, each kind in words of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime
from typing import Any

from documents.pipeline.analysis.model import client
from documents.pipeline.analysis.model.capabilities import CapabilityMemory
from documents.pipeline.analysis.schema import ModelServer

Entries = Sequence[dict[str, Any]]

# vLLM and SGLang, OpenRouter, LM Studio, llama.cpp. Some tell what the model was made for instead
# of what it was loaded with, which is the least that is told.
_CONTEXT_NAMES = (
    *("n_ctx", "max_model_len", "context_length", "context_window", "max_context_length"),
    *("loaded_context_length", "n_ctx_train", "max_input_tokens"),
)
_SMALLEST = 256
_NAME = re.compile(r"[\w.:/@+-]{1,80}")
MOST_NAMES = 12


def learn(server: ModelServer, memory: CapabilityMemory) -> None:
    """Ask the server once what its model reads at a time, unless that was set."""
    # OpenAI's own models read far more than a chunk, and no list says how much.
    if memory.has_looked or server.context_tokens or server.is_openai:
        return
    memory.has_looked = True
    memory.note_told_context(context_of(client.list_models(server), server.model))


def context_of(entries: Entries, model: str) -> int | None:
    """The least context that is told for the model."""
    figures = (
        place[name]
        for entry in _of_model(entries, model)
        for place in (entry, entry.get("meta"), entry.get("top_provider"))
        if isinstance(place, dict)
        for name in _CONTEXT_NAMES
        if isinstance(place.get(name), int)
    )
    return min((figure for figure in figures if figure >= _SMALLEST), default=None)


def shutdown_of(entries: Entries, model: str) -> date | None:
    """When the provider will switch the model off, if it says so."""
    for entry in _of_model(entries, model):
        told = entry.get("shutdown_date")
        with suppress(ValueError, OverflowError, OSError):
            if isinstance(told, int):
                return datetime.fromtimestamp(told, UTC).date()
            if isinstance(told, str):
                return date.fromisoformat(told[:10])
    return None


def names(entries: Entries) -> list[str]:
    """Models that are offered, newest first where that is told; a few of many."""
    dated = sorted(entries, key=lambda entry: -_created(entry))
    found = (str(entry.get("id", "")) for entry in dated)
    return [name for name in dict.fromkeys(found) if _NAME.fullmatch(name)][:MOST_NAMES]


def _created(entry: dict[str, Any]) -> int:
    created = entry.get("created")
    return created if isinstance(created, int) else 0


def _of_model(entries: Entries, model: str) -> Iterator[dict[str, Any]]:
    """The entry of the model; where a server has a single one, that is what it answers with."""
    named = [entry for entry in entries if entry.get("id") == model]
    yield from named or (entries if len(entries) == 1 else ())
