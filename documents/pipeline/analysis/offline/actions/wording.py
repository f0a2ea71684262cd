"""How an action item is worded: a short order, with its person and due date told apart."""

from __future__ import annotations

import re
from dataclasses import dataclass

from documents.pipeline.analysis.offline.actions import conditions, due_dates, priorities
from documents.pipeline.analysis.offline.actions.due_dates import Due
from documents.pipeline.analysis.offline.actions.parties import Parties
from documents.pipeline.analysis.offline.patterns import either, one_of
from documents.pipeline.analysis.offline.people import NOT_NAMES
from documents.pipeline.analysis.schema import ActionItem, Evidence

# Capitals of the alphabets that have them; elsewhere a short word in brackets.
_CAPITAL = r"[A-ZÀ-ÖØ-ÞŁŚŻŹĆČŘŠŽĎŤŇА-ЯЁ]"
_NAME = rf"{_CAPITAL}[\w'’.-]{{0,30}}"
_FULL_NAME = rf"{_NAME}(?: {_NAME}){{0,2}}"
_AND = one_of("and, &, und, et, y, e, en, i, a, и")
_UNSPACED_NAME = r"[\u3400-\u9fff々]{2,4}"
_ARABIC_NAME = r"[\u0620-\u064a]{2,12}(?: [\u0620-\u064a]{2,12})?"
_AT_THE_END = either(
    r"[(\[（](?P<inside>[^()\[\]（）]{2,80})[)\]）]",
    r"\s[–—-]\s(?P<after>[^–—]{2,40}?)",
    rf"@(?P<at>{_NAME})",
    rf"{one_of('Owner, Assignee, Responsible')}:\s*(?P<owner>{_FULL_NAME})",
    rf"(?<=\w)\s?:\s(?P<colon>{_FULL_NAME}(?:[,;] [^,;:]{{2,40}})?)",
)
TRAILING = re.compile(rf"\s{{0,9}}{_AT_THE_END}\s{{0,9}}[.;。]?$")
NAMES = re.compile(
    either(rf"{_NAME}(?: {either(_NAME, _AND)}){{0,3}}", _UNSPACED_NAME, _ARABIC_NAME)
)
PARTS = re.compile(r"[,;，、；،]\s{0,3}")
MOST_TRAILING = 3

# A due date is left out of a task that has more than this many characters besides.
SHORTEST_TASK = 8


@dataclass(slots=True)
class _Details:
    """What stands at the end of an entry: who, and until when."""

    who: str | None = None
    due: Due | None = None


def word(
    task: str,
    sentence: str,
    who: str | None,
    evidence: Evidence,
    parties: Parties | None = None,
    before: str = "",
) -> ActionItem:
    """The action item for a task; what the task leaves open, its sentence may tell.

    `before` is what stands in front of the task and its person: a condition, perhaps.
    """
    parties = parties or Parties()
    details = _Details(who)
    task = _without_details(task, details, parties)
    due = details.due or _due(task, sentence, parties.language)
    return ActionItem(
        task=conditions.keep(_tidy(task, due), before, parties.language),
        assignee=" ".join(details.who.split()) if details.who else None,
        due_text=due.text if due else None,
        due_date=due.date if due else None,
        priority=priorities.tell(sentence),
        evidence=[evidence],
        support="supported",
    )


def _due(task: str, sentence: str, language: str) -> Due | None:
    return due_dates.find(task, language) or due_dates.find(sentence, language)


def _without_details(task: str, details: _Details, parties: Parties) -> str:
    """The task without "(Nora, by Friday)", "– Nora – 3 May", "@Nora", "Owner: Nora"."""
    for _ in range(MOST_TRAILING):
        trailing = TRAILING.search(task)
        if not trailing or not _is_taken(trailing, details, parties):
            break
        task = task[: trailing.start()]
    return task


def _is_taken(trailing: re.Match[str], details: _Details, parties: Parties) -> bool:
    words = next(text for text in trailing.groups() if text)
    is_taken = False
    for part in map(str.strip, PARTS.split(words)):
        due = _due_in(part, parties.language)
        if due and details.due is None:
            details.due, is_taken = due, True
        elif _is_name(part, trailing, parties):
            details.who, is_taken = details.who or part, True
    return is_taken or bool(priorities.URGENT.search(words))


def _due_in(part: str, language: str) -> Due | None:
    if due := due_dates.find(part, language):
        return due
    day = due_dates.plain_date(part, language)
    return Due(part, day, 0, len(part)) if day else None


def _is_name(part: str, trailing: re.Match[str], parties: Parties) -> bool:
    if not NAMES.fullmatch(part) or part.split()[0] in NOT_NAMES:
        return False
    # Without capitals only brackets, or an introduction, tell a name from a word.
    return part[0].isupper() or bool(trailing["inside"]) or parties.holds(part)


def _tidy(task: str, due: Due | None) -> str:
    """The task as a short order; a due date at its end is said elsewhere."""
    words = " ".join(task.split()).strip(" ,;:.?!–—-。、")
    for joint in (" and", " but", " so", " then"):
        words = words.removesuffix(joint).rstrip(" ,;")
    if due and words.lower().endswith(due.text.lower()):
        rest = words[: -len(due.text)]
        if len(rest) > SHORTEST_TASK:
            words = rest.rstrip(" ,;(–—-，、")
    return words[:1].upper() + words[1:]
