"""The rule-based extractor of action items: each rule of the tables is tried on the sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from documents.pipeline.analysis.offline.actions.commitments import COMMITMENTS
from documents.pipeline.analysis.offline.actions.grammar import (
    FULL_NAME,
    NAME,
    ROLES_OR_EVERYBODY,
)
from documents.pipeline.analysis.offline.actions.requests import IMPERATIVES, REQUESTS
from documents.pipeline.analysis.offline.actions.rule import Rule, Who
from documents.pipeline.analysis.offline.patterns import any_space
from documents.pipeline.analysis.offline.people import NOT_NAMES, People

# Of two rules that read the same words as surely, the earlier one is believed.
RULES = (*COMMITMENTS, *REQUESTS, *IMPERATIVES)

VOCATIVE = any_space(rf"@?(?P<name>{FULL_NAME}(?: and {NAME})?)\s?, ")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A possible action: its words begin at `opens`, its task at `start`."""

    opens: int
    start: int
    who: str | None
    worth: float


def candidates(body: str, people: People, *, is_item: bool) -> Iterator[Candidate]:
    """Everything the words may ask for; the caller keeps the surest."""
    for rule in RULES:
        if is_item or not rule.items_only:
            yield from read(rule, body, people)


def read(rule: Rule, body: str, people: People) -> Iterator[Candidate]:
    for match in rule.pattern.finditer(body):
        if _applies(rule, match, people):
            yield Candidate(
                opens=match.start(),
                start=match.start("verb"),
                who=_who(rule, match, people),
                worth=_worth(rule, match),
            )


def _applies(rule: Rule, match: re.Match[str], people: People) -> bool:
    verb = match["verb"].lower()
    if verb in rule.not_verbs or (rule.verbs and verb not in rule.verbs):
        return False
    if rule.who is Who.NAMED and not _is_somebody(match["who"], people):
        return False
    return not rule.unless(match)


def _is_somebody(words: str, people: People) -> bool:
    return people.is_person(words) or ROLES_OR_EVERYBODY.fullmatch(words) is not None


def _who(rule: Rule, match: re.Match[str], people: People) -> str | None:
    if rule.who is Who.NAMED:
        return " ".join(match["who"].split())
    if rule.who is Who.WRITER:
        return people.author or "I"
    return _addressee(match.string) if rule.who is Who.ADDRESSEE else None


def _worth(rule: Rule, match: re.Match[str]) -> float:
    if rule.addressed and _addressee(match.string):
        return rule.worth + rule.addressed
    return rule.worth


def _addressee(body: str) -> str | None:
    """Who is called by name: "Tom, could you ..."."""
    vocative = VOCATIVE.match(body)
    return vocative["name"] if vocative and vocative["name"] not in NOT_NAMES else None
