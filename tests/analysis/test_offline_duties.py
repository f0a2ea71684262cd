"""Duties in many languages: whose they are, until when, and papers in which they are nobody's."""

from __future__ import annotations

from collections import Counter
from operator import attrgetter

import pytest

from documents.pipeline.analysis.offline import sentences
from documents.pipeline.analysis.offline.actions import (
    action_items,
    assessment,
    due_dates,
    genre,
    mail,
    parties,
)
from documents.pipeline.analysis.offline.actions.calendars import CALENDARS
from documents.pipeline.analysis.offline.actions.genre import Genre
from documents.pipeline.analysis.offline.actions.headings import HEADINGS, PRESENT_LINE

from .duties.reading import Paper, matched, papers
from .offline_reading import analyze, pages


def read(text, language="en", kind=None):
    return action_items.find(sentences.read(pages(text)), language, kind)


def told(text, language="en"):
    return [(item.task, item.assignee, item.due_text) for item in read(text, language)]


@pytest.mark.parametrize("row", CALENDARS, ids=attrgetter("language"))
def test_a_calendar_reads_its_example(row):
    due = due_dates.find(row.example.sentence, row.language)
    assert due is not None
    assert (due.text, due.date) == (row.example.text, row.example.date)


@pytest.mark.parametrize(
    ("text", "language", "day"),
    [
        ("31.03.2027", "de", "2027-03-31"),
        ("31.03.2027", "en", "2027-03-31"),
        ("30/06/2027", "es", "2027-06-30"),
        ("3/4/2027", "en", None),
        ("30 février 2027", "fr", None),
        ("2027年3月5日", "ja", "2027-03-05"),
    ],
)
def test_a_numeric_date_is_plain_where_its_order_is(text, language, day):
    assert due_dates.plain_date(text, language) == day


@pytest.mark.parametrize("row", HEADINGS, ids=attrgetter("language"))
def test_an_entry_below_the_heading_of_a_task_list_is_a_task(row):
    ((task, who, due),) = told(f"{row.example}\n- Xxxx yyyyy\n", row.language)
    assert (task, who, due) == ("Xxxx yyyyy", None, None)


@pytest.mark.parametrize("row", HEADINGS, ids=attrgetter("language"))
def test_those_present_are_known(row):
    assert PRESENT_LINE.match(row.names)
    known = parties.meet(sentences.read(pages(row.names)), row.language)
    last = row.names.replace("、", " ").replace("،", " ").split()[-1]
    assert known.holds(last)


@pytest.mark.parametrize(
    ("entry", "who", "due"),
    [
        ("Schlüssel holen (Anja, bis 25.01.2027)", "Anja", "bis 25.01.2027"),
        ("Schlüssel holen – Anja – 25.01.2027", "Anja", "25.01.2027"),
        ("Anja: Schlüssel holen", "Anja", None),
        ("Schlüssel holen", None, None),
    ],
)
def test_an_entry_says_who_and_until_when_at_either_end(entry, who, due):
    text = f"Anwesend: Anja, Piet\n\nAufgaben:\n- {entry}\n- Lampe kaufen\n"
    assert told(text, "de")[0] == ("Schlüssel holen", who, due)


def test_what_a_list_marks_as_finished_is_no_task():
    text = "Action items:\n1. (done) Ben: return the pipette\n- [x] Tag the branch\n"
    assert told(text) == []


@pytest.mark.parametrize(
    ("text", "language", "task"),
    [
        (
            "NOTICE\n\nThe Tenant must vacate the premises by 31 March 2027.",
            "en",
            ("Vacate the premises", "The Tenant", "by 31 March 2027"),
        ),
        (
            'CONTRACT\n\nbetween Elm Ltd. (the "Weaver") and Tom.\n\nThe Weaver shall mend it.',
            "en",
            ("Mend it", "The Weaver", None),
        ),
        (
            "MIETVERTRAG\n\nDie Treppe ist vom Mieter wöchentlich zu fegen.",
            "de",
            ("Die Treppe ist vom Mieter wöchentlich zu fegen", "Mieter", None),
        ),
    ],
)
def test_a_duty_of_a_role_or_of_a_party_is_a_task(text, language, task):
    assert told(text, language) == [task]


@pytest.mark.parametrize(
    "sentence",
    [
        "Failure to vacate will result in court proceedings.",
        "It will rain tomorrow.",
        "To boot a system, enough software must be present.",
        "The Tenant may paint the walls.",
        "Subscribing to bugs",
        "SUPPLY AGREEMENT",
        "CALL TO ORDER/FLAG SALUTE",
        "To Whom It May Concern",
        "The office will be closed on 24 December.",
    ],
)
def test_what_is_nobodys_duty_is_no_task(sentence):
    assert told(f"NOTICE\n\n{sentence}\n\nThe lake is deep.") == []


@pytest.mark.parametrize(
    ("sentence", "count"),
    [
        ("Les élèves pourront visiter le musée.", 0),
        ("La mairie paiera le transport.", 0),
        ("La mairie paiera le transport avant le 3 mai 2027.", 1),
        ("La mairie doit payer le transport.", 1),
    ],
)
def test_in_letters_the_future_alone_is_no_duty_of_a_role(sentence, count):
    assert len(told(f"Chers parents,\n\n{sentence}", "fr")) == count


@pytest.mark.parametrize(
    ("sentence", "language", "task"),
    [
        ("Ich kümmere mich um die Musik.", "de", "Kümmere mich um die Musik"),
        ("Please let us have the plan by 5 May 2027.", "en", "Let us have the plan"),
    ],
)
def test_a_task_begins_with_its_verb(sentence, language, task):
    assert [item.task for item in read(f"Hallo Tom,\n\n{sentence}", language)] == [task]


