"""How an action item is worded: a short order, with its person and due date told apart."""

from __future__ import annotations

import re

from documents.pipeline.analysis.offline.actions import due_dates, priorities
from documents.pipeline.analysis.offline.actions.due_dates import Due
from documents.pipeline.analysis.offline.patterns import either, one_of
from documents.pipeline.analysis.offline.people import NOT_NAMES
from documents.pipeline.analysis.schema import ActionItem, Evidence

_NAME = r"[A-Z][\w'’-]+"
_FULL_NAME = rf"{_NAME}(?: {_NAME})?"
_AT_THE_END = either(
    r"[(\[](?P<inside>[^()\[\]]{2,80})[)\]]",
    rf"\s[–—-]\s(?P<after>{_FULL_NAME})",
    rf"@(?P<at>{_NAME})",
    rf"{one_of('Owner, Assignee, Responsible')}:\s*(?P<owner>{_FULL_NAME})",
)
TRAILING = re.compile(rf"\s{{0,9}}{_AT_THE_END}\s*[.;]?$")
NAMES = re.compile(rf"{_NAME}(?: {either(_NAME, 'and', '&')}){{0,3}}")

# A due date is left out of a task that has more than this many characters besides.
SHORTEST_TASK = 8


def word(task: str, sentence: str, who: str | None, evidence: Evidence) -> ActionItem:
    """The action item for a task; what the task leaves open, its sentence may tell."""
    due = due_dates.find(task) or due_dates.find(sentence)
    trailing = TRAILING.search(task)
    if trailing:
        named = _named(trailing)
        who = who or named
        if named or _says_when(trailing.group()):
            task = task[: trailing.start()]
    return ActionItem(
        task=_tidy(task, due),
        assignee=" ".join(who.split()) if who else None,
        due_text=due.text if due else None,
        due_date=due.date if due else None,
        priority=priorities.tell(sentence),
        evidence=[evidence],
        support="supported",
    )


def _named(trailing: re.Match[str]) -> str | None:
    """Who stands at the end: "(Nora, by Friday)", "– Nora", "@Nora", "Owner: Nora"."""
    words = trailing["after"] or trailing["at"] or trailing["owner"]
    if words:
        return words
    first = re.split(r"[,;]", trailing["inside"] or "")[0].strip()
    return first if NAMES.fullmatch(first) and first.split()[0] not in NOT_NAMES else None


def _says_when(words: str) -> bool:
    return bool(priorities.URGENT.search(words) or due_dates.find(words))


def _tidy(task: str, due: Due | None) -> str:
    """The task as a short order; a due date at its end is said elsewhere."""
    words = " ".join(task.split()).strip(" ,;:.?!–—-")
    for joint in (" and", " but", " so", " then"):
        words = words.removesuffix(joint).rstrip(" ,;")
    if due and words.lower().endswith(due.text.lower()):
        rest = words[: -len(due.text)]
        if len(rest) > SHORTEST_TASK:
            words = rest.rstrip(" ,;(–—-")
    return words[:1].upper() + words[1:]
