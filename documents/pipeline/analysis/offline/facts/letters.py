"""Facts of a letter or a notice: sender, date, subject, what is asked and until when."""

from __future__ import annotations

import re
from collections.abc import Iterator

from documents.pipeline.analysis.offline.facts import dates, text
from documents.pipeline.analysis.offline.facts.text import Line, PaperText
from documents.pipeline.analysis.offline.kinds.vocabulary import SIGNS
from documents.pipeline.analysis.offline.patterns import one_of
from documents.pipeline.analysis.offline.words import listed
from documents.pipeline.analysis.schema import Evidence, Fact

HEAD, LONGEST_SUBJECT = 25, 100

_SENT = one_of(
    "date of this notice, date, sent, datum, gesendet, fecha, enviado, data, verzonden, дата"
)
_SUBJECT = one_of(
    """
    subject, re, regarding, betreff, betrifft, objet, asunto, oggetto, assunto, onderwerp,
    betreft, temat, dotyczy, předmět, věc, тема, ämne, emne, asia, tárgy
    """
)
SENDER = re.compile(rf"{one_of('from, von, de, da, van, od, от кого')}\s?:\s*", re.IGNORECASE)
SENT = re.compile(rf"{_SENT}\s?:\s*", re.IGNORECASE)
SUBJECT = re.compile(rf"{_SUBJECT}\s?:\s*", re.IGNORECASE)
ADDRESS = re.compile(r"\s?[<(\[]|\s\S{1,64}@")
REQUEST = re.compile(
    rf"""(?<!\w){
        one_of(
            '''
        please, kindly, could you, can you, would you, we ask you, i ask you, we request,
        you are asked, you are requested, you must, bitte, wir bitten, ich bitte, fordern sie auf,
        wir ersuchen, merci de, veuillez, prions de, prie de, demandons de, rogamos, ruego,
        le pedimos, solicitamos, por favor, la preghiamo, si prega, vi preghiamo, vogliate,
        preghiamo di, solicitamos, agradecemos que, pedimos, gelieve, wij verzoeken, verzoeken u,
        wilt u, kunt u, alstublieft, prosimy, proszę, uprzejmie prosimy, prosíme, žádáme, просим,
        пожалуйста, vänligen, venligst, vennligst, pyydämme, kérjük
        '''
        )
    }(?!\w)""",
    re.IGNORECASE,
)
COURTESY = re.compile(
    rf"""{
        one_of(
            '''
        please find, please note, please do not hesitate, please accept, please contact,
        bitte beachten, veuillez agréer, veuillez recevoir, veuillez trouver, merci de votre
        '''
        )
    }(?!\w)""",
    re.IGNORECASE,
)
UNTIL = re.compile(
    rf"""(?<!\w){
        one_of(
            '''
        by, before, until, no later than, not later than, bis zum, bis, spätestens, vor dem,
        avant le, avant, jusqu'au, au plus tard, antes del, antes de, hasta el, hasta, entro il,
        entro, prima del, fino al, até, até ao, antes de, vóór, voor, uiterlijk, tot, do dnia, do,
        najpóźniej, nejpozději, před, до, senast, före, inden, innen, senest, mennessä
        '''
        )
    }(?!\w)""",
    re.IGNORECASE,
)
# "by Friday, 22 May", "bis spätestens zum 22. Mai", "avant le vendredi 22 mai"
NEAR = re.compile(r"[\s,:]{0,3}(?:[^\W\d_]{1,12}[\s,.]{1,3}){0,2}\Z")
_LINE_SIGNS = [sign for sign in SIGNS if sign.kind == "letter" and sign.where == "line"]
# Greets nobody in particular, and makes no letter of a paper.
_TO_WHOM = one_of(
    """
    to whom it may concern, à qui de droit, a quien corresponda, a quien pueda interesar,
    a chi di competenza, a quem possa interessar, aan wie dit aangaat, an alle die es angeht,
    an wen es angeht
    """
)
GREETING = re.compile(rf"(?:{_LINE_SIGNS[2].pattern.pattern}|{_TO_WHOM}\b)", re.IGNORECASE)
FAREWELL = _LINE_SIGNS[3].pattern
GREETED = re.compile(rf"{GREETING.pattern}[^,.!?:]{{0,60}},\s+", re.IGNORECASE)
# Small letters on the line of a date: "Bonn, den", "Paris, le lundi", "15 октября 2026 г."
BESIDE_A_DATE = listed(
    """
    den de der del dem le la el il em a à o am of on the dne dnia w v r roku г года ref no nr n y
    dated date datum lundi mardi mercredi jeudi vendredi samedi dimanche lunes martes miércoles
    jueves viernes sábado domingo lunedì martedì mercoledì giovedì venerdì sabato domenica maandag
    dinsdag woensdag donderdag vrijdag zaterdag zondag segunda terça quarta quinta sexta feira
    """
)
NO_HEADING = re.compile(r"[\d@]{4}|[.!?:;,]$|^\W*$")


