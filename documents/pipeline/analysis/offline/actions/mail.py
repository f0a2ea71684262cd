"""Threads of mail: what is quoted belongs to who wrote it, not to who quotes it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from documents.pipeline.analysis.offline.patterns import one_of
from documents.pipeline.analysis.offline.people import FAREWELL
from documents.pipeline.analysis.offline.sentences import Sentences
from documents.pipeline.analysis.offline.words import listed

# Longer documents are no thread; what stands in quotation marks there is nobody's mail.
MOST_SENTENCES = 5_000

_NAME = r"(?P<name>[A-ZÀ-Þ][\w'’.-]{0,30}(?: [A-ZÀ-Þ][\w'’.-]{0,30}){0,2})"
FROM = re.compile(rf"[>\s]{{0,9}}{one_of('From, Von, De, Da, Van, Od, От')}\s?:\s{{0,3}}\"?{_NAME}")
WROTE_NAME = re.compile(rf"[>\s]{{0,9}}(?:Am|Op)\b.{{4,80}}?(?:schrieb|schreef) {_NAME}", re.DOTALL)
NAME_WROTE = re.compile(
    rf"[>\s]{{0,9}}(?:On|Le|El|Il)\b.{{4,80}}?(?<![\w.]){_NAME}(?: <[^>]{{3,80}}>)?"
    r" (?:wrote|a écrit|escribió|ha scritto)\s?:",
    re.DOTALL,
)
_CAPITAL_WORD = r"[A-ZÀ-Þ][\w'’-]{1,30}"
SIGNATURE = re.compile(rf"{_CAPITAL_WORD}(?: {_CAPITAL_WORD}){{0,2}}")
_GOODBYES = one_of(
    """
    gruß, grüße, viele grüße, liebe grüße, beste grüße, herzliche grüße, schöne grüße, lg, vg,
    mit freundlichen grüßen, cordialement, bien cordialement, bien à vous, amicalement, à bientôt,
    salutations, saludos, un saludo, un abrazo, atentamente, cordialmente, cordiali saluti, saluti,
    un saluto, distinti saluti, a presto, groeten, met vriendelijke groet, groetjes, cumprimentos,
    abraço, atenciosamente
    """
)
GOODBYE = re.compile(rf"{_GOODBYES}\W{{0,5}}$", re.IGNORECASE)
QUOTED = re.compile(r"\s{0,3}>")
NOT_NAMES = listed(
    """
    Mon Tue Wed Thu Fri Sat Sun Monday Tuesday Wednesday Thursday Friday Saturday Sunday Jan Feb Mar
    Apr May Jun Jul Aug Sep Oct Nov Dec January February March April June July August September
    October November December
    """
)


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of sentences by one writer, from `first` on; None where nobody is named."""

    first: int
    writer: str | None
    is_quoted: bool = False


def parts(sentences: Sentences) -> list[Part]:
    """The parts of a thread in order; one part where nothing is quoted."""
    if len(sentences) > MOST_SENTENCES:
        return [Part(0, None)]
    found = list(_divided(sentences))
    return [
        Part(part.first, part.writer or _signature(sentences, part.first, end), part.is_quoted)
        for part, end in zip(found, _ends(found, len(sentences)), strict=True)
    ]


def _divided(sentences: Sentences) -> Iterator[Part]:
    outer: str | None = None
    quoted_writer: str | None = None
    current = Part(0, None)
    for index in range(len(sentences)):
        source = sentences.source(index)[:400]
        if wrote := NAME_WROTE.match(source) or WROTE_NAME.match(source):
            quoted_writer = _name(wrote["name"])
            is_marked = bool(QUOTED.match(source)) or _is_marked_next(sentences, index)
            yield current
            current = Part(index, quoted_writer, is_quoted=is_marked)
        elif sender := FROM.match(source):
            yield current
            current = Part(index, sender["name"].strip(), bool(QUOTED.match(source)))
            outer = outer or current.writer
        elif bool(QUOTED.match(source)) != current.is_quoted:
            yield current
            is_quoted = not current.is_quoted
            current = Part(index, quoted_writer if is_quoted else outer, is_quoted)
    yield current


def _is_marked_next(sentences: Sentences, index: int) -> bool:
    return index + 1 < len(sentences) and bool(QUOTED.match(sentences.source(index + 1)))


def _name(words: str) -> str | None:
    """The name at the end of "Tue Kofi Mensah": days and months are none."""
    kept = [word for word in words.split() if word.strip(".,") not in NOT_NAMES]
    return " ".join(kept) or None


def _ends(found: list[Part], last: int) -> list[int]:
    return [*(part.first for part in found[1:]), last]


def _signature(sentences: Sentences, first: int, end: int) -> str | None:
    """Who signs at the end of the part."""
    for index in range(end - 1, max(first, end - 4), -1):
        text = sentences.text(index).lstrip("> ")
        before = sentences.text(index - 1).lstrip("> ")
        if SIGNATURE.fullmatch(text) and (FAREWELL.match(before) or GOODBYE.match(before)):
            return text
    return None
