"""The engine that the settings choose."""

from __future__ import annotations

from django.conf import settings

from documents.pipeline.analysis import Engine, ModelServer, build_engine


def configured() -> Engine:
    """The engine that the settings choose. Imports the SDK, which only workers should pay for."""
    if settings.ANALYSIS_ENGINE == "offline":
        return build_engine("offline")
    return build_engine(
        "openai",
        ModelServer(
            base_url=settings.OPENAI_BASE_URL,
            api_key=settings.OPENAI_API_KEY,
            model=settings.ATOM_MODEL,
            deadline=settings.ATOM_MODEL_DEADLINE,
            max_cost_per_document=settings.ATOM_MAX_COST_PER_DOCUMENT,
        ),
    )
