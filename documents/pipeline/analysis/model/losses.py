"""Losses: a chunk without a usable answer costs its pages, not the document."""

from __future__ import annotations

from collections.abc import Iterator

from documents.failures import Failure, FailureCode
from documents.pipeline.analysis.chunks import Chunk
from documents.pipeline.analysis.model.retry import TooMuch
from documents.pipeline.analysis.not_analyzed import NotAnalyzed
from documents.pipeline.analysis.schema import AnalysisFailed

# What is wrong with one answer only. An outage or a bad key would meet every other chunk as well.
_REASONS = {
    FailureCode.INVALID_ANSWER: NotAnalyzed.NO_USABLE_ANSWER,
    FailureCode.MODEL_REFUSED: NotAnalyzed.MODEL_DECLINED,
    FailureCode.ONLY_THOUGHTS: NotAnalyzed.ONLY_THOUGHTS,
}


class Losses:
    """What of one document was lost; shared by all its runs, which are of one thread."""

    def __init__(self) -> None:
        self._lost: list[tuple[Chunk, NotAnalyzed]] = []
        self._first: Failure | None = None
        self._has_answer = False

    def note_answer(self) -> None:
        self._has_answer = True

    def bear(self, chunk: Chunk, error: AnalysisFailed | TooMuch, why: Failure) -> None:
        """Go on without the chunk. Raises AnalysisFailed where the document cannot, as `why`."""
        reason = _reason(error)
        # A second loss before the first answer: the model is what fails, and each of its answers
        # would be paid for.
        if reason is None or (self._lost and not self._has_answer):
            raise AnalysisFailed(why) from None
        self._lost.append((chunk, reason))
        self._first = self._first or why

    def check(self) -> None:
        """Raises AnalysisFailed where all that was asked about was lost."""
        if self._first and not self._has_answer:
            raise AnalysisFailed(self._first)

    @property
    def pages(self) -> Iterator[tuple[int, NotAnalyzed]]:
        return ((page, reason) for chunk, reason in self._lost for page in chunk.pages)


def _reason(error: AnalysisFailed | TooMuch) -> NotAnalyzed | None:
    if isinstance(error, TooMuch) and error.is_context:
        return NotAnalyzed.TOO_LONG_FOR_MODEL
    return _REASONS.get(error.failure.code)
