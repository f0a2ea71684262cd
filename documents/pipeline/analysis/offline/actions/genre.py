"""Genre detection: a letter asks, minutes record what was agreed, a manual speaks to nobody."""

from __future__ import annotations

import re
from enum import Enum

from documents.pipeline.analysis.offline.actions.headings import PRESENT_LINE
from documents.pipeline.analysis.offline.patterns import either, one_of
from documents.pipeline.analysis.offline.sentences import ITEM, Sentences

# Sentences looked at, and sentences below which a text is a note, whatever it is about.
BEGINNING, FIRST_PAGE, SHORT = 400, 40, 12
# A text of more sentences than that, and no other sign, is a book rather than a report.
LONG = 1_500

_GREETINGS = one_of(
    """
    hi, hello, dear, hey, hallo, liebe, lieber, sehr geehrte, sehr geehrter, guten tag, bonjour,
    cher, chère, chers, chères, madame, monsieur, mesdames, messieurs, hola, estimado, estimada,
    estimados, estimadas, querido, querida, queridos, buenos días, gentile, gentili,
    egregio, spett.le, ciao, caro, cara, buongiorno, beste, geachte, prezado, prezada, olá, bom dia
    """
)
_HEADERS = one_of("From, Subject, Von, Betreff, Objet, Asunto, Oggetto, Assunto, Onderwerp")
MAIL = re.compile(
    either(
        rf"[>\s]{{0,5}}{_GREETINGS}\b.{{0,60}}[,:!]\s*$",
        rf"{_GREETINGS}\b[^.]{{0,40}},",
        rf"{_HEADERS}\s?:\s",
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
    followups, protokoll, sitzung, besprechung, compte rendu, procès-verbal, réunion, acta, reunión,
    verbale, riunione, assemblea, ata, reunião, notulen, verslag, vergadering, weekly
    """
)
MEETING = re.compile(rf"\b{_MEETING_WORDS}\b", re.IGNORECASE)
_CONTRACTS = one_of(
    "agreement, contract, contrat, contrato, contratto, vertrag, overeenkomst, bail, lease"
)
CONTRACT = re.compile(
    either(rf"\b{_CONTRACTS}\b", r"\b\w{2,20}(?:vertrag|overeenkomst)\b"), re.IGNORECASE
)
_NOTICES = one_of(
    """
    notice, memo, memorandum, aushang, mitteilung, hinweis, avis, note de service, aviso, circular,
    avviso, circolare
    """
)
NOTICE = re.compile(rf"\W{{0,5}}{_NOTICES}\b[^.]{{0,40}}$", re.IGNORECASE)
_INVOICES = one_of("invoice, bill to, rechnung, facture, factura, fattura, factuur, fatura")
INVOICE = re.compile(rf"\b{_INVOICES}\b", re.IGNORECASE)
# Words of those who explain a machine or a program to whoever reads it.
_INSTRUCTIONS = one_of(
    """
    click, press, type, install, installation, download, command, commands, run, menu, button,
    terminal, password, file, files, package, packages, directory, software, program, user, users,
    configuration, disk, boot, log, bug, bugs, library, version, manual
    """
)
INSTRUCTION = re.compile(rf"\b{_INSTRUCTIONS}\b", re.IGNORECASE)
# A manual names such things in every second sentence or third.
INSTRUCTIVE = 0.4


class Genre(Enum):
    """The value says how sure a rule must be to be believed in such a text."""

    MAIL = 1.0
    WORKING_PAPER = 1.5
    CONTRACT = 1.45
    FORM = 1.6
    REPORT = 2.0
    BOOK = 2.1
    MANUAL = 2.2


# In letters and notices what "will be" done is done by the writer, and news to the reader.
ANNOUNCES = frozenset({Genre.MAIL, Genre.FORM})
# Orders, "Send the list", are tasks in letters and notes; elsewhere they explain.
TAKES_ORDERS = frozenset({Genre.MAIL, Genre.WORKING_PAPER})
# Only what names somebody or a day is a task there; a list below a heading is one in a report.
SPEAK_TO_NOBODY = frozenset({Genre.MANUAL, Genre.BOOK})
OF_KIND = {
    "minutes": Genre.WORKING_PAPER,
    "list": Genre.WORKING_PAPER,
    "letter": Genre.MAIL,
    "contract": Genre.CONTRACT,
    "invoice": Genre.FORM,
    "report": Genre.REPORT,
    "manual": Genre.MANUAL,
}


def tell(sentences: Sentences, kind: str | None = None) -> Genre:
    """By the kind of the document where it is known, else by its own look at the beginning."""
    if kind in OF_KIND:
        return OF_KIND[kind]
    texts = [sentences.text(index) for index in range(min(len(sentences), BEGINNING))]
    return _of_paper(texts[:FIRST_PAGE]) or _of_text(sentences, texts)


def _of_paper(first: list[str]) -> Genre | None:
    """What its headings, its greeting and those present tell."""
    if any(map(PRESENT_LINE.match, first)):
        return Genre.WORKING_PAPER
    # A mail about a meeting is a mail.
    if any(map(MAIL.match, first[:2])):
        return Genre.MAIL
    if any(map(MEETING.search, first[:4])):
        return Genre.WORKING_PAPER
    if any(map(CONTRACT.search, first[:2])):
        return Genre.CONTRACT
    if any(map(MAIL.match, first)):
        return Genre.MAIL
    is_form = any(map(INVOICE.search, first[:6])) or any(map(NOTICE.match, first[:3]))
    return Genre.FORM if is_form else None


def _of_text(sentences: Sentences, texts: list[str]) -> Genre:
    if sum(bool(INSTRUCTION.search(text)) for text in texts) > INSTRUCTIVE * len(texts):
        return Genre.MANUAL
    if len(sentences) == 1:
        return Genre.MAIL
    items = sum(bool(sentences.kind(index) & ITEM) for index in range(len(texts)))
    is_working_paper = (
        len(sentences) < SHORT
        or (items * 4 > len(texts) and len(sentences) < BEGINNING)
        or any(map(MEETING.search, texts[:FIRST_PAGE]))
        or sentences.is_transcript()
    )
    if is_working_paper:
        return Genre.WORKING_PAPER
    return Genre.BOOK if len(sentences) > LONG else Genre.REPORT
