"""Engines that stand in for a model where a test is about something else."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from documents.failures import failure
from documents.pipeline.analysis import (
    NOT_ASSESSED,
    ActionItem,
    AnalysisFailed,
    Evidence,
    Findings,
    KeyPoint,
    Ledger,
    SourcePage,
)


class FirstWords:
    """Finds the first word of the first page: one key point, one action item."""

    name = "offline"
    model = ""
    prompt_version = "first-words"

    def analyze(
        self,
        pages: Sequence[SourcePage],
        *,
        language: str | None,
        ledger: Ledger,
        on_progress: Callable[[int, int], None],
    ) -> Findings:
        on_progress(0, 1)
        page = pages[0]
        word = page.text.split()[0]
        start = page.text.index(word)
        evidence = [Evidence(page.number, start, start + len(word), word, "verbatim")]
        item = ActionItem(f"Read {word}", None, None, None, "unspecified", evidence)
        return Findings(
            summary=word,
            key_points=[KeyPoint(word, evidence)],
            topics=[],
            sentiment=NOT_ASSESSED,
            actionable_items=[item],
            language="en",
            cost_usd=Decimal(0),
        )


class OneCall(FirstWords):
    """Buys one answer through the ledger before it finds anything; counts what it bought."""

    name = "openai"
    model = "stand-in"

    def __init__(self) -> None:
        self.bought = 0

    def analyze(self, pages: Any, *, language: Any, ledger: Any, on_progress: Any) -> Any:  # type: ignore[no-untyped-def]
        if ledger.recall("hash") is None:
            call = ledger.intend(request_hash="hash", chunk=1, model=self.model)
            self.bought += 1
            self.answer_arrives()
            ledger.answered(
                call, answer="yes", input_tokens=3, output_tokens=1, cost_usd=Decimal("0.01")
            )
        return super().analyze(pages, language=language, ledger=ledger, on_progress=on_progress)

    def answer_arrives(self) -> None:
        """What happens while the model thinks; tests put their trouble here."""


class Failing(FirstWords):
    """Ends every analysis with the failure of this code."""

    def __init__(self, code: str) -> None:
        self._code = code

    def analyze(self, pages: Any, **how: Any) -> None:  # type: ignore[no-untyped-def]
        raise AnalysisFailed(failure(self._code))


class Broken(FirstWords):
    def analyze(self, pages: Any, **how: Any) -> None:  # type: ignore[no-untyped-def]
        raise RuntimeError(pages[0].text)
