"""Error bodies: what a server says instead of an answer, in whatever shape it says it.

OpenAI sends `{"error": {...}}`, LM Studio a plain string in it, FastAPI `detail`, older vLLM the
object itself, a proxy a page of HTML; an outage may even come with status 200.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

LONGEST = 5_000  # characters of a body worth looking at

# Of the words in small letters. The first group is the figure.
_CONTEXT = (
    re.compile(r"\bn_ctx\W{1,4}(\d{3,8})\b"),
    re.compile(r"context (?:length|size|window)(?: of| is)?(?: only)? \(?(\d{3,8})\b"),
    re.compile(r"\b(?:limit of|must be <=) (\d{3,8})\b"),
    re.compile(r"\btokens > (\d{3,8})\b"),
)
_PROMPT = (
    re.compile(r"\bn_prompt_tokens\W{1,4}(\d{1,8})\b"),
    re.compile(r"\b(\d{1,8}) (?:in the messages|input tokens|prompt tokens)\b"),
    re.compile(r"\b(?:request \(|resulted in |keep the first |too long: |given: )(\d{1,8})\b"),
)
_ANSWER = (re.compile(r"\bat most (\d{1,8}) completion tokens\b"),)


@dataclass(frozen=True)
class Limits:
    """What a refusal tells in figures, in tokens; None where it does not."""

    context: int | None = None
    prompt: int | None = None  # of the prompt it refused
    answer: int | None = None


@dataclass(frozen=True)
class ErrorBody:
    """`words` are all it says, in small letters; `param` is the parameter it names, if any."""

    code: str
    param: str
    words: str

    @property
    def limits(self) -> Limits:
        return Limits(
            context=_figure(_CONTEXT, self.words),
            prompt=_figure(_PROMPT, self.words),
            answer=_figure(_ANSWER, self.words),
        )


def read(text: str) -> ErrorBody:
    text = text[:LONGEST]
    told: Any = None
    with suppress(ValueError, RecursionError):
        told = json.loads(text)
    codes = [each for error in _objects(told) for each in _codes(error)]
    params = [each for error in _objects(told) for each in _params(error)]
    return ErrorBody(code=next(iter(codes), ""), param=next(iter(params), ""), words=text.lower())


def of_success(completion: Any) -> tuple[ErrorBody, int] | None:
    """The error in a body that came with status 200, and the status it stands for."""
    error = completion.get("error") if isinstance(completion, dict) else None
    if not error:
        return None
    code = error.get("code") if isinstance(error, dict) else None
    status = code if isinstance(code, int) and 400 <= code < 600 else 503
    return read(json.dumps({"error": error})), status


def _objects(told: Any) -> Iterator[dict[str, Any]]:
    """The error, and what stands around it; FastAPI lists one for each wrong field."""
    if not isinstance(told, dict):
        return
    for inner in (told.get("error"), told.get("detail"), told):
        entries = inner if isinstance(inner, list) else [inner]
        yield from (entry for entry in entries if isinstance(entry, dict))


def _codes(error: dict[str, Any]) -> Iterator[str]:
    for name in ("code", "type"):
        if isinstance(error.get(name), str) and error[name]:
            yield error[name]


def _params(error: dict[str, Any]) -> Iterator[str]:
    if isinstance(error.get("param"), str) and error["param"]:
        yield error["param"]
    # Where in the request: ["body", "temperature"].
    if isinstance(error.get("loc"), list) and error["loc"]:
        yield str(error["loc"][-1])


def _figure(patterns: tuple[re.Pattern[str], ...], words: str) -> int | None:
    for pattern in patterns:
        if found := pattern.search(words):
            return int(found[1])
    return None
