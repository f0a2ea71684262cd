"""Conditions: what is to be done only if something happens is told with its "if"."""

from __future__ import annotations

import re

from documents.pipeline.analysis.offline.patterns import any_space, one_of

_OPENINGS = {
    "en": """
        only if, even if, if, unless, provided that, provided, providing, as long as, so long as,
        in case, in the event that, in the event of, should, whenever, when, once, as soon as
    """,
    "de": """
        nur wenn, wenn, falls, sofern, soweit, solange, sobald, im falle, im fall, vorausgesetzt,
        es sei denn, sollte, sollten
    """,
    "fr": """
        sauf si, seulement si, si, s'il, s'ils, au cas où, en cas de, à condition, pourvu que,
        à moins que, dès que, lorsque, quand
    """,
    "es": """
        salvo que, salvo si, a menos que, siempre que, sólo si, solo si, si, en caso de, cuando,
        en cuanto, siempre y cuando
    """,
    "it": """
        salvo che, a meno che, a condizione, purché, solo se, se, qualora, nel caso, in caso di,
        quando, non appena
    """,
    "nl": """
        alleen als, als, indien, tenzij, mits, zodra, wanneer, in geval van, voor het geval, zolang
    """,
    "pt": """
        salvo se, a menos que, desde que, só se, se, caso, em caso de, no caso de, quando,
        assim que, logo que
    """,
}
_LONGEST = 160  # in characters
_CONDITIONS = {
    language: any_space(
        rf"(?:^|[.:;–—] )\W{{0,4}}(?P<condition>{one_of(openings)}(?!\w)[^,;.?!]{{2,{_LONGEST}}}),",
        re.IGNORECASE,
    )
    for language, openings in _OPENINGS.items()
}
# In German a clause behind another stands behind a comma.
_JOINT = {"de": ", "}


def keep(task: str, before: str, language: str) -> str:
    """The task with the condition that stands in front of it in its sentence."""
    pattern = _CONDITIONS.get(language)
    found = list(pattern.finditer(before)) if pattern else []
    if not found:
        return task
    condition = " ".join(found[-1]["condition"].split())
    return f"{task}{_JOINT.get(language, ' ')}{condition[0].lower()}{condition[1:]}"
