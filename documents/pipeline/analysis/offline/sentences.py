"""Where sentences begin and end, kept as offsets so that every claim can point at its words."""

from __future__ import annotations

import re
from array import array
from collections import Counter
from collections.abc import Iterator, Sequence

from documents.pipeline.analysis.offline import layout
from documents.pipeline.analysis.offline.words import listed
from documents.pipeline.analysis.schema import Evidence, SourcePage

HEADING, ITEM, TABLE, FIRST, FRAGMENT, CUT = 1, 2, 4, 8, 16, 32

# Longest sentence kept whole, in characters: beyond it clauses, then spaces divide.
COMFORTABLE, LONGEST = 320, 600

# Always succeeds and takes the whole run: nothing to backtrack into on "!!!!!…".
ENDER = re.compile(r"[.!?…؟۔।]+[\"'”’»)\]]*|[。！？｡]+[」』”’）]*")
ENDED = re.compile(r"[.!?…؟۔।:;。！？｡；：][\"'”’»)\]」』”’）\s]*\Z")
FULL_WIDTH = frozenset("。！？｡")
CLAUSE = re.compile(
    r";\s|(?:--|—)\s?(?=\()|:\s(?=\()|\s(?=\((?:\d{1,2}|[a-zA-Z]{1,3})\)\s)|[；，、]"
)
WORD_BEFORE = re.compile(r"[^\s(\[\"“'‘]{1,20}$")
INITIALS = re.compile(r"(?:[^\W\d_]\.)+[^\W\d_]$")
SOMETHING = re.compile(r"[^\W_]")
SPACE = re.compile(r"\s")

ABBREVIATIONS = listed(
    """
    mr mrs ms dr prof st jr sr rev hon gov gen sen rep lt col capt sgt no nos vs etc al fig figs
    art arts sec secs pub inc ltd co corp dept est approx ca cf eg ie e.g i.e jan feb mar apr jun
    jul aug sep sept oct nov dec cllr p pp vol ed eds bzw z.b u.a d.h nr hr fr str dt abs bspw usw
    m mme mlle av bd sra dra sig ul np tzn tj resp incl excl tel ext para ch
    """
)
OPENERS = listed(
    """
    The A An He She It They We I You In On At But And This That These Those There However His Her
    Its Their Our My For From When While After Before As If No
    """
)


class Sentences:
    """All sentences of a document as four small arrays: two million fit in 26 MB."""

    def __init__(self, pages: Sequence[SourcePage]) -> None:
        self.pages = pages
        self._page = array("I")
        self._start = array("I")
        self._end = array("I")
        self._kind = array("B")

    def __len__(self) -> int:
        return len(self._start)

    def add(self, page: int, start: int, end: int, kind: int) -> None:
        self._page.append(page)
        self._start.append(start)
        self._end.append(end)
        self._kind.append(kind)

    def mark(self, index: int, kind: int) -> None:
        self._kind[index] |= kind

    def kind(self, index: int) -> int:
        return self._kind[index]

    def source(self, index: int) -> str:
        """The sentence exactly as the page has it, line breaks and all."""
        return self.pages[self._page[index]].text[self._start[index] : self._end[index]]

    def text(self, index: int) -> str:
        return " ".join(self.source(index).split())

    def speaker(self, index: int) -> str | None:
        """Who says it, where the line opens with a name and a colon."""
        source = self.source(index)[:160]
        match = layout.SPEAKER.match(source)
        if not match or not self._kind[index] & FIRST or layout.MAIL_LABEL.match(source):
            return None
        return " ".join(match.group().split()).rstrip(" :")

    def turns(self) -> int:
        """How many of the first sentences open with a speaker who speaks more than once."""
        speakers = Counter(map(self.speaker, range(min(len(self), 400))))
        return sum(count for name, count in speakers.items() if name and count > 1)

    def is_transcript(self) -> bool:
        return self.turns() * 3 > min(len(self), 400)

    def without_bullet(self, index: int) -> Evidence:
        source = self.source(index)
        bullet = layout.LEAD_IN.match(source)
        start = bullet.end() if bullet and bullet.end() < len(source) else 0
        return self.evidence_within(index, start, len(source))

    def texts(self) -> Iterator[str]:
        return map(self.text, range(len(self)))

    def evidence(self, index: int) -> Evidence:
        return self.evidence_within(index, 0, self._end[index] - self._start[index])

    def evidence_within(self, index: int, start: int, end: int) -> Evidence:
        """A part of the sentence; offsets count within its source."""
        page = self.pages[self._page[index]]
        first, last = self._start[index] + start, self._start[index] + end
        return Evidence(page.number, first, last, page.text[first:last], "verbatim")


