"""The result of an analysis as it is shown: as stored, with its action items as they stand now."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from documents import events
from documents.models import ActionItem, Analysis


def result_json(analysis: Analysis) -> dict[str, Any]:
    """The result as docs/api.md has it; each action item carries the id and the tick of its row.

    One query for the rows, none where `action_items` is prefetched.
    """
    findings = analysis.result.get("findings", {})
    rows = {row.position: row for row in analysis.action_items.all()}
    items = [
        _as_it_stands(item, rows.get(position))
        for position, item in enumerate(findings.get("actionable_items", []), start=1)
    ]
    return {**analysis.result, "findings": {**findings, "actionable_items": items}}


def tick(item: ActionItem, *, done: bool) -> None:
    """Set an action item, and tell whoever looks at its document."""
    with transaction.atomic():
        ticked = ActionItem.objects.filter(pk=item.pk).exclude(done=done)
        if ticked.update(done=done):
            events.record_change(item.analysis.document)
    item.done = done


def _as_it_stands(item: dict[str, Any], row: ActionItem | None) -> dict[str, Any]:
    # Without a row there is nothing to tick: the id must not point at another's item.
    return {**item, "id": row.pk if row else None, "done": row.done if row else False}


def verified_json(analysis: Analysis) -> dict[str, Any]:
    """The result as it may leave the house: what no quote stands behind is left out."""
    result = result_json(analysis)
    findings = {name: found for name, found in result["findings"].items() if name != "unverified"}
    return {**result, "findings": findings}
