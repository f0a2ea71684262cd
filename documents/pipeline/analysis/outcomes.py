"""Outcomes: nothing to show is not the same as nothing there, and is told apart from it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from enum import StrEnum

from documents.pipeline.analysis.schema import ActionItem, Findings, KeyPoint, SourcePage

_WORD = re.compile(r"[^\W\d_]{2}|[぀-ヿ㐀-鿿]")


class OutcomeWarning(StrEnum):
    """Why a completed analysis shows little or nothing; what programs may rely on."""

    NOTHING_SUPPORTED = "nothing_supported"
    NOTHING_FOUND = "nothing_found"


_IN_WORDS: dict[str, tuple[str, str]] = {
    OutcomeWarning.NOTHING_SUPPORTED: (
        "The document has text, but nothing that was said about it is fully borne out by its "
        "words. That does not mean that nothing is there.",
        "Read the document itself, or have it analyzed by the built-in engine or another model.",
    ),
    OutcomeWarning.NOTHING_FOUND: (
        "The document has text, but the analysis found no statement in it, as with pages of "
        "figures. That does not mean that nothing of importance is there.",
        "Read the document itself, or have it analyzed by the built-in engine or another model.",
    ),
}


def warning_of(findings: Findings, pages: Sequence[SourcePage]) -> OutcomeWarning | None:
    """What its reader has to be told of an analysis that has no supported claim; else None."""
    claims: list[KeyPoint | ActionItem] = [
        *findings.summary_sentences,
        *findings.key_points,
        *findings.actionable_items,
    ]
    if any(_is_borne_out(claim) for claim in claims):
        return None
    if not any(page.text.strip() for page in pages):
        return None
    was_something_said = findings.unverified or _say_something(claims)
    if was_something_said:
        return OutcomeWarning.NOTHING_SUPPORTED
    return OutcomeWarning.NOTHING_FOUND


def _is_borne_out(claim: KeyPoint | ActionItem) -> bool:
    # In a language that is not judged, a quote word for word is all that can be asked for.
    is_supported = claim.support in ("supported", "not_assessed")
    return is_supported and _says_something(claim)


def _say_something(claims: Iterable[KeyPoint | ActionItem]) -> bool:
    return any(map(_says_something, claims))


def _says_something(claim: KeyPoint | ActionItem) -> bool:
    """Whether it has a word: figures repeated tell nobody what they are about."""
    return bool(_WORD.search(claim.task if isinstance(claim, ActionItem) else claim.text))


def as_json(code: str) -> dict[str, str] | None:
    """The warning as programs are told it; None for no code, or one of a later version."""
    words = _IN_WORDS.get(code)
    return {"code": code, "detail": words[0], "advice": words[1]} if words else None
