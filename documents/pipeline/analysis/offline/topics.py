"""Key phrases (as in RAKE): what stands between stop words, comes often and comes early."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable

from documents.pipeline.analysis.offline import topic_phrases
from documents.pipeline.analysis.offline.sentences import HEADING, Sentences
from documents.pipeline.analysis.offline.topic_phrases import Tally
from documents.pipeline.analysis.offline.topic_words import NEVER_ALONE
from documents.pipeline.analysis.offline.words import UNSPACED
from documents.pipeline.analysis.schema import Topic

MOST_TOPICS, MOST_RANKED = 8, 400
# Sentences looked at for how a topic is mostly spelt.
FOR_SPELLING = 5_000
# Where a longer stretch stands nearly as often, the shorter is a part of it.
PART_OF_LONGER = 0.75


def find(
    sentences: Sentences, stop_words: frozenset[str], names: frozenset[str] = frozenset()
) -> list[Topic]:
    """The best-ranked phrases; `names` are people's and name no topic."""
    tally = topic_phrases.tally(sentences, stop_words | {name.lower() for name in names})
    longer = _longer_stretches(tally)
    ranked = sorted(tally.phrases, key=lambda phrase: (-_score(phrase, tally), phrase))
    kept: list[str] = []
    for phrase in ranked[:MOST_RANKED]:
        if len(kept) == MOST_TOPICS:
            break
        if _is_worth_naming(phrase, tally, longer) and not any(_overlap(phrase, k) for k in kept):
            kept.append(phrase)
    spellings = _spellings(kept, sentences)
    found = (_with_evidence(phrase, tally, sentences, spellings[phrase]) for phrase in kept)
    return [topic for topic in found if topic]


def _longer_stretches(tally: Tally) -> dict[str, int]:
    """How often the commonest stretch stands that has one character more, for unspaced text."""
    longer: dict[str, int] = {}
    for phrase, count in tally.phrases.items():
        if len(phrase) > 2 and not phrase.isascii() and UNSPACED.match(phrase):
            for part in (phrase[:-1], phrase[1:]):
                longer[part] = max(count, longer.get(part, 0))
    return longer


def _score(phrase: str, tally: Tally) -> float:
    """How often, of how frequent words, how long and how early."""
    parts = phrase.split()
    frequency = tally.phrases[phrase]
    mean = sum(tally.tokens[part] or frequency for part in parts) / len(parts)
    is_spaced = len(parts) > 1 or phrase.isascii() or not UNSPACED.match(phrase)
    length = len(parts) if is_spaced else max(1, min(len(phrase), 8) / 2)
    early = 1 / (1 + 0.15 * math.log1p(tally.first[phrase]))
    if frequency == 1 and len(parts) > 2:
        length = 1.5
    if parts[-1].endswith(("ed", "ly")):
        length *= 0.5
    return math.log1p(frequency) * math.log1p(mean) * length * early


def _is_worth_naming(phrase: str, tally: Tally, longer: dict[str, int]) -> bool:
    parts, count = phrase.split(), tally.phrases[phrase]
    if parts[0] in NEVER_ALONE or parts[-1] in NEVER_ALONE:
        return False
    if len(phrase) < 3 and phrase.isascii():
        return False
    if UNSPACED.match(phrase):
        # A stretch that stands once is a word only by chance.
        return count > 1 and longer.get(phrase, 0) < PART_OF_LONGER * count
    return len(parts) == len(set(parts)) and (count > 1 or len(parts) > 1)


def _overlap(phrase: str, other: str) -> bool:
    """Whether two phrases name the same: one holds the other, or they share most words."""
    if phrase in other or other in phrase:
        return True
    mine, its = {_stem(p) for p in phrase.split()}, {_stem(p) for p in other.split()}
    return len(mine & its) * 2 >= min(len(mine), len(its)) + 1


def _stem(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") else word


def _pattern(phrase: str) -> re.Pattern[str]:
    words = r"\s+".join(map(re.escape, phrase.split()))
    # A word is found whole: not "art" in "start".
    return re.compile(words if UNSPACED.match(phrase) else rf"(?<!\w){words}(?!\w)", re.IGNORECASE)


def _spellings(phrases: Iterable[str], sentences: Sentences) -> dict[str, str | None]:
    """How each phrase is mostly spelt inside sentences; None where it only opens them."""
    counts: dict[str, Counter[str]] = {phrase: Counter() for phrase in phrases}
    patterns = {phrase: _pattern(phrase) for phrase in counts}
    for index in range(min(len(sentences), FOR_SPELLING)):
        if sentences.kind(index) & HEADING:
            continue
        source = sentences.source(index)
        for phrase, pattern in patterns.items():
            # The capital of a first word says nothing.
            for match in pattern.finditer(source, 1):
                counts[phrase][" ".join(match.group().split())] += 1
    return {p: count.most_common(1)[0][0] if count else None for p, count in counts.items()}


def _with_evidence(
    phrase: str, tally: Tally, sentences: Sentences, spelling: str | None
) -> Topic | None:
    index = tally.first[phrase]
    match = _pattern(phrase).search(sentences.source(index))
    if match is None:
        return None
    written = " ".join(match.group().split())
    label = spelling or _as_written(written, tally)
    return Topic(label, [sentences.evidence_within(index, match.start(), match.end())])


def _as_written(phrase: str, tally: Tally) -> str:
    """Capitals stay unless the document writes every word without; half a name is none."""
    if phrase.isupper() and len(phrase) > 5:
        return phrase.lower()
    is_plain = all(word in tally.lower_case for word in phrase.lower().split())
    return phrase.lower() if is_plain else phrase