def find(paper: PaperText) -> Iterator[Fact]:
    for found in (_sender(paper), _dated(paper), _subject(paper)):
        if found:
            yield found
    yield from _asked(paper)


def without_greeting(sentence: Evidence) -> Evidence:
    """What stands behind "Dear Mr. Bach," in the same sentence."""
    greeting = GREETED.match(sentence.quote)
    if not greeting or greeting.end() >= len(sentence.quote):
        return sentence
    quote = sentence.quote[greeting.end() :]
    return Evidence(sentence.page, sentence.start + greeting.end(), sentence.end, quote, "verbatim")


def _sender(paper: PaperText) -> Fact | None:
    for line in paper.lines[:HEAD]:
        label = SENDER.match(line.text)
        if label and label.end() < len(line.text):
            address = ADDRESS.search(line.text, label.end())
            end = address.start() if address and address.start() > label.end() else len(line.text)
            return text.fact("sender", line, line.start + label.end(), line.start + end)
    return _letterhead(paper) or _signature(paper.lines)


def _letterhead(paper: PaperText) -> Fact | None:
    """The first line, where it is a name: no greeting, no date, no title of a notice."""
    if not paper.lines:
        return None
    line = paper.lines[0]
    has_date = next(dates.find(line.page.text, line.start, line.end, paper.language), None)
    is_name = not has_date and not any(map(str.isdigit, line.text)) and len(line.text) <= 70
    if _is_any_title(line.text):
        return None
    if not is_name or GREETING.match(line.text) or line.text.isupper() or line.text[-1] in ".,:;!?":
        return None
    return text.fact("sender", line, line.start, line.end)


def _is_any_title(words: str) -> bool:
    """Whether it says what the paper is, "Pachtvertrag", rather than who wrote it."""
    titles = (s.pattern for s in SIGNS if s.where == "title" and s.kind in ("contract", "invoice"))
    return len(words.split()) <= 4 and any(title.search(words) for title in titles)


def _signature(lines: list[Line]) -> Fact | None:
    for line, following in zip(lines[::-1][1:], lines[::-1], strict=False):
        if FAREWELL.match(line.text) and _is_signed(following):
            return text.fact("sender", following, following.start, following.end)
    return None


def _is_signed(line: Line) -> bool:
    return len(line.text) <= 60 and line.text[0].isalpha() and line.text[-1] not in ":;"


def _dated(paper: PaperText) -> Fact | None:
    """A date above the greeting; below it only where a notice ends with one on its own line."""
    head = paper.lines[:HEAD]
    for line in head:
        if GREETING.match(line.text):
            break
        for found in dates.find(line.page.text, line.start, line.end, paper.language):
            if SENT.match(line.text) or _is_date_line(line, found):
                return text.fact("date", line, found.start, found.end, found.iso)
    for line in paper.lines[-3:]:
        for found in dates.find(line.page.text, line.start, line.end, paper.language):
            if found.end - found.start >= line.end - line.start - 3:
                return text.fact("date", line, found.start, found.end, found.iso)
    return None


