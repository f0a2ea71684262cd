"""Framing: the condition, exception, rumor or question around what a sentence says.

"If the flat is let furnished, the tenant pays" does not say that the tenant pays. A claim may
say it on the same condition, in whatever words; else the word that frames it was left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from documents.pipeline.analysis.evidence.memo import memoized
from documents.pipeline.analysis.evidence.support import clauses, framing_words
from documents.pipeline.analysis.evidence.support.clauses import Clause
from documents.pipeline.analysis.evidence.support.lexicon import Lexicon

_NEAR = 0.5  # the share of a claim's words that makes a part the one it is about
_SENTENCE = re.compile(r"[^.!?…]*(?:[.!?…](?!\s|$)[^.!?…]*)*[.!?…]*\s*")
_HARD = re.compile(r"[;:()–—]|\s-\s")
_COMMA = re.compile(r",(?=\s|$)")
_QUESTION = "?"

Kind = Literal["condition", "exception", "report"]


@dataclass(frozen=True)
class _Frame:
    kind: Kind
    word: str  # as it is written
    inside: frozenset[str]  # stems of the condition, or of what is only said
    outside: frozenset[str]
    rest: str  # the part without it
    has_end: bool  # a comma, or the part's own end; else nobody knows how far it reaches


@dataclass(frozen=True)
class _Part:
    """A statement of its own, with what frames it."""

    text: str
    stems: frozenset[str]
    frame: _Frame | None
    is_question: bool


class Framing:
    """What frames the quoted sentences and is missing in the claim, whose clauses are given."""

    def __init__(
        self, claim: str, read: Sequence[Clause], sentences: Sequence[str], lexicon: Lexicon
    ) -> None:
        self._patterns = _patterns(lexicon.code)
        self._claim, self._read, self._sentences = claim, read, sentences
        self._stems = _stems(claim, lexicon)
        self._lexicon = lexicon
        self._parts: list[_Part] = []
        if any(self._patterns.may_frame(text) for text in sentences):
            self._parts = [part for text in sentences for part in self._divided(text)]

    def dropped(self) -> list[str]:
        """The words of the quotes that frame what the claim says as if it were so."""
        if not self._parts:
            return []
        frames = [frame for clause in self._read for frame in self._frames_around(clause)]
        words = [frame.word for frame in frames if not self._is_kept(frame)]
        return words + ([_QUESTION] if self._answers_a_question() else [])

    def without_conditions(self) -> list[str] | None:
        """The sentences as far as they say yes or no to the claim; None where all of them do.

        What an insurer refuses in an "if" is not refused, and an exception is not the rule.
        """
        if not any(part.frame for part in self._parts):
            return None
        return [told for part in self._parts if (told := self._told(part))]

    @property
    def is_request(self) -> bool:
        """Whether "could" is but polite: could you send it?"""
        asked = [part for part in self._parts if part.is_question]
        return any(self._patterns.requests.search(part.text) for part in asked)

    def _told(self, part: _Part) -> str:
        frame = part.frame
        if frame is None or frame.kind == "report":
            return part.text
        if frame.kind == "exception":
            return "" if self._is_mostly(frame.inside - frame.outside) else part.text
        is_about_it = self._is_mostly(frame.inside - frame.outside)
        return part.text if is_about_it or self._is_kept(frame) else frame.rest

    def _frames_around(self, clause: Clause) -> Iterator[_Frame]:
        if not clause.stems:
            return
        shared = [_weight(clause.stems & part.stems) for part in self._parts]
        most = max(shared)
        if not most or most < _NEAR * _weight(clause.stems):
            return
        near = [part for part, count in zip(self._parts, shared, strict=True) if count == most]
        # Said twice, and once without a condition: then it is so.
        if all(part.frame for part in near):
            yield from (part.frame for part in near[:1] if part.frame)

    def _is_kept(self, frame: _Frame) -> bool:
        if frame.kind == "report":
            is_told = bool(self._stems & (frame.outside - frame.inside))
            return is_told or any(_is_hedge(w, self._lexicon) for e in self._read for w in e.words)
        if self._patterns.depending.search(self._claim):
            return True
        if frame.kind == "exception" and self._is_mostly(frame.inside - frame.outside):
            # "Open on Mondays", where it is closed except then; not "closed on Mondays".
            main = [e for e in clauses.read(frame.rest, self._lexicon) if e.stems & self._stems]
            return {e.is_negative for e in self._read} != {e.is_negative for e in main}
        own = frame.inside - frame.outside or frame.inside
        if not frame.has_end:
            return len(own - self._stems) <= len(own) // 4
        is_met = self._is_mostly(own) if frame.kind == "exception" else self._is_told(own)
        return is_met and bool(self._stems & (frame.outside - frame.inside))

    def _is_told(self, stems: frozenset[str]) -> bool:
        return 2 * len(stems & self._stems) > len(stems)

    def _is_mostly(self, stems: frozenset[str]) -> bool:
        return bool(stems) and 2 * len(stems & self._stems) >= len(stems)

    def _answers_a_question(self) -> bool:
        """Whether it says what its quotes only ask, and nothing of it rests on anything else."""
        asked = [part for part in self._parts if part.is_question]
        if not asked or _QUESTION in self._claim or self._patterns.asking.search(self._claim):
            return False
        if any(self._patterns.requests.search(part.text) for part in asked):
            return False
        questions = frozenset[str]().union(*(part.stems for part in asked))
        said = frozenset[str]().union(*(p.stems for p in self._parts if not p.is_question))
        if any(self._patterns.yes.match(p.text) for p in self._parts if not p.is_question):
            return False
        shared = self._stems & questions
        is_asked = len(shared) >= _NEAR * len(self._stems) > 0
        return is_asked and not self._stems & (said - questions) and not shared <= said

    def _divided(self, text: str) -> Iterator[_Part]:
        for found in _SENTENCE.finditer(text):
            sentence = found[0].strip()
            is_question = sentence.rstrip("»”\"')").endswith(_QUESTION)
            for part in self._patterns.statements(sentence):
                frame = self._frame_of(part, is_question=is_question)
                yield _Part(part, _stems(part, self._lexicon), frame, is_question)

    def _frame_of(self, text: str, *, is_question: bool) -> _Frame | None:
        if reported := self._patterns.reports.search(text):
            inside, outside = text[reported.end() :], text[: reported.end()]
            return self._framed("report", reported[0], inside, outside, text)
        for kind, pattern in self._patterns.framing:
            for found in pattern.finditer(text):
                if pattern is self._patterns.inverted and is_question:
                    continue
                if pattern is self._patterns.only_first and self._counts(text[found.end() :]):
                    continue
                if self._patterns.asks_first.search(text[: found.start()]):
                    continue  # She asked if it leaks.
                end, has_end = self._end_of(text, found)
                rest = f"{text[: found.start()]} {text[end:]}"
                inside = text[found.end() : end]
                return self._framed(kind, found[0].strip(), inside, rest, rest, has_end)
        return None

    def _counts(self, behind: str) -> bool:
        """Only four members, only a few."""
        first = next(iter(clauses.tokens(behind, self._lexicon)), "")
        return first[:1].isdigit() or bool(self._patterns.few.match(behind.strip()))

    def _end_of(self, text: str, found: re.Match[str]) -> tuple[int, bool]:
        """Where what it is bound to ends: at a comma, or before the verb of "only members may"."""
        if found.re is self._patterns.only_first:
            for word in re.finditer(r"\w+", text[found.end() :]):
                if word[0].casefold() in self._lexicon.finite:
                    return found.end() + word.start(), True
        if comma := _COMMA.search(text, found.end()):
            return comma.end(), True
        is_last = bool(text[: found.start()].strip())
        return len(text), is_last

    def _framed(
        self, kind: Kind, word: str, inside: str, outside: str, rest: str, has_end: bool = True
    ) -> _Frame:
        within, beside = (_stems(text, self._lexicon) for text in (inside, outside))
        return _Frame(kind, word.strip(" ,").casefold(), within, beside, rest, has_end)


class _Patterns:
    """The patterns of one language."""

    def __init__(self, words: framing_words.FramingWords) -> None:
        whole = framing_words.whole
        self.inverted = whole(words.inverted, heed_capitals=True)
        self.only_first = whole(words.only_first)
        self.framing: list[tuple[Kind, re.Pattern[str]]] = [
            ("exception", whole(words.exceptions)),
            ("condition", whole(words.conditions)),
            ("condition", self.inverted),
            ("condition", whole(words.only)),
            ("condition", self.only_first),
        ]
        self._has_questions = bool(words.asking)
        self.reports, self.depending = whole(words.reports), whole(words.depending)
        self.requests, self.asking, self.yes, self.few = map(
            whole, (words.requests, words.asking, words.yes, words.few)
        )
        self.asks_first = re.compile(rf"(?<!\w)(?:{words.asks_first})\s*\Z", re.IGNORECASE)
        self._joint = re.compile(rf",\s+(?=(?:{words.joints})\s)", re.IGNORECASE)

    def may_frame(self, text: str) -> bool:
        return (
            (_QUESTION in text and self._has_questions)
            or bool(self.reports.search(text))
            or any(pattern.search(text) for _, pattern in self.framing)
        )

    def statements(self, sentence: str) -> Iterator[str]:
        """Parts that a condition does not reach over: behind a semicolon, or ", and"."""
        for part in filter(None, map(str.strip, _HARD.split(sentence))):
            begin = 0
            for joint in self._joint.finditer(part):
                # If it leaks, and if he agrees, he pays: not within the condition.
                if not self._is_open(part[begin : joint.start()]):
                    yield part[begin : joint.start()]
                    begin = joint.end()
            yield part[begin:]

    def _is_open(self, begun: str) -> bool:
        is_bound = any(pattern.match(begun) for _, pattern in self.framing)
        return is_bound and not _COMMA.search(begun)


@cache
def _patterns(code: str) -> _Patterns:
    return _Patterns(framing_words.BY_LANGUAGE.get(code, framing_words.FramingWords()))


@memoized
def _stems(text: str, lexicon: Lexicon) -> frozenset[str]:
    """Of all telling words, also of those that say no: who refuses is told from who pays."""
    return frozenset(
        clauses.stem(word)
        for word in clauses.tokens(text, lexicon)
        if word[0].isalnum() and not clauses.is_small(word, lexicon)
    )


def _weight(stems: frozenset[str]) -> int:
    """How much they tell: the thirty euros, more than that it is about a fee."""
    return len(stems) + sum(stem[0].isdigit() for stem in stems)


def _is_hedge(word: str, lexicon: Lexicon) -> bool:
    """Not "may", which is a month as well, and leave to do something."""
    return word not in lexicon.options and (word in lexicon.hedges or word in lexicon.doubts)
