"""Facts of an invoice or a receipt: number, seller, date, total, due date; none of a blank form."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from documents.pipeline.analysis.evidence.due_phrases import NOT_THAT_DAY
from documents.pipeline.analysis.offline import units
from documents.pipeline.analysis.offline.facts import amounts, dates, labels, text
from documents.pipeline.analysis.offline.facts.text import Line, PaperText
from documents.pipeline.analysis.offline.kinds.vocabulary import SIGNS
from documents.pipeline.analysis.schema import Fact

TITLES = [s.pattern for s in SIGNS if s.kind == "invoice" and s.where == "title"]
HEAD = 25  # lines: who sells says so above what is sold
NO_NAME = re.compile(r"[\d_:;@]|\.{3}")
# "Due date ....... Friday, 3 April", "fällig am 3. April", "Payable on or before 3 April"
BESIDE_DATE = re.compile(r"[\W_]*(?:[^\W\d_]{1,14}[\W_]{1,40}){0,4}")
DIVIDER = re.compile(r"\s*[·|•]\s|\s{3,}|\t")


MEASURE = re.compile(rf"[ \u00a0]?{units.MEASURE}", re.IGNORECASE)


def find(paper: PaperText) -> Iterator[Fact]:
    if seller := _seller(paper.lines):
        yield seller
    if number := _number(paper.lines):
        yield number
    due = _due(paper)
    if dated := _dated(paper, due):
        yield dated
    if total := _total(paper, labels.TOTALS):
        yield total
    if due:
        yield due


def _seller(lines: list[Line]) -> Fact | None:
    """The letterhead, or who stands behind "From"."""
    for line, following in pairwise(lines[: HEAD + 1]):
        label = labels.FROM.match(line.text)
        if label:
            # "Dodavatel:     Odběratel:" heads two columns.
            is_alone = label.end() >= len(line.text) or line.text.endswith(":")
            return _name(following, 0) if is_alone else _name(line, label.end())
    first = lines[0] if lines else None
    return _name(first, 0) if first and not _is_title(first.text) else None


def _is_title(line: str) -> bool:
    """Whether it says what the paper is, "Quittung", rather than who wrote it."""
    return labels.TITLE.match(line) is not None or any(each.match(line) for each in TITLES)


def _name(line: Line, skip: int) -> Fact | None:
    begin = line.start + skip
    divider = DIVIDER.search(line.page.text, begin, line.end)
    end = divider.start() if divider else line.end
    name = line.page.text[begin:end]
    if not name or NO_NAME.search(name) or len(name) > 70:
        return None
    return text.fact("seller", line, begin, end)


def _number(lines: list[Line]) -> Fact | None:
    for line in lines:
        match = labels.NUMBER.search(line.text)
        if match and any(map(str.isdigit, match["value"])) and not _is_date(line, match):
            start = line.start + match.start("value")
            return text.fact("number", line, start, line.start + match.end("value"))
    return None


def _is_date(line: Line, match: re.Match[str]) -> bool:
    start, end = line.start + match.start("value"), line.start + match.end("value")
    found = dates.find(line.page.text, line.start, line.end, "de")
    return any(each.start <= start < each.end or each.start < end <= each.end for each in found)


def _due(paper: PaperText) -> Fact | None:
    """The first date behind a word that says until when; the next line where the label is alone."""
    for line, following in zip(paper.lines, [*paper.lines[1:], None], strict=True):
        label = labels.DUE.search(line.text)
        if not label or _was_due(line.text):
            continue
        places = [(line, line.start + label.end())]
        if following and label.end() >= len(line.text) - 1:
            places.append((following, following.start))
        for place, begin in places:
            found = next(dates.find(place.page.text, begin, place.end, paper.language), None)
            if found and _is_due_then(place.page.text[begin : found.start]):
                return text.fact("due", line, found.start, found.end, found.iso)
    return None


def _was_due(line: str) -> bool:
    """Whether it tells of a payment that is past: "Your last payment was due on 3 January"."""
    label = labels.DUE.search(line)
    return label is not None and labels.PAST.search(line[: label.start()]) is not None


def _is_due_then(between: str) -> bool:
    """Whether the date follows its label, and no days are counted from it."""
    return BESIDE_DATE.fullmatch(between) is not None and not NOT_THAT_DAY.search(between.lower())


def _dated(paper: PaperText, due: Fact | None) -> Fact | None:
    """The date that is called so; else the first that is not called something else."""
    fallback: Fact | None = None
    for line in paper.lines:
        if labels.OTHER_DATES.search(line.text) or _was_due(line.text):
            continue
        label = labels.DATED.search(line.text)
        for found in dates.find(line.page.text, line.start, line.end, paper.language):
            is_due = due is not None and due.evidence[0].start <= found.start < due.evidence[0].end
            if is_due and not (label and label.end() + line.start <= found.start):
                continue
            fact = text.fact("date", line, found.start, found.end, found.iso)
            if label and not is_due:
                return fact
            fallback = fallback or (None if is_due else fact)
    return fallback


def asked(paper: PaperText) -> Iterator[Fact]:
    """What a reminder or a mail says is to pay, or was paid: only behind a plain label."""
    if total := _total(paper, labels.TOTALS[:2]):
        yield total


def _total(paper: PaperText, names: tuple[re.Pattern[str], ...]) -> Fact | None:
    """What is to pay, behind the strongest label; the last where several have it."""
    lines = paper.lines
    whole = "\n".join(line.text for line in lines)
    usual = amounts.currency_of(whole, paper.language)
    told = amounts.of_paper(whole, paper.language)
    for label in names:
        found = None
        for line, following in zip(lines, [*lines[1:], None], strict=True):
            named = label.search(line.text)
            if named and not _is_no_total(line.text[: named.start()], line.text, paper.language):
                found = _amount(line, named.end(), following, usual, told) or found
        if found:
            return found
    return None


def _is_no_total(before: str, line: str, language: str | None) -> bool:
    conditional = labels.CONDITIONAL.get(language or "en")
    is_offer = conditional is not None and conditional.search(before) is not None
    return is_offer or labels.NO_TOTAL.search(line) is not None


def _amount(
    line: Line, skip: int, following: Line | None, usual: str | None, told: amounts.Paper
) -> Fact | None:
    page, begin = line.page.text, line.start + skip
    found = [
        each
        for each in amounts.find(page, begin, line.end, told)
        if each.is_money and not MEASURE.match(page, each.end)
    ]
    # "Total savings 200.00 EUR" is another total than that to pay.
    if found and not labels.BESIDE_TOTAL.fullmatch(page, begin, found[0].start):
        return None
    if not found and following and following.page is line.page and skip >= len(line.text) - 1:
        first = next(amounts.find(page, following.start, following.end, told), None)
        # Below the head of a column stands the first row, whose "1" is no money.
        is_below = first is not None and first.start == following.start and first.is_money
        found = [first] if first and is_below else []
    if not found:
        return None
    last = found[-1]
    return text.fact("total", line, last.start, last.end, last.normalized(usual))
