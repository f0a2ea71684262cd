"""Text to findings: pages in, claims with verified quotes out.

Nothing here knows Django: pages, settings and the ledger come as arguments.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from documents.pipeline.analysis.outcomes import OutcomeWarning
from documents.pipeline.analysis.schema import (
    NOT_ASSESSED,
    ActionItem,
    AnalysisFailed,
    CheckClaims,
    DocumentKind,
    Engine,
    Evidence,
    Fact,
    FactName,
    Findings,
    Flagged,
    KeyPoint,
    LearningEngine,
    Ledger,
    ModelServer,
    Sentiment,
    SourcePage,
    Topic,
)

if TYPE_CHECKING:
    from documents.pipeline.analysis.model.probe import Report

__all__ = [
    "NOT_ASSESSED",
    "ActionItem",
    "AnalysisFailed",
    "CheckClaims",
    "DocumentKind",
    "Engine",
    "Evidence",
    "Fact",
    "FactName",
    "Findings",
    "Flagged",
    "KeyPoint",
    "LearningEngine",
    "Ledger",
    "ModelServer",
    "OutcomeWarning",
    "Sentiment",
    "SourcePage",
    "Topic",
    "build_engine",
    "probe_server",
]


def build_engine(name: Literal["openai", "offline"], server: ModelServer | None = None) -> Engine:
    """The engine of that name; `openai` needs a server.

    Engines are imported here because the SDK costs half a second and 50 MB, which only
    workers should pay.
    """
    if name == "offline":
        from documents.pipeline.analysis.offline.engine import OfflineEngine

        return OfflineEngine()
    if server is None:
        raise ValueError("The openai engine needs a model server.")
    from documents.pipeline.analysis.model.engine import OpenAIEngine

    return OpenAIEngine(server)


def probe_server(server: ModelServer) -> Report:
    """What the server can do, found out by one tiny call. Imports the SDK as engines do."""
    from documents.pipeline.analysis.model.probe import probe

    return probe(server)
