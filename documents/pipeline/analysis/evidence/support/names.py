"""Names: whether those of a claim stand where its quotes do."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

from documents.pipeline.analysis.evidence import dates
from documents.pipeline.analysis.evidence.memo import memoized
from documents.pipeline.analysis.evidence.support import quantities
from documents.pipeline.analysis.evidence.support.lexicon import Lexicon

_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
_SENTENCE_BEGINS = re.compile(r"(?:^|[.!?:;]\s+|[\n•]\s*)[\s\"'“”‘’«»(\[]*$")
_CALENDAR = frozenset(dates.MONTHS) | quantities.WEEKDAYS.keys()
_FEWEST = 3  # letters; shorter ones are initials and codes
_LIKE = 4  # letters that two forms of one name share

Name = list[str]  # its words as they are written


def unsupported(
    claim: str, sentences: Sequence[str], known: Collection[str], lexicon: Lexicon | None
) -> list[str]:
    """The words of names in the claim that the page does not have, or that take another's place.

    `known` are the `forms` of the words of the pages. A name that stands elsewhere on the
    page may be who "she" is; not where the sentence names somebody else.
    """
    claimed = list(_names(claim, lexicon))
    strangers = [w for name in claimed for w in name if not _is_known(w, known)]
    if strangers or not any(len(name) > 1 for name in claimed):
        return list(dict.fromkeys(strangers))
    near = {form for text in sentences for form in _forms_in(text)}
    others = [name for text in sentences for name in _people(text, lexicon)]
    said = _forms_in(claim)
    if not any(all(not _is_known(word, said) for word in name) for name in others):
        return []
    return list(dict.fromkeys(
        word for name in claimed if len(name) > 1 for word in name if not _is_known(word, near)
    ))  # fmt: skip


def _names(text: str, lexicon: Lexicon | None) -> Iterator[Name]:
    """Words with capitals; first words of sentences only before another capital."""
    for words, begins in _runs(text):
        name = words
        if begins and len(name) != 2:
            name = name[1:]  # "Neighbor Sofia Lindgren": the first has its capital from its place.
        name = [word for word in name if _may_be_name(word, lexicon)]
        is_sure = len(name) > 1 or not (lexicon and lexicon.capitalizes_nouns)
        if name and is_sure:
            yield name


@memoized
def _people(text: str, lexicon: Lexicon | None) -> tuple[Name, ...]:
    return tuple(name for name in _names(text, lexicon) if len(name) > 1)


@memoized
def _forms_in(text: str) -> frozenset[str]:
    return frozenset(forms(word.lower() for word in _WORD.findall(text)))


def _runs(text: str) -> Iterator[tuple[Name, bool]]:
    """Words with capitals that follow each other, and whether a sentence begins with them."""
    run: Name = []
    start = end = 0
    for found in _WORD.finditer(text):
        is_next = run and text[end : found.start()] == " "
        if run and not (is_next and found[0][0].isupper()):
            yield run, _begins(text, start)
            run = []
        if found[0][0].isupper():
            start = start if run else found.start()
            run = [*run, found[0]]
            end = found.end()
    if run:
        yield run, _begins(text, start)


def _begins(text: str, place: int) -> bool:
    return bool(_SENTENCE_BEGINS.search(text[max(0, place - 12) : place]))


def _may_be_name(word: str, lexicon: Lexicon | None) -> bool:
    lower = word.lower()
    if len(word) < _FEWEST or word.isupper() or lower in _CALENDAR:
        return False
    return lexicon is None or not (
        lower in lexicon.common or lower in lexicon.titles or lower in lexicon.numbers
    )


def forms(words: Collection[str] | Iterator[str]) -> set[str]:
    """Words, and the beginnings by which an inflected name is known."""
    found: set[str] = set()
    for word in words:
        found.add(word)
        found.update(word.replace("’", "'").replace("-", "'").split("'"))
        found.add(_beginning(word))
    return found


def _is_known(word: str, known: Collection[str]) -> bool:
    lower = word.lower().replace("’", "'")
    parts = [part for part in re.split(r"[-']", lower) if len(part) > 1]
    return lower in known or _beginning(lower) in known or (
        len(parts) > 0 and all(part in known or _beginning(part) in known for part in parts)
    )  # fmt: skip


def _beginning(word: str) -> str:
    """A name without its ending, marked as such: Nováčková and Nováčkové, Berg's and Berg."""
    kept = max(_LIKE, len(word) - 2) if len(word) > _LIKE + 2 else len(word.rstrip("s"))
    return f"{word[:kept]}*"


def in_known_company(
    claim: str, strangers: Sequence[str], known: Collection[str], lexicon: Lexicon | None
) -> list[str]:
    """Those of the strangers that the claim puts beside a name the page has."""
    return [
        word
        for name in _names(claim, lexicon)
        if any(_is_known(each, known) for each in name)
        for word in name
        if word in strangers
    ]
