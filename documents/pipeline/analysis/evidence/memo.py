"""Memoization within one document: pure functions are asked the same of its texts many times.

What is kept are words of the document, so it is forgotten where its analysis ends.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, ParamSpec, TypeVar

MOST = 5_000  # answers; a document with more claims than that begins anew

Given = ParamSpec("Given")
Answer = TypeVar("Answer")

_answers: ContextVar[dict[Any, Any] | None] = ContextVar("answers", default=None)


@contextmanager
def of_document() -> Iterator[None]:
    """Keep the answers of memoized functions until this ends; also a decorator."""
    token = _answers.set({})
    try:
        yield
    finally:
        _answers.reset(token)


def memoized(function: Callable[Given, Answer]) -> Callable[Given, Answer]:
    """Asked once for the same in one document; nothing is kept outside of one.

    For pure functions whose answers nobody changes.
    """

    @wraps(function)
    def asked(*given: Given.args, **named: Given.kwargs) -> Answer:
        answers = _answers.get()
        if answers is None:
            return function(*given, **named)
        key = (function, given, *named.items())
        try:
            known: Answer = answers[key]
        except KeyError:
            if len(answers) >= MOST:
                answers.clear()
            known = answers[key] = function(*given, **named)
        return known

    return asked
