"""The engine that the settings choose, and those that an owner may choose instead."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Final, cast

from django.conf import settings

from documents.models import BUILT_IN_ENGINE, Document
from documents.pipeline.analysis import CheckClaims, Engine, ModelServer, build_engine
from documents.pipeline.analysis.model import retirement

BUILT_IN: Final = BUILT_IN_ENGINE


class UnknownEngine(Exception):
    """No engine that can be chosen has this name."""


def configured() -> Engine:
    """The engine that the settings choose. Imports the SDK, which only workers should pay for."""
    if settings.ANALYSIS_ENGINE == BUILT_IN:
        return build_engine(BUILT_IN)
    return build_engine("openai", model_server())


def end_in_words() -> str:
    """That the model of the settings is about to be switched off; empty for weeks before."""
    if settings.ANALYSIS_ENGINE == "offline":
        return ""
    server = model_server()
    # What OpenAI switches off, others may go on serving under the same name.
    if not (server.is_openai and retirement.is_near(server.model)):
        return ""
    return f"{retirement.in_words(server.model)} Set ATOM_MODEL to another one before that day."


def model_server() -> ModelServer:
    """The model server of the settings."""
    return ModelServer(
        base_url=settings.OPENAI_BASE_URL,
        api_key=settings.OPENAI_API_KEY,
        model=settings.ATOM_MODEL,
        deadline=settings.ATOM_MODEL_DEADLINE,
        max_cost_per_document=settings.ATOM_MAX_COST_PER_DOCUMENT,
        check_claims=cast(CheckClaims, settings.ATOM_CHECK_CLAIMS),
        context_tokens=settings.ATOM_MODEL_CONTEXT,
        answer_tokens=settings.ATOM_MODEL_ANSWER,
        reasoning_effort=settings.ATOM_MODEL_REASONING_EFFORT,
        service_tier=settings.ATOM_MODEL_SERVICE_TIER,
        price=settings.ATOM_MODEL_PRICE,
    )


def choices() -> tuple[str, ...]:
    """What a document may be analyzed by at its owner's wish: the built-in engine, other models."""
    if settings.ANALYSIS_ENGINE == BUILT_IN:
        return (BUILT_IN,)
    return (BUILT_IN, *(name for name in settings.ATOM_OTHER_MODELS if name != settings.ATOM_MODEL))


def require_choice(name: str) -> None:
    """Raises `UnknownEngine`; blank stands for the configured one."""
    if name and name not in choices():
        raise UnknownEngine(name)


def of(document: Document, default: Engine) -> Engine:
    """The engine its owner chose, or this one; a choice that the settings took back is none."""
    chosen = document.chosen_engine
    if not chosen or chosen not in choices() or default.name == chosen:
        return default
    if chosen == BUILT_IN:
        return build_engine(BUILT_IN)
    # The price of the settings is that of the model they name.
    return _with_model(
        replace(model_server(), model=chosen, price=None, named_by="ATOM_OTHER_MODELS")
    )


@cache
def _with_model(server: ModelServer) -> Engine:
    # Kept, because an engine remembers what its server can do.
    return build_engine("openai", server)
