"""Why pages that were read were not analyzed: the reasons an engine adds to the receipt."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any


class NotAnalyzed(StrEnum):
    BUDGET = "budget"
    # The model's answer about them was none, twice.
    NO_USABLE_ANSWER = "no_usable_answer"
    MODEL_DECLINED = "model_declined"
    ONLY_THOUGHTS = "only_thoughts"
    # Even in the smallest parts.
    TOO_LONG_FOR_MODEL = "too_long_for_model"


# Another try may end otherwise.
_BY_CHANCE = {NotAnalyzed.NO_USABLE_ANSWER, NotAnalyzed.MODEL_DECLINED, NotAnalyzed.ONLY_THOUGHTS}


def lost_by_chance(coverage: Mapping[str, Any]) -> bool:
    """Whether a receipt names pages that another try may analyze."""
    return any(entry.get("reason") in _BY_CHANCE for entry in coverage.get("not_read") or [])


def entries(lost: Iterable[tuple[int, NotAnalyzed]]) -> list[dict[str, Any]]:
    """As the receipt has them: each page once, in order, by the first reason met."""
    reasons: dict[int, NotAnalyzed] = {}
    for page, reason in lost:
        reasons.setdefault(page, reason)
    return [{"page": page, "reason": str(reasons[page])} for page in sorted(reasons)]
