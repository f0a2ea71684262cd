"""Capability fallback: what a model server understands, and less where it refuses."""

from __future__ import annotations

import re
import threading
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Self

from documents.pipeline.analysis.model.error_bodies import Limits
from documents.pipeline.analysis.model.token_counts import TokenCounts

EXAMPLE_FITS = 4_000  # tokens of a context, from which an example costs little of it
FORMATS = ("json_schema", "json_object", "text")
# Beside temperature and the limit; only sent where the settings or the host call for them.
OPTIONAL = frozenset({"reasoning_effort", "service_tier", "store", "prompt_cache_key"})
_WORD = re.compile(r"\w+")
# What of the bounds in a schema is left out; OpenAI takes no `maxLength`, others take none.
BOUNDS_LEFT_OUT = ((), ("maxLength",), ("maxLength", "maxItems", "minimum", "maximum"))
_BOUND_UNKNOWN = re.compile(
    r"max_?(?:length|items|imum)|minimum|not permitted|grammar|repetition|too many states"
)
_FORMAT_UNKNOWN = re.compile(r"response_format|json.?schema|json.?object|schema|grammar")
_TELLING_TOKENS = 30  # of an answer; shorter ones tell how long it took to begin
_ENOUGH_MISSING = 3


@dataclass(frozen=True)
class ServerCapabilities:
    """What a server has been seen to understand; it starts from the best."""

    answer_format: int = 0
    limit_name: str = "max_tokens"  # empty: the server takes none
    takes_temperature: bool = True
    left_out: frozenset[str] = frozenset()  # other parameters it has refused
    chunk_tokens: int | None = None
    bounds_left_out: int = 0

    def fallback(self, param: str, words: str) -> Self | None:
        """What to ask for instead, where the server names something that was sent and can be
        left out; `param` is what it names, `words` are all it said, in small letters."""
        if self.limit_name and self.limit_name in param:
            is_first = self.limit_name == "max_tokens"
            return replace(self, limit_name="max_completion_tokens" if is_first else "")
        if self.takes_temperature and "temperature" in param:
            return replace(self, takes_temperature=False)
        # Whole words: what is "restored" is no word about `store`.
        if named := (OPTIONAL - self.left_out) & set(_WORD.findall(param)):
            return replace(self, left_out=self.left_out | named)
        has_bounds = self.answer_format == 0 and self.bounds_left_out + 1 < len(BOUNDS_LEFT_OUT)
        if has_bounds and _BOUND_UNKNOWN.search(words):
            return replace(self, bounds_left_out=self.bounds_left_out + 1)
        if self.answer_format + 1 < len(FORMATS) and _FORMAT_UNKNOWN.search(words):
            return replace(self, answer_format=self.answer_format + 1)
        return None


class CapabilityMemory:
    """What one server and model have shown, in this process or, once recalled, an earlier one.

    The engine keeps it. All documents it reads at once, each in a thread, share it: what one
    of them found out the others need not pay for.
    """

    def __init__(self, *, wants_example: bool = False) -> None:
        self._wants_example = wants_example
        self.known = ServerCapabilities()
        self.has_answered = False
        self.has_looked = False  # at the list of models
        self.told_context: int | None = None  # by that list
        self.context_tokens: int | None = None
        self.answer_tokens: int | None = None  # the most the server lets a model write
        self.counts = TokenCounts()
        self.speed: float | None = None  # tokens written in a second, waiting included
        self.calls_at_once: int | None = None  # None: as many as are allowed
        self._marks = [0, 0]  # how often the code words were missing, and how often right
        self._lock = threading.Lock()  # for what is read and written back; a look needs none

    def learned(self) -> dict[str, Any]:
        """What is worth keeping over a restart, as JSON. Not how fast the server was."""
        with self._lock:
            known = asdict(self.known) | {"left_out": sorted(self.known.left_out)}
            limits = {
                "told_context": self.told_context,
                "context_tokens": self.context_tokens,
                "answer_tokens": self.answer_tokens,
            }
            marks = list(self._marks)
        return {"known": known, **limits, "marks": marks, "ratios": self.counts.learned()}

    def recall(self, learned: Mapping[str, Any]) -> None:
        """Take over what was learned elsewhere; of limits the lower one counts."""
        known = ServerCapabilities(
            **learned["known"] | {"left_out": frozenset(learned["known"]["left_out"])}
        )
        with self._lock:
            if not self.has_answered:
                self.known = replace(known, chunk_tokens=self.known.chunk_tokens)
                self._marks = list(learned["marks"])
        self.counts.recall(learned["ratios"])
        if self.has_looked and learned["told_context"] not in (None, self.told_context):
            return  # Limits of a time before the server was started with others.
        if known.chunk_tokens:
            self.limit_chunks(known.chunk_tokens)
        self.told_context = self.told_context or learned["told_context"]
        self.limit_context(Limits(learned["context_tokens"], answer=learned["answer_tokens"]))

    def note_told_context(self, context: int | None) -> None:
        """Learn what the list of models tells. Another figure than before: it was started anew."""
        if context and self.told_context and context != self.told_context:
            with self._lock:
                self.context_tokens = self.answer_tokens = None
                self.known = replace(self.known, chunk_tokens=None)
        self.told_context = context or self.told_context
        self.limit_context(Limits(context=context))

    @property
    def gives_example(self) -> bool:
        """Whether questions show an answer: to models that need it, where there is room."""
        return self._wants_example and (self.context_tokens or EXAMPLE_FITS) >= EXAMPLE_FITS

    def fall_back(self, to: ServerCapabilities, *, when_known: ServerCapabilities) -> None:
        """Ask for less, unless another call on its way at the same time learned that, or more."""
        with self._lock:
            if replace(self.known, chunk_tokens=when_known.chunk_tokens) == when_known:
                self.known = replace(to, chunk_tokens=self.known.chunk_tokens)

    def limit_chunks(self, chunk_tokens: int) -> None:
        """Send chunks of at most so many tokens; a limit is never raised again."""
        with self._lock:
            least = min(chunk_tokens, self.known.chunk_tokens or chunk_tokens)
            self.known = replace(self.known, chunk_tokens=least)

    def limit_context(self, limits: Limits) -> bool:
        """Learn a limit that was told, or shown by a cut; True where it is news."""
        with self._lock:
            before = (self.context_tokens, self.answer_tokens)
            self.context_tokens = _least(self.context_tokens, limits.context)
            self.answer_tokens = _least(self.answer_tokens, limits.answer)
            return (self.context_tokens, self.answer_tokens) != before

    def note_answer(self, output_tokens: int | None, seconds: float) -> None:
        """How fast it is, from an answer long enough to tell."""
        self.has_answered = True
        if output_tokens and output_tokens >= _TELLING_TOKENS and seconds > 0:
            self.speed = output_tokens / seconds

    def slow_down(self) -> None:
        """It was late: one question at a time, so that none waits for the others."""
        self.calls_at_once = 1

    def note_marks(self, *, are_right: bool) -> None:
        with self._lock:
            self._marks[are_right] += 1

    @property
    def copies_marks(self) -> bool | None:
        """Whether the model gives code words back; None as long as that is open."""
        missing, right = self._marks
        if right:
            return right >= missing
        return False if missing >= _ENOUGH_MISSING else None


def _least(known: int | None, told: int | None) -> int | None:
    return min((each for each in (known, told) if each), default=None)
