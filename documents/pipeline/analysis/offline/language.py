"""Language identification by script and stop words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from functools import cache

import stopwordsiso

from documents.pipeline.analysis.schema import SourcePage

WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
SAMPLE, SAMPLES = 4_000, 12

# Fewer words, or a smaller share of small words, prove nothing.
FEWEST_WORDS, SMALLEST_SHARE = 8, 0.16

BY_SCRIPT = (
    (re.compile(r"[぀-ヿ]"), 0.05, ("ja",)),
    (re.compile(r"[가-힣]"), 0.3, ("ko",)),
    (re.compile(r"[㐀-鿿]"), 0.3, ("zh",)),
    (re.compile(r"[ก-๛]"), 0.3, ("th",)),
    (re.compile(r"[Ͱ-Ͽ]"), 0.3, ("el",)),
    (re.compile(r"[֐-׿]"), 0.3, ("he",)),
    (re.compile(r"[Ա-֏]"), 0.3, ("hy",)),
    (re.compile(r"[ঀ-৿]"), 0.3, ("bn",)),
    (re.compile(r"[઀-૿]"), 0.3, ("gu",)),
    (re.compile(r"[ऀ-ॿ]"), 0.3, ("hi", "mr")),
    (re.compile(r"[؀-ۿ]"), 0.3, ("ar", "fa", "ur")),
    (re.compile(r"[Ѐ-ӿ]"), 0.3, ("ru", "uk", "bg")),
)
LATIN_CODES = (
    "en fr de es it pt nl pl sv no da fi cs sk hu ro tr hr sl lt lv et ca gl eu ga id vi af"
)
LATIN = LATIN_CODES.split()


@cache
def stop_words(language: str | None) -> frozenset[str]:
    """The small words of a language; English ones where the language is not known."""
    known = language if language and stopwordsiso.has_lang(language) else "en"
    words = frozenset(word.lower() for word in stopwordsiso.stopwords(known))
    if known != "en":
        return words
    return words | {part for word in words if "'" in word for part in word.split("'") if part}


def detect(pages: Sequence[SourcePage]) -> str | None:
    """The language's two-letter code, or None where there is too little to tell."""
    sample = _sample(pages)
    letters = sum(map(str.isalpha, sample))
    if not letters:
        return None
    for script, share, languages in BY_SCRIPT:
        if len(script.findall(sample)) >= max(2, share * letters):
            return languages[0] if len(languages) == 1 else _by_small_words(sample, languages)
    return _by_small_words(sample, LATIN)


def _sample(pages: Sequence[SourcePage]) -> str:
    """A dozen stretches from all over the document, so that a foreign preface decides nothing."""
    step = max(1, len(pages) // SAMPLES)
    chosen = list(pages)[::step][: SAMPLES + 1]
    each = SAMPLE if len(chosen) > 3 else SAMPLE * SAMPLES // max(1, len(chosen))
    return "\n".join(page.text[:each] for page in chosen)


def _by_small_words(sample: str, languages: Sequence[str]) -> str | None:
    words = [word.replace("’", "'") for word in WORD.findall(sample.lower())]
    if len(words) < FEWEST_WORDS:
        return None
    counts = Counter(words)
    shared = _sharing(tuple(languages))
    scores: dict[str, float] = dict.fromkeys(languages, 0.0)
    hits: dict[str, int] = dict.fromkeys(languages, 0)
    for word, count in counts.items():
        owners = shared.get(word, ())
        for language in owners:
            scores[language] += count / len(owners)
            hits[language] += count
    # Ties go to the language named first.
    best = max(languages, key=lambda language: scores[language])
    return best if hits[best] >= SMALLEST_SHARE * len(words) else None


@cache
def _sharing(languages: tuple[str, ...]) -> dict[str, list[str]]:
    """Each small word with the languages that use it: a shared one speaks for none."""
    sharing: dict[str, list[str]] = {}
    for language in languages:
        for word in stopwordsiso.stopwords(language):
            sharing.setdefault(word.lower(), []).append(language)
    return sharing
