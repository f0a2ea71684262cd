"""What is no material for a summary: notices, contents, page numbers, addresses, rows, code."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from itertools import pairwise

from documents.pipeline.analysis.offline import fragments, front_matter, notices
from documents.pipeline.analysis.offline.front_matter import DENSE, LEADERS
from documents.pipeline.analysis.offline.kinds.vocabulary import SIGNS
from documents.pipeline.analysis.offline.patterns import one_of
from documents.pipeline.analysis.offline.sentence_boundaries import ENDED
from documents.pipeline.analysis.offline.sentences import FIRST, NO_MATERIAL, Sentences

# Notices stand at both ends of a document: so many sentences from there, paragraphs between two.
ENDS, BRIDGED = 250, 4
LONGEST_ENTRY = 110


# "ii", "- 12 -", "Page 3 of 9"
PAGE_NUMBER = re.compile(
    rf"\W*(?:{one_of('page, seite, página, pagina, strona, strana, s., p., стр.')}\s*)?"
    r"(?:\d{1,4}|[ivxlc]{1,7})(?:\s*(?:of|von|de|di|van|z|/)\s*\d{1,4})?\W*\Z",
    re.IGNORECASE,
)
SECTION = re.compile(r"(?<![\w.])(?:\d{1,2}|[A-Z])(?:\.\d{1,2}){1,3}\.?(?=\s+[^\W\d_]|\s*\Z)")
# "12 3.1.4 Another": the number of the entry above runs on into the next.
RUN_ON = re.compile(r"(?:\d{1,3}|[ivxl]{1,6})\s+\d{1,2}(?:\.\d{1,2}){1,3}\.?\s?[^\W\d_]")
GLUED = re.compile(r"\d{1,2}\.\d{1,2}[A-ZА-ЯЁ]")
CHAPTER_LINE = re.compile(r"\s*(?:\d{1,2}\.|[A-Z]\.)(?:\d{1,2}\.?)*\s+\S[^.!?]{0,90}\Z")
# "X. Changes to the library XI."
CHAPTER = re.compile(r"(?:[IVXLC]{1,6}|[A-Z]|\d{1,2})\.")
NEXT_CHAPTER = re.compile(r"\s(?:[IVXLC]{1,6}|[A-Z]|\d{1,2})(?:\.\d{1,2}){0,3}\.\Z")
CONTENTS = re.compile(
    rf"""\W*{
        one_of(
            '''
        table of contents, contents, inhaltsverzeichnis, inhalt, table des matières, sommaire,
        índice, tabla de contenidos, indice, índex, sumário, inhoudsopgave, inhoud, spis treści,
        obsah, содержание, оглавление, sisällysluettelo, sisällys,
        目次, 目录, 目錄, mục lục,
        daftar isi, taula de continguts
        '''
        )
    }\W*\Z""",
    re.IGNORECASE,
)
ADDRESS = re.compile(r"[\w.+-]{1,64}(?:@| at )[\w-]{1,60}\.\w|https?:/|www\.|<\S")
INSTITUTION = re.compile(
    rf"""(?<!\w){
        one_of(
            '''
        university, institute, department of, faculty of, laboratory, school of, universität,
        institut, fakultät, université, universidad, università, universidade, universiteit,
        uniwersytet, univerzita, laboratoire
        '''
        )
    }(?!\w)""",
    re.IGNORECASE,
)
FIELD = re.compile(
    rf"""\W*{
        one_of(
            '''
        version, revision, author, authors, maintainer, editor, published, release, translator,
        translation, autor, autoren, auteur, auteurs, traducteur, traduction, übersetzung, versión,
        autores, traducción, autore, autori, traduzione, versione, versão, tradução, versie,
        vertaling, keywords, doi, autorzy, překlad, автор, перевод, revisión, last update,
        last updated, last modified, updated, written by,
        date, datum, fecha, data, дата, dato, statement date, issue date
        '''
        )
    }\s*[:.\d]""",
    re.IGNORECASE,
)
# Who was there is no news of the meeting.
PRESENT = next(s.pattern for s in SIGNS if s.kind == "minutes" and s.where == "line")
ANNOUNCED = re.compile(r"[:：]\Z")
# "Build version of this manual: 20230508", "Fecha de publicación: 31/01/2024"
ENTRY = re.compile(
    r"[^:：.!?]{3,90}[:：]\s?[\w.+/-]{0,40}\d(?:[\w.+/-]{0,30}|[\d./ 年月日:-]{0,30})\.?\Z"
)
CODE = re.compile(r"^#|(?:^|\s)(?:[$#%>]\s\w|--\w|\S+=\S|\S*\w\(\))|[{};]\s*\Z|[\\|]\s|->|::")
ROW_NUMBERS, ROW_SHARE = 3, 0.3


def mark(sentences: Sentences, language: str | None = None) -> None:
    """Mark the sentences that no summary may have."""
    told: list[range] = []
    indexes = front_matter.pages_of_contents(sentences)
    titles = front_matter.titles(sentences)
    writing = fragments.writing_of(sentences, language)
    in_contents, near = False, deque([False] * DENSE, maxlen=DENSE)
    for paragraph in _paragraphs(sentences):
        first = sentences.text(paragraph.start)
        near.append(_is_numbered(first))
        begins = CONTENTS.match(first) is not None or sum(near) >= DENSE - 1
        in_contents = begins or (in_contents and _is_entry(first, paragraph))
        for index in paragraph:
            is_listed = in_contents or sentences.page(index) in indexes or index in titles
            is_part = is_listed or fragments.is_fragment(sentences, index, writing)
            if is_part or _is_no_prose(sentences.text(index), index):
                sentences.mark(index, NO_MATERIAL)
        if _is_at_an_end(paragraph, len(sentences)) and _has_notice(sentences, paragraph):
            told.append(paragraph)
    for paragraph in _with_between(told, sentences):
        for index in paragraph:
            sentences.mark(index, NO_MATERIAL)


def _paragraphs(sentences: Sentences) -> Iterator[range]:
    begin = 0
    for index in range(1, len(sentences) + 1):
        if index == len(sentences) or sentences.kind(index) & FIRST:
            yield range(begin, index)
            begin = index


def _is_entry(line: str, paragraph: range) -> bool:
    """A line of a table of contents, numbered or short; its long ones are broken in two."""
    return _is_numbered(line) or (len(paragraph) == 1 and len(line) <= LONGEST_ENTRY)


def _is_numbered(line: str) -> bool:
    return any(pattern.match(line) for pattern in (SECTION, CHAPTER_LINE)) or bool(
        LEADERS.search(line)
    )


def _is_no_prose(text: str, index: int) -> bool:
    if LEADERS.search(text) or PAGE_NUMBER.match(text) or CHAPTER_LINE.match(text):
        return True
    if CHAPTER.match(text) and NEXT_CHAPTER.search(text):
        return True
    if RUN_ON.match(text) or GLUED.match(text):
        return True
    # "1.1 At the beginning ." had a leader.
    if text[0].isdigit() and text.endswith(" ."):
        return True
    if PRESENT.match(text):
        return True
    if len(SECTION.findall(text)) >= 2 or FIELD.match(text) or CODE.search(text):
        return True
    # What ends in a colon announces what a summary will not have.
    if notices.TRANSLATED.match(text):
        return True
    if ADDRESS.search(text) or ANNOUNCED.search(text) or ENTRY.match(text):
        return True
    if index < 12 and INSTITUTION.search(text) and text[-1] not in ".!?":
        return True
    return _is_row(text)


def _is_row(text: str) -> bool:
    """A row of a table that lost its columns: figures, and few words between them."""
    tokens = text.split()
    figures = sum(token[-1].isdigit() or token[0].isdigit() for token in tokens)
    return figures >= ROW_NUMBERS and figures >= ROW_SHARE * len(tokens)


def _is_at_an_end(paragraph: range, total: int) -> bool:
    return paragraph.start < ENDS or paragraph.stop > total - ENDS


def _has_notice(sentences: Sentences, paragraph: range) -> bool:
    return any(notices.is_notice(sentences.text(index)) for index in paragraph)


def _with_between(notices: list[range], sentences: Sentences) -> Iterator[range]:
    """A notice goes on for as long as the next paragraph but a few is one, too."""
    for notice in notices:
        is_open = notice.stop < len(sentences) and not ENDED.search(sentences.text(notice.stop - 1))
        yield range(notice.start, notice.stop + is_open)
    for first, second in pairwise(notices):
        if 0 < second.start - first.stop <= BRIDGED:
            yield range(first.stop, second.start)
