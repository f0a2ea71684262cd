"""What speaks against a sentence as a whole: courtesy, hypothesis (hedging), reported speech."""

from __future__ import annotations

import re
from dataclasses import dataclass

from documents.pipeline.analysis.offline.patterns import any_space, either, one_of

_QUESTIONS = (
    rf"{one_of('if you have, any, should you have any, have any')}"
    rf" (?:{one_of('other, further, more')} )?"
    rf"{one_of('question, questions, concern, concerns, comments')}"
)
_COURTESY = one_of(
    """
    do not hesitate, don't hesitate, feel free, find attached, find enclosed, find below,
    intended recipient, is confidential, unsubscribe, privacy policy, consider the environment,
    before printing, do not reply, click here, click below, click on, all rights reserved,
    this e-mail, this email
    """
)
_HEDGES = one_of(
    """
    would have, could have, should have, might, in past years, would be nice, would be good,
    wish we, wish i, wishes we, wishes i, once upon, used to
    """
)
_UNREAL_IF = rf"if {one_of('we, you, they, it, I, he, she')} {one_of('had, were, could')}"


@dataclass(frozen=True, slots=True)
class Doubt:
    """`worth` is taken off where all of the patterns are found."""

    name: str
    patterns: tuple[re.Pattern[str], ...]
    worth: float
    example: str


DOUBTS = (
    Doubt(
        name="courtesy",
        patterns=(
            any_space(rf"\b{either(_QUESTIONS, _COURTESY, 'terms (?:and|of) ')}", re.IGNORECASE),
        ),
        worth=1.5,
        example="Please find attached the slides.",
    ),
    Doubt(
        name="hypothesis",
        patterns=(any_space(rf"\b{either(_HEDGES, _UNREAL_IF)}\b", re.IGNORECASE),),
        worth=1.0,
        example="We would have ordered new keys.",
    ),
    Doubt(
        name="reported speech",
        patterns=(
            re.compile(r"[\"“”„«]"),
            re.compile(rf"\b{one_of('said, says, told, added')}\b"),
        ),
        worth=1.0,
        example="“Please send the keys,” said Tom.",
    ),
)


def doubt(sentence: str) -> float:
    return sum(each.worth for each in DOUBTS if _is_found(each, sentence))


def _is_found(doubt: Doubt, sentence: str) -> bool:
    return all(pattern.search(sentence) for pattern in doubt.patterns)
