"""The engine that will read the text, described before anyone uploads."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings

from documents.pipeline import engines

OPENAI_HOST = "api.openai.com"
BUILT_IN = "the built-in engine"
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


@dataclass(frozen=True)
class Choice:
    """An engine that a document can be analyzed by; a blank name is the configured one."""

    name: str
    label: str


def others(used: str) -> list[Choice]:
    """Every engine but the one used: the configured model first, the built-in engine last."""
    models = [Choice(name, name) for name in engines.choices() if name != engines.BUILT_IN]
    described = configured()
    if not described.is_built_in:
        models.insert(0, Choice("", described.model))
    found = [choice for choice in models if choice.label != used]
    return found if used == engines.BUILT_IN else [*found, Choice(engines.BUILT_IN, BUILT_IN)]