def read(pages: Sequence[SourcePage]) -> Sentences:
    sentences = Sentences(pages)
    repeated = layout.running_lines(pages)
    for number, page in enumerate(pages):
        before = len(sentences)
        for block in layout.blocks(page.text, repeated):
            _read_block(sentences, number, page.text, block)
        if 0 < before < len(sentences):
            _mark_cut(sentences, before)
    return sentences


def _mark_cut(sentences: Sentences, first: int) -> None:
    """Mark the two parts of a sentence that the end of a page divides; neither says it all."""
    last = first - 1
    parts_are_prose = not (sentences.kind(last) | sentences.kind(first)) & (HEADING | ITEM | TABLE)
    if parts_are_prose and not ENDED.search(sentences.source(last)):
        sentences.mark(last, CUT)
        sentences.mark(first, CUT)


def _read_block(sentences: Sentences, page: int, text: str, block: layout.Block) -> None:
    kind = _kind_of(text, block)
    if kind & (HEADING | TABLE):
        spans: Iterator[tuple[int, int]] = iter([(block.start, block.end)])
    else:
        spans = _sentence_spans(text, block.start, block.end)
    position = FIRST
    for start, end in spans:
        for first, last in _bounded(text, start, end):
            if SOMETHING.search(text, first, last):
                fragment = FRAGMENT if first > start else 0
                sentences.add(page, first, last, kind | position | fragment)
                position = 0


def _kind_of(text: str, block: layout.Block) -> int:
    kind = (ITEM if block.is_item else 0) | (TABLE if block.is_table else 0)
    is_short = block.end - block.start <= 90 and block.lines == 1
    if block.is_label or (is_short and not block.is_bullet and not block.is_table):
        line = text[block.start : block.end]
        if block.is_label or (line[-1] not in ".!?;,。！？…؟।" and len(line.split()) <= 12):
            kind |= HEADING
    return kind


def _sentence_spans(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    begin = start
    for mark in ENDER.finditer(text, start, end):
        if mark.end() >= end:
            break
        if _ends_sentence(text, begin, mark):
            yield begin, mark.end()
            begin = _skip_space(text, mark.end(), end)
    if begin < end:
        yield begin, end


def _ends_sentence(text: str, begin: int, mark: re.Match[str]) -> bool:
    if text[mark.start()] in FULL_WIDTH:
        return True
    after = text[mark.end() : mark.end() + 24]
    if not after[0].isspace():
        return False
    following = after.lstrip()
    if following[:1].islower():
        return False
    if mark.group()[0] != "." or len(mark.group()) > 1:
        return True
    return not _is_abbreviation(text, begin, mark.start(), following)


def _is_abbreviation(text: str, begin: int, dot: int, following: str) -> bool:
    word = WORD_BEFORE.search(text[max(begin, dot - 20) : dot])
    if word is None:
        return False
    before = word.group()
    if before.lower() in ABBREVIATIONS or (len(before) == 1 and before.isupper() and before != "I"):
        return True
    if before.isdigit() and dot - begin <= 4:  # "1." opens a list item, it ends nothing
        return True
    return (
        bool(INITIALS.match(before))
        and following.split(maxsplit=1)[:1] != []
        and (following.split(maxsplit=1)[0] not in OPENERS)
    )


def _bounded(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Divide what is too long for one claim: at clauses first, at any space if there are none."""
    if end - start <= COMFORTABLE:
        yield start, end
        return
    begin = start
    for clause in CLAUSE.finditer(text, start, end):
        cut = clause.end()
        if cut - begin >= 60 and end - cut >= 40:
            yield from _cut_to_size(text, begin, cut)
            begin = cut
    yield from _cut_to_size(text, begin, end)


def _cut_to_size(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    start, end = _skip_space(text, start, end), _drop_space(text, start, end)
    while end - start > LONGEST:
        cut = text.rfind(" ", start + LONGEST // 2, start + LONGEST)
        cut = cut if cut > 0 else start + LONGEST
        yield start, _drop_space(text, start, cut)
        start = _skip_space(text, cut, end)
    if start < end:
        yield start, end


def _skip_space(text: str, start: int, end: int) -> int:
    while start < end and text[start].isspace():
        start += 1
    return start


def _drop_space(text: str, start: int, end: int) -> int:
    while end > start and text[end - 1].isspace():
        end -= 1
    return end
