"""How the rules of other languages than English are written: a subject, a modal, what is to do."""

from __future__ import annotations

import re

from documents.pipeline.analysis.offline.actions import parties
from documents.pipeline.analysis.offline.actions.rule import Example, Rule, Who
from documents.pipeline.analysis.offline.patterns import any_space, either

START = either(r"^", r"(?<=[,;:–—]\s)")
# What a duty says to its end.
REST = r"[^;]{2,400}"

# How surely words mean a task: an obligation, a task once it is dated, a question, "you must".
DUTY, PRESENT, ASKED, YOU_MUST, PLEASE = 1.6, 0.9, 1.9, 1.0, 1.3
FUTURE = 1.5
# "Samira brings the lists": verbs of doing, of somebody who was introduced.
DOES = 1.5


def rule(
    language: str,
    name: str,
    pattern: str,
    example: Example,
    *,
    worth: float = DUTY,
    who: Who = Who.NAMED,
    unless: str = "",
    forbids: bool = False,
) -> Rule:
    """A row; `SUBJECT` in the pattern stands for somebody at the start of a clause, `SOMEBODY` for
    somebody within it, `AGENT` for who does it, behind a preposition.

    `unless` is a pattern that rules the match out where the task begins with it.
    """
    subject = f"{START}{parties.who(language)}" if language in parties.ARTICLES else ""
    anybody = parties.who(language) if language in parties.ARTICLES else ""
    named = parties.agent(language) if language in parties.ARTICLES else ""
    words = (
        pattern.replace("SUBJECT", subject)
        .replace("AGENT", named)
        .replace("SOMEBODY", anybody)
        .replace("REST", REST)
    )
    flags = re.IGNORECASE if who is not Who.NAMED else 0
    refused = re.compile(unless, re.IGNORECASE) if unless else None
    return Rule(
        name=f"{language}: {name}",
        pattern=any_space(words, flags),
        worth=worth,
        who=who,
        example=example,
        unless=lambda match: bool(refused and refused.match(match.string, match.start("verb"))),
        language=language,
        forbids=forbids,
    )
