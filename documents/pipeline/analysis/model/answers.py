"""Structured output: what a model is asked to give back, and how it is read out of what it gave."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from contextlib import suppress
from typing import Annotated, Any, Literal, TypeVar

import json_repair
from pydantic import AfterValidator, BaseModel, BeforeValidator, ValidationError

LONGEST = 1_000_000  # characters of an answer worth looking at
_LONGEST_REPAIR = 100_000
_DEEPEST_REPAIR = 50  # brackets within brackets; the repair takes seconds on thousands
_STARTS = 20  # opening braces tried before the rest is taken for prose
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\u061c\u200b-\u200f\u202a-\u202e"
                          "\u2060-\u2069\U000e0000-\U000e007f]")  # fmt: skip
_BRACKET = re.compile(r"[{}\[\]]")
_END_OF_THOUGHTS = re.compile(r"</think(?:ing)?>")

Answer = TypeVar("Answer", bound=BaseModel)


class InvalidAnswer(Exception):
    """What the model said is not the object asked for."""


def _printable(text: str) -> str:
    # A database refuses NUL and lone surrogates, a page should not show direction marks.
    return _UNPRINTABLE.sub(" ", text).strip()[:2_000]


def _within_one(score: float | None) -> float | None:
    return None if score is None or math.isnan(score) else max(-1.0, min(1.0, score))


def _known_priority(value: Any) -> Any:
    word = value.strip().lower() if isinstance(value, str) else ""
    return word if word in ("high", "medium", "low") else "unspecified"


def _lowered(value: Any) -> Any:
    return value.strip().lower() if isinstance(value, str) else value


Text = Annotated[str, AfterValidator(_printable)]


class Quote(BaseModel):
    page: int
    quote: Text


class Point(BaseModel):
    text: Text
    evidence: list[Quote]


class SummarySentence(BaseModel):
    text: Text
    sources: list[int]


class TopicClaim(BaseModel):
    label: Text
    evidence: list[Quote]


class SentimentClaim(BaseModel):
    label: Annotated[Literal["positive", "negative", "mixed", "neutral"], BeforeValidator(_lowered)]
    score: Annotated[float | None, AfterValidator(_within_one)] = None
    rationale: Text = ""
    evidence: list[Quote] = []


class ActionClaim(BaseModel):
    task: Text
    assignee: Text | None = None
    due_text: Text | None = None
    due_date: Text | None = None
    priority: Annotated[
        Literal["high", "medium", "low", "unspecified"], BeforeValidator(_known_priority)
    ] = "unspecified"
    evidence: list[Quote]


class ChunkAnswer(BaseModel):
    language: Text
    key_points: list[Point]
    summary: list[SummarySentence]
    topics: list[TopicClaim]
    sentiment: SentimentClaim
    action_items: list[ActionClaim]


class SourcedSentence(BaseModel):
    text: Text
    source_ids: list[int]


class ReducedSummary(BaseModel):
    summary: list[SourcedSentence]


def strict_schema(shape: type[BaseModel]) -> dict[str, Any]:
    """Its JSON Schema as strict servers take it: all required, nothing else allowed."""
    strict: dict[str, Any] = _strict(shape.model_json_schema())
    return strict


def _strict(node: Any) -> Any:
    if isinstance(node, list):
        return [_strict(each) for each in node]
    if not isinstance(node, dict):
        return node
    # The SDK has this too, but as a private function; strict servers refuse a `default`.
    kept = {key: _strict(value) for key, value in node.items() if key not in ("title", "default")}
    if kept.get("type") == "object":
        kept |= {"required": list(kept["properties"]), "additionalProperties": False}
    return kept


def read(content: str, shape: type[Answer]) -> Answer:
    """The object in the answer, whatever stands around it.

    Broken syntax is repaired; a wrong shape never is. Raises InvalidAnswer.
    """
    text = content[:LONGEST]
    if not text.lstrip().startswith(("{", "```")):
        # Their beginning is not looked for: some models leave it out.
        thoughts = _END_OF_THOUGHTS.search(text)
        text = text[thoughts.end() :] if thoughts else text
    for candidate in _objects(text):
        with suppress(ValidationError, RecursionError):
            return shape.model_validate(candidate)
    with suppress(ValidationError, RecursionError):
        return shape.model_validate(_repaired(text))
    raise InvalidAnswer


def _objects(text: str) -> Iterator[Any]:
    """Every JSON object in the text, outermost ones only."""
    decoder, position = json.JSONDecoder(), 0
    for _ in range(_STARTS):
        position = text.find("{", position)
        if position < 0:
            return
        try:
            candidate, position = decoder.raw_decode(text, position)
        except (ValueError, RecursionError):
            position += 1
        else:
            yield candidate


def _repaired(text: str) -> Any:
    """The object that begins at the first brace, if its syntax was what kept it from being read."""
    start = text.find("{")
    if (
        start < 0
        or len(text) > _LONGEST_REPAIR
        or _depth(text) > _DEEPEST_REPAIR
        or _is_sound(text[start:])
    ):
        raise InvalidAnswer
    try:
        return json_repair.loads(text[start:])
    except (ValueError, RecursionError):
        raise InvalidAnswer from None


def _is_sound(text: str) -> bool:
    try:
        json.JSONDecoder().raw_decode(text)
    except (ValueError, RecursionError):
        return False
    return True


def _depth(text: str) -> int:
    depth = deepest = 0
    for bracket in _BRACKET.findall(text):
        depth += 1 if bracket in "{[" else -1
        deepest = max(deepest, depth)
    return deepest
