"""Dehyphenation: whether the hyphen at a line's end is the word's own or the typesetter's.

Decided with the whole document in view: the word stands elsewhere in one piece, or with its
hyphen. A wrong join alters what the page says, a hyphen too many does not; so only evidence joins.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from . import compounds

# PDFium's mark, with the rest of the word right behind it; pdfminer.six leaves the line end.
MARK = "\x02"
# The hyphen stands first, so that the search for it passes over all other characters at once.
_BREAK = re.compile(r"[\x02\u2010\u00ad-](?:(?<=\x02)|(?<=[^\W\d_].)[ \t]*\r?\n[ \t]*(?=[^\W\d_]))")
_LETTERS = re.compile(r"[^\W\d_]+")
_PAIR = re.compile(r"(?<![^\W\d_])(?=([^\W\d_]+)[-\u2010]([^\W\d_]+))")
# Anchored where words begin: a page may be one word of 200,000 letters.
_HALVES = re.compile(r"(?<![^\W\d_])[^\W\d_]*\0[^\W\d_]*")
_RIGHT = re.compile(r"[^\s\x02]*")
_LAST_LETTERS = re.compile(r"[^\W\d_]*\Z")
# What part numbers, chemical names, addresses of mail and of the Web hold beside letters.
_NO_WORD = re.compile(r"[\d@/\\_:=&#%+<>{}|]|\.\w")
_TAIL = re.compile(r"[^\w\s]*(?:[(\[]\w{1,3}[)\]])?[^\w\s]*\Z")  # "signal(7)", "system[5]"
_LOWER_CASE_HYPHEN = re.compile(r"\w-[^\W\d_A-Z]*[a-z]")
_ENOUGH = 2
MOST_BREAKS = 50_000  # in a document; each takes some 20 microseconds
_SPAN = 80  # longer tokens are no words
_STEM = 3  # letters beyond the hyphen that another word has to share


@dataclass
class Vocabulary:
    """The words of a document that no line end breaks, and whether its lines break others."""

    words: Counter[str] = field(default_factory=Counter)
    pairs: Counter[str] = field(default_factory=Counter)
    hyphenates: bool = False
    _sorted: list[str] = field(default_factory=list)

    def learn(self, text: str) -> None:
        # The halves at a break are no words.
        lines = [
            _HALVES.sub(" ", line) if "\0" in line else line
            for line in _BREAK.sub("\0", text).splitlines()
        ]
        self.words.update(_LETTERS.findall("\n".join(lines).casefold()))
        paired = "\n".join(line for line in lines if "-" in line or "\u2010" in line).casefold()
        self.pairs.update(f"{left}-{right}" for left, right in _PAIR.findall(paired))

    def has_stem(self, stem: str) -> bool:
        """Whether any word begins so."""
        if not self._sorted:
            self._sorted = sorted(self.words)
        place = bisect_left(self._sorted, stem)
        return place < len(self._sorted) and self._sorted[place].startswith(stem)

    @cached_property
    def is_english(self) -> bool:
        words = self.words
        return words["the"] > words["der"] + words["und"] + words["de"] + words["la"]


def resolved(texts: Sequence[str]) -> list[str]:
    """The texts of a document's pages, each hyphen at a line's end kept or taken out."""
    breaks = sum(sum(1 for _ in _BREAK.finditer(text)) for text in texts)
    if not 0 < breaks <= MOST_BREAKS:
        return [text.replace(MARK, "-") for text in texts]
    vocabulary = Vocabulary()
    for text in texts:
        vocabulary.learn(text)
    vocabulary.hyphenates = _hyphenates(texts, vocabulary)
    return ["".join(_pieces(text, vocabulary)) for text in texts]


def _hyphenates(texts: Sequence[str], vocabulary: Vocabulary) -> bool:
    """Whether words are evidently broken at line ends, and mostly they."""
    verdicts = Counter(
        Halves.around(text, found).verdict(vocabulary)
        for text in texts
        for found in _BREAK.finditer(text)
    )
    return verdicts[True] >= _ENOUGH and verdicts[True] > verdicts[False]


def _pieces(text: str, vocabulary: Vocabulary) -> Iterable[str]:
    place = 0
    for found in _BREAK.finditer(text):
        yield text[place : found.start()]
        yield _between(text, found, vocabulary)
        place = found.end()
    yield text[place:]


def _between(text: str, found: re.Match[str], vocabulary: Vocabulary) -> str:
    """What stands between the two halves: a hyphen, with a space, or nothing."""
    halves = Halves.around(text, found)
    if halves.belong_together(vocabulary):
        return ""
    if found.group() != MARK:
        return found.group()
    return "- " if halves.is_suspended else "-"


@dataclass(frozen=True)
class Halves:
    """What stands before and behind a hyphen, up to the next white space, and what follows."""

    before: str
    behind: str
    rest: str

    @classmethod
    def around(cls, text: str, found: re.Match[str]) -> Halves:
        before = re.split(r"\s", text[max(0, found.start() - _SPAN) : found.start()])[-1]
        after = text[found.end() : found.end() + _SPAN]
        behind = _RIGHT.match(after)
        length = behind.end() if behind else 0
        return cls(before, after[:length], after[length:])

    @property
    def left(self) -> str:
        letters = _LAST_LETTERS.search(self.before[-100:])
        return letters.group() if letters else ""

    @property
    def right(self) -> str:
        letters = _LETTERS.match(self.behind)
        return letters.group() if letters else ""

    def belong_together(self, vocabulary: Vocabulary) -> bool:
        """Whether the hyphen only marks a break; in case of doubt it does not."""
        verdict = self.verdict(vocabulary)
        if verdict is None:
            return vocabulary.hyphenates and not self._may_be_compound(vocabulary)
        return verdict

    def verdict(self, vocabulary: Vocabulary) -> bool | None:
        """The same where there is evidence, else nothing."""
        if self.is_kept_by_form:
            return False
        left, right = self.left.casefold(), self.right.casefold()
        joined, kept = vocabulary.words[left + right], vocabulary.pairs[f"{left}-{right}"]
        if joined != kept:
            return joined > kept
        # A heading in capitals is broken like other words, but "MS-DOS" is too.
        if self.is_suspended or self.right.isupper():
            return False
        if len(right) > _STEM and vocabulary.has_stem(left + right[:_STEM]):
            return True
        is_compound = compounds.is_compound(left, right)
        is_none = compounds.is_no_compound(left, right)
        return None if is_compound == is_none else is_none

    def _may_be_compound(self, vocabulary: Vocabulary) -> bool:
        left, right = self.left.casefold(), self.right.casefold()
        if compounds.is_compound(left, right):
            return True
        is_left, is_right = (len(w) > 2 and bool(vocabulary.words[w]) for w in (left, right))
        # Other languages write compounds in one piece.
        if vocabulary.is_english and ((is_left and len(left) > 3) or is_right):
            return True
        return (is_left and is_right) or self._has_lower_case_hyphen

    @property
    def _has_lower_case_hyphen(self) -> bool:
        """Another hyphen in the token: "byte-for-byte", but not "Audio-Compact-Disc"."""
        return bool(_LOWER_CASE_HYPHEN.search(f"{self.before} {self.behind}"))

    @property
    def is_kept_by_form(self) -> bool:
        """Whether it cannot be one word: numbers, addresses, capitals, single letters."""
        before = self.before.lstrip("([{<\"'«»„“‘*")
        if _NO_WORD.search(before) or _NO_WORD.search(_TAIL.sub("", self.behind)):
            return True
        if min(len(self.left), len(self.right)) < 2 or before.startswith("-"):
            return True
        # "E-Mail", "US-led"
        return self.right[0].isupper() != self.left[-1].isupper() or (
            self.right[0].isupper() and not self.right.isupper()
        )

    @property
    def is_suspended(self) -> bool:
        """Whether the word is finished later: "pre- and post-tax"."""
        word = self.behind.casefold()
        if word in compounds.CONJUNCTIONS:
            return True
        return word in compounds.SHORT_CONJUNCTIONS and "-" in self.rest.split(None, 1)[0]
