"""What a rule for action items is: a row of a table, with an example that is its test."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from typing import NamedTuple


class Who(Enum):
    """Who is to do it, as far as the wording tells."""

    NAMED = auto()  # the person or the role in the pattern's group `who`
    WRITER = auto()
    ADDRESSEE = auto()
    NOBODY = auto()


class Example(NamedTuple):
    sentence: str
    task: str
    who: str | None = None


def _never(match: re.Match[str]) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Rule:
    """One way to ask for something or to promise it; the group `verb` is where the task begins.

    `worth` says how surely such words mean an action item, `addressed` what is added where the
    sentence calls somebody by name; what `adds` is a task beside another of the same sentence. Of
    the verbs only those in `verbs` count, if there are any, and none in `not_verbs`; `unless` rules
    out single matches. A no in what `forbids` is a duty, anywhere else it says there is none;
    what is `news` in the words of a letter, "The hall will be painted", is a duty in minutes.
    """

    name: str
    pattern: re.Pattern[str]
    worth: float
    who: Who
    example: Example
    verbs: frozenset[str] = frozenset()
    not_verbs: frozenset[str] = frozenset()
    unless: Callable[[re.Match[str]], bool] = _never
    addressed: float = 0.0
    adds: bool = False
    items_only: bool = False
    forbids: bool = False
    is_news: bool = False
    language: str = "en"
