"""Marks of an action item at the front of a line: boxes, bullets, keywords, a name and a colon."""

from __future__ import annotations

import re
from dataclasses import dataclass

from documents.pipeline.analysis.offline.actions.rule import Example
from documents.pipeline.analysis.offline.layout import LEAD_IN
from documents.pipeline.analysis.offline.patterns import either, one_of

# Worth as much as any rule: what is marked is an action, whatever its words.
MARKED = 1.5

KEYWORDS = """
    action items, action item, action points, action point, action,
    actions items, actions item, actions points, actions point, actions,
    to-do, todo, task, ap, follow-up, followup,
    à faire, aufgabe, tarea, da fare, a fazer, do zrobienia, tarefa, actiepunt, taak, úkol, zadanie,
    задача, att göra, 待办, タスク
"""
KEYWORD_AND_COLON = re.compile(
    rf"\W*{one_of(f'{KEYWORDS}, next step')}(?:\s*\d+)?\s*[:：–—-]\s*(?=[^\s:：–—-])", re.IGNORECASE
)
KEYWORD_IN_CAPITALS = re.compile(
    rf"(?<!\S){one_of(KEYWORDS.upper())}\b(?P<who>\s+[A-Z][\w'’-]+)?\s*(?P<colon>[:–—-])?\s*"
)
# ">>>" is the prompt of an interpreter.
ARROW = re.compile(rf"(?!>>>){one_of('->, =>, →, ⇒, >>')}\s*")
BOX = re.compile(r"(?:[-*•]\s*)?(?:\[[\sxX✓]?\]|[☐☑☒])")
TICKED_BOX = re.compile(r"(?:[-*]\s*)?(?:\[[xX✓]\]|[☑☒])")
_NAME = r"[A-ZÀ-ÖØ-ÞĀ-ŽА-ЯЁ][\w'’.-]+"
LABEL = re.compile(
    rf"@?(?P<who>{_NAME}(?: {_NAME})?(?:{either(',', ' and', ' &', '/')} ?{_NAME})*)"
    r"\s*(?::|\s[–—-]|->|→)\s+"
)


@dataclass(frozen=True, slots=True)
class Mark:
    """What announces an action; an `inner` mark may stand within, where a colon follows."""

    name: str
    pattern: re.Pattern[str]
    worth: float
    example: Example
    inner: bool = False

    def find(self, source: str, begin: int) -> re.Match[str] | None:
        if not self.inner:
            return self.pattern.match(source, begin)
        match = self.pattern.search(source, begin)
        return match if match and (match["colon"] or match.start() == begin) else None


# Each of these is taken off, in this order.
BULLETS = (
    Mark(
        name="empty box",
        pattern=re.compile(r"(?:[-*•]\s*)?(?:\[\s?\]|☐)\s*"),
        worth=MARKED,
        example=Example("- [ ] order new keys", "order new keys"),
    ),
    Mark(
        name="arrow",
        pattern=ARROW,
        worth=MARKED,
        example=Example("→ order new keys", "order new keys"),
    ),
    Mark(
        name="bullet or number",
        pattern=LEAD_IN,
        worth=0.0,
        example=Example("2. order new keys", "order new keys"),
    ),
    Mark(
        name="number of a clause",
        pattern=re.compile(r"(?:§\s?)?\d{1,2}(?:\.\d{1,2}){1,3}\s{1,9}(?=\w)"),
        worth=0.0,
        example=Example("2.1 order new keys", "order new keys"),
    ),
)
# At most one of these is taken off: the first that is found.
SIGNALS = (
    Mark(
        name="keyword and colon",
        pattern=KEYWORD_AND_COLON,
        worth=MARKED,
        example=Example("Action 3: order new keys", "order new keys"),
    ),
    Mark(
        name="keyword in capitals",
        pattern=KEYWORD_IN_CAPITALS,
        worth=MARKED,
        example=Example("The gate is broken. ACTION Omar: repair it", "repair it", "Omar"),
        inner=True,
    ),
    Mark(
        name="decision",
        pattern=re.compile(
            rf"(?:it was |we )?{one_of('agreed, decided, resolved')}(?: that)?:?\s+",
            re.IGNORECASE,
        ),
        worth=0.2,
        example=Example("It was agreed that Tom orders the keys", "Tom orders the keys"),
    ),
)
