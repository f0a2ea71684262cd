"""The engine that will read the text, described before anyone uploads."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings

OPENAI_HOST = "api.openai.com"
THIS_MACHINE = {"localhost", "127.0.0.1", "::1"}


@dataclass(frozen=True)
class EngineDescription:
    """The built-in engine, or a model and the server that runs it."""

    is_built_in: bool
    model: str = ""
    host: str = ""  # with its port, without credentials
    is_on_this_machine: bool = True


def configured() -> EngineDescription:
    """The engine that the settings choose for documents analyzed from now on."""
    if settings.ANALYSIS_ENGINE == "offline":
        return EngineDescription(is_built_in=True)
    server = urlsplit(settings.OPENAI_BASE_URL)
    name = server.hostname or OPENAI_HOST
    host = f"{name}:{server.port}" if server.port else name
    return EngineDescription(
        is_built_in=False,
        model=settings.ATOM_MODEL,
        host=host,
        is_on_this_machine=name in THIS_MACHINE,
    )
