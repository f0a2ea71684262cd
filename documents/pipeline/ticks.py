"""Ticks outlive an analysis: what was done stays done where the same task is found again.

So does the id by which a calendar knows a task.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.db import transaction
from rapidfuzz import fuzz

from documents import events
from documents.models import ActionItem, Analysis, Document

_SAME_PLACE = 50  # of 100: how alike the words of two tasks with the same quote have to be
_SAME_WORDS = 90  # the same of two tasks that stand in different places


@dataclass(frozen=True)
class _Task:
    """A task of one analysis. `place` is its position there, 0 for one kept from before."""

    place: int
    told: dict[str, Any]
    done: bool = False
    lasting_id: int | None = None

    @property
    def words(self) -> str:
        return " ".join(re.findall(r"\w+", self.told["task"].casefold()))

    @property
    def assignee(self) -> str:
        return (self.told.get("assignee") or "").casefold()


@dataclass(frozen=True)
class Carried:
    """What tasks of an analysis, by position, have from those that they were before."""

    done: frozenset[int] = frozenset()
    first_ids: Mapping[int, int] = field(default_factory=dict)


def tick(item: ActionItem, *, done: bool) -> None:
    """Set an action item, and tell whoever looks at its document.

    On a page that shows an analysis which was replaced meanwhile, the tick is for the task: it is
    set in the newest one, too.
    """
    with transaction.atomic():
        # As a completion does first: one of the two sees what the other has written.
        of = Document.objects.select_for_update().filter(pk=item.analysis.document_id)
        if (document := of.first()) is None:
            return  # Deleted this moment, and its tasks with it.
        ticked = ActionItem.objects.filter(pk__in=[item.pk, *_again(item, document)])
        if ticked.exclude(done=done).update(done=done):
            events.record_change(document)
    item.done = done


def carry_over(analysis: Analysis) -> Carried:
    """What tasks that were found before bring along to an analysis that is about to be stored.

    Called in the transaction that completes the document. What was done and is not found again
    is written into its findings (`ticked_before`).
    """
    earlier, found = list(_earlier(analysis)), _found(analysis.result["findings"])
    pairs = list(_pairs(earlier, found)) if earlier else []
    again = {id(old) for old, _ in pairs}
    gone = [_as_kept(task.told) for task in earlier if task.done and id(task) not in again]
    # A copy: one that was taken over shares its findings with the analysis it is taken from.
    findings = {**analysis.result["findings"], "ticked_before": gone}
    analysis.result = {**analysis.result, "findings": findings}
    return Carried(
        done=frozenset(new.place for old, new in pairs if old.done),
        first_ids={new.place: old.lasting_id for old, new in pairs if old.lasting_id},
    )


def _earlier(analysis: Analysis) -> Iterator[_Task]:
    """Of the analysis that this one replaces or, for a first one, of the one it was taken from."""
    document = analysis.document
    replaced = document.current_analysis if document.was_tried_before else None
    source = analysis.result["provenance"].get("reused_from")
    if replaced is None and source:
        replaced = Analysis.objects.filter(pk=source).first()
    if replaced is None:
        return
    rows = {row.position: row for row in replaced.action_items.all()}
    findings = replaced.result.get("findings", {})
    # A task of two documents is two tasks: each has its own day in a calendar.
    is_same = replaced.document_id == analysis.document_id
    for task in _found(findings):
        row = rows.get(task.place)
        lasting_id = row.lasting_id if row and is_same else None
        yield replace(task, done=bool(row and row.done), lasting_id=lasting_id)
    for told in findings.get("ticked_before", []):
        yield _Task(0, told, done=True)


def _found(findings: dict[str, Any]) -> list[_Task]:
    items = findings.get("actionable_items", [])
    return [_Task(place, told) for place, told in enumerate(items, start=1)]


def _again(item: ActionItem, document: Document) -> Iterator[int]:
    """The same task in the newest analysis, if that is another one."""
    newest = document.current_analysis
    if newest is None or newest.pk == item.analysis_id:
        return
    old = _found(item.analysis.result.get("findings", {}))
    new = _found(newest.result.get("findings", {}))
    places = [there.place for here, there in _pairs(old, new) if here.place == item.position]
    yield from newest.action_items.filter(position__in=places).values_list("pk", flat=True)


def _pairs(old: Sequence[_Task], new: Sequence[_Task]) -> Iterator[tuple[_Task, _Task]]:
    """Which task is which, the surest first; each is given away once."""
    scored = [(score, a, b) for a, b in _candidates(old, new) if (score := _likeness(a, b))]
    scored.sort(key=lambda each: (-each[0], each[1].place, each[2].place))
    given: set[int] = set()
    for _, here, there in scored:
        if id(here) not in given and id(there) not in given:
            given |= {id(here), id(there)}
            yield here, there


def _candidates(old: Sequence[_Task], new: Sequence[_Task]) -> Iterator[tuple[_Task, _Task]]:
    """All with all only for what is done: long lists of open tasks are compared by page."""
    by_page: dict[int, list[_Task]] = {}
    for task in new:
        for page in {place["page"] for place in task.told["evidence"]}:
            by_page.setdefault(page, []).append(task)
    for task in old:
        pages = {place["page"] for place in task.told.get("evidence", [])}
        near = new if task.done else (other for page in pages for other in by_page.get(page, []))
        yield from ((task, other) for other in near)


def _likeness(old: _Task, new: _Task) -> float:
    """How sure it is that both are one task; 0 where they are two."""
    alike = 200.0 if old.words == new.words else fuzz.token_set_ratio(old.words, new.words)
    if _overlap(old.told.get("evidence", []), new.told["evidence"]):
        return 100 + alike if alike >= _SAME_PLACE else 0
    if old.assignee and new.assignee and old.assignee != new.assignee:
        return 0
    return alike if alike >= _SAME_WORDS else 0


def _overlap(some: Iterable[dict[str, Any]], others: Iterable[dict[str, Any]]) -> bool:
    others = list(others)
    return any(
        one["page"] == other["page"]
        and min(one["end"], other["end"]) > max(one["start"], other["start"])
        for one in some
        for other in others
    )


def _as_kept(told: dict[str, Any]) -> dict[str, Any]:
    # Without its places: the next analysis may be one of another text of the same file.
    return {name: told.get(name) for name in ("task", "assignee", "due_text", "due_date")}
