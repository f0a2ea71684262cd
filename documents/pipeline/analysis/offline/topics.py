"""Key phrases (as in RAKE): what stands between stop words, comes often and comes early."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from documents.pipeline.analysis.offline.sentences import HEADING, Sentences
from documents.pipeline.analysis.offline.words import UNSPACED, listed
from documents.pipeline.analysis.schema import Topic

MOST_TOPICS, LONGEST_PHRASE = 8, 4
MOST_PHRASES = 200_000

TOKEN = re.compile(r"\w+(?:['’\-]\w+)*")
GAP = re.compile(r"[ \t]*(?:\r?\n[ \t]*)?")
UNSPACED_RUN = re.compile(r"[ァ-ヿー]{2,10}|[㐀-鿿]{2,8}")
FUNCTION_CHARACTERS = re.compile(
    r"[的了是在和与與及也都不就而着著这這那有对對为為以将將从從被把等我你您他她它们們个個一之其所或但要会會到上下中]"
)
NEVER_ALONE = listed(
    # Verbs, dates and courtesies that are frequent and name nothing.
    """
    said says told asked agreed reported noted added made make makes making take takes taken going
    monday tuesday wednesday thursday friday saturday sunday today tomorrow yesterday week weeks
    month months year years day days january february march april may june july august september
    october november december time times people thing things way lot minutes meeting page okay
    yeah um uh please thanks thank dear hello regards hi http https www com pdf percent euros
    dollars action actions item items todo asap discussed approved confirmed decided
    subject sent cheers attached apologies attending received held morning afternoon evening
    """
)


@dataclass(slots=True)
class _Tally:
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


def find(
    sentences: Sentences, stop_words: frozenset[str], names: frozenset[str] = frozenset()
) -> list[Topic]:
    """The best-ranked phrases; `names` are people's and name no topic."""
    tally = _tally(sentences, stop_words | {name.lower() for name in names})
    ranked = sorted(tally.phrases, key=lambda phrase: (-_score(phrase, tally), phrase))
    topics: list[Topic] = []
    kept: list[str] = []
    for phrase in ranked[:400]:
        if len(topics) == MOST_TOPICS:
            break
        if _is_worth_naming(phrase, tally) and not any(_overlap(phrase, other) for other in kept):
            topic = _with_evidence(phrase, tally, sentences)
            if topic:
                topics.append(topic)
                kept.append(phrase)
    return topics


def _tally(sentences: Sentences, stop_words: frozenset[str]) -> _Tally:
    tally = _Tally()
    for index in range(len(sentences)):
        text = sentences.source(index)
        weight = 2 if sentences.kind(index) & HEADING else 1
        if not text.isascii() and UNSPACED.search(text):
            for phrase in _unspaced_phrases(text):
                tally.add(phrase, index, weight)
        else:
            _tally_spaced(tally, text, index, weight, stop_words)
        if len(tally.phrases) > MOST_PHRASES:
            tally.forget_rare()
    return tally


def _tally_spaced(
    tally: _Tally, text: str, index: int, weight: int, stop_words: frozenset[str]
) -> None:
    for run in _runs(tally, text, stop_words):
        for size in range(1, min(LONGEST_PHRASE, len(run)) + 1):
            for begin in range(len(run) - size + 1):
                tally.add(" ".join(run[begin : begin + size]), index, weight)


def _runs(tally: _Tally, text: str, stop_words: frozenset[str]) -> Iterator[list[str]]:
    """Stretches of words with nothing but a space between them and no small word among them."""
    run: list[str] = []
    end = 0
    for match in TOKEN.finditer(text):
        token = match.group()
        word = token.lower()
        if run and not GAP.fullmatch(text, end, match.start()):
            yield run
            run = []
        end = match.end()
        if len(word) < 2 or word in stop_words or word[0].isdigit() or len(word) > 40:
            if run:
                yield run
            run = []
            continue
        tally.tokens[word] += 1
        if token[0].islower():
            tally.lower_case.add(word)
        run.append(word)
    if run:
        yield run


def _unspaced_phrases(text: str) -> Iterator[str]:
    for match in UNSPACED_RUN.finditer(FUNCTION_CHARACTERS.sub(" ", text)):
        run = match.group()
        yield run
        if len(run) > 4:
            yield from (run[:2], run[-2:], run[:4], run[-4:])


def _score(phrase: str, tally: _Tally) -> float:
    """How often, of how frequent words, how long and how early."""
    parts = phrase.split()
    frequency = tally.phrases[phrase]
    mean = sum(tally.tokens[part] or frequency for part in parts) / len(parts)
    length = len(parts) if len(parts) > 1 or phrase.isascii() else max(1, len(phrase) / 2)
    early = 1 / (1 + 0.15 * math.log1p(tally.first[phrase]))
    if frequency == 1 and len(parts) > 2:
        length = 1.5
    if parts[-1].endswith(("ed", "ly")):
        length *= 0.5
    return math.log1p(frequency) * math.log1p(mean) * length * early


def _is_worth_naming(phrase: str, tally: _Tally) -> bool:
    parts = phrase.split()
    if parts[0] in NEVER_ALONE or parts[-1] in NEVER_ALONE:
        return False
    if len(parts) == 1 and (len(phrase) < 3 and phrase.isascii()):
        return False
    return len(parts) == len(set(parts)) and tally.phrases[phrase] > 0


def _overlap(phrase: str, other: str) -> bool:
    """Whether two phrases name the same: one holds the other, or they share most words."""
    if phrase in other or other in phrase:
        return True
    mine, its = {_stem(p) for p in phrase.split()}, {_stem(p) for p in other.split()}
    return len(mine & its) * 2 >= min(len(mine), len(its)) + 1


def _stem(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") else word


def _with_evidence(phrase: str, tally: _Tally, sentences: Sentences) -> Topic | None:
    index = tally.first[phrase]
    source = sentences.source(index)
    spaced = r"\s+".join(map(re.escape, phrase.split()))
    match = re.search(spaced, source, re.IGNORECASE)
    if match is None:
        return None
    label = " ".join(_as_written(word, tally) for word in match.group().split())
    return Topic(label, [sentences.evidence_within(index, match.start(), match.end())])


def _as_written(word: str, tally: _Tally) -> str:
    """A capital stays where the document never writes the word without one."""
    lower = word.lower()
    if lower in tally.lower_case or (word.isupper() and len(word) > 5):
        return lower
    return word
