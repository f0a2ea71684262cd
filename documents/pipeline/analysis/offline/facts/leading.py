"""Facts in words: the sentence that leads the summary of a paper of form."""

from __future__ import annotations

from documents.pipeline.analysis import wording
from documents.pipeline.analysis.schema import Fact, KeyPoint


def told(facts: list[Fact]) -> list[KeyPoint]:
    """One key point: name and value of each fact, with the quotes of them all."""
    values: dict[str, list[str]] = {}
    for fact in facts:
        values.setdefault(wording.FACTS[fact.name], []).append(_within(fact))
    if not values:
        return []
    words = "; ".join(f"{name}: {', '.join(found)}" for name, found in values.items())
    evidence = [place for fact in facts for place in fact.evidence]
    # Its values are the document's words; the names are those of this service.
    told = words if words.endswith(("?", "!", ".")) else f"{words}."
    return [KeyPoint(told, list(dict.fromkeys(evidence)), support="supported")]


def _within(fact: Fact) -> str:
    """The value inside a sentence: a request loses its full stop, "e. V." keeps its own."""
    return fact.value.rstrip(" .;" if fact.name == "asked" else " ;")
