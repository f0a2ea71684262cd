"""Clauses: a sentence cut where a new statement begins, each with what turns it around."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from documents.pipeline.analysis.evidence import dates, normalization, numbers
from documents.pipeline.analysis.evidence.memo import memoized
from documents.pipeline.analysis.evidence.support import figure_words, quantities
from documents.pipeline.analysis.evidence.support.lexicon import Lexicon, Words

_TOKEN = re.compile(
    r"\d+(?:[.,:/]\d+)*|[^\W\d_]+(?:'[^\W\d_]+)*'?|[;:()!?–—。！？；]|,|，|(?<=[^\W\d_]{2})\.(?=\s)"
)
HARD = frozenset(";:()!?–—。！？；.，")
_AND = {"en": ("and",), "de": ("und",), "fr": ("et",), "es": ("y", "e"), "ru": ("и",),
        "cs": ("a", "i")}  # fmt: skip
_PLAIN_NOT = frozenset(["no", "ne", "n'", "pas", "не", "není", "sin", "sans", "без", "bez"])
_THAT = frozenset(["that", "dass", "que", "qu'", "что", "že", "ob", "whether", "чтобы", "ли"])
_STEM = 5
WITHOUT = frozenset(["without", "ohne", "sans", "sin", "без", "bez"])
_FEW = 3  # words of a statement that what it is without belongs to
_LONG_LIST = 4  # words behind ", and" that are more than the last of a list
_AFTER_WITHOUT = 4  # words, with it
# The month, which is no "may": it tells no more than other small words.
_MAY = re.compile(
    r"(?<=\d )May\b|(?<=\d(?:st|nd|rd|th) )May\b|\bMay(?= \d)|(?<=\bof )May\b|(?<=\bin )May\b"
    r"|(?<=\bby )May\b|(?<=\bsince )May\b|(?<=\buntil )May\b|(?<=\bfrom )May\b|(?<=\bto )May\b"
    r"|(?<=\bbefore )May\b|(?<=\bafter )May\b|(?<=\bthis )May\b|(?<=\bnext )May\b|(?<=\blast )May\b"
)
_UN = re.compile(r"un(?!it|der|i)[a-z]{3,}ed")


@dataclass(frozen=True, eq=False)  # each is one place of one text
class Clause:
    """The words of one statement, in small letters."""

    words: list[str]
    lexicon: Lexicon
    shared: frozenset[str] = frozenset()  # denials of claim and quote alike, which cancel out

    def sharing(self, denials: frozenset[str]) -> Clause:
        """The same clause, with what is known of it, where nothing is shared."""
        return replace(self, shared=denials) if denials != self.shared else self

    def in_words(self, words: list[str]) -> Clause:
        """The same clause, with what is known of it, where its words are these."""
        return replace(self, words=words) if words != self.words else self

    @cached_property
    def negations(self) -> list[str]:
        found = [word for word in self.words if is_negation(word, self.lexicon)]
        if not self.lexicon.has_concord:
            return found
        # "Denies that anybody" has its anybody in the negative, too.
        said = [word for word in self.words if word in found or word in self.denials]
        is_echo = bool(said) and said[0] in self.denials and not _PLAIN_NOT.intersection(found)
        return [] if is_echo else found[:1]

    @cached_property
    def all_denials(self) -> list[str]:
        return [
            word
            for word in self.words
            if word in self.lexicon.denials or _is_un_word(word, self.lexicon)
        ]

    @cached_property
    def denials(self) -> list[str]:
        return [word for word in self.all_denials if word not in self.shared]

    @property
    def is_negative(self) -> bool | None:
        """None where it says no twice, which may be yes or an emphatic no."""
        count = len(self.negations) + len(self.denials)
        if len(self.denials) > 1 or (count > 1 and not self.denials):
            return None
        return count % 2 == 1

    def said(self, listed: Words) -> list[str]:
        """Those of its words that are on the list."""
        if (found := self._said.get(listed)) is None:
            found = self._said[listed] = listed.among(self.words)
        return found

    @cached_property
    def _said(self) -> dict[Words, list[str]]:
        return {}  # A quoted clause is asked the same for each claim that rests on it.

    @property
    def is_restricted(self) -> bool:
        return self.is_conditional or bool(self.said(self.lexicon.limits))

    @property
    def is_conditional(self) -> bool:
        return bool(self.said(self.lexicon.restrictors))

    @cached_property
    def stems(self) -> frozenset[str]:
        """What it is about, leaving out what only turns it around."""
        return frozenset(
            stem(word)
            for word in self.words
            if not is_small(word, self.lexicon) and not is_negation(word, self.lexicon)
            and word not in self.lexicon.denials
            and word not in self.lexicon.restrictors
            and word not in self.lexicon.limits
        )  # fmt: skip


def stem(word: str) -> str:
    """Enough of a word to know its relatives by; a number as its value."""
    if word[0].isdigit():
        return numbers.plain(word)
    word = word[2:] if _is_un(word) else word
    is_plural = 3 < len(word) <= _STEM and word.endswith("s") and not word.endswith("ss")
    return word[:-1] if is_plural else word[:_STEM]


@memoized
def read(text: str, lexicon: Lexicon) -> tuple[Clause, ...]:
    return tuple(Clause(words, lexicon) for words in _cut(tokens(text, lexicon), lexicon))


@memoized
def tokens(text: str, lexicon: Lexicon) -> tuple[str, ...]:
    """Words, numbers and the marks that may end a clause; number words are figures."""
    whole = normalization.with_whole_numbers(_with_plain_dates(text))
    plain = normalization.compatible(whole).casefold().replace("’", "'")
    plain = figure_words.respelled(quantities.with_named_signs(plain), lexicon.code)
    if (pattern := lexicon.phrase_pattern) is not None:
        plain = pattern.sub(lambda found: lexicon.phrases[found[0]], plain)
    return tuple(lexicon.numbers.get(token, token) for token in _split(plain, lexicon))


def _with_plain_dates(text: str) -> str:
    """The text with each whole date as one number, however it is written."""
    for date in reversed(dates.find(text)):
        if date.year:
            day = f" {date.year}{date.month:02}{date.day:02} "
            text = text[: date.start] + day + text[date.end :]
    return _MAY.sub(" ", text)


def _split(plain: str, lexicon: Lexicon) -> Iterator[str]:
    for token in _TOKEN.findall(plain):
        if lexicon.code == "zh" and token[0].isalpha():
            yield from token
        elif "'" not in token or lexicon.code not in ("fr", "en"):
            yield token
        elif lexicon.code == "fr":
            head, _, tail = token.partition("'")
            yield from filter(None, [f"{head}'", tail])
        else:
            yield token.removesuffix("'s").removesuffix("'")


def _cut(found: Sequence[str], lexicon: Lexicon) -> Iterator[list[str]]:
    """Cut at marks and before joints; at "and" and commas where both sides have a verb."""
    clause: list[str] = []
    for place, token in enumerate(found):
        if _begins_clause(found, place, clause, lexicon) and clause:
            yield clause
            clause = []
        if token[0].isalnum():
            clause.append(token)
        if len(clause) == _AFTER_WITHOUT and clause[0] in WITHOUT:
            yield clause
            clause = []
    if clause:
        yield clause


def _begins_clause(found: Sequence[str], place: int, clause: list[str], lexicon: Lexicon) -> bool:
    word = found[place]
    if word in WITHOUT and lexicon.has_concord and len(clause) <= _FEW:
        return False  # El camino está sin asfaltar: "sin" is its no.
    if word in HARD or word in lexicon.joints:
        return True
    if word in lexicon.limits and _has_verb(clause, lexicon):
        return _has_verb(found[place + 1 : place + 3], lexicon)  # Before they may go in.
    if word != "," and not is_and(word, lexicon):
        return False
    following = found[place + 1 : place + 9]
    if following[:1] and following[0] in _THAT:
        return False
    if word == "," and len(following) > _LONG_LIST and is_and(following[0], lexicon):
        return True
    return _has_verb(clause, lexicon) and _has_verb(following, lexicon)


def _has_verb(words: Sequence[str], lexicon: Lexicon) -> bool:
    return any(word in lexicon.finite for word in words)


def is_and(word: str, lexicon: Lexicon) -> bool:
    return word in _AND.get(lexicon.code, ())


def is_small(word: str, lexicon: Lexicon) -> bool:
    return word in lexicon.common or (len(word) == 1 and word.isalpha() and lexicon.code != "zh")


def is_negation(word: str, lexicon: Lexicon) -> bool:
    return word in lexicon.negations or word.endswith("n't")


def _is_un_word(word: str, lexicon: Lexicon) -> bool:
    return lexicon.code == "en" and _is_un(word)


def _is_un(word: str) -> bool:
    # Most words are known by their beginning: asked of each, the pattern takes longer.
    return word.startswith("un") and _UN.fullmatch(word) is not None
