"""Who is named in a document: those present, those who speak, those who sign."""

from __future__ import annotations

import re

from documents.pipeline.analysis.offline.actions.rules import People
from documents.pipeline.analysis.offline.actions.vocabulary import NOT_NAMES
from documents.pipeline.analysis.offline.sentences import Sentences

# Names are introduced early; what follows is read with what is known by then.
FIRST_CHARACTERS = 300_000

NAME = re.compile(r"[A-Z][\w'’-]+")
PRESENT = re.compile(
    r"^\W*(?:present|attending|attendees|attended(?: by)?|participants|in attendance|apologies"
    r"|absent|to|from|cc)"
    r"\s*:\s*(.{1,400})",
    re.IGNORECASE | re.DOTALL,
)
GREETING = re.compile(r"^(?:hi|hello|dear|hey|good morning)\s+([A-Z][\w'’-]+)", re.IGNORECASE)
SENDER = re.compile(r"^From\s*:\s*\"?([A-Z][\w'’-]+(?: [A-Z][\w'’-]+)?)")
FAREWELL = re.compile(
    r"^(?:(?:best|kind|warm|many|with kind)?\s*(?:regards|wishes|thanks)|best|cheers|sincerely"
    r"|yours(?: \w+)?"
    r"|see you(?: soon)?|take care|bye|love|all the best)\W*$",
    re.IGNORECASE,
)
SIGNATURE = re.compile(r"[A-Z][\w'’-]+(?: [A-Z][\w'’-]+){0,2}")
LOWER = re.compile(r"\b[a-z][\w'’-]+")
INSIDE = re.compile(r"(?<=[a-z,]\s)[A-Z][\w'’-]+")


def names_in(sentences: Sentences) -> frozenset[str]:
    known = meet(sentences)
    return frozenset(name for name in known.names if name.lower() not in known.lower_case)


def meet(sentences: Sentences) -> People:
    people = People()
    read, farewell = 0, False
    for index, text in enumerate(sentences.texts()):
        read += len(text)
        if read > FIRST_CHARACTERS:
            break
        if farewell and people.author is None and SIGNATURE.fullmatch(text):
            people.author = text
        farewell = bool(FAREWELL.match(text))
        _note_names(people, text, sentences.speaker(index))
        people.lower_case.update(LOWER.findall(text))
        people.inside_sentences.update(INSIDE.findall(text))
    people.names -= NOT_NAMES
    return people


def _note_names(people: People, text: str, speaker: str | None) -> None:
    present = PRESENT.match(text)
    if present:
        people.names.update(NAME.findall(present.group(1)))
    greeting = GREETING.match(text)
    if greeting and greeting.group(1)[0].isupper():
        people.names.add(greeting.group(1))
    sender = SENDER.match(text)
    if sender and people.author is None:
        people.author = sender.group(1)
    if speaker and " " not in speaker:
        people.names.add(speaker)