def _is_date_line(line: Line, found: dates.Found) -> bool:
    """A date alone or behind a place, "Bonn, den": no sentence, and no deadline."""
    page = line.page.text
    beside = f"{page[line.start : found.start]} | {page[found.end : line.end]}"
    # The full stop of "15 октября 2026 г." ends no sentence.
    is_sentence = beside.endswith((".", "!", "?")) and not re.search(r"\b\w\.\Z", beside)
    if len(beside) > 43 or UNTIL.search(beside) or is_sentence:
        return False
    small = (word for word in re.findall(r"[^\W\d_]+", beside) if word[0].islower())
    return all(word in BESIDE_A_DATE for word in small)


def _subject(paper: PaperText) -> Fact | None:
    """What the label says; else the heading next to the greeting, or the title of a notice."""
    for line in paper.lines[:HEAD]:
        label = SUBJECT.match(line.text)
        if label and label.end() < len(line.text):
            return text.fact("subject", line, line.start + label.end(), line.end)
    lines = paper.lines[:HEAD]
    for place, line in enumerate(lines):
        if GREETING.match(line.text):
            near = [*lines[place - 1 : place], *lines[place + 1 : place + 2]]
            heading = next((each for each in near if _is_heading(each, paper)), None)
            return text.fact("subject", heading, heading.start, heading.end) if heading else None
    title = next((each for each in lines[:6] if _is_title(each)), None)
    return text.fact("subject", title, title.start, title.end) if title else None


def _is_heading(line: Line, paper: PaperText) -> bool:
    """A short line between blank ones that is no date, no address and no sentence."""
    words, page = line.text, line.page.text
    is_number = words[-1].isdigit()
    if len(words) > LONGEST_SUBJECT or (NO_HEADING.search(words) and not is_number):
        return False
    if next(dates.find(page, line.start, line.end, paper.language), None):
        return False
    above, below = page[: line.start].rstrip(" \t"), page[line.end :].lstrip(" \t")
    is_apart = above.endswith("\n\n") and below.startswith("\n\n")
    return is_apart and len(words.split()) >= 2 and not GREETING.match(words)


def _is_title(line: Line) -> bool:
    titles = (s for s in SIGNS if s.kind == "contract" and s.where == "title")
    is_sentence = line.text.endswith((".", "!", "?", ";")) and not line.text.isupper()
    return (
        not is_sentence
        and len(line.text) <= LONGEST_SUBJECT
        and any(s.pattern.search(line.text) for s in titles)
    )


def _asked(paper: PaperText) -> Iterator[Fact]:
    """The first request, rather one with a date; a courtesy asks for nothing."""
    best: tuple[Evidence, dates.Found | None] | None = None
    for index in range(len(paper.sentences)):
        words = paper.sentences.text(index)
        if not REQUEST.search(words) or COURTESY.search(words):
            continue
        sentence = paper.sentences.without_bullet(index)
        until = _until(paper, sentence)
        if best is None or (until and not best[1]):
            best = (sentence, until)
        if until:
            break
    if best is None:
        return
    sentence, until = best
    yield Fact("asked", " ".join(sentence.quote.split()), None, [sentence])
    if until:
        value = sentence.quote[until.start - sentence.start : until.end - sentence.start]
        yield Fact("until", " ".join(value.split()), until.iso, [sentence])


def _until(paper: PaperText, sentence: Evidence) -> dates.Found | None:
    label = UNTIL.search(sentence.quote)
    while label:
        found = next(
            dates.find(sentence.quote, label.end(), len(sentence.quote), paper.language), None
        )
        if found and NEAR.match(sentence.quote[label.end() : found.start]):
            return dates.Found(sentence.start + found.start, sentence.start + found.end, found.iso)
        label = UNTIL.search(sentence.quote, label.end())
    return None
