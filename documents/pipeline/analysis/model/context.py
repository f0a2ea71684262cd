"""Context budget: how much of a document fits into a request, beside instructions and answer."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace

from documents.pipeline.analysis.chunks import Chunk, estimate_tokens
from documents.pipeline.analysis.model import answers, prompts
from documents.pipeline.analysis.model.capabilities import FORMATS, CapabilityMemory
from documents.pipeline.analysis.model.token_counts import script_of
from documents.pipeline.analysis.schema import ModelServer

SMALLEST_CHUNK = 100  # tokens; a context without room for it is too small for the instructions
_USUAL_ANSWER = 6_000
_LEAST_ANSWER = 64
_MARGIN = 0.92  # of a context; templates of chats take some, and the estimate is not exact
_SCHEMA_SHARE = 0.6  # of its estimate: tokenizers have a token for several brackets
_REASONING_FACTOR = 4  # reasoning models spend answer tokens on thinking first


def context_of(server: ModelServer, memory: CapabilityMemory) -> int | None:
    """What the server reads and writes in one request, in tokens; None where nobody knows."""
    known = [each for each in (server.context_tokens, memory.context_tokens) if each]
    return min(known, default=None)


def answer_tokens(server: ModelServer, memory: CapabilityMemory) -> int:
    """How long an answer may be: as set, or a third of a small context."""
    context = context_of(server, memory)
    wanted = server.answer_tokens or _USUAL_ANSWER
    if context:
        wanted = min(wanted, context // (2 if server.answer_tokens else 3))
    return max(min(wanted, memory.answer_tokens or wanted), _LEAST_ANSWER)


def fitted(server: ModelServer, memory: CapabilityMemory) -> ModelServer:
    """The server as one request is put to it: with the length its answer may have."""
    limit = answer_tokens(server, memory)
    if memory.known.limit_name == "max_completion_tokens":
        context = context_of(server, memory)
        limit = min(limit * _REASONING_FACTOR, max(limit, context // 2) if context else 10**6)
    return replace(server, answer_tokens=limit)


def chunk_tokens(server: ModelServer, memory: CapabilityMemory, text: str) -> int:
    """The most tokens, by our estimate, that a chunk of such a text may have."""
    most = min(server.chunk_tokens, memory.known.chunk_tokens or server.chunk_tokens)
    context = context_of(server, memory)
    if context is None:
        return most
    room = context * _MARGIN - answer_tokens(server, memory) - instructions(memory)
    ratio = max(memory.counts.ratio(script_of(text)) or 1.0, 0.5)
    return max(min(most, int(room / ratio)), SMALLEST_CHUNK)


def instructions(memory: CapabilityMemory) -> int:
    """About the tokens of a question about an empty document, by what this server has counted."""
    tokens = sum(estimate_tokens(message["content"]) for message in about_nothing(memory))
    if FORMATS[memory.known.answer_format] != "json_schema":
        schema = json.dumps(answers.strict_schema(answers.ChunkAnswer), separators=(",", ":"))
        tokens += int(estimate_tokens(schema) * _SCHEMA_SHARE)
    return int(tokens * (memory.counts.ratio(kind_of_instructions(memory)) or 1.0))


def about_nothing(memory: CapabilityMemory) -> prompts.Messages:
    return prompts.for_chunk(Chunk(()), language=None, has_example=memory.gives_example)


def kind_of_instructions(memory: CapabilityMemory) -> str:
    """What their count is remembered under: with the schema they are twice as long."""
    example = " with an example" if memory.gives_example else ""
    return f"instructions for {FORMATS[memory.known.answer_format]}{example}"


def points_at_once(server: ModelServer, memory: CapabilityMemory, points: Sequence[str]) -> int:
    """How many of these points one question for a summary holds; two at least."""
    longest = max(map(estimate_tokens, points), default=1) + 4
    return max(chunk_tokens(server, memory, " ".join(points[:50])) // longest, 2)
