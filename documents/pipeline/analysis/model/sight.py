"""Silent cut: whether the server saw all of a chunk, of which some drop what is too long.

Two witnesses. The code words at both ends of the document come back only from a prompt that had
both; a middle taken out keeps them. The server's own count tells of any missing part, once it is
known what its tokenizer makes of such a text: a small part of the chunk is counted for that, and
again whenever the two witnesses disagree. A figure that leaves doubts is settled by asking in
halves: what is much shorter than the longest prompt it has counted was not cut. Small models that
do not copy code words are believed by the count alone; where neither witness is there, the pages
are told as unverified.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from pydantic import BaseModel

from documents.failures import FailureCode, failure
from documents.pipeline.analysis.chunks import Chunk, estimate_tokens
from documents.pipeline.analysis.model import answers, context, prompts
from documents.pipeline.analysis.model.capabilities import CapabilityMemory
from documents.pipeline.analysis.model.error_bodies import Limits
from documents.pipeline.analysis.model.purchases import Purchases, Request
from documents.pipeline.analysis.model.replies import Reply
from documents.pipeline.analysis.model.retry import Asked, TooMuch
from documents.pipeline.analysis.model.scheduler import Run
from documents.pipeline.analysis.model.token_counts import (
    CUT_SHARE,
    SAFETY,
    WHOLE_SHARE,
    script_of,
)

_SMALLEST_CONTEXT = 1_000  # no context worth using is smaller, so that few tokens are no cut
_SHORT = 700  # tokens of a document that both code words vouch for, if the count is near
_NEAR = 0.8  # of the estimate
_LARGEST_SAMPLE = 1_800  # a count above it may itself have been cut


class Sight(Enum):
    """How much of a chunk the server saw."""

    WHOLE = auto()
    CUT = auto()
    DOUBTFUL = auto()  # asking in halves will tell
    UNKNOWN = auto()  # and nothing will


def is_seen(
    purchases: Purchases,
    memory: CapabilityMemory,
    chunk: Chunk,
    asked: Asked[answers.ChunkAnswer],
) -> Run[bool]:
    """Whether all of the chunk was seen; False where nothing shows it. Raises TooMuch for a cut."""
    has_marks = _has_marks(chunk, asked.answer)
    memory.note_marks(are_right=has_marks)
    if purchases.server.is_openai:
        return True  # It refuses what is too long.
    look = _Look(purchases, memory, chunk, asked.reply.input_tokens, has_marks)
    sight = yield from look.judge()
    if sight in (Sight.CUT, Sight.DOUBTFUL):
        is_cut = sight is Sight.CUT
        limits = Limits(context=look.counted if is_cut else None)
        why = failure(FailureCode.MODEL_REJECTED)
        raise TooMuch(why, limits, is_cut=is_cut, is_doubtful=not is_cut)
    return sight is Sight.WHOLE


def _has_marks(chunk: Chunk, answer: answers.ChunkAnswer) -> bool:
    first, last = prompts.marks_of(chunk)
    return first in answer.marks.first.lower() and last in answer.marks.last.lower()


@dataclass(frozen=True)
class _Look:
    purchases: Purchases
    memory: CapabilityMemory
    chunk: Chunk
    counted: int | None
    has_marks: bool

    @property
    def script(self) -> str:
        return script_of("".join(piece.text for piece in self.chunk.pieces))

    @property
    def estimate(self) -> int:
        return self.chunk.tokens + context.instructions(self.memory)

    def judge(self) -> Run[Sight]:
        counts = self.memory.counts
        if self._fits_surely:
            return self._learned()
        if self.counted is None:
            return self._by_marks()
        if self.counted < _SMALLEST_CONTEXT:
            return (yield from self._judge_few())
        if counts.repeats(self.script, estimate=self.estimate, count=self.counted):
            return Sight.CUT
        if self._is_plain:
            return Sight.WHOLE
        share = self._share
        agree = self.has_marks or self.memory.copies_marks is False
        if share is None or share < WHOLE_SHARE or not agree:
            yield from self._calibrate()
            share = self._share
        if share is None:
            return self._by_marks()
        return self._by_share(share)

    def _judge_few(self) -> Run[Sight]:
        """Few tokens prove that all is there; that some are missing they do not.

        Older Ollamas leave out what they had read before.
        """
        if self._share is None and not self.has_marks:
            yield from self._calibrate()
        is_enough = (self._share or 0) >= CUT_SHARE
        return Sight.WHOLE if is_enough else self._by_marks()

    @property
    def _fits_surely(self) -> bool:
        """Whether the server has read much longer prompts than this one can be."""
        ratio = self.memory.counts.ratio(self.script)
        if ratio is None:
            return False
        most = context.instructions(self.memory) + self.chunk.tokens * ratio * SAFETY
        return most <= self.memory.counts.largest

    def _learned(self) -> Sight:
        """All of it was seen, so that its count is exact for such a text."""
        written = (self.counted or 0) - context.instructions(self.memory)
        if self.chunk.tokens >= _SHORT // 2 and written > self.chunk.tokens // 4:
            self.memory.counts.learn(self.script, estimate=self.chunk.tokens, count=written)
        return Sight.WHOLE

    def _by_share(self, share: float) -> Sight:
        if share >= WHOLE_SHARE:
            return Sight.WHOLE
        if share < CUT_SHARE:
            return Sight.CUT
        return Sight.DOUBTFUL if self.chunk.tokens >= _SHORT // 2 else self._by_marks()

    def _by_marks(self) -> Sight:
        if self.has_marks or self.estimate < _SMALLEST_CONTEXT:
            return Sight.WHOLE
        # From a model that gives them back otherwise, a missing one tells that an end is missing.
        return Sight.CUT if self.memory.copies_marks else Sight.UNKNOWN

    @property
    def _is_plain(self) -> bool:
        is_near = self.counted is not None and self.counted >= _NEAR * self.estimate
        return self.has_marks and self.chunk.tokens <= _SHORT and is_near

    @property
    def _share(self) -> float | None:
        """How much of what is expected was counted; None as long as nobody knows what is."""
        ratio = self.memory.counts.ratio(self.script)
        if ratio is None or self.counted is None:
            return None
        return self.counted / (self.chunk.tokens * ratio + context.instructions(self.memory))

    def _calibrate(self) -> Run[None]:
        """Have the instructions counted, and a small part of the chunk.

        Without an answer nothing is learned.
        """
        counts, kind = self.memory.counts, context.kind_of_instructions(self.memory)
        if counts.ratio(kind) is None:
            estimate = context.instructions(self.memory)
            counted = yield from self._count(
                context.about_nothing(self.memory), answers.ChunkAnswer
            )
            if counted:
                counts.learn(kind, estimate=estimate, count=counted)
        messages = prompts.sample(self.chunk)
        frame, text = (estimate_tokens(message["content"]) for message in messages)
        counted = yield from self._count(messages, answers.Word)
        if counted and counted < _LARGEST_SAMPLE:
            counts.learn(self.script, estimate=text, count=max(counted - frame, 1))

    def _count(self, messages: prompts.Messages, shape: type[BaseModel]) -> Run[int | None]:
        """How many tokens the server counts for a question whose answer is of no use."""
        request = Request(messages, shape, 0)
        reply = self.purchases.recall(request)
        if reply is None:
            outcome = yield request
            reply = outcome if isinstance(outcome, Reply) else None
        else:
            self.purchases.count(request, reply)
        return reply.input_tokens if reply else None
