"""Layout analysis: which lines of a page make a paragraph, a list item, a table row, a heading."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from documents.pipeline.analysis.schema import SourcePage

LINE = re.compile(r"[^\n\r\f\v\x1c-\x1e\x85\u2028\u2029]+")
BULLET = re.compile(r"(?:[-*•‣▪●◦·–—]|->|=>|→|⇒|\[[ xX✓]?\]|[☐☑☒])\s*(?=\S)")
NUMBER = re.compile(
    r"\(?(?:(?:\d{1,3}(?:\.\d{1,3}){0,3}|[a-z]|[ivx]{1,5})[.)]|[A-Z]\))\s+(?=\S)|§\s?\d"
)
SPEAKER = re.compile(
    r"(?!(?i:actions?|to-?do|task|note|decision|decided|resolved|agreed|status|next|present|re)\b)"
    r"[A-Z][\w.'’-]{0,30}(?: [A-Z\d][\w.'’-]{0,30}){0,3} ?:\s"
)
MAIL_LABEL = re.compile(r"(?:From|To|Cc|Bcc|Sent|Date|Subject|Reply-To|Re|Fwd?):\s", re.IGNORECASE)
COLUMNS = re.compile(r"\t|[^\s.!?:;]\s{3,}\S|\S\s*\|")
LEAD_IN = re.compile(
    r"(?:(?:[-*•‣▪●◦·–—>]|->|=>|→|⇒|\[\s?\]|☐|\(?(?:\d{1,3}(?:\.\d{1,3}){0,3}|[a-z])[.)]|\(?[A-Z]\))\s+)+"
)
ENDS_SENTENCE = frozenset(".!?:;。！？…؟।")
FIRST_WORD = re.compile(r"\S{1,20}")
DIGITS = re.compile(r"\d+")

# Where the next word would have passed this much of the usual width, the margin broke the line.
MARGIN = 0.88
MARKER = re.compile(r"(?:TO-?DO|ACTION|AP|TASK)S?\b")


@dataclass(slots=True)
class Block:
    start: int
    end: int
    lines: int
    is_item: bool
    is_bullet: bool
    is_table: bool
    is_label: bool
    last_width: int


def running_lines(pages: Sequence[SourcePage]) -> frozenset[str]:
    """Headers and footers: lines at the edge of a third of the pages, and of three at least."""
    if len(pages) < 3:
        return frozenset()
    counts: Counter[str] = Counter()
    for page in pages:
        counts.update(set(_edge_lines(page.text)))
    needed = max(3, len(pages) // 3)
    return frozenset(line for line, count in counts.items() if count >= needed)


def _edge_lines(text: str) -> Iterator[str]:
    first = [line for line in text[:600].splitlines() if line.strip()][:2]
    last = [line for line in text[-600:].splitlines() if line.strip()][-2:]
    for line in first + last:
        yield _without_numbers(line.strip())


def _without_numbers(line: str) -> str:
    return DIGITS.sub("#", line)


def blocks(text: str, repeated: frozenset[str]) -> Iterator[Block]:
    """The blocks of a page in order; what `repeated` names is left out."""
    margin = MARGIN * _usual_width(text)
    block: Block | None = None
    for start, end, width, after_gap in _lines(text):
        if repeated and end - start < 300 and _without_numbers(text[start:end]) in repeated:
            continue
        if block and not after_gap and _continues(text, block, start, end, margin):
            block.end, block.last_width = end, width
            block.lines += 1
            continue
        if block:
            yield block
        block = _begin(text, start, end, width)
    if block:
        yield block


def _usual_width(text: str) -> float:
    """How wide wrapped lines are on this page; infinite where lines are whole paragraphs."""
    widths = sorted(m.end() - m.start() for m in islice(LINE.finditer(text), 400))
    usual = widths[len(widths) * 9 // 10] if widths else 0
    return usual if 40 <= usual <= 200 else float("inf")


def _lines(text: str) -> Iterator[tuple[int, int, int, bool]]:
    """Start, end, width and whether a blank line stands before; blank lines are left out."""
    previous_end, blank = 0, True
    for match in LINE.finditer(text):
        line = match.group()
        gap = text[previous_end : match.start()]
        blank = blank or gap.count("\n") > 1 or gap.count("\r") > 1 or "\f" in gap
        previous_end = match.end()
        start = match.start() + len(line) - len(line.lstrip())
        end = match.start() + len(line.rstrip())
        if start >= end:
            blank = True
            continue
        yield start, end, end - match.start(), blank
        blank = False


def _begin(text: str, start: int, end: int, width: int) -> Block:
    bullet = BULLET.match(text, start, end)
    is_item = bool(bullet or NUMBER.match(text, start, end))
    return Block(
        start=start,
        end=end,
        lines=1,
        is_item=is_item,
        is_bullet=bool(bullet),
        is_table=_is_table(text, start, end),
        is_label=bool(MAIL_LABEL.match(text, start, end)),
        last_width=width,
    )


def _is_table(text: str, start: int, end: int) -> bool:
    return end - start <= 400 and bool(COLUMNS.search(text, start, end))


def _continues(text: str, block: Block, start: int, end: int, margin: float) -> bool:
    """Whether the line goes on with the block before it."""
    if block.is_table or block.is_label or _is_table(text, start, end):
        return False
    if BULLET.match(text, start, end) or NUMBER.match(text, start, end):
        return False
    if SPEAKER.match(text, start, end) or MARKER.match(text, start, end):
        return False
    first_word = FIRST_WORD.match(text, start, end)
    length = first_word.end() - start if first_word else 0
    if block.last_width + 1 + length >= margin:
        return True
    return text[start].islower() and text[block.end - 1] not in ENDS_SENTENCE
