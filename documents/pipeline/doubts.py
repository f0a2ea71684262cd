"""Doubts: what a reader has to know beside a claim or task, in words ready to show."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any


def of(claim: dict[str, Any]) -> list[str]:
    """What its quotes do not bear out, of a claim as results have it."""
    return list(_of(claim))


def of_task(item: dict[str, Any], recognized: Collection[int] = ()) -> list[str]:
    """The same of a task whose quote is shown alone; `recognized` are pages read by OCR."""
    return [*_of(item), *_of_quote(item["evidence"][:1], recognized)]


def _of(claim: dict[str, Any]) -> Iterator[str]:
    # Analyses made before have no such fields.
    added = [*claim.get("unquoted_numbers", []), *claim.get("unsupported_words", [])]
    if added:
        yield f"in none of its quotes: {', '.join(dict.fromkeys(added))}"
    if omitted := claim.get("omitted_words"):
        yield f"its quotes also say: {', '.join(omitted)}"
    if claim.get("is_asked_for"):
        yield "the document only asks to say this"
    if claim.get("second_look") == "contradicts":
        yield "a second look by the model found that its quotes contradict it"


def _of_quote(evidence: list[dict[str, Any]], recognized: Collection[int]) -> Iterator[str]:
    for place in evidence:
        if place["match"] != "verbatim":
            yield "its quote is a close match, not word for word"
        if place["page"] in recognized:
            yield "its quote was read by OCR, where letters and numbers may be wrong"
