"""Where in the document the search for action items stands: section, table, who is writing."""

from __future__ import annotations

import re
from collections import deque
from dataclasses import dataclass, field, replace

from documents.pipeline.analysis.offline import people
from documents.pipeline.analysis.offline.actions import genre, mail, marks, parties, prefilter
from documents.pipeline.analysis.offline.actions.genre import Genre
from documents.pipeline.analysis.offline.actions.headings import SECTION
from documents.pipeline.analysis.offline.actions.mail import Part
from documents.pipeline.analysis.offline.actions.parties import Parties
from documents.pipeline.analysis.offline.people import People
from documents.pipeline.analysis.offline.sentences import FIRST, HEADING, ITEM, TABLE, Sentences

# Marks of an entry that layout analysis takes for letters of a heading.
ENTRY = re.compile(r"\s{0,9}(?:[・◆■□※]|\d{1,2}[、．]|[①-⑳])\s{0,3}")


@dataclass(slots=True)
class Position:
    people: People
    genre: Genre
    is_transcript: bool
    language: str = "en"
    parties: Parties = field(default_factory=Parties)
    parts: deque[Part] = field(default_factory=deque)
    in_action_section: bool = False
    columns: dict[str, int] | None = None
    speaker: str | None = None
    writer: str | None = None
    after_question: bool = False

    def people_here(self) -> People:
        """The author is whoever is speaking, or who wrote this part of the thread."""
        author = self.speaker or self.writer
        return replace(self.people, author=author) if author else self.people


def start(sentences: Sentences, language: str | None, kind: str | None = None) -> Position:
    told = genre.tell(sentences, kind)
    return Position(
        people=people.meet(sentences),
        genre=told,
        language=language or "en",
        is_transcript=sentences.is_transcript(),
        parties=parties.meet(sentences, language, is_contract=told is Genre.CONTRACT),
        parts=deque(mail.parts(sentences)),
    )


def follow(here: Position, sentences: Sentences, index: int) -> None:
    """Note what the sentence changes for itself and for those after it."""
    while here.parts and here.parts[0].first <= index:
        here.writer = here.parts.popleft().writer
    kind, source = sentences.kind(index), sentences.source(index)
    if kind & TABLE:
        return
    here.columns = None
    if kind & FIRST and here.is_transcript:
        here.speaker = sentences.speaker(index)
    if not is_entry(kind, source) and not marks.BOX.match(source):
        here.after_question = source.rstrip().endswith("?")
    if opens_action_section(kind, source):
        here.in_action_section = True
    elif kind & HEADING and not is_entry(kind, source) and not _is_request(source, here):
        here.in_action_section = False


def opens_action_section(kind: int, source: str) -> bool:
    return bool(
        kind & HEADING and not marks.KEYWORD_AND_COLON.match(source) and SECTION.match(source)
    )


def is_entry(kind: int, source: str) -> bool:
    return bool(kind & ITEM or ENTRY.match(source))


def _is_request(source: str, here: Position) -> bool:
    return bool(marks.KEYWORD_AND_COLON.match(source)) or (
        here.language == "en" and prefilter.may_ask(source)
    )
