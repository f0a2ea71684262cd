"""What of a page's suspects is left out: whole objects, and letters of those partly seen."""

from __future__ import annotations

from typing import Any

from . import scanned_words
from .hidden_text import Found
from .looks import Look
from .pixels import Budget, NotRendered
from .suspects import Letters, letters_of
from .text_paint import Text

_MUCH, _LITTLE = 0.9, 0.2  # of letters: the boxes of single ones may be wrong


class Verdict:
    """Handles of what no reader sees, and the suspects of which only some letters are seen."""

    def __init__(self, hidden: list[int]) -> None:
        self.hidden = hidden
        self.partly: list[Letters] = []


def judge(page: Any, found: Found, budget: Budget) -> Verdict:
    verdict = Verdict(list(found.minute))
    suspects = found.suspects
    if not found.is_scan:
        # Nothing paints them, and no picture can show what they say.
        lost = [text for text in suspects if text.is_unpainted and not text.is_clip]
        verdict.hidden += [text.handle for text in lost]
        suspects = [text for text in suspects if not text.is_unpainted or text.is_clip]
    if not suspects:
        return verdict
    try:
        with budget:
            everyone = _seen(page, found, suspects, budget)
    except NotRendered:
        verdict.hidden += [text.handle for text in suspects if found.guess_hidden(text)]
        return verdict
    for letters in everyone:
        _sort(letters, verdict)
    return verdict


def _seen(page: Any, found: Found, suspects: list[Text], budget: Budget) -> list[Letters]:
    """Those of the suspects that have any ink, with what is seen of it."""
    budget.check()
    everyone = [each for each in letters_of(page, suspects) if each.can_be_seen]
    if everyone:
        look = Look(page, found, everyone, budget)
        look.mark_seen()
        if found.is_scan:
            scanned_words.mark_seen(look, found)
    return everyone


def _sort(letters: Letters, verdict: Verdict) -> None:
    inked = [seen for seen, box in zip(letters.seen, letters.boxes, strict=False) if box]
    share = sum(inked) / len(inked) if inked else float(any(letters.seen))
    # Of recognized words, the boxes were written by who recognized them.
    little, much = (0.0, 1.0) if letters.text.is_unpainted else (_LITTLE, _MUCH)
    if share <= little:
        verdict.hidden.append(letters.text.handle)
    elif share < much and not letters.text.is_field:
        verdict.partly.append(letters)
