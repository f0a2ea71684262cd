"""What a document asks somebody to do, found by rules and quoted with its whole sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import zip_longest

from documents.pipeline.analysis.offline import people
from documents.pipeline.analysis.offline.actions import (
    doubts,
    due_dates,
    priorities,
    rules,
    tables,
    wording,
)
from documents.pipeline.analysis.offline.actions.rules import Candidate
from documents.pipeline.analysis.offline.actions.vocabulary import (
    ORDERS,
    ORDERS_OR_NOUNS,
)
from documents.pipeline.analysis.offline.layout import LEAD_IN, MAIL_LABEL
from documents.pipeline.analysis.offline.people import People
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
SHORTEST = 8

# How sure a rule must be. An e-mail speaks to its reader; a report only describes.
SURE_IN_MAIL, SURE_IN_MINUTES, SURE_ELSEWHERE = 1.0, 1.5, 2.0
MARKED, IN_ACTION_SECTION, WITH_DUE_DATE, AS_ITEM = 1.5, 1.0, 0.7, 0.3

MAIL = re.compile(
    r"^(?:(?:hi|hello|dear|hey)\b.{0,40},|from:\s|subject:\s|(?:best|kind|warm)\s+regards|regards,|cheers,?$)",
    re.IGNORECASE,
)
MEETING = re.compile(
    r"\b(?:minutes|meeting|agenda|attendees|present:|apologies|action items?|to-?do|next steps"
    r"|stand-?up|committee|sprint|follow-?ups?)\b",
    re.IGNORECASE,
)
MARKER = re.compile(
    r"(?:^|(?<=[.;:)\]]\s)|(?<=\s))(?P<mark>(?:ACTIONS?(?: (?:ITEM|POINT)S?)?|TO-?DO|TASK|AP"
    r"|FOLLOW-?UP"
    r"|À FAIRE|AUFGABE|TAREA|DA FARE|A FAZER"
    r"|DO ZROBIENIA)\b)(?P<who>\s+[A-Z][\w'’-]+)?\s*(?P<colon>[:–—-])?\s*",
)
MARKER_IN_LINE = re.compile(
    r"^\W*(?:actions?(?: (?:item|point)s?)?|to-?do|task|next step|follow-?up|ap|à faire|aufgabe"
    r"|tarea|da fare|a fazer|do zrobienia)(?:\s*\d+)?\s*[:–—-]\s*",
    re.IGNORECASE,
)
SECTION = re.compile(
    r"^\W*(?:\d+\W+)?(?:open )?(?:actions?(?: (?:items?|points?|list))?|to-?dos?|tasks"
    r"|next steps|follow-?ups?"
    r"|open points|aufgaben|maßnahmen|actions? à mener|tareas)\W*$",
    re.IGNORECASE,
)
ARROW = re.compile(r"^(?:->|=>|→|⇒|>>)\s*")
EMPTY_BOX = re.compile(r"^(?:[-*•]\s*)?(?:\[\s?\]|[☐])\s*")
TICKED_BOX = re.compile(r"^(?:[-*]\s*)?(?:\[[xX✓]\]|[☑☒])")
LABELLED = re.compile(
    r"^@?(?P<who>[A-Z][\w'’.-]+(?: [A-Z][\w'’.-]+)?(?:(?:,| and| &"
    r"|/) ?[A-Z][\w'’.-]+)*)\s*(?:(?P<colon>:)|\s[–—-]|->|→)\s+"
)
DECIDED = re.compile(r"^(?:it was |we )?(?:agreed|decided|resolved)(?: that)?:?\s+", re.IGNORECASE)
# One cheap look decides for most sentences that no rule need be tried.
HINT = re.compile(
    r"\b(?:please|kindly|you|will|shall|should|must|needs?|ha(?:s|ve) to|going to|to|agree[ds]?"
    r"|offered|promised"
    r"|responsible|charge|asked|let|make|be|ensure|todo|action|aufgabe|tarea|owner)\b|['’]ll\b"
    r"|à faire|TODO|ACTION",
    re.IGNORECASE,
)
OPENING_VERBS = ORDERS | ORDERS_OR_NOUNS
FIRST_WORD = re.compile(r"[A-Za-z-]+")


@dataclass(slots=True)
class _Reader:
    """Where in the document the reading stands."""

    people: People
    sure: float
    is_english: bool
    is_transcript: bool
    in_action_section: bool = False
    columns: dict[str, int] | None = None
    speaker: str | None = None


def find(sentences: Sentences, language: str | None) -> list[ActionItem]:
    reader = _start(sentences, is_english=language in ("en", None))
    found: list[ActionItem] = []
    seen: set[str] = set()
    read: set[str] = set()
    for index in range(len(sentences)):
        if _is_repetition(sentences, index, read):
            continue
        for action in _in_sentence(sentences, index, reader):
            key = action.task.lower()
            if key not in seen and SOMETHING.search(key):
                seen.add(key)
                found.append(action)
        if len(found) >= MOST_ACTIONS:
            break
    return found[:MOST_ACTIONS]


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


def _start(sentences: Sentences, *, is_english: bool) -> _Reader:
    total = len(sentences)
    looked_at = range(min(total, 400))
    texts = [sentences.text(index) for index in looked_at]
    is_mail = any(MAIL.match(text) for text in texts) or total == 1
    is_meeting = any(MEETING.search(text) for text in texts[:60])
    has_items = sum(bool(sentences.kind(index) & ITEM) for index in looked_at) * 4 > len(texts)
    is_transcript = sentences.is_transcript()
    if is_mail:
        sure = SURE_IN_MAIL
    else:
        is_working_paper = is_meeting or has_items or is_transcript or total < 12
        sure = SURE_IN_MINUTES if is_working_paper else SURE_ELSEWHERE
    return _Reader(people.meet(sentences), sure, is_english, is_transcript)


def _in_sentence(sentences: Sentences, index: int, reader: _Reader) -> Iterator[ActionItem]:
    kind, source = sentences.kind(index), sentences.source(index)
    if kind & TABLE:
        yield from _in_table(sentences, index, source, reader)
        return
    reader.columns = None
    if kind & FIRST and reader.is_transcript:
        reader.speaker = sentences.speaker(index)
    if kind & HEADING and not MARKER_IN_LINE.match(source):
        if SECTION.match(source):
            reader.in_action_section = True
            return
        if not kind & ITEM and not _may_ask(source):
            reader.in_action_section = False
    if MAIL_LABEL.match(source) or TICKED_BOX.match(source):
        return
    if _may_ask(source) or reader.in_action_section or ARROW.match(source):
        yield from _read(sentences, index, source, reader)


def _may_ask(source: str) -> bool:
    if len(source) < SHORTEST:
        return False
    if HINT.search(source) or "[ ]" in source[:8] or "☐" in source[:8]:
        return True
    body = LEAD_IN.sub("", source[:120], count=1)
    labelled = LABELLED.match(body)
    first = FIRST_WORD.match(body, labelled.end() if labelled else 0)
    return first is not None and first.group().lower() in OPENING_VERBS


def _in_table(
    sentences: Sentences, index: int, source: str, reader: _Reader
) -> Iterator[ActionItem]:
    columns = tables.header(source)
    if columns:
        reader.columns = columns
        return
    row = tables.row(source, reader.columns) if reader.columns else None
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
    )


def _read(sentences: Sentences, index: int, source: str, reader: _Reader) -> Iterator[ActionItem]:
    """Peel off marks and names from the front, then let the rules read the rest."""
    kind = sentences.kind(index)
    begin, bonus, who = _peel(source, reader, is_item=bool(kind & ITEM))
    if reader.in_action_section and (kind & ITEM or who):
        bonus += IN_ACTION_SECTION
    bonus += AS_ITEM if kind & ITEM else 0.0
    if due_dates.find(source):
        bonus += WITH_DUE_DATE
    bonus -= doubts.doubt(source)
    if source.rstrip().endswith("?"):
        bonus -= 0.3
    body = source[begin:]
    chosen = _surest(body, reader, bonus, is_item=bool(kind & ITEM))
    for candidate, following in zip_longest(chosen, chosen[1:]):
        task = body[candidate.start : following.opens if following else None]
        yield wording.word(task, source, candidate.who or who, sentences.evidence(index))


def _peel(source: str, reader: _Reader, *, is_item: bool) -> tuple[int, float, str | None]:
    """How far marks and names reach, what they are worth, and who is named."""
    begin, bonus = 0, 0.0
    for pattern, worth in ((EMPTY_BOX, MARKED), (ARROW, MARKED), (LEAD_IN, 0.0)):
        match = pattern.match(source[begin:])
        if match:
            begin, bonus = begin + match.end(), bonus + worth
    if reader.speaker and begin == 0:
        begin = _length_of_turn(source, reader.speaker)
    who: str | None = None
    marker = MARKER_IN_LINE.match(source[begin:]) or MARKER.search(source, begin)
    if marker and (marker.re is MARKER_IN_LINE or marker["colon"] or marker.start() == begin):
        is_line = marker.re is MARKER_IN_LINE
        begin = begin + marker.end() if is_line else marker.end()
        bonus += MARKED
        if not is_line and marker["who"]:
            who = marker["who"].strip()
    elif decided := DECIDED.match(source[begin:]):
        begin += decided.end()
        bonus += 0.2
    labelled = LABELLED.match(source[begin:])
    is_label = labelled and (bonus >= MARKED or (not reader.is_transcript))
    if labelled and is_label and _is_label(labelled["who"], reader):
        begin += labelled.end()
        who = labelled["who"]
        bonus += 0.4 if is_item or reader.in_action_section else 0.2
    return begin, bonus, who


def _length_of_turn(source: str, speaker: str) -> int:
    """The length of "Speaker: " at the start of a turn, else 0."""
    if not source.startswith(speaker):
        return 0
    rest = source[len(speaker) :]
    return len(speaker) + len(rest) - len(rest.lstrip(" :\n\t"))


def _is_label(words: str, reader: _Reader) -> bool:
    return words in ("All", "Everyone") or reader.people.is_person(words.replace("/", " "))


def _surest(body: str, reader: _Reader, bonus: float, *, is_item: bool) -> list[Candidate]:
    """The surest candidate for each stretch of the sentence, in order."""
    people_here = reader.people
    if reader.speaker:
        people_here = replace(people_here, author=reader.speaker)
    found: list[Candidate] = []
    if reader.is_english:
        found = list(rules.candidates(body, people_here, is_item=is_item))
    good = [candidate for candidate in found if candidate.worth + bonus >= reader.sure]
    if not good and bonus >= MARKED and body:
        return [Candidate(opens=0, start=0, who=None, worth=0.0)]
    kept: list[Candidate] = []
    for candidate in sorted(good, key=lambda each: (each.start, -each.worth)):
        # Two verbs within a few words are one request: "please make sure you send ..."
        if not kept or (candidate.start - kept[-1].start >= 25 and candidate.who):
            kept.append(candidate)
    return kept
