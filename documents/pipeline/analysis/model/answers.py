"""Structured output: what a model is asked to give back, and how it is read out of what it gave.

In each object the quotes come first: a model that writes from left to right then claims what it
has quoted, and does not look for cover of what it has claimed.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Collection, Mapping
from contextlib import suppress
from functools import cache
from typing import Annotated, Any, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, ValidationError

from documents.pipeline.analysis.model import json_text

MOST_POINTS = 7
MOST_TASKS = 20
IMPORTANCE = 3  # of 5, where a model says nothing
_LONGEST_LIST = 100  # entries read of one; its bound in the schema is for the server
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\u061c\u200b-\u200f\u202a-\u202e"
                          "\u2060-\u2069\U000e0000-\U000e007f]")  # fmt: skip
# The prompt's own lines, which no document can have.
_PAGE_LINE = re.compile(r"\[\[ ?PAGE ?\d{1,6} ?\]\]", re.IGNORECASE)
# "p. 3: …", "[Page 3] …", "… (page 3)": a document can have these itself.
_PAGE_LABEL = re.compile(
    r"^[\[(]?(?:pages?|pp?|pg|seite|s|página|pág)\.? ?\d{1,6}[\])]?[ :,–—-]{1,4}"
    r"|[ ,]{1,3}[\[(](?:pages?|pp?|pg|seite|s|página|pág)\.? ?\d{1,6}[\])]$",
    re.IGNORECASE,
)

Answer = TypeVar("Answer", bound=BaseModel)


class InvalidAnswer(Exception):
    """What the model said is not the object asked for."""


def _printable(text: str) -> str:
    # A database refuses NUL and lone surrogates, a page should not show direction marks.
    return _UNPRINTABLE.sub(" ", text).strip()[:2_000]


def _without_page_lines(text: str) -> str:
    return _PAGE_LINE.sub("\n", text).strip()


def without_page_labels(quote: str) -> str:
    """The quote without the page that a model named within it."""
    return _PAGE_LABEL.sub("", quote)


def _within_one(score: float | None) -> float | None:
    return None if score is None or math.isnan(score) else max(-1.0, min(1.0, score))


def _known_priority(value: Any) -> Any:
    word = value.strip().lower() if isinstance(value, str) else ""
    return word if word in ("high", "medium", "low") else "unspecified"


def _lowered(value: Any) -> Any:
    return value.strip().lower() if isinstance(value, str) else value


def _of_five(value: Any) -> int:
    with suppress(TypeError, ValueError, OverflowError):
        return max(1, min(5, round(float(value))))
    return IMPORTANCE


def _cut(value: Any) -> Any:
    return value[:_LONGEST_LIST] if isinstance(value, list) else value


def _told(description: str, *, characters: int = 0, items: int = 0) -> Any:
    """What a server is told of a field, and the bounds it is held to.

    An unbounded list is what a constrained model fills to the end of its tokens. They bind the
    server alone: on reading nothing is refused for its length.
    """
    bounds = {"maxLength": characters, "maxItems": items}
    held_to: dict[str, Any] = {bound: most for bound, most in bounds.items() if most}
    return Field(description=description, json_schema_extra=held_to)


Text = Annotated[str, AfterValidator(_printable)]
Sentence = Annotated[Text, _told("One sentence.", characters=400)]
Label = Annotated[Text, _told("A few words.", characters=80)]
Name = Annotated[Text, _told("", characters=120)]
Tone = Literal["positive", "negative", "mixed", "neutral"]
Priority = Literal["high", "medium", "low", "unspecified"]
Importance = Annotated[
    int,
    BeforeValidator(_of_five),
    Field(
        description="5: nobody may miss it; 1: a detail.",
        json_schema_extra={"minimum": 1, "maximum": 5},
    ),
]


class Quote(BaseModel):
    page: int
    quote: Annotated[
        Text,
        AfterValidator(_without_page_lines),
        _told("8 to 40 words copied letter for letter from that page.", characters=400),
    ]


Evidence = Annotated[list[Quote], BeforeValidator(_cut), _told("First copy the words.", items=3)]
Sources = Annotated[list[int], BeforeValidator(_cut), _told("Numbers of the points.", items=8)]


class Point(BaseModel):
    evidence: Evidence
    text: Annotated[Text, _told("A sentence that each quote alone makes true.", characters=400)]
    importance: Importance = IMPORTANCE


class SummarySentence(BaseModel):
    sources: Sources
    text: Sentence


class TopicClaim(BaseModel):
    evidence: Evidence
    label: Label


class SentimentClaim(BaseModel):
    evidence: Evidence = []
    rationale: Sentence = ""
    label: Annotated[Tone, BeforeValidator(_lowered)]
    score: Annotated[float | None, AfterValidator(_within_one)] = None


class ActionClaim(BaseModel):
    evidence: Evidence
    task: Annotated[Text, _told("What is to be done, as each quote says it.", characters=400)]
    assignee: Annotated[Name | None, _told("Copied from the document.")] = None
    due_text: Annotated[Name | None, _told("The deadline, copied from the document.")] = None
    due_date: Annotated[Name | None, _told("YYYY-MM-DD, where it is written out.")] = None
    priority: Annotated[Priority, BeforeValidator(_known_priority)] = "unspecified"
    importance: Importance = IMPORTANCE


Points = Annotated[list[Point], BeforeValidator(_cut), _told("", items=MOST_POINTS)]
Topics = Annotated[list[TopicClaim], BeforeValidator(_cut), _told("", items=8)]
Tasks = Annotated[list[ActionClaim], BeforeValidator(_cut), _told("", items=MOST_TASKS)]


class Marks(BaseModel):
    """The code words around the document: whoever gives them back has seen both its ends."""

    first: Name = ""
    last: Name = ""


class Word(BaseModel):
    word: Name


def _marks_or_none(value: Any) -> Any:
    # What proves nothing must not spoil an answer.
    return value if isinstance(value, dict | Marks) else Marks()


class ChunkAnswer(BaseModel):
    marks: Annotated[Marks, BeforeValidator(_marks_or_none)] = Marks()
    language: Annotated[Text, _told("ISO 639-1 code.", characters=12)]
    kind: Annotated[TopicClaim | None, _told("Kind of document: invoice, minutes, …")] = None
    document_date: Annotated[Quote | None, _told("Where its own date stands.")] = None
    key_points: Points
    summary: Annotated[list[SummarySentence], BeforeValidator(_cut), _told("", items=4)]
    topics: Topics
    sentiment: SentimentClaim
    action_items: Tasks


class SourcedSentence(BaseModel):
    source_ids: Sources
    text: Sentence


class ReducedSummary(BaseModel):
    summary: Annotated[list[SourcedSentence], BeforeValidator(_cut), _told("", items=7)]


@cache
def strict_schema(shape: type[BaseModel]) -> Mapping[str, Any]:
    """Its JSON Schema as strict servers take it: all required, nothing else allowed.

    Made once, since it takes pydantic milliseconds; nobody may change it.
    """
    strict: dict[str, Any] = _strict(shape.model_json_schema())
    return strict


@cache
def schema_as_json(shape: type[BaseModel]) -> str:
    return json.dumps(strict_schema(shape))


def _strict(node: Any) -> Any:
    if isinstance(node, list):
        return [_strict(each) for each in node]
    if not isinstance(node, dict):
        return node
    # The SDK has this too, but as a private function; strict servers refuse a `default`.
    kept = {
        key: _strict(value)
        for key, value in node.items()
        if key not in ("title", "default") and (key, value) != ("description", "")
    }
    if kept.get("type") == "object":
        kept |= {"required": list(kept["properties"]), "additionalProperties": False}
    return kept


def without_bounds(schema: Any, left_out: Collection[str]) -> Any:
    """The schema for a server that refuses some of its bounds."""
    if not left_out:
        return schema
    if isinstance(schema, list):
        return [without_bounds(each, left_out) for each in schema]
    if not isinstance(schema, Mapping):
        return schema
    return {
        key: without_bounds(value, left_out)
        for key, value in schema.items()
        # A property may have such a name; a bound is a number.
        if key not in left_out or not isinstance(value, int)
    }


def read(content: str, shape: type[Answer]) -> Answer:
    """The object in the answer, whatever stands around it.

    Broken syntax is repaired, and a list that is too long is cut; a wrong shape never is.
    Raises InvalidAnswer.
    """
    for candidate in json_text.candidates(content):
        with suppress(ValidationError, RecursionError):
            return shape.model_validate(candidate)
    raise InvalidAnswer
