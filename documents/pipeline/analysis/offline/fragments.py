"""Fragments: sentences of which a line, a listing or another language has taken a part."""

from __future__ import annotations

import re
from dataclasses import dataclass

from documents.pipeline.analysis.offline.language import LATIN as LATIN_CODES
from documents.pipeline.analysis.offline.patterns import one_of
from documents.pipeline.analysis.offline.sentence_boundaries import ENDED
from documents.pipeline.analysis.offline.sentences import FIRST, HEADING, ITEM, TABLE, Sentences

# A sample of so many sentences tells how the document writes them.
SAMPLE, FEWEST = 600, 4

# Where so large a share of the sentences ends in a full stop, one without has lost its end.
MOSTLY = 0.6

# "in the package and", "und andere) sind frei."
_JOINTS = one_of(
    """
    and, or, und, oder, et, ou, y, o, e, en, of, i, и, или, the, a, der, die, das, le, la, les, el,
    los, las, il, lo, de, do, da, du, des, for, für, för, pour, para, per, with, mit, avec, con,
    com, to, zu, in, von, dla, voor, van, för, till, med, som, или, для, в, на, с
    """
)
GOES_ON = re.compile(rf"\s{_JOINTS}\Z|[,，、(（]\Z")
BEGAN = re.compile(r"[^()]{3,300}[^\W_]\)|\((?=[a-zß-ÿ]{4})|[)\]}»”’,;，。、）」』]")
# No sentence begins with a particle: "を用いてパッケージの" goes on with what stood above.
PARTICLE = re.compile(
    r"を|[\d.]{1,8}[「のはがをに]|[がはにでとのもへや](?=[\u3400-\u9fff\u30a1-\u30fa、])|[은는을를]\s"
)
BETWEEN_NAMES = re.compile(r",\s|\s(?:and|und|et|y|e|en|i|og|och)\s")
MOST_IN_A_NAME, FEWEST_NAMES = 4, 3
OF_NAMES = frozenset(["van", "den", "der", "de", "von", "da", "di", "la", "le", "el", "bin"])
LATIN, OTHER = re.compile(r"[A-Za-zÀ-ɏ]"), re.compile(r"[^\W\d_A-Za-zÀ-ɏ]")


@dataclass(frozen=True, slots=True)
class Writing:
    """How the document writes its sentences: what differs is a part of one."""

    ends_sentences: bool = False
    has_capitals: bool = False
    is_latin: bool = True


def writing_of(sentences: Sentences, language: str | None) -> Writing:
    """What most of the first sentences of its prose have in common."""
    prose = [
        sentences.text(index)
        for index in range(min(len(sentences), SAMPLE))
        if not sentences.kind(index) & (HEADING | ITEM | TABLE)
    ]
    is_latin = language is None or language in LATIN_CODES
    if len(prose) < FEWEST:
        return Writing(is_latin=is_latin)
    cased = [text for text in prose if text[0].lower() != text[0].upper()]
    return Writing(
        ends_sentences=sum(ENDED.search(text) is not None for text in prose) > MOSTLY * len(prose),
        has_capitals=sum(text[0].isupper() for text in cased) > MOSTLY * len(prose),
        is_latin=is_latin,
    )


def is_fragment(sentences: Sentences, index: int, writing: Writing) -> bool:
    """Whether a part of it stands elsewhere, or it names people and says nothing of them."""
    text, kind = sentences.text(index), sentences.kind(index)
    if GOES_ON.search(text) or BEGAN.match(text) or PARTICLE.match(text):
        return True
    if _is_names(text) or _is_of_other_letters(text, writing):
        return True
    if kind & (HEADING | ITEM | TABLE):
        return False
    if writing.ends_sentences and not ENDED.search(text):
        return True
    if writing.has_capitals and text[0].islower():
        return True
    return writing.ends_sentences and _follows_a_part(sentences, index)


def _follows_a_part(sentences: Sentences, index: int) -> bool:
    """Whether the line above has no end: "... acerca da distribuição" · "Debian e outras."."""
    if not index or not sentences.kind(index) & FIRST:
        return False
    above = sentences.text(index - 1)
    is_prose = not sentences.kind(index - 1) & (HEADING | ITEM | TABLE)
    return is_prose and not ENDED.search(above) and sentences.gap(index).count("\n") == 1


def _is_names(text: str) -> bool:
    """ "Jean Charras, Fabrizio Tappero, Jon Evans." """
    if text.count(", ") < FEWEST_NAMES - 2 or not text[0].isupper():
        return False
    names = [name.split() for name in BETWEEN_NAMES.split(text.rstrip("."))]
    if len(names) < FEWEST_NAMES or not all(1 < len(name) <= MOST_IN_A_NAME for name in names):
        return False
    return all(word[0].isupper() or word in OF_NAMES for name in names for word in name)


def _is_of_other_letters(text: str, writing: Writing) -> bool:
    """English in a document of another script, or its listings."""
    if writing.is_latin and text.isascii():
        return False
    latin, other = len(LATIN.findall(text)), len(OTHER.findall(text))
    if writing.is_latin:
        return other > latin
    # A letter of Chinese or Japanese says as much as two or three.
    return latin > 2 * other