def test_boxes_below_a_question_are_answers():
    assert told("Do you accept the offer?\n[x] Accept the offer\n[ ] Reject the offer\n") == []
    assert told("This week:\n[x] Accept the offer\n[ ] Repair the gate\n") == [
        ("Repair the gate", None, None)
    ]


def test_rows_below_a_head_are_tasks_and_the_head_is_none():
    text = "Task\tOwner\tDue\nCall the bank\tAna\t3 March\nOrder the pump\tBen\t9 March\n"
    assert told(text) == [
        ("Call the bank", "Ana", "3 March"),
        ("Order the pump", "Ben", "9 March"),
    ]


def test_orders_explain_in_a_manual_and_ask_in_minutes():
    text = "Download the archive from the mirror.\n\nInstall the package."
    assert read(text, kind="manual") == []
    assert len(read(text, kind="minutes")) == 2


def test_a_promise_in_quoted_mail_is_of_who_wrote_it():
    text = (
        "From: Ana Ruiz\n\nI will draw it.\n\n> On 27 February Ben Okafor wrote:\n> I will call.\n"
    )
    assert [(i.task, i.assignee) for i in read(text)] == [
        ("Draw it", "Ana Ruiz"),
        ("Call", "Ben Okafor"),
    ]


def test_a_reply_between_quoted_lines_is_of_who_quotes():
    text = "From: Ana\n\nOn 2 May Ben wrote:\n> Who goes?\n\nI will go.\n\n> And the car?\n"
    writers = [part.writer for part in mail.parts(sentences.read(pages(text)))]
    assert writers == [None, "Ana", "Ben", "Ana", "Ben"]
    assert [item.assignee for item in read(text)] == ["Ana"]


def test_many_tasks_without_names_or_days_are_a_misfire():
    many = "\n\n".join(f"Check the pump number {word}." for word in "abcdefghij")
    assert read(f"Minutes\n\n{many}") == []
    few = "\n\n".join(f"Check the pump number {word}." for word in "abc")
    assert len(read(f"Minutes\n\n{few}")) == 3
    assert len(read(f"Minutes\n\n{many}\n\nTom will call by 3 May 2027.")) == 1


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Dear Tom,\n\nthe lake is deep.", Genre.MAIL),
        ("Sehr geehrte Frau Kern,\n\nder See ist tief.", Genre.MAIL),
        ("Présents : Claire, Hugo\n\nLe lac est profond.", Genre.WORKING_PAPER),
        ("MIETVERTRAG\n\nDer See ist tief.", Genre.CONTRACT),
        ("AVISO\n\nEl lago.", Genre.FORM),
        ("Click Next.\n\nType the password.\n\nThe lake.", Genre.MANUAL),
    ],
)
def test_the_genre_is_told_by_headings_greetings_and_words(text, expected):
    assert genre.tell(sentences.read(pages(text))) is expected


def test_a_known_kind_of_document_is_believed():
    letter = sentences.read(pages("Dear Tom,\n\nthe lake is deep."))
    assert genre.tell(letter, "manual") is Genre.MANUAL
    assert genre.tell(letter, "other") is Genre.MAIL


@pytest.mark.parametrize(
    ("language", "note"),
    [
        ("en", ""),
        ("de", ""),
        ("pl", assessment.LISTS_ONLY),
        ("fi", assessment.NOT_LOOKED_FOR),
        (None, assessment.UNKNOWN),
    ],
)
def test_what_was_not_looked_for_depends_on_the_language(language, note):
    assert assessment.note(language) == note


def test_findings_say_whether_all_sentences_were_searched():
    finnish = (
        "Kokous pidettiin maanantaina ja kaikki olivat paikalla, mutta mitään ei päätetty. " * 3
    )
    told = analyze(finnish).as_json()
    assert told["action_items_assessed"] is False
    assert told["action_items_note"] == assessment.NOT_LOOKED_FOR
    told = analyze("The committee met on Monday and all of them were there. " * 3).as_json()
    assert (told["action_items_assessed"], told["action_items_note"]) == (True, "")


def scores(half, kind):
    counts = Counter()
    for paper in papers(half, kind):
        pairs, extra = matched(paper)
        hits = sum(item is not None for _, item in pairs)
        counts.update(hits=hits, extra=len(extra), missed=len(pairs) - hits)
    return counts


@pytest.mark.parametrize(("kind", "floor"), [("minutes", 0.85), ("mails", 0.62)])
@pytest.mark.parametrize("half", ["working", "held_out"])
def test_tasks_of_minutes_and_mails_are_found(half, kind, floor):
    found = scores(half, kind)
    assert 2 * found["hits"] / (2 * found["hits"] + found["extra"] + found["missed"]) >= floor


@pytest.mark.parametrize("half", ["working", "held_out"])
def test_four_of_five_duties_of_papers_are_found_and_nine_of_ten_are_duties(half):
    found = scores(half, "forms")
    assert found["hits"] >= 0.8 * (found["hits"] + found["missed"])
    assert found["extra"] <= 0.1 * (found["hits"] + found["extra"])


@pytest.mark.parametrize("half", ["working", "held_out"])
def test_in_manuals_and_the_news_nothing_is_anybodys_task(half):
    asked: list[Paper] = list(papers(half, "nothing"))
    assert sum(len(paper.found()) for paper in asked) <= len(asked)
