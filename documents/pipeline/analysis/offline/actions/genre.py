"""Genre detection: an e-mail asks, minutes record what was agreed, a report describes."""

from __future__ import annotations

import re
from enum import Enum

from documents.pipeline.analysis.offline.patterns import either, one_of
from documents.pipeline.analysis.offline.sentences import ITEM, Sentences

# Sentences looked at, and sentences below which a text is a note, whatever it is about.
BEGINNING, FIRST_PAGE, SHORT = 400, 60, 12

MAIL = re.compile(
    either(
        rf"{one_of('hi, hello, dear, hey')}\b.{{0,40}},",
        rf"{one_of('from:, subject:')}\s",
        rf"{one_of('best, kind, warm')}\s+regards",
        r"regards,",
        r"cheers,?$",
    ),
    re.IGNORECASE,
)
_MEETING_WORDS = one_of(
    """
    minutes, meeting, agenda, attendees, present:, apologies, action item, action items, to-do,
    todo, next steps, stand-up, standup, committee, sprint, follow-up, follow-ups, followup,
    followups
    """
)
MEETING = re.compile(rf"\b{_MEETING_WORDS}\b", re.IGNORECASE)


class Genre(Enum):
    """The value says how sure a rule must be to be believed in such a text."""

    MAIL = 1.0
    WORKING_PAPER = 1.5
    REPORT = 2.0


def tell(sentences: Sentences) -> Genre:
    beginning = range(min(len(sentences), BEGINNING))
    texts = [sentences.text(index) for index in beginning]
    if len(sentences) == 1 or any(map(MAIL.match, texts)):
        return Genre.MAIL
    items = sum(bool(sentences.kind(index) & ITEM) for index in beginning)
    is_working_paper = (
        len(sentences) < SHORT
        or items * 4 > len(texts)
        or any(map(MEETING.search, texts[:FIRST_PAGE]))
        or sentences.is_transcript()
    )
    return Genre.WORKING_PAPER if is_working_paper else Genre.REPORT
