"""What stands before the request itself: marks and names are peeled off, and add to its worth."""

from __future__ import annotations

import re
from dataclasses import dataclass

from documents.pipeline.analysis.offline.actions.marks import BULLETS, LABEL, MARKED, SIGNALS
from documents.pipeline.analysis.offline.actions.position import Position

# What "Tom: " is worth in front of a task.
LABELLED, LABELLED_IN_A_LIST = 0.2, 0.4


@dataclass(slots=True)
class Peeled:
    """How far marks and names reach, what they are worth, and who is named."""

    begin: int = 0
    worth: float = 0.0
    who: str | None = None

    def take(self, match: re.Match[str], worth: float) -> None:
        self.begin = match.end()
        self.worth += worth
        who = match.groupdict().get("who")
        self.who = who.strip() if who else self.who


def peel(source: str, here: Position, *, is_item: bool) -> Peeled:
    peeled = Peeled()
    for mark in BULLETS:
        if match := mark.find(source, peeled.begin):
            peeled.take(match, mark.worth)
    if here.speaker and not peeled.begin:
        peeled.begin = _length_of_turn(source, here.speaker)
    _peel_signal(peeled, source)
    _peel_label(peeled, source, here, is_item=is_item)
    return peeled


def _length_of_turn(source: str, speaker: str) -> int:
    """The length of "Speaker: " at the start of a turn, else 0."""
    if not source.startswith(speaker):
        return 0
    rest = source[len(speaker) :]
    return len(speaker) + len(rest) - len(rest.lstrip(" :\n\t"))


def _peel_signal(peeled: Peeled, source: str) -> None:
    for mark in SIGNALS:
        if match := mark.find(source, peeled.begin):
            peeled.take(match, mark.worth)
            return


def _peel_label(peeled: Peeled, source: str, here: Position, *, is_item: bool) -> None:
    label = LABEL.match(source, peeled.begin)
    if label and _is_label(label["who"], here, is_marked=peeled.worth >= MARKED):
        is_in_list = is_item or here.in_action_section
        peeled.take(label, LABELLED_IN_A_LIST if is_in_list else LABELLED)


def _is_label(words: str, here: Position, *, is_marked: bool) -> bool:
    """In a conversation a name and a colon only say who is speaking."""
    if here.is_transcript and not is_marked:
        return False
    return words in ("All", "Everyone") or here.people.is_person(words.replace("/", " "))
