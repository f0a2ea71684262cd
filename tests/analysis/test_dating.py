"""The date of a document, proven by its words, and deadlines counted from it."""

import json

import pytest

from documents.pipeline.analysis import SourcePage
from documents.pipeline.analysis.chunks import divide
from documents.pipeline.analysis.evidence import due_dates, quotes
from documents.pipeline.analysis.model import answers
from documents.pipeline.analysis.model.dating import with_due_dates
from documents.pipeline.analysis.model.merge import merge
from documents.pipeline.analysis.model.verification import verify
from tests import model_server

LETTER = "Harbor office, Example Town, 3 March 2026.\nPlease pay the invoice within 14 days."
DATED = "Harbor office, Example Town, 3 March 2026"
PAY = "Please pay the invoice within 14 days"


def answer(*, dated=None, page=1, due_text="within 14 days", quote=PAY, language="en", **claims):
    evidence = [{"page": page, "quote": quote}]
    told = {"task": "Pay the invoice.", "due_text": due_text, "evidence": evidence}
    return answers.ChunkAnswer.model_validate(
        {"language": language, "key_points": [], "summary": [], "topics": [],
         "sentiment": {"label": "neutral"}, "action_items": [told],
         "document_date": dated and {"page": 1, "quote": dated}, **claims}
    )  # fmt: skip


def dated_together(texts, *told):
    pages = [SourcePage(number, text) for number, text in enumerate(texts, start=1)]
    grounding = quotes.index(pages)
    chunks = [divide([page], 24_000)[0] for page in pages]
    parts = [verify(each, chunk, grounding) for each, chunk in zip(told, chunks, strict=True)]
    return merge(with_due_dates(parts, pages, grounding))


def task_of(text, **claims):
    [item] = dated_together([text], answer(**claims)).actionable_items
    return item


def test_a_deadline_is_counted_from_the_quoted_date_and_says_so():
    item = task_of(LETTER, dated=DATED)
    assert (item.due_text, item.due_date) == ("within 14 days", "2026-03-17")
    assert item.due_from.date == "2026-03-03"
    [evidence] = item.due_from.evidence
    assert (evidence.page, evidence.quote) == (1, f"{DATED}.")


@pytest.mark.parametrize(
    "dated",
    [
        None,
        "Harbor office, Example Town, 5 March 2026",  # Not what the page says.
        "Harbour office, Example Town, 3 March 2026",  # Close, and not word for word.
        "Harbor office, Example Town",
        "Please pay the invoice within 14 days",
    ],
)
def test_without_a_date_that_stands_there_nothing_is_counted(dated):
    item = task_of(LETTER, dated=dated)
    assert (item.due_text, item.due_date, item.due_from) == ("within 14 days", None, None)


def test_a_date_that_is_written_out_was_counted_from_nothing():
    text = LETTER.replace("within 14 days", "by 20 March 2026")
    item = task_of(text, dated=DATED, due_text="by 20 March 2026", quote=text.split("\n")[1])
    assert (item.due_date, item.due_from) == ("2026-03-20", None)


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("The work must be done by 3 March 2026. ", "The work must be done by 3 March 2026"),
        ("From 3 March 2026 to 5 May 2026. ", "From 3 March 2026 to 5 May 2026"),
        ("Letter of the office of 03/04/2026. ", "Letter of the office of 03/04/2026"),
        (
            "Thank you for your letter of 3 March 2026. ",
            "Thank you for your letter of 3 March 2026",
        ),
        ("Tenant, date of birth: 3.3.1961. ", "Tenant, date of birth: 3.3.1961"),
        ("Invoice 12, due date: 3 March 2026. ", "Invoice 12, due date: 3 March 2026"),
        ("Danke für Ihr Schreiben vom 3.3.2026. ", "Danke für Ihr Schreiben vom 3.3.2026"),
        ("Harbor office, Example Town, 03.03.97. ", "Harbor office, Example Town, 03.03.97"),
    ],
)
def test_a_deadline_a_span_and_a_date_of_two_readings_are_no_date_of_a_document(text, quote):
    assert task_of(f"{text}\n{PAY}.", dated=quote).due_date is None


