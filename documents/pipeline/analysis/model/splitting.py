"""Splitting: what was too much for a server is asked again in parts, and the size is learned."""

from __future__ import annotations

from collections.abc import Sequence

from documents.failures import Failure, failure
from documents.pipeline.analysis.chunks import Chunk, halve, split
from documents.pipeline.analysis.model import context
from documents.pipeline.analysis.model.capabilities import CapabilityMemory
from documents.pipeline.analysis.model.error_bodies import Limits
from documents.pipeline.analysis.model.retry import TooMuch
from documents.pipeline.analysis.model.token_counts import script_of
from documents.pipeline.analysis.schema import ModelServer

_SHORTEST_ANSWER = 1_300  # a third of a context of 4,096
SMALLEST_SLOW_CHUNK = 1_500  # tokens; a server too slow for that is too slow for any document


def smaller(
    chunk: Chunk, too_much: TooMuch, server: ModelServer, memory: CapabilityMemory
) -> Sequence[Chunk]:
    """Parts of a chunk that was too much, by what its refusal or its cut has taught.

    The chunk itself where only its answer may now be shorter; nothing where no part is small
    enough.
    """
    if too_much.is_doubtful:
        return halve(chunk) or []  # Nothing is learned: perhaps all of it was read.
    is_news = memory.limit_context(too_much.limits)
    _learn_ratio(chunk, too_much, memory)
    text = "".join(piece.text for piece in chunk.pieces)
    if too_much.is_slow:
        memory.slow_down()
        least, wanted = SMALLEST_SLOW_CHUNK, max(chunk.tokens // 4, SMALLEST_SLOW_CHUNK)
    else:
        least, wanted = context.SMALLEST_CHUNK, chunk.tokens * 2 // 3
    if is_news:
        wanted = context.chunk_tokens(server, memory, text)
    if chunk.tokens <= wanted and is_news:
        return [chunk]
    may_fit = _shorten_answer(too_much, server, memory)
    if chunk.tokens <= least:
        return [chunk] if may_fit else []
    # For all documents: the next chunk of this size is split before it is sent.
    memory.limit_chunks(max(wanted, least))
    return split(chunk, max(wanted, least)) if wanted < chunk.tokens else halve(chunk) or []


def _shorten_answer(too_much: TooMuch, server: ModelServer, memory: CapabilityMemory) -> bool:
    """Ask for a shorter answer where a refusal names no figure; True where it got shorter.

    Some servers refuse a prompt for the answer that is to follow it.
    """
    if too_much.is_slow or too_much.is_cut or context.context_of(server, memory):
        return False
    shorter = max(context.answer_tokens(server, memory) * 2 // 3, _SHORTEST_ANSWER)
    return memory.limit_context(Limits(answer=shorter))


def _learn_ratio(chunk: Chunk, too_much: TooMuch, memory: CapabilityMemory) -> None:
    """A refusal that counts the prompt tells what this tokenizer makes of such a text."""
    if too_much.limits.prompt is None:
        return
    counted = too_much.limits.prompt - context.instructions(memory)
    if counted > chunk.tokens // 4:
        text = "".join(piece.text for piece in chunk.pieces)
        memory.counts.learn(script_of(text), estimate=chunk.tokens, count=counted)


def in_words(too_much: TooMuch, server: ModelServer, memory: CapabilityMemory) -> Failure:
    """Why no part of a document is small enough."""
    if not too_much.is_context:
        return too_much.failure
    known = context.context_of(server, memory)
    told = f"about {known:,} tokens" if known else "fewer than it was sent"
    return failure(
        too_much.failure.code,
        detail=f"The model server reads too little text at once for this document: {told}, and the "
        f"instructions alone take about {context.instructions(memory):,}.",
        advice="Ask the operator to give the model a context of 2,048 tokens or more, or to tell "
        "its size by ATOM_MODEL_CONTEXT; then try again.",
    )
