"""Candidates for topics: words and runs of words, counted; names and compounds stay whole."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from documents.pipeline.analysis.offline.actions import tables
from documents.pipeline.analysis.offline.layout import MAIL_LABEL
from documents.pipeline.analysis.offline.sentences import HEADING, TABLE, Sentences
from documents.pipeline.analysis.offline.topic_words import UNSPACED_STOP_WORDS
from documents.pipeline.analysis.offline.words import UNSPACED

LONGEST_PHRASE, LONGEST_NAME, LONGEST_WORD = 4, 6, 40
MOST_PHRASES = 200_000

TOKEN = re.compile(r"\w+(?:['’\-]\w+)*")
GAP = re.compile(r" *(?:\r?\n[ \t]*)?")
# Two spaces, or a tab, divide the cells of a row.
GAP_IN_ROW = re.compile(r" ?")
# "l'installation", "dell'acqua": the article is a small word of its own.
ELISION = re.compile(
    r"(?:[ldjmtnsc]|qu|jusqu|lorsqu|puisqu|un|gl|(?:d|n|s)?[ae]ll|sull|coll|quest|quell)['’](?=\w\w)",
    re.IGNORECASE,
)
ADDRESS = re.compile(r"[\w.+-]{1,64}@[\w.-]{1,99}")
POSSESSIVE = re.compile(r"['’]s?$", re.IGNORECASE)
CONTRACTION = re.compile(r"n['’]t$|['’](?:ll|re|ve|m|d)$", re.IGNORECASE)
SUBJECT = re.compile(r"\s{0,3}(?:subject|re|fwd?|betreff)\b", re.IGNORECASE)

# Compounds of Han characters and katakana; what stands between them is grammar.
COMPOUND = re.compile(r"[ァ-ヺー\u3400-\u9fff々]{2,200}")
SCRIPT = re.compile(r"[ァ-ヺー]+|[\u3400-\u9fff々]+")
KATAKANA = re.compile(r"[ァ-ヺー]+")
FUNCTION_CHARACTERS = re.compile(
    "[的了是在和與与及也都就而这這那我你您他她它們们]|" + "|".join(sorted(UNSPACED_STOP_WORDS))
)
LONGEST_UNSPACED = 6


@dataclass(slots=True)
class Tally:
    """Counts of phrases, each with the sentence where it stands first."""

    phrases: dict[str, int] = field(default_factory=dict)
    first: dict[str, int] = field(default_factory=dict)
    tokens: Counter[str] = field(default_factory=Counter)
    lower_case: set[str] = field(default_factory=set)

    def add(self, phrase: str, sentence: int, weight: int) -> None:
        self.phrases[phrase] = self.phrases.get(phrase, 0) + weight
        self.first.setdefault(phrase, sentence)

    def forget_rare(self) -> None:
        fewest = 2
        while len(self.phrases) > MOST_PHRASES // 2:
            self.phrases = {p: n for p, n in self.phrases.items() if n >= fewest}
            fewest *= 2
        self.first = {phrase: self.first[phrase] for phrase in self.phrases}
        if len(self.tokens) > MOST_PHRASES:
            self.tokens = Counter({t: n for t, n in self.tokens.items() if n > 1})
            self.lower_case &= self.tokens.keys()


@dataclass(slots=True)
class _Run:
    """Words with nothing between them but a space; which of them wear a capital."""

    words: list[str] = field(default_factory=list)
    capitals: list[bool] = field(default_factory=list)

    def add(self, word: str, token: str) -> None:
        self.words.append(word)
        self.capitals.append(token[0].isupper())

    def phrases(self, *, is_heading: bool) -> Iterator[str]:
        for size in range(1, min(LONGEST_NAME, len(self.words)) + 1):
            for begin in range(len(self.words) - size + 1):
                if size > LONGEST_PHRASE and not all(self.capitals[begin : begin + size]):
                    continue
                if is_heading or not self._cuts_a_name(begin, begin + size):
                    yield " ".join(self.words[begin : begin + size])

    def _cuts_a_name(self, begin: int, end: int) -> bool:
        """Whether a word with a capital stands on both sides of either edge."""
        capitals = self.capitals
        return (begin > 0 and capitals[begin - 1] and capitals[begin]) or (
            end < len(capitals) and capitals[end - 1] and capitals[end]
        )


def tally(sentences: Sentences, stop_words: frozenset[str]) -> Tally:
    counts = Tally()
    for index in range(len(sentences)):
        text = sentences.source(index)
        if MAIL_LABEL.match(text) and not SUBJECT.match(text):
            continue
        kind = sentences.kind(index)
        if kind & TABLE and tables.header(text):
            continue
        is_heading = bool(kind & HEADING)
        weight = 2 if is_heading else 1
        if not text.isascii() and UNSPACED.search(text):
            phrases: Iterator[str] = unspaced(text)
            weight = 1  # That a stretch is a word shows in a second place only.
        else:
            text = ADDRESS.sub("|", text) if "@" in text else text
            gap = GAP_IN_ROW if kind & TABLE else GAP
            runs = _runs(counts, text, stop_words, gap)
            phrases = (p for run in runs for p in run.phrases(is_heading=is_heading))
        for phrase in phrases:
            counts.add(phrase, index, weight)
        if len(counts.phrases) > MOST_PHRASES:
            counts.forget_rare()
    return counts


def _runs(
    counts: Tally, text: str, stop_words: frozenset[str], gap: re.Pattern[str]
) -> Iterator[_Run]:
    run, end = _Run(), 0
    for match in TOKEN.finditer(text):
        token, elision = _whole_word(match.group())
        word = token.lower()
        is_apart = bool(elision) or not gap.fullmatch(text, end, match.start())
        is_small = len(word) < 2 or word in stop_words or word[0].isdigit()
        if run.words and (is_apart or is_small):
            yield run
            run = _Run()
        end = match.start() + elision + len(token)
        if is_small or len(word) > LONGEST_WORD or CONTRACTION.search(word):
            continue
        counts.tokens[word] += 1
        if token[0].islower():
            counts.lower_case.add(word)
        run.add(word, token)
    if run.words:
        yield run


def _whole_word(token: str) -> tuple[str, int]:
    """The word without article or possessive, and how long the article is."""
    if token.isalnum():
        return token, 0
    elided = ELISION.match(token)
    begin = elided.end() if elided else 0
    return POSSESSIVE.sub("", token[begin:]), begin


def unspaced(text: str) -> Iterator[str]:
    """Compounds, the runs of one script in them, and stretches of Han characters.

    Which stretches are words shows in how often they recur; katakana is never cut.
    """
    for match in COMPOUND.finditer(FUNCTION_CHARACTERS.sub(" ", text)):
        compound = match.group()
        parts = SCRIPT.findall(compound)
        if len(parts) > 1 and len(compound) <= 2 * LONGEST_UNSPACED:
            yield compound
        for part in parts:
            if KATAKANA.fullmatch(part):
                if 2 <= len(part) <= LONGEST_WORD:
                    yield part
            else:
                yield from _stretches(part)


def _stretches(run: str) -> Iterator[str]:
    for size in range(2, min(LONGEST_UNSPACED, len(run)) + 1):
        for begin in range(len(run) - size + 1):
            yield run[begin : begin + size]
