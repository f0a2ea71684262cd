"""Action items: sentence by sentence, quoted whole; rules find them, marks and tables tell them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest

from documents.pipeline.analysis.offline.actions import (
    density,
    doubts,
    due_dates,
    finished,
    genre,
    marks,
    negation,
    peeling,
    position,
    prefilter,
    rules,
    tables,
    wording,
)
from documents.pipeline.analysis.offline.actions.density import Found
from documents.pipeline.analysis.offline.actions.genre import Genre
from documents.pipeline.analysis.offline.actions.marks import MARKED
from documents.pipeline.analysis.offline.actions.peeling import Peeled
from documents.pipeline.analysis.offline.actions.position import Position
from documents.pipeline.analysis.offline.actions.rules import Candidate
from documents.pipeline.analysis.offline.layout import MAIL_LABEL
from documents.pipeline.analysis.offline.sentences import (
    FIRST,
    HEADING,
    SOMETHING,
    TABLE,
    Sentences,
)
from documents.pipeline.analysis.schema import ActionItem

MOST_ACTIONS = 200
MOST_REMEMBERED = 50_000

SHOUTED = 100  # In characters.

# What the circumstances add to the worth of a rule, or take off.
IN_ACTION_SECTION, WITH_DUE_DATE, AS_ITEM, AS_QUESTION = 1.2, 0.7, 0.3, -0.3

# In letters the future alone is no duty of a role.
SURE_OF_ROLE = 1.55
# What a contract says of a party in the present tense is its duty: "The Tenant pays ..."
SURE_OF_PARTY = 0.9

# Two verbs within so many characters are one request: "please make sure you send ..."
FEWEST_BETWEEN = 25


def find(sentences: Sentences, language: str | None, kind: str | None = None) -> list[ActionItem]:
    """What is asked for, each task once, in the order of the document.

    `kind` is the kind of document, where it is known: it says how sure a rule must be.
    """
    here = position.start(sentences, language, kind)
    found: dict[str, Found] = {}
    for each in _in_order(sentences, here):
        if SOMETHING.search(each.item.task):
            found.setdefault(each.item.task.lower(), each)
        if len(found) == MOST_ACTIONS:
            break
    return density.without_misfires(list(found.values()))


def _in_order(sentences: Sentences, here: Position) -> Iterator[Found]:
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


def _in_sentence(sentences: Sentences, index: int, here: Position) -> Iterator[Found]:
    position.follow(here, sentences, index)
    kind, source = sentences.kind(index), sentences.source(index)
    if kind & TABLE:
        yield from _in_row(sentences, index, here)
    elif not _is_settled(kind, source, here) and _is_worth_reading(source, here):
        yield from _in_prose(sentences, index, here)


def _in_row(sentences: Sentences, index: int, here: Position) -> Iterator[Found]:
    source = sentences.source(index)
    columns = tables.header(source)
    if columns:
        here.columns = columns
        return
    row = tables.row(source, here.columns) if here.columns else None
    if row and not row.is_finished:
        yield Found(tables.word(row, sentences.evidence(index), here.language), is_listed=True)


def _is_settled(kind: int, source: str, here: Position) -> bool:
    """Whether it is done, a title, or a line of a mail's header."""
    return bool(
        position.opens_action_section(kind, source)
        or MAIL_LABEL.match(source)
        or marks.TICKED_BOX.match(source)
        # The boxes below a question are its answers.
        or (here.after_question and marks.BOX.match(source))
        or finished.is_finished(source)
        or _is_shouted(source)
        or (_is_title(kind, source) and not here.in_action_section)
    )


def _is_shouted(source: str) -> bool:
    """Whether it is a disclaimer in capitals: who asks somebody for something says less."""
    return len(source) >= SHOUTED and source.isupper()


def _is_title(kind: int, source: str) -> bool:
    """A heading in capitals, or with a capital to each word: "SUPPLY AGREEMENT"."""
    return (
        bool(kind & HEADING)
        and not position.is_entry(kind, source)
        and (source.istitle() or source.isupper())
    )


def _is_worth_reading(source: str, here: Position) -> bool:
    return bool(
        here.in_action_section
        or prefilter.may_ask(source, here.language)
        or marks.ARROW.match(source)
        or marks.KEYWORD_AND_COLON.match(source)
    )


def _in_prose(sentences: Sentences, index: int, here: Position) -> Iterator[Found]:
    source = sentences.source(index)
    is_item = position.is_entry(sentences.kind(index), source)
    peeled = peeling.peel(source, here, is_item=is_item)
    bonus = _bonus(source, peeled, here, is_item=is_item)
    body = source[peeled.begin :]
    chosen = _surest(body, bonus, here, is_item=is_item)
    is_listed = bonus >= MARKED
    for candidate, following in zip_longest(chosen, chosen[1:]):
        task = body[candidate.start : following.opens if following else None]
        who = candidate.who or peeled.who
        who = None if who == "I" else who  # Whoever "I" is: the text names nobody.
        before = source[: peeled.begin + candidate.start]
        item = wording.word(task, source, who, sentences.evidence(index), here.parties, before)
        found = Found(item, is_listed)
        # In manuals even a list of tasks is the reader's, unless it names somebody or a day.
        if not (found.is_bare and here.genre in genre.SPEAK_TO_NOBODY):
            yield found


def _bonus(source: str, peeled: Peeled, here: Position, *, is_item: bool) -> float:
    """What everything but the rule itself speaks for, or against, an action item."""
    bonus = peeled.worth
    if here.in_action_section and (is_item or peeled.who):
        bonus += IN_ACTION_SECTION
    if is_item:
        bonus += AS_ITEM
    if due_dates.find(source, here.language):
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
        if candidate.worth + bonus >= _threshold(candidate, here)
        and not (candidate.is_news and _is_announced(here))
    ]
    if not good and bonus >= MARKED and body and not negation.is_denied_entry(body, here.language):
        return [Candidate(opens=0, start=0, who=None, worth=0.0)]
    kept: list[Candidate] = []
    for candidate in sorted(good, key=lambda each: (each.start, -each.worth)):
        is_another = bool(candidate.who) or candidate.adds
        if not kept or (is_another and candidate.start - kept[-1].start >= FEWEST_BETWEEN):
            kept.append(candidate)
    return kept


def _threshold(candidate: Candidate, here: Position) -> float:
    """How sure a reading must be; what a letter says that a role will do is mostly news."""
    if here.genre is Genre.MAIL and candidate.who and here.parties.is_role(candidate.who):
        return SURE_OF_ROLE
    if here.genre is Genre.CONTRACT and candidate.who and here.parties.is_party(candidate.who):
        return SURE_OF_PARTY
    return here.genre.value


def _is_announced(here: Position) -> bool:
    """Whether "The hall will be painted by May" is what the writer announces: letters, notices."""
    return here.genre in genre.ANNOUNCES and not here.in_action_section


def _candidates(body: str, here: Position, *, is_item: bool) -> Iterator[Candidate]:
    yield from rules.candidates(
        body,
        here.people_here(),
        is_item=is_item,
        parties=here.parties,
        takes_orders=here.genre in genre.TAKES_ORDERS or here.in_action_section,
    )
