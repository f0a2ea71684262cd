"""What is current of a document: its tasks on the owner's to-do list, its kind, tone and topics.

Only the newest analysis of a document counts. Whoever stores one calls `replace` in the same
transaction, so that lists and overviews over many documents read narrow rows by an index and no
JSON. A document that is being analyzed again, or fails then, keeps what its page shows.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from documents.models import ActionItem, Analysis, Classification, Document, DocumentTopic
from documents.models.analyses import name_key
from documents.models.classifications import LONGEST_LABEL
from documents.pipeline import doubts
from documents.pipeline.ticks import Carried

AT_ONCE = 500  # rows in one statement


def replace(analysis: Analysis, carried: Carried | None = None) -> None:
    """Let this analysis, stored just now, take the place of the one before it."""
    if analysis.document.was_tried_before:
        replaced = ActionItem.objects.filter(analysis__document=analysis.document_id)
        replaced.exclude(listed_for=None).update(listed_for=None)
    # In the order of the JSON: `results` finds the row of an item by its position.
    ActionItem.objects.bulk_create(_items(analysis, carried or Carried()), batch_size=AT_ONCE)
    _classify(analysis)


def withdraw(document: Document) -> None:
    """Take a document that is about to be hidden from its owner off lists and overviews."""
    ActionItem.objects.filter(analysis__document=document).update(listed_for=None)
    Classification.objects.filter(document=document).delete()


def reinstate(document: Document) -> None:
    """Put it back with what its newest analysis says."""
    newest = document.current_analysis
    if newest is not None:
        newest.action_items.update(listed_for=document.owner_id)
        _classify(newest)


def _items(analysis: Analysis, carried: Carried) -> Iterator[ActionItem]:
    found = analysis.result["findings"]["actionable_items"]
    # Older results know of no OCR.
    recognized = (analysis.coverage.get("ocr") or {}).get("pages", [])
    for position, item in enumerate(found, start=1):
        yield ActionItem(
            analysis=analysis,
            position=position,
            task=item["task"],
            assignee=item["assignee"] or "",
            due_text=item["due_text"] or "",
            due_date=item["due_date"],
            priority=item["priority"],
            evidence=item["evidence"],
            doubt="; ".join(doubts.of_task(item, recognized)) or None,
            due_from=(item.get("due_from") or {}).get("date"),
            done=position in carried.done,
            first_id=carried.first_ids.get(position),
            listed_for_id=analysis.document.owner_id,
            assignee_key=name_key(item["assignee"] or ""),
        )


def _classify(analysis: Analysis) -> None:
    document, result = analysis.document, analysis.result
    classification = Classification(
        document=document,
        owner_id=document.owner_id,
        kind=result["findings"].get("document_kind") or "",
        tone=result["sentiment"],
        analyzed_at=analysis.created_at,
    )
    Classification.objects.bulk_create(
        [classification],
        update_conflicts=True,
        unique_fields=["document"],
        update_fields=["kind", "tone", "analyzed_at"],
    )
    if document.was_tried_before:
        classification.topics.all().delete()
    topics = topics_of(result.get("topics", []))
    DocumentTopic.objects.bulk_create(
        DocumentTopic(
            classification=classification, owner_id=document.owner_id, key=key, label=label
        )
        for key, label in topics.items()
    )


def topics_of(labels: list[Any]) -> dict[str, str]:
    """Labels by the key under which they are counted; each once."""
    return {key: label[:LONGEST_LABEL] for label in labels if (key := name_key(label))}
