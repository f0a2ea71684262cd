"""Named people (entity recognition by rules): those present, those who speak, those who sign."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from documents.pipeline.analysis.offline.patterns import either, one_of
from documents.pipeline.analysis.offline.sentences import Sentences
from documents.pipeline.analysis.offline.words import listed

# Names are introduced early; what follows is read with what is known by then.
FIRST_CHARACTERS = 300_000

NOT_NAMES = listed(
    """
    I We
    The A An It This That These Those There Here What Which Who Whom Whose When Where Why How If
    And But Or So As At In On By For From To Of With Without Within He She They You Not No Yes
    Next Last First Second Third Also Then Now Today Tomorrow Yesterday Some Any Each Every Most
    Many Few Several Nobody Nothing None Others Other Someone Something Such People Since While
    After Before During Until Because Although However Therefore Thus Hence Please Thanks Thank
    Welcome Due According Need Able Happy Glad Sorry Ready Free Subject Regarding Concerning Re
    January February March April May June July August September October November December Monday
    Tuesday Wednesday Thursday Friday Saturday Sunday Good Great Okay Ok Sure Let Note Notes
    Decision Decisions Summary Agenda Minutes Meeting Item Items Budget Finance Date Time Place
    Remember Refuse Conform Ensure Make Use Check Try Attempt Fail Upgrade Allow Adhere Continue
    Total Subtotal Amount Balance Sum
    Location Status Background Discussion Resolved Action Actions Task Tasks Done Open Closed
    """
)
NAMES_IN_S = listed(
    """
    Agnes Alexis Andreas Boris Carlos Charles Chris Dennis Doris Elias Georges Giles Gilles Hans
    Ines Iris Jacques James Jens Jonas Jules Klaus Lars Lois Louis Lucas Lukas Marcos Marcus
    Markus Mats Matthias Miles Nicholas Nicolas Niklas Phyllis Rhys Silas Thomas Tobias Yves
    """
)
# "CARD16", "LISTofITEM": names of programs, not of people.
NO_WORD = re.compile(r"\d|[a-z][A-Z]{2}|[A-Z]{3}[a-z]{2}")
NAME = re.compile(r"[A-Z][\w'’-]+")
LISTS_OF_PEOPLE = one_of(
    """
    present, attending, attendees, attended by, attended, participants, in attendance, apologies,
    absent, to, from, cc
    """
)
PRESENT = re.compile(rf"\W*{LISTS_OF_PEOPLE}\s*:\s*(.{{1,400}})", re.IGNORECASE | re.DOTALL)
GREETING = re.compile(
    rf"{one_of('hi, hello, dear, hey, good morning')}\s+([A-Z][\w'’-]+)", re.IGNORECASE
)
SENDER = re.compile(r"^From\s*:\s*\"?([A-Z][\w'’-]+(?: [A-Z][\w'’-]+)?)")
REGARDS = rf"{one_of('best, kind, warm, many, with kind')}?\s*{one_of('regards, wishes, thanks')}"
GOODBYES = one_of(
    "best, cheers, sincerely, yours, see you soon, see you, take care, bye, love, all the best"
)
FAREWELLS = either(REGARDS, GOODBYES, r"yours \w+")
FAREWELL = re.compile(rf"{FAREWELLS}\W*$", re.IGNORECASE)
SIGNATURE = re.compile(r"[A-Z][\w'’-]+(?: [A-Z][\w'’-]+){0,2}")
LOWER = re.compile(r"\b[a-z][\w'’-]+")
INSIDE = re.compile(r"(?<=[a-z,]\s)[A-Z][\w'’-]+")


@dataclass(slots=True)
class People:
    """Who is who in the document, as far as its first pages tell."""

    names: set[str] = field(default_factory=set)
    lower_case: set[str] = field(default_factory=set)
    inside_sentences: set[str] = field(default_factory=set)
    author: str | None = None

    def is_person(self, words: str) -> bool:
        parts = [part for part in re.split(r"[\s,&]+", words) if part not in ("and", "or", "from")]
        return bool(parts) and all(map(self._is_name, parts))

    def _is_name(self, word: str) -> bool:
        if word in self.names:
            return True
        if NO_WORD.search(word):
            return False
        if word in NOT_NAMES or word.lower() in self.lower_case or not word[:1].isupper():
            return False
        # At the start of a sentence any plural wears a capital: "Farmers will ..."
        return not word.endswith("s") or word in NAMES_IN_S or word in self.inside_sentences


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
