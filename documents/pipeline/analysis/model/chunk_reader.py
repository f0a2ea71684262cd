"""Map and reduce: a document is read by a model chunk by chunk, and then summed up."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace

from documents.failures import FailureCode
from documents.pipeline.analysis.chunks import Chunk, halve, split
from documents.pipeline.analysis.evidence import quotes
from documents.pipeline.analysis.model import (
    answers,
    context,
    prompts,
    sight,
    splitting,
    verification,
)
from documents.pipeline.analysis.model.capabilities import CapabilityMemory
from documents.pipeline.analysis.model.losses import Losses
from documents.pipeline.analysis.model.purchases import Purchases, Request
from documents.pipeline.analysis.model.retry import TooMuch, ask, ask_again
from documents.pipeline.analysis.model.scheduler import Run
from documents.pipeline.analysis.model.summaries import summed_up
from documents.pipeline.analysis.model.verifier import ChunkFindings, Verifier
from documents.pipeline.analysis.schema import AnalysisFailed, Findings, KeyPoint

logger = logging.getLogger(__name__)

MOST_SPLITS = 3  # each halves a chunk
MOST_POINTS = 200  # in one request for a summary
MOST_UNVERIFIED = 0.4  # of what a chunk reports, before it is asked for again
_SUMMARY_CAN_WAIT = frozenset(
    {
        FailureCode.INVALID_ANSWER,
        FailureCode.ONLY_THOUGHTS,
        FailureCode.MODEL_REFUSED,
        FailureCode.MODEL_REJECTED,
    }
)


@dataclass(frozen=True)
class ChunkReader:
    """Asks about one document, in smaller parts where a whole is too much."""

    purchases: Purchases
    capabilities: CapabilityMemory
    grounding: quotes.Grounding
    language: str | None
    losses: Losses

    def read_chunk(self, chunk: Chunk, number: int, splits: int = 0) -> Run[list[ChunkFindings]]:
        longest = self.capabilities.known.chunk_tokens
        if longest and chunk.tokens > longest:
            return (yield from self._read_parts(split(chunk, longest), number, splits))
        try:
            part = yield from self._ask_about(chunk, number)
        except TooMuch as too_much:
            parts = self._parts(chunk, too_much, splits)
            if not parts:
                why = splitting.in_words(too_much, self.purchases.server, self.capabilities)
                self.losses.bear(chunk, too_much, why)
                return []
            splits += not (too_much.is_context or too_much.is_slow)
        except AnalysisFailed as failed:
            self.losses.bear(chunk, failed, failed.failure)
            return []
        else:
            self.losses.note_answer()
            return [part]
        return (yield from self._read_parts(parts, number, splits))

    def _parts(self, chunk: Chunk, too_much: TooMuch, splits: int) -> Sequence[Chunk]:
        """What to ask instead of a chunk that was too much; nothing if no part is small enough."""
        if too_much.is_cut:
            self.purchases.prompts_cut += 1
            logger.warning(
                "The model server dropped a part of about %s tokens in silence, so it is asked "
                "again in smaller ones",
                chunk.tokens,
            )
        if too_much.is_context or too_much.is_slow:
            return splitting.smaller(chunk, too_much, self.purchases.server, self.capabilities)
        # Its answer was too long.
        return (halve(chunk) or ()) if splits < MOST_SPLITS else ()

    def _read_parts(
        self, parts: Sequence[Chunk], number: int, splits: int
    ) -> Run[list[ChunkFindings]]:
        findings = []
        for part in parts:
            findings += yield from self.read_chunk(part, number, splits)
        return findings

    def _ask_about(self, chunk: Chunk, number: int) -> Run[ChunkFindings]:
        has_example = self.capabilities.gives_example
        messages = prompts.for_chunk(chunk, language=self.language, has_example=has_example)
        request = Request(messages, answers.ChunkAnswer, number)
        asked = yield from ask(self.purchases, request)
        is_seen = yield from sight.is_seen(self.purchases, self.capabilities, chunk, asked)
        findings = verification.verify(asked.answer, chunk, self.grounding)
        findings.unseen_pages = [] if is_seen else chunk.pages
        is_doubtful = findings.unverified_share > MOST_UNVERIFIED
        # Only while the one retry is unspent: nothing is asked a third time.
        if not (is_doubtful and asked.is_first) or self.purchases.is_out_of_budget:
            return findings
        again = prompts.with_failed_quotes(messages, findings.failed_quotes)
        try:
            better_asked = yield from ask_again(self.purchases, replace(request, messages=again))
        except (AnalysisFailed, TooMuch):
            return findings  # There is an answer already; what holds in it, holds.
        better = verification.verify(better_asked.answer, chunk, self.grounding)
        better.unseen_pages = findings.unseen_pages
        return better if _has_more_verified(better, findings) else findings

    def summarize(self, findings: Findings, *, chunk: int) -> Run[list[KeyPoint]]:
        """One summary out of verified points; the chunks' own where the model gives none."""
        own, points = findings.summary_sentences, findings.key_points
        if len(points) < 2 or self.purchases.is_out_of_budget:
            return own
        verifier = Verifier(self.grounding, findings.unverified)
        try:
            while len(points) > (most := self._most_points(points)):
                shorter = yield from self._reduce_groups(points, most, chunk, verifier)
                if len(shorter) > len(points) // 2:
                    return own  # A model that does not sum up would be asked forever.
                points = shorter
            sentences = yield from self._reduce(points, chunk, verifier)
        except TooMuch:
            return own
        except AnalysisFailed as failed:
            if failed.failure.code not in _SUMMARY_CAN_WAIT:
                raise
            return own
        return sentences or own

    def _most_points(self, points: Sequence[KeyPoint]) -> int:
        texts = [point.text for point in points]
        fitting = context.points_at_once(self.purchases.server, self.capabilities, texts)
        return min(MOST_POINTS, fitting)

    def _reduce_groups(
        self, points: Sequence[KeyPoint], most: int, chunk: int, verifier: Verifier
    ) -> Run[list[KeyPoint]]:
        shorter: list[KeyPoint] = []
        for start in range(0, len(points), most):
            shorter += yield from self._reduce(points[start : start + most], chunk, verifier)
        return shorter

    def _reduce(
        self, points: Sequence[KeyPoint], chunk: int, verifier: Verifier
    ) -> Run[list[KeyPoint]]:
        """Sentences that rest on these points and on nothing else, with their evidence."""
        texts = [point.text for point in points]
        messages = prompts.for_summary(texts, language=self.language)
        asked = yield from ask(self.purchases, Request(messages, answers.ReducedSummary, chunk))
        sentences: list[KeyPoint] = []
        for sentence in asked.answer.summary:
            cited = _cited(sentence.source_ids, points)
            proven = summed_up(sentence.text, cited, verifier) if sentence.text and cited else None
            sentences += [proven] if proven else []
        return sentences


def _has_more_verified(better: ChunkFindings, findings: ChunkFindings) -> bool:
    has_something = better.key_points or better.topics or better.actionable_items
    return bool(has_something) and better.unverified_share < findings.unverified_share


def _cited(ids: Sequence[int], points: Sequence[KeyPoint]) -> list[KeyPoint]:
    """The points a sentence cites; none if one of them does not exist."""
    if not all(0 < number <= len(points) for number in ids):
        return []
    return [points[number - 1] for number in dict.fromkeys(ids)]
