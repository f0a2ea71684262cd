"""Ranking over all chunks: what matters most comes first, and what has no room is counted.

A model ranks within a chunk only, by numbers and by order. Both count here, so that no chunk
speaks for the document alone because it came first or was sure of itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TypeVar

from documents.pipeline.analysis.model.answers import IMPORTANCE, MOST_POINTS, MOST_TASKS
from documents.pipeline.analysis.schema import ActionItem, Findings, KeyPoint

_BY_PRIORITY = {"high": 1, "low": -1}

Claimed = TypeVar("Claimed", KeyPoint, ActionItem)


def ranked(chunks: Iterable[Sequence[Claimed]]) -> list[Claimed]:
    """The claims of all chunks; among equals the first of each chunk, then the second of each."""
    placed = [
        (-_score(claim), place, number, claim)
        for number, claims in enumerate(chunks)
        for place, claim in enumerate(claims)
    ]
    return [claim for *_, claim in sorted(placed, key=lambda each: each[:3])]


def _score(claim: KeyPoint | ActionItem) -> int:
    score = IMPORTANCE if claim.importance is None else claim.importance
    # What its quotes say only in part makes room for what they say in full.
    score -= claim.support == "partly"
    if isinstance(claim, ActionItem):
        score += _BY_PRIORITY.get(claim.priority, 0) + bool(claim.due_text)
    return score


def with_most_important(findings: Findings) -> Findings:
    """As many points and tasks as a reader takes in; how many were left out is said."""
    points, items = findings.key_points, findings.actionable_items
    return replace(
        findings,
        key_points=points[:MOST_POINTS],
        actionable_items=items[:MOST_TASKS],
        left_out={
            "key_points": len(points[MOST_POINTS:]),
            "actionable_items": len(items[MOST_TASKS:]),
        },
    )
