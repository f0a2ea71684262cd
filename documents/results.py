"""The result of an analysis as it is shown: as stored, with its action items as they stand now."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from documents.models import Analysis

Tick = tuple[int, bool]  # Of an action item's row: its id, and whether it is done.


def result_json(analysis: Analysis) -> dict[str, Any]:
    """The result as docs/api.md has it; each action item carries the id and the tick of its row.

    One query for the rows, none where `action_items` is prefetched.
    """
    rows = {row.position: (row.pk, row.done) for row in analysis.action_items.all()}
    return as_it_stands(analysis.result, rows)


def as_it_stands(stored: dict[str, Any], rows: Mapping[int, Tick]) -> dict[str, Any]:
    """The same of a stored result and the rows of its action items, by their position."""
    findings = stored.get("findings", {})
    items = [
        _item(item, rows.get(position))
        for position, item in enumerate(findings.get("actionable_items", []), start=1)
    ]
    # Analyses from before there were warnings have none.
    warning = stored.get("warning")
    found = {**findings, "actionable_items": items}
    return {**stored, "warning": warning, "findings": found}


def is_one_list(result: dict[str, Any]) -> bool:
    """Whether the summary is the key points once more, as with the built-in engine."""
    points = result.get("findings", {}).get("key_points", [])
    is_built_in = result.get("provenance", {}).get("engine") == "offline"
    texts = " ".join(point["text"] for point in points)
    return bool(is_built_in and points and result.get("summary") == texts)


def _item(item: dict[str, Any], row: Tick | None) -> dict[str, Any]:
    # Without a row there is nothing to tick: the id must not point at another's item.
    pk, done = row or (None, False)
    return {**item, "id": pk, "done": done}


def verified_json(analysis: Analysis) -> dict[str, Any]:
    """The result as it may leave the house: what no quote stands behind is left out."""
    result = result_json(analysis)
    findings = {name: found for name, found in result["findings"].items() if name != "unverified"}
    return {**result, "findings": findings}
