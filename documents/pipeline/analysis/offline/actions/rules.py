"""The rule-based extractor of action items: each rule of the tables is tried on the sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from documents.pipeline.analysis.offline.actions import agents, negation
from documents.pipeline.analysis.offline.actions.commitments import COMMITMENTS
from documents.pipeline.analysis.offline.actions.dutch import DUTCH
from documents.pipeline.analysis.offline.actions.french import FRENCH
from documents.pipeline.analysis.offline.actions.german import GERMAN
from documents.pipeline.analysis.offline.actions.grammar import (
    FULL_NAME,
    NAME,
    ROLES_OR_EVERYBODY,
)
from documents.pipeline.analysis.offline.actions.italian import ITALIAN
from documents.pipeline.analysis.offline.actions.parties import Parties
from documents.pipeline.analysis.offline.actions.portuguese import PORTUGUESE
from documents.pipeline.analysis.offline.actions.requests import IMPERATIVES, REQUESTS
from documents.pipeline.analysis.offline.actions.rule import Rule, Who
from documents.pipeline.analysis.offline.actions.spanish import SPANISH
from documents.pipeline.analysis.offline.patterns import any_space
from documents.pipeline.analysis.offline.people import NOT_NAMES, People

# Of two rules that read the same words as surely, the earlier one is believed.
ENGLISH = (*COMMITMENTS, *REQUESTS, *IMPERATIVES)
RULES = (*ENGLISH, *GERMAN, *FRENCH, *SPANISH, *ITALIAN, *DUTCH, *PORTUGUESE)
LANGUAGES = tuple(dict.fromkeys(rule.language for rule in RULES))
RULES_OF = {
    language: tuple(rule for rule in RULES if rule.language == language) for language in LANGUAGES
}
# Told apart by words that only look like orders, "Report" and "Order form": for notes and letters.
_ORDERS = frozenset(rule.name for rule in IMPERATIVES)

# "Failure to vacate": what ends so is no person, whatever its capital.
ABSTRACT = re.compile(r"\w{2,20}(?:tion|ment|ness|ity|ure|ing|ance|ence|ism|ship|ability)s?")
VOCATIVE = any_space(rf"@?(?P<name>{FULL_NAME}(?: and {NAME})?)\s?, ")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A possible action: its words begin at `opens`, its task at `start`."""

    opens: int
    start: int
    who: str | None
    worth: float
    adds: bool = False
    is_news: bool = False


def candidates(
    body: str,
    people: People,
    *,
    is_item: bool,
    parties: Parties | None = None,
    takes_orders: bool = True,
) -> Iterator[Candidate]:
    """Everything the words may ask for; the caller keeps the surest."""
    parties = parties or Parties()
    for rule in RULES_OF.get(parties.language, ()):
        if (is_item or not rule.items_only) and (takes_orders or rule.name not in _ORDERS):
            yield from read(rule, body, people, parties)


def read(
    rule: Rule, body: str, people: People, parties: Parties | None = None
) -> Iterator[Candidate]:
    parties = parties or Parties(rule.language)
    for match in rule.pattern.finditer(body):
        if _applies(rule, match, people, parties):
            yield Candidate(
                opens=match.start(),
                start=match.start("verb"),
                who=_who(rule, match, people),
                worth=_worth(rule, match, people),
                adds=rule.adds,
                is_news=rule.is_news,
            )


def _applies(rule: Rule, match: re.Match[str], people: People, parties: Parties) -> bool:
    verb = match["verb"].lower()
    if verb in rule.not_verbs or (rule.verbs and verb not in rule.verbs):
        return False
    if rule.who is Who.NAMED and (
        agents.is_none(match) or not _is_somebody(agents.name(match), people, parties)
    ):
        return False
    return not (rule.unless(match) or _is_denied(rule, match))


def _is_denied(rule: Rule, match: re.Match[str]) -> bool:
    """Nobody is asked "not to" without being asked: only what is told of others is denied."""
    is_told = rule.who in (Who.NAMED, Who.NOBODY) and not rule.forbids
    return is_told and negation.is_denied(match, rule.language)


def _is_somebody(words: str, people: People, parties: Parties) -> bool:
    # "IT" is a department, "it" and "It" are not.
    is_no_person = words in NOT_NAMES or words == "it" or ABSTRACT.fullmatch(words)
    if is_no_person and words not in people.names:
        return False
    if parties.holds(words):
        return True
    if parties.language != "en":
        # Where nouns wear capitals, or names of things do, only who was introduced is somebody.
        return all(word in people.names for word in words.split())
    return people.is_person(words) or ROLES_OR_EVERYBODY.fullmatch(words) is not None


def _who(rule: Rule, match: re.Match[str], people: People) -> str | None:
    if rule.who is Who.NAMED:
        return agents.name(match)
    if rule.who is Who.WRITER:
        return people.author or "I"
    return _addressee(rule, match.string, people) if rule.who is Who.ADDRESSEE else None


def _worth(rule: Rule, match: re.Match[str], people: People) -> float:
    if rule.addressed and _addressee(rule, match.string, people):
        return rule.worth + rule.addressed
    return rule.worth


def _addressee(rule: Rule, body: str, people: People) -> str | None:
    """Who is called by name: "Tom, could you ..."."""
    vocative = VOCATIVE.match(body)
    if vocative is None or vocative["name"] in NOT_NAMES:
        return None
    # In other languages adverbs stand so, too: "Asimismo, ...".
    is_known = rule.language == "en" or vocative["name"] in people.names
    return vocative["name"] if is_known else None
