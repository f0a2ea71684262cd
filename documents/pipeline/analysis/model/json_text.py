"""JSON in prose: the objects that stand in a text, whatever a model wrote around or into them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import json_repair

LONGEST = 1_000_000  # characters of an answer worth looking at
_LONGEST_REPAIR = 100_000
_DEEPEST_REPAIR = 50  # brackets within brackets; the repair takes seconds on thousands
_DEEPEST_WRAPPER = 3
_STARTS = 20  # opening braces tried before the rest is taken for prose
_BRACKET = re.compile(r"[{}\[\]]")
_CAPITAL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
# Of several families of models; the beginning is not looked for, because some leave it out.
_END_OF_THOUGHTS = re.compile(
    r"</(?:seed:)?think(?:ing)?>|\[/THINK\]|◁/think▷|<\|channel\|>final<\|message\|>"
)


def candidates(content: str) -> Iterator[Any]:
    """What may be the answer, the likeliest first: objects, then the ones they are wrapped in.

    Broken syntax is repaired only where no object can be read.
    """
    text = _without_thoughts(content[:LONGEST])
    for found in objects(text):
        yield from _shapes(found)
    if (repaired := _repaired(text)) is not None:
        yield from _shapes(repaired)


def _without_thoughts(text: str) -> str:
    if text.lstrip().startswith(("{", "```")):
        return text
    thoughts = _END_OF_THOUGHTS.search(text)
    return text[thoughts.end() :] if thoughts else text


def objects(text: str) -> Iterator[Any]:
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


def _shapes(found: Any) -> Iterator[Any]:
    """The object as it is, with its keys as they were asked for, and what it may only wrap."""
    for _ in range(_DEEPEST_WRAPPER):
        if not isinstance(found, dict):
            return
        yield found
        yield _in_snake_case(found)
        inner = [value for value in found.values() if isinstance(value, dict)]
        # Of two objects none is the answer: a sentiment alone is not an analysis.
        found = inner[0] if len(inner) == 1 else None


def _in_snake_case(value: Any, depth: int = 0) -> Any:
    """`keyPoints`, `Key Points` and `key-points` are `key_points`."""
    if depth > _DEEPEST_REPAIR:
        return value
    if isinstance(value, list):
        return [_in_snake_case(each, depth + 1) for each in value]
    if not isinstance(value, dict):
        return value
    return {_snake_case(str(key)): _in_snake_case(each, depth + 1) for key, each in value.items()}


def _snake_case(key: str) -> str:
    return _CAPITAL.sub("_", key.strip()).lower().replace(" ", "_").replace("-", "_")


def _repaired(text: str) -> Any:
    """The object that begins at the first brace, if its syntax was what kept it from being read."""
    start = text.find("{")
    if (
        start < 0
        or len(text) > _LONGEST_REPAIR
        or _depth(text) > _DEEPEST_REPAIR
        or _is_sound(text[start:])
    ):
        return None
    try:
        return json_repair.loads(text[start:])
    except (ValueError, RecursionError):
        return None


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
