"""Action items: sentence by sentence, quoted whole; rules find them, marks and tables tell them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest

from documents.pipeline.analysis.offline.actions import (
    doubts,
    due_dates,
    marks,
    peeling,
    position,
    prefilter,
    priorities,
    rules,
    tables,
    wording,
)
from documents.pipeline.analysis.offline.actions.marks import MARKED
from documents.pipeline.analysis.offline.actions.peeling import Peeled
from documents.pipeline.analysis.offline.actions.position import Position
from documents.pipeline.analysis.offline.actions.rules import Candidate
from documents.pipeline.analysis.offline.layout import MAIL_LABEL
from documents.pipeline.analysis.offline.sentences import (
    FIRST,
    HEADING,
    ITEM,
    SOMETHING,
    TABLE,
    Sentences,
)
from documents.pipeline.analysis.schema import ActionItem

MOST_ACTIONS = 200
MOST_REMEMBERED = 50_000

# What the circumstances add to the worth of a rule, or take off.
IN_ACTION_SECTION, WITH_DUE_DATE, AS_ITEM, AS_QUESTION = 1.0, 0.7, 0.3, -0.3

# Two verbs within so many characters are one request: "please make sure you send ..."
FEWEST_BETWEEN = 25


def find(sentences: Sentences, language: str | None) -> list[ActionItem]:
    """What is asked for, each task once, in the order of the document."""
    here = position.start(sentences, language)
    found: dict[str, ActionItem] = {}
    for action in _in_order(sentences, here):
        if SOMETHING.search(action.task):
            found.setdefault(action.task.lower(), action)
        if len(found) == MOST_ACTIONS:
            break
    return list(found.values())


def _in_order(sentences: Sentences, here: Position) -> Iterator[ActionItem]:
    read: set[str] = set()
    for index in range(len(sentences)):
        if not _is_repetition(sentences, index, read):
            yield from _in_sentence(sentences, index, here)


def _is_repetition(sentences: Sentences, index: int, read: set[str]) -> bool:
    """Whether these words were read before; headings and tables count where they stand."""
    if sentences.kind(index) & (HEADING | TABLE | FIRST):
        return False
    source = sentences.source(index)
    if source in read:
        return True
    if len(read) < MOST_REMEMBERED:
        read.add(source)
    return False


def _in_sentence(sentences: Sentences, index: int, here: Position) -> Iterator[ActionItem]:
    position.follow(here, sentences, index)
    kind, source = sentences.kind(index), sentences.source(index)
    if kind & TABLE:
        yield from _in_row(sentences, index, here)
    elif not _is_settled(kind, source) and _is_worth_reading(source, here):
        yield from _in_prose(sentences, index, here)


def _in_row(sentences: Sentences, index: int, here: Position) -> Iterator[ActionItem]:
    source = sentences.source(index)
    columns = tables.header(source)
    if columns:
        here.columns = columns
        return
    row = tables.row(source, here.columns) if here.columns else None
    if row is None or row.is_finished:
        return
    due = due_dates.in_cell(row.due)
    yield ActionItem(
        task=row.task,
        assignee=row.who,
        due_text=due.text if due else None,
        due_date=due.date if due else None,
        priority=priorities.tell(f"{row.task} {row.due} priority: {row.priority}"),
        evidence=[sentences.evidence(index)],
        support="supported",
    )


def _is_settled(kind: int, source: str) -> bool:
    """Whether it is done, a title, or a line of a mail's header."""
    return bool(
        position.opens_action_section(kind, source)
        or MAIL_LABEL.match(source)
        or marks.TICKED_BOX.match(source)
    )


def _is_worth_reading(source: str, here: Position) -> bool:
    return bool(here.in_action_section or prefilter.may_ask(source) or marks.ARROW.match(source))


def _in_prose(sentences: Sentences, index: int, here: Position) -> Iterator[ActionItem]:
    source, is_item = sentences.source(index), bool(sentences.kind(index) & ITEM)
    peeled = peeling.peel(source, here, is_item=is_item)
    bonus = _bonus(source, peeled, here, is_item=is_item)
    body = source[peeled.begin :]
    chosen = _surest(body, bonus, here, is_item=is_item)
    for candidate, following in zip_longest(chosen, chosen[1:]):
        task = body[candidate.start : following.opens if following else None]
        who = candidate.who or peeled.who
        yield wording.word(task, source, who, sentences.evidence(index))


def _bonus(source: str, peeled: Peeled, here: Position, *, is_item: bool) -> float:
    """What everything but the rule itself speaks for, or against, an action item."""
    bonus = peeled.worth
    if here.in_action_section and (is_item or peeled.who):
        bonus += IN_ACTION_SECTION
    if is_item:
        bonus += AS_ITEM
    if due_dates.find(source):
        bonus += WITH_DUE_DATE
    bonus -= doubts.doubt(source)
    if source.rstrip().endswith("?"):
        bonus += AS_QUESTION
    return bonus


def _surest(body: str, bonus: float, here: Position, *, is_item: bool) -> list[Candidate]:
    """The surest candidate for each stretch of the sentence, in order."""
    good = [
        candidate
        for candidate in _candidates(body, here, is_item=is_item)
        if candidate.worth + bonus >= here.genre.value
    ]
    if not good and bonus >= MARKED and body:
        return [Candidate(opens=0, start=0, who=None, worth=0.0)]
    kept: list[Candidate] = []
    for candidate in sorted(good, key=lambda each: (each.start, -each.worth)):
        if not kept or (candidate.who and candidate.start - kept[-1].start >= FEWEST_BETWEEN):
            kept.append(candidate)
    return kept


def _candidates(body: str, here: Position, *, is_item: bool) -> Iterator[Candidate]:
    if here.is_english:
        yield from rules.candidates(body, here.people_here(), is_item=is_item)
