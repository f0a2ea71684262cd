"""Surface features for extractive summaries: how a sentence is put, whatever it is about."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from documents.pipeline.analysis.offline import words
from documents.pipeline.analysis.offline.patterns import either, one_of

# In words: a shorter sentence loses with each word it lacks, a greeting is shorter than that.
SHORT, LONG, SMALL_TALK = 9, 60, 15
PER_MISSING_WORD = -0.12

_CUES = either(
    rf"in {one_of('summary, conclusion, short')}",
    rf"to {one_of('sum up, conclude')}",
    rf"the {one_of('main, key, aim, purpose, goal, result, decision')}s?",
    rf"this {one_of('paper, report, document, study, act, bill, article')}",
    rf"we {one_of('show, found, propose')}",
    rf"{one_of('recommend, require, amend, prohibit, conclude')}s?",
    rf"{one_of('significant, important')}(?:ly)?",
    one_of("overall, decided, agreed, resolved, concluded, recommended, directs"),
    one_of("authorizes, authorises"),
    one_of("en résumé, en conclusion, zusammenfassend, insgesamt"),
    one_of("en resumen, in sintesi, podsumowując"),
)
CUES = re.compile(rf"\b{_CUES}\b", re.IGNORECASE)

_POINTS_BACK = one_of(
    """
    He, She, It, They, This, That, These, Those, His, Her, Their, But, And, So, Such, However, Also,
    Then, Therefore, Moreover, Il, Elle, Ils, Elles, Mais, Er, Sie, Es, Aber, Él, Ella, Pero
    """
)
POINTS_BACK = re.compile(rf"{_POINTS_BACK}\b")
_DECIDED = one_of(
    """
    agreed to, voted, approved, rejected, accepted,
    beschließt, beschlossen, beschloss, stimmt, genehmigt, einigt sich, besluit, besloten, keurt,
    vote, décide, a décidé, approuve, approuvés, retient, acuerda, acordó, aprueba, aprobó, decide,
    delibera, approva, approvato, delibera, aprova, decidiu, deliberou
    """
)
DECIDED = re.compile(rf"(?<!\w){_DECIDED}(?!\w)", re.IGNORECASE)
_FORMALITIES = one_of(
    """
    held on,
    minutes of the last, the minutes were, took the notes, welcomed everybody, welcomed everyone,
    opened the meeting, closed the meeting, next meeting, thanked, is zu gast,
    begrüßt, eröffnet die sitzung, schließt die sitzung, nächste sitzung, opent de vergadering,
    heet iedereen welkom, sluit de vergadering, volgende vergadering, président de séance,
    présidente de séance, ouvre la séance, la séance est levée, prochaine réunion, abre la sesión,
    se levanta la sesión, próxima reunión, apre la seduta, prossima riunione, abriu a sessão,
    próxima reunião
    """
)
FORMALITY = re.compile(rf"(?<!\w){_FORMALITIES}(?!\w)", re.IGNORECASE)
_ENACTING = one_of(
    """
    be it enacted, hat das folgende gesetz beschlossen, congress finds, comes into force,
    takes effect, this act extends, tritt am, entrará en vigor, entrera en vigueur
    """
)
DEFINITION = re.compile(
    rf"\bthe term [\"“]|\bin this {one_of('act, section, chapter, part')}\b"
    rf"|(?<!\w){_ENACTING}(?!\w)"
    r"|\bis amended by (?:striking|adding|inserting)\b",
    re.IGNORECASE,
)
QUOTED = re.compile(r"[\"“”„«‘`]")
_COURTESIES = one_of(
    """
    mm-hmm, yeah, yep, okay, ok, oh, hmm, hi, hello, hey, dear, thanks, thank you, regards, cheers,
    sincerely, good morning, good afternoon, welcome, bye
    """
)
FILLER = re.compile(rf"\b{either('um+', 'uh+', 'mm+', _COURTESIES)}\b", re.IGNORECASE)
_NOTICES = one_of(
    """
    may be cited as, table of contents, all rights reserved, ©, copyright, click here, unsubscribe,
    is confidential, intended recipient, www.
    """
)
_LABELS = either(
    one_of("From, To, Cc, Sent, Date, Subject, Page, Present, Apologies, Participants, Absent"),
    r"Attend\w+",
)
BOILERPLATE = re.compile(either(_NOTICES, r"https?://", rf"^\s*{_LABELS}\b"), re.IGNORECASE)


class _Put(NamedTuple):
    text: str
    length: int
    is_fragment: bool


@dataclass(frozen=True, slots=True)
class Feature:
    """`worth` is added to the score of a sentence that is put so; `example` is one."""

    name: str
    worth: float
    is_found: Callable[[_Put], bool]
    example: str


def _is_question(put: _Put) -> bool:
    return "?" in put.text[-3:]


def _leans_on_others(put: _Put) -> bool:
    return put.is_fragment or POINTS_BACK.match(put.text) is not None


def _is_small_talk(put: _Put) -> bool:
    return put.length < SMALL_TALK and FILLER.search(put.text) is not None


def _has_filler(put: _Put) -> bool:
    return put.length >= SMALL_TALK and FILLER.search(put.text) is not None


def _is_numbers(put: _Put) -> bool:
    return sum(map(str.isdigit, put.text)) * 4 > len(put.text)


FEATURES = (
    Feature(
        name="cue phrase",
        worth=0.1,
        is_found=lambda put: CUES.search(put.text) is not None,
        example="The board decided to repair the wall of the harbour.",
    ),
    Feature(
        name="decision",
        worth=0.3,
        is_found=lambda put: DECIDED.search(put.text) is not None,
        example="De dorpsraad besluit de muur van de haven te herstellen.",
    ),
    Feature(
        name="formality",
        worth=-0.9,
        is_found=lambda put: FORMALITY.search(put.text) is not None,
        example="Piet opent de vergadering over de muur en heet iedereen welkom.",
    ),
    Feature(
        name="definition",
        worth=-0.5,
        is_found=lambda put: DEFINITION.search(put.text) is not None,
        example="The term “wall” means the wall of the harbour and its gates.",
    ),
    Feature(
        name="long",
        worth=-0.2,
        is_found=lambda put: put.length > LONG,
        example="The wall is as long as a walk that leads" + " past a house and a tree" * 9,
    ),
    Feature(
        name="question",
        worth=-0.4,
        is_found=_is_question,
        example="Who is going to repair the wall of the harbour?",
    ),
    Feature(
        name="quotation",
        worth=-0.2,
        is_found=lambda put: QUOTED.match(put.text) is not None,
        example="“The wall of the harbour is older than we thought.”",
    ),
    Feature(
        name="leans on others",
        worth=-0.1,
        is_found=_leans_on_others,
        example="It has stood at the end of the harbour since then.",
    ),
    Feature(
        name="small talk",
        worth=-0.9,
        is_found=_is_small_talk,
        example="Okay so that was all about the wall of the harbour.",
    ),
    Feature(
        name="filler",
        worth=-0.25,
        is_found=_has_filler,
        example="The wall of the harbour is um old and the town has no plan to repair it now.",
    ),
    Feature(
        name="boilerplate",
        worth=-2.0,
        is_found=lambda put: BOILERPLATE.search(put.text) is not None,
        example="The plan of the wall is on the pages at www.example.org.",
    ),
    Feature(
        name="numbers",
        worth=-0.4,
        is_found=_is_numbers,
        example="A 1931 B 1987 C 2026 D 12345 E 67890 F 13579",
    ),
)


# A form letter or a log says the same over and over; each saying is weighed once.
@lru_cache(maxsize=1024)
def weigh(text: str, *, is_fragment: bool = False) -> float:
    """What the manner of a sentence adds to its score, or takes off."""
    put = _Put(text, words.count(text), is_fragment)
    weight = PER_MISSING_WORD * max(0, SHORT - put.length)
    for feature in FEATURES:
        if feature.is_found(put):
            weight += feature.worth
    return weight


@lru_cache(maxsize=1024)
def opens_no_story(text: str) -> bool:
    """Whether it is a greeting, or a list of those present."""
    put = _Put(text, words.count(text), is_fragment=False)
    return BOILERPLATE.search(text) is not None or _is_small_talk(put)
