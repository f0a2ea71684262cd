"""Where in the document the search for action items stands: section, table, who is speaking."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from documents.pipeline.analysis.offline import people
from documents.pipeline.analysis.offline.actions import genre, marks, prefilter
from documents.pipeline.analysis.offline.actions.genre import Genre
from documents.pipeline.analysis.offline.patterns import one_of
from documents.pipeline.analysis.offline.people import People
from documents.pipeline.analysis.offline.sentences import FIRST, HEADING, ITEM, TABLE, Sentences

_TITLES = one_of(
    """
    action, actions, action item, action items, action point, action points, action list,
    actions item, actions items, actions point, actions points, actions list,
    to-do, to-dos, todo, todos, tasks, next steps, follow-up, follow-ups, followup, followups,
    open points, aufgaben, maßnahmen, action à mener, actions à mener, tareas
    """
)
SECTION = re.compile(rf"\W*(?:\d+\W+)?(?:open )?{_TITLES}\W*$", re.IGNORECASE)


@dataclass(slots=True)
class Position:
    people: People
    genre: Genre
    is_english: bool
    is_transcript: bool
    in_action_section: bool = False
    columns: dict[str, int] | None = None
    speaker: str | None = None

    def people_here(self) -> People:
        """In a conversation the author is whoever is speaking."""
        return replace(self.people, author=self.speaker) if self.speaker else self.people


def start(sentences: Sentences, language: str | None) -> Position:
    return Position(
        people=people.meet(sentences),
        genre=genre.tell(sentences),
        is_english=language in ("en", None),
        is_transcript=sentences.is_transcript(),
    )


def follow(here: Position, sentences: Sentences, index: int) -> None:
    """Note what the sentence changes for itself and for those after it."""
    kind, source = sentences.kind(index), sentences.source(index)
    if kind & TABLE:
        return
    here.columns = None
    if kind & FIRST and here.is_transcript:
        here.speaker = sentences.speaker(index)
    if opens_action_section(kind, source):
        here.in_action_section = True
    elif kind & HEADING and not kind & ITEM and not _is_request(source):
        here.in_action_section = False


def opens_action_section(kind: int, source: str) -> bool:
    return bool(
        kind & HEADING and not marks.KEYWORD_AND_COLON.match(source) and SECTION.match(source)
    )


def _is_request(source: str) -> bool:
    return bool(marks.KEYWORD_AND_COLON.match(source)) or prefilter.may_ask(source)
