"""The pre-filter: one cheap look spares most sentences the rules, as they ask for nothing."""

from __future__ import annotations

import re

from documents.pipeline.analysis.offline.actions.marks import LABEL
from documents.pipeline.analysis.offline.actions.vocabulary import ORDERS, ORDERS_OR_NOUNS
from documents.pipeline.analysis.offline.layout import LEAD_IN
from documents.pipeline.analysis.offline.patterns import either, one_of

SHORTEST = 8  # In characters.

_HINTS = """
    please, kindly, you, will, shall, should, must, need, needs, to, agree, agreed, agrees,
    offered, promised, responsible, charge, asked, let, make, be, ensure, aufgabe, tarea, owner
"""
HINT = re.compile(
    either(rf"\b{one_of(_HINTS)}\b", r"['’]ll\b", one_of("à faire, todo, action")), re.IGNORECASE
)
OPENING_VERBS = ORDERS | ORDERS_OR_NOUNS
FIRST_WORD = re.compile(r"[A-Za-z-]+")


def may_ask(source: str) -> bool:
    if len(source) < SHORTEST:
        return False
    if HINT.search(source) or "[ ]" in source[:8] or "☐" in source[:8]:
        return True
    body = LEAD_IN.sub("", source[:120], count=1)
    label = LABEL.match(body)
    first = FIRST_WORD.match(body, label.end() if label else 0)
    return first is not None and first.group().lower() in OPENING_VERBS
