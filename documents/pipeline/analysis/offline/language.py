"""Language identification: by script, then by letter pairs and small words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from itertools import islice

import stopwordsiso

from documents.pipeline.analysis.schema import SourcePage
from documents.pipeline.extraction.encodings import letter_pairs

WORD = re.compile(rf"(?:[^\W\d_]|[{letter_pairs.MARKS}\u0900-\u0dff])+")
# Addresses, options, names of files and what a program says in capitals are in no language.
NO_WORD = re.compile(r"[\d_/@\\<>=]|^[A-Z]{2,}\W*$")
SAMPLE_WORDS, SAMPLES = 60, 40

# Fewer words prove nothing; nor does a text without small words, unless its letters do: names and
# code look a little like every language. The lead over the next language is of a word's cost.
FEWEST_WORDS, SMALLEST_SHARE, CLEAR_LEAD = 4, 0.05, 0.25

# A page with so many small words of the document's language is in it; others are looked at.
OBVIOUS_SHARE = 0.22

# A sentence with so many of the document's small words is in its language, whatever it names.
OWN_SHARE = 0.12

SHARED_BY = 3  # languages at most, for a small word to tell its own

# What a small word tells, in the units of letter costs: natural logarithms.
SMALL_WORD = 3.0

BY_SCRIPT = (
    (re.compile(r"[぀-ヿ]"), 0.05, ("ja",)),
    (re.compile(r"[가-힣]"), 0.3, ("ko",)),
    (re.compile(r"[㐀-鿿]"), 0.3, ("zh",)),
    (re.compile(r"[ก-๛]"), 0.3, ("th",)),
    (re.compile(r"[Ͱ-Ͽἀ-῿]"), 0.3, ("el",)),
    (re.compile(r"[֐-׿]"), 0.3, ("he",)),
    (re.compile(r"[Ա-֏]"), 0.3, ("hy",)),
    (re.compile(r"[ঀ-৿]"), 0.3, ("bn",)),
    (re.compile(r"[઀-૿]"), 0.3, ("gu",)),
    (re.compile(r"[ऀ-ॿ]"), 0.3, ("hi", "mr")),
    (re.compile(r"[ٹڈڑںےھہ]"), 0.04, ("ur",)),
    (re.compile(r"[؀-ۿ]"), 0.3, ("ar", "fa")),
    (re.compile(r"[Ѐ-ӿ]"), 0.3, ("ru", "uk", "bg", "be", "mk", "sr")),
)
LATIN_LETTER = re.compile(r"[a-zß-öø-ɏḀ-ỿ\u0300-\u036f]")
LATIN_CODES = (
    "en fr de es it pt nl pl sv no da fi cs sk hu ro tr hr sl lt lv et ca gl eu ga id vi af is cy"
)
LATIN = tuple(LATIN_CODES.split())
# What the table of letter pairs calls the language.
TABLE_NAMES = {"no": "nb"}


@cache
def stop_words(language: str | None) -> frozenset[str]:
    """The small words of a language; English ones where the language is not known."""
    known = language if language and stopwordsiso.has_lang(language) else "en"
    words = frozenset(word.lower() for word in stopwordsiso.stopwords(known))
    if known != "en":
        return words
    return words | {part for word in words if "'" in word for part in word.split("'") if part}


def detect(pages: Sequence[SourcePage]) -> str | None:
    """The document's main language, a two-letter code; None where there is too little to tell."""
    step = max(1, len(pages) // SAMPLES)
    chosen = list(pages)[::step][: SAMPLES + 1]
    each = SAMPLE_WORDS * max(1, 12 // max(1, len(chosen)))
    # Each stretch has one voice: a foreign preface on one page decides nothing.
    voices = Counter(filter(None, (of_text(page.text, each) for page in chosen)))
    return voices.most_common(1)[0][0] if voices else None


def of_pages(pages: Sequence[SourcePage], main: str | None) -> list[str | None]:
    """The language of each page; the document's own where the page does not clearly differ."""
    if len(pages) == 1:
        return [main]
    return [_of_page(page.text, main) for page in pages]


def parts(pages: Sequence[SourcePage], main: str | None) -> dict[str | None, list[SourcePage]]:
    """The pages by their language, the document's own first."""
    divided: dict[str | None, list[SourcePage]] = {main: []}
    for page, spoken in zip(pages, of_pages(pages, main), strict=True):
        divided.setdefault(spoken, []).append(page)
    return divided


def is_in_another(text: str, main: str) -> bool:
    """Whether a sentence is in another language: hardly a word of it is one of the document's."""
    words = list(_words(text, SAMPLE_WORDS))
    own = sum(word in _telling_words(main) for word in words)
    if len(words) < FEWEST_WORDS or own > OWN_SHARE * len(words):
        return False
    found = of_text(text)
    if found in (main, None):
        return False
    # Few words look like anything: some of them must be small words of that language.
    theirs = sum(word in _telling_words(found) for word in words)
    return theirs > own if len(words) >= 2 * FEWEST_WORDS else theirs > 0 == own


def _of_page(text: str, main: str | None) -> str | None:
    words = list(_words(text, SAMPLE_WORDS))
    own = sum(word in _telling_words(main) for word in words) if main else 0
    if main is None or len(words) < SAMPLE_WORDS // 2 or own >= OBVIOUS_SHARE * len(words):
        return main
    # Half a page of names or code looks like anything: only what is plain counts.
    found = of_text(text, SAMPLE_WORDS)
    if found != main and of_text(text[len(text) // 2 :]) == main:
        return main  # An English notice at the head of a page says little of the rest.
    theirs = sum(word in _telling_words(found) for word in words) if found else 0
    return found if found and (theirs > 2 * own or found in _WITHOUT_SPACES) else main


_WITHOUT_SPACES = frozenset(["ja", "zh", "th"])


def of_text(text: str, most_words: int = SAMPLE_WORDS) -> str | None:
    """The language of a text, by so many of its words."""
    sample = " ".join(_words(text, most_words))
    letters = sum(map(str.isalpha, sample))
    if not letters:
        return None
    for script, share, languages in BY_SCRIPT:
        if len(script.findall(sample)) >= max(2, share * letters):
            return languages[0] if len(languages) == 1 else _by_letter_pairs(sample, languages)
    if 2 * len(LATIN_LETTER.findall(sample)) < letters:
        return None
    return _by_letter_pairs(sample, LATIN)


def _words(text: str, most: int) -> Iterator[str]:
    return islice(_all_words(text[: most * 40]), most)


def _all_words(text: str) -> Iterator[str]:
    for token in text.split():
        if not NO_WORD.search(token):
            yield from WORD.findall(token.lower())


def _by_letter_pairs(sample: str, languages: tuple[str, ...]) -> str | None:
    words = sample.split()
    if len(words) < FEWEST_WORDS:
        return None
    totals = [0.0] * len(languages)
    for word in words:
        for place, cost in enumerate(_costs(word, languages)):
            totals[place] += cost
    # Ties go to the language named first.
    first, second = sorted(range(len(languages)), key=lambda place: totals[place])[:2]
    hits = sum(word in _small_words(languages[first]) for word in words)
    lead = totals[second] - totals[first]
    is_plain = hits >= SMALLEST_SHARE * len(words) or lead >= CLEAR_LEAD * len(words)
    return languages[first] if is_plain else None


@lru_cache(maxsize=2048)
def _costs(word: str, languages: tuple[str, ...]) -> tuple[float, ...]:
    """How surprising the word is in each of the languages, in their order."""
    table = letter_pairs.languages()
    return tuple(
        (table[name].cost(word) if (name := TABLE_NAMES.get(code, code)) in table else 0.0)
        - SMALL_WORD * (word in _small_words(code))
        for code in languages
    )


@cache
def _telling_words(language: str) -> frozenset[str]:
    """The small words that few others have: some lists hold those of their neighbors, too."""
    lists = Counter(word for other in LATIN for word in _small_words(other))
    return frozenset(word for word in _small_words(language) if lists[word] <= SHARED_BY)


@cache
def _small_words(language: str) -> frozenset[str]:
    known = stopwordsiso.has_lang(language)
    return frozenset(map(str.lower, stopwordsiso.stopwords(language))) if known else frozenset()