def test_where_days_come_first_a_date_has_one_reading():
    text = f"Schreiben des Hafenamtes vom 03/04/2026.\n{PAY}."
    item = task_of(text, dated="Schreiben des Hafenamtes vom 03/04/2026", language="de")
    assert item.due_from.date == "2026-04-03"


def test_the_date_on_the_first_page_holds_for_all_chunks():
    findings = dated_together([DATED, PAY + "."], answer(dated=DATED, action_items=[]),
                              answer(page=2))  # fmt: skip
    assert findings.actionable_items[0].due_date == "2026-03-17"
    assert findings.document_date.date == "2026-03-03"


def test_where_chunks_name_two_dates_neither_holds_for_a_third():
    other = "Harbor office, Example Town, 9 May 2026"
    told = [answer(dated=DATED, action_items=[]), answer(dated=other, action_items=[])]
    told[1].document_date.page = 2
    findings = dated_together([DATED, other, PAY + "."], *told, answer(page=3))
    assert findings.actionable_items[0].due_date is None
    assert findings.document_date is None


@pytest.mark.parametrize(
    "line", ["Date: 9 May 2026", "> Gesendet: 9. Mai 2026", "On 9 May 2026, Anna Berg wrote:"]
)
def test_in_a_letter_with_another_inside_nothing_is_counted(line):
    assert task_of(f"{LETTER}\n{line}\nHello.", dated=DATED).due_date is None


def test_its_own_dateline_is_no_other_letter():
    item = task_of(f"Date: 3 March 2026\n{LETTER}", dated=DATED)
    assert item.due_date == "2026-03-17"
    assert due_dates.datelines(["Date of birth: 3 May 1990", "Due date: 3 May 2026"]) == set()


def test_the_kind_of_document_is_shown_with_its_quote():
    evidence = [{"page": 1, "quote": PAY}]
    findings = dated_together([LETTER], answer(kind={"label": "letter", "evidence": evidence}))
    assert (findings.kind.label, findings.kind.evidence[0].quote) == ("letter", f"{PAY}.")
    told = json.loads(json.dumps(findings.as_json()))
    assert told["kind"]["label"] == "letter"
    invented = [{"page": 1, "quote": "the unicorns have moved in"}]
    findings = dated_together([LETTER], answer(kind={"label": "tale", "evidence": invented}))
    assert findings.kind is None


def test_a_model_is_asked_for_the_date_and_code_counts(analyze, model, monkeypatch):
    told = json.loads(
        model_server._content({"messages": [{"content": '"sources"'}, {"content": ""}]})
    )
    told |= answer(dated=DATED).model_dump()
    monkeypatch.setattr(model_server, "_analysis", lambda text, lying: told)
    [item] = analyze([SourcePage(1, LETTER)]).actionable_items
    assert (item.due_date, item.due_from.date) == ("2026-03-17", "2026-03-03")


@pytest.mark.parametrize(
    ("before", "due"),
    [
        ("The hearing is on 5 May.", None),
        ("You will receive the report by post.", None),
        ("The goods are delivered to the back door.", None),
        ("We wrote to you on 1 February 2026.", None),
        ("We look forward to your payment.", "2026-03-17"),
        ("This letter is of 3 March 2026.", "2026-03-17"),
    ],
)
def test_days_are_not_counted_where_the_sentence_before_tells_of_another_day(before, due):
    text = f"Harbor office, Example Town, 3 March 2026.\n\n{before} {PAY}."
    assert task_of(text, dated=DATED).due_date == due


def test_a_paragraph_further_up_does_not_matter():
    text = f"Harbor office, Example Town, 3 March 2026.\n\nThe hearing is on 5 May.\n\n{PAY}."
    assert task_of(text, dated=DATED).due_date == "2026-03-17"
