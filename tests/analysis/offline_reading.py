"""What the offline tests share: reading a text, and labelled documents with their actions."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from documents.pipeline.analysis.offline.engine import OfflineEngine
from documents.pipeline.analysis.schema import SourcePage

LABELLED = Path(__file__).parent / "labelled"


@dataclass(frozen=True)
class Expected:
    snippet: str
    assignee: str
    due_text: str
    due_date: str


@dataclass(frozen=True)
class Labelled:
    name: str
    text: str
    actions: list[Expected]


def pages(*texts):
    return [SourcePage(number, text) for number, text in enumerate(texts, start=1)]


def analyze(*texts, language=None):
    return OfflineEngine().analyze(
        pages(*texts), language=language, ledger=None, on_progress=lambda done, total: None
    )


def evidence_of(findings):
    claims = [*findings.key_points, *findings.topics, *findings.actionable_items]
    return [e for claim in claims for e in claim.evidence] + findings.sentiment.evidence


def labelled(folder):
    return [_labelled(path) for path in sorted((LABELLED / folder).glob("*.txt"))]


def _labelled(path):
    """The text, a line of equals signs, then `snippet | assignee | due | date` a line each."""
    text, _, labels = path.read_text("utf-8").rpartition("====\n")
    actions = [_expected(line) for line in labels.splitlines() if line.strip()]
    assert all(text.count(action.snippet) == 1 for action in actions), path.name
    return Labelled(path.stem, text, actions)


def _expected(line):
    fields = [part.strip().replace("\\n", "\n") for part in line.split("|")]
    return Expected(*[" ".join(f.split()) if n else f for n, f in enumerate(fields)])
