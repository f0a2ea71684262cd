"""Deadlines resolved (temporal tagging): "within 14 days" counted from the date of its document.

By code and not by a model, and only where there is one answer: a deadline that is counted from a
receipt, comes every month or is read in two ways stays in the document's words.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from documents.pipeline.analysis.evidence import dates, due_phrases
from documents.pipeline.analysis.evidence.due_phrases import NUMBERS, WEEKDAYS

_FARTHEST = 183  # days ahead that a day without a year may be
_DOUBTFUL_YEAR = 50  # of two figures


def written_out(text: str, *, is_day_first: bool = False) -> date | None:
    """The one full date of a text; None where 03/04/2027 may be March."""
    found = dates.find(text)
    if len(found) != 1 or not found[0].year or (found[0].is_ambiguous and not is_day_first):
        return None
    year = _full(found[0].year)
    return _valid(year, found[0].month, found[0].day) if year else None


def may_be_due(due_text: str) -> bool:
    """Whether a date in these words can be the day itself: not in "14 days after 1 March 2027"."""
    beside = due_text
    for found in reversed(dates.find(due_text)):
        beside = f"{beside[: found.start]} | {beside[found.end :]}"
    told = (due_phrases.NOT_THAT_DAY, due_phrases.EVENT, due_phrases.RECURRING)
    return not any(pattern.search(_plain(beside)) for pattern in told)


def own_date(quote: str, *, is_day_first: bool = False) -> date | None:
    """The date a document gives itself in these words; None where they name a deadline."""
    found = dates.find(quote)
    is_deadline = found and due_phrases.NOT_ITS_OWN.search(_plain(quote[: found[0].start]))
    return None if is_deadline else written_out(quote, is_day_first=is_day_first)


def datelines(texts: Iterable[str]) -> set[date]:
    """The dates of letters and mails that a text is made of: "Date: …", "On … Anna wrote"."""
    lines = (line for text in texts for line in due_phrases.DATELINE.findall(text))
    return {day for line in lines if (day := written_out(line, is_day_first=True))}


def _full(year: int) -> int | None:
    """None for 97, which is in the last century to some and in this one to others."""
    if year >= 100:
        return year
    return 2000 + year if year < _DOUBTFUL_YEAR else None


def _valid(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def resolve(
    due_text: str, passages: Sequence[str], dated: date, *, before: Sequence[str] = ()
) -> date | None:
    """The day a deadline falls on in a document of that date; None where it is not certain.

    `passages` are the lines that say it, `before` are the sentences that these follow.
    """
    phrase = _plain(due_text).rstrip(".,;:!")
    around = [rest for passage in passages for rest in _around(phrase, _plain(passage))]
    if not around or any(not _is_bound_here(before, after) for before, after in around):
        return None
    whole = due_phrases.TAIL.sub("", phrase)
    # "By next Friday" and "next Friday" are one day.
    lead = due_phrases.LEAD.match(whole)
    bare = whole[lead.end() :] if lead else whole
    if within := _match([due_phrases.WITHIN], whole) or _match([due_phrases.WITHIN], bare):
        is_free = all(_has_no_event(*each) for each in around)
        is_free = is_free and not any(_tells_event(sentence, dated) for sentence in before)
        return _counted(within, dated) if is_free else None
    return _day(bare, dated) or _end(bare, dated) or _without_year(bare, dated)


def _plain(text: str) -> str:
    return " ".join(text.replace("’", "'").split()).casefold()


def _around(phrase: str, passage: str) -> Iterable[tuple[str, str]]:
    start = passage.find(phrase) if phrase else -1
    if start >= 0:
        yield passage[:start], passage[start + len(phrase) :]


def _is_bound_here(before: str, after: str) -> bool:
    """Whether nothing beside the deadline ties it to another time."""
    beside = f"{before} | {after}"
    return not (
        due_phrases.RECURRING.search(beside)
        or due_phrases.YEAR.search(beside)
        or dates.find(beside)
    )


def _has_no_event(before: str, after: str) -> bool:
    """Whether days are counted from the document and not from a receipt or a failure."""
    after = due_phrases.COUNTED_FROM_HERE.sub("", after)
    is_of_something = due_phrases.OF_SOMETHING.match(after)
    return not (is_of_something or due_phrases.EVENT.search(f"{before} | {after}"))


def _tells_event(sentence: str, dated: date) -> bool:
    """Whether it tells of something the days may be counted from: a hearing, a delivery."""
    if due_phrases.HAPPENS.search(_plain(sentence)):
        return True
    days = [(found.month, found.day) for found in dates.find(sentence)]
    return any(dated not in _readings(dated, *day) for day in days)


def _readings(dated: date, month: int, day: int) -> set[date | None]:
    """Both of 03/04, in the year of the document."""
    return {_valid(dated.year, month, day), _valid(dated.year, day, month)}


def _counted(within: re.Match[str], dated: date) -> date | None:
    word = within["number"]
    number = int(word) if word.isdigit() else NUMBERS.get(word, 0)
    if not number or int(within["again"] or number) != number:
        return None
    if within["months"]:
        years, month = divmod(dated.month - 1 + number, 12)
        # From 31 January on, one month ends on a day that people dispute.
        return _valid(dated.year + years, month + 1, dated.day)
    return dated + timedelta(days=number * (7 if within["weeks"] else 1))


def _day(phrase: str, dated: date) -> date | None:
    if due_phrases.TODAY.fullmatch(phrase):
        return dated
    if due_phrases.TOMORROW.fullmatch(phrase):
        return dated + timedelta(days=1)
    if weekday := _match(due_phrases.COMING, phrase):
        ahead = (WEEKDAYS[weekday["day"]] - dated.weekday()) % 7
        return dated + timedelta(days=ahead) if ahead else None
    if weekday := _match(due_phrases.THIS, phrase):
        ahead = WEEKDAYS[weekday["day"]] - dated.weekday()
        return dated + timedelta(days=ahead) if ahead > 0 else None
    if weekday := _match(due_phrases.OF_NEXT_WEEK, phrase):
        return _in_next_week(WEEKDAYS[weekday["day"]], dated)
    if weekday := _match(due_phrases.NEXT, phrase):
        # To some the one that comes, to others the one of next week: only where it is the same.
        number = WEEKDAYS[weekday["day"]]
        coming = dated + timedelta(days=(number - dated.weekday() - 1) % 7 + 1)
        return coming if coming == _in_next_week(number, dated) else None
    return None


def _match(patterns: Iterable[re.Pattern[str]], phrase: str) -> re.Match[str] | None:
    return next(filter(None, (pattern.fullmatch(phrase) for pattern in patterns)), None)


def _in_next_week(weekday: int, dated: date) -> date | None:
    """None for Sundays: weeks begin on them or end with them."""
    if 6 in (weekday, dated.weekday()):
        return None
    return dated + timedelta(days=7 - dated.weekday() + weekday)


def _end(phrase: str, dated: date) -> date | None:
    if due_phrases.END_OF_MONTH.fullmatch(phrase):
        return _last_day(dated.year, dated.month)
    if due_phrases.END_OF_NEXT_MONTH.fullmatch(phrase):
        return _last_day(dated.year + dated.month // 12, dated.month % 12 + 1)
    if due_phrases.END_OF_YEAR.fullmatch(phrase):
        return date(dated.year, 12, 31)
    if named := _match(due_phrases.END_OF_NAMED, phrase):
        month = dates.MONTHS[named["month"]]
        if named["year"]:
            return _last_day(int(named["year"]), month)
        return _soon(_last_day(dated.year + (month < dated.month), month), dated)
    return None


def _last_day(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])


def _without_year(phrase: str, dated: date) -> date | None:
    """20 March in a document of 3 March; not in one of April, which may speak of the past."""
    found = dates.find(phrase)
    if len(found) != 1 or found[0].year or found[0].is_ambiguous:
        return None
    beside = (phrase[: found[0].start] + phrase[found[0].end :]).strip(" ,.")
    if beside not in ("", "the", *WEEKDAYS):
        return None
    is_past = (found[0].month, found[0].day) < (dated.month, dated.day)
    due = _soon(_valid(dated.year + is_past, found[0].month, found[0].day), dated)
    agrees = due and WEEKDAYS.get(beside, due.weekday()) == due.weekday()
    return due if agrees else None


def _soon(due: date | None, dated: date) -> date | None:
    return due if due and 0 <= (due - dated).days <= _FARTHEST else None
