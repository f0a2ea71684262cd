"""Document classification: signs and the look of the lines are added up; the most points win."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from documents.pipeline.analysis.offline.kinds import lines
from documents.pipeline.analysis.offline.kinds.lines import Lines
from documents.pipeline.analysis.offline.kinds.vocabulary import SIGNS, Sign
from documents.pipeline.analysis.schema import DocumentKind, SourcePage

# A paper says what it is at its head, and is signed at its end: in lines.
HEAD, FOOT, TITLES = 160, 15, 14
LONGEST_TITLE = 80

# Fewer points prove nothing; as much prose makes an article of what has no other sign.
ENOUGH, PROSE = 4.0, 40


@dataclass(frozen=True, slots=True)
class Reading:
    """What kind of paper it is, and the lines that told; empty where only its look did."""

    kind: DocumentKind
    signs: tuple[str, ...]


def tell(pages: Sequence[SourcePage]) -> Reading:
    read = _lines_of(pages)
    look = lines.count(read if len(pages) <= 3 else _amid(pages))
    points: defaultdict[str, float] = defaultdict(float)
    told: defaultdict[str, list[str]] = defaultdict(list)
    titles = [line.strip() for line in read[:TITLES] if _may_be_title(line.strip())]
    for sign in SIGNS:
        found = _where(sign, titles, read)
        if found:
            points[sign.kind] += sign.points * (1.5 if found[0] in titles[:3] else 1)
            told[sign.kind] += found
    _add_looks(points, look, len(pages))
    best = max(points, key=lambda kind: points[kind], default="other")
    if points[best] < ENOUGH:
        return Reading(_by_look(look), ())
    return Reading(best, tuple(told[best]))  # type: ignore[arg-type]


def _may_be_title(line: str) -> bool:
    is_sentence = line.endswith((".", "!", "?", ";", ",")) and len(line.split()) > 6
    return len(line) <= LONGEST_TITLE and not is_sentence


def _lines_of(pages: Sequence[SourcePage]) -> list[str]:
    """The head of the first pages and the foot of the last, without blank lines."""
    head = [line for page in pages[:3] for line in page.text[:8_000].splitlines() if line.strip()]
    if len(head) <= HEAD and len(pages) <= 3:
        return head
    foot = [line for line in pages[-1].text[-2_000:].splitlines() if line.strip()] if pages else []
    return head[:HEAD] + foot[-FOOT:]


def _amid(pages: Sequence[SourcePage]) -> list[str]:
    """Lines from the middle: a long document begins with its contents."""
    middle = len(pages) // 2
    chosen = pages[middle - 1 : middle + 2]
    return [line for page in chosen for line in page.text[:8_000].splitlines() if line.strip()]


def _where(sign: Sign, titles: list[str], read: list[str]) -> list[str]:
    if sign.where == "title":
        return [line for line in titles if sign.pattern.search(line)][:1]
    ask = sign.pattern.match if sign.where == "line" else sign.pattern.search
    return list(islice((text for line in read if ask(text := line.strip()[:400])), 2))


def _add_looks(points: defaultdict[str, float], look: Lines, pages: int) -> None:
    """What a paper looks like, where it says little of itself."""
    points["invoice"] += 4 * (look.blanks >= 3 and look.share(look.blanks) >= 0.2)
    points["manual"] += 2 * (look.contents >= 2) + 1.5 * (look.commands >= 1)
    points["manual"] += 1.5 * (pages > 10) + 1.5 * (pages > 40)
    points["list"] += 7 * (look.share(look.listed) >= 0.7 and look.total >= 5)
    points["list"] += 3 * (0.5 <= look.share(look.listed) < 0.7 and look.total >= 5)
    points["list"] += 3 * (look.index >= 4 or look.separated >= 4)
    points["other"] += 8 * (look.share(look.code) >= 0.4)
    # Who writes in sentences fills in no form and lists nothing.
    is_prose = look.sentences >= 4 and look.words >= 7 * look.total
    points["report"] += 2 * is_prose
    points["invoice"] -= 4 * (is_prose or pages > 10)
    points["list"] -= 4 * is_prose


def _by_look(look: Lines) -> DocumentKind:
    if look.speech * 3 > look.total:
        return "other"
    if look.sentences >= 3 and look.words >= PROSE and look.short * 2 < look.total:
        return "report"
    if look.total >= 5 and look.share(look.listed) >= 0.5:
        return "list"
    return "other"
