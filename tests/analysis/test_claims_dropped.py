"""What an answer claims and its quotes contradict is shown nowhere; owners stand by their tasks."""

import pytest

from documents.pipeline.analysis import SourcePage
from documents.pipeline.analysis.chunks import divide
from documents.pipeline.analysis.evidence import quotes
from documents.pipeline.analysis.model import answers
from documents.pipeline.analysis.model.verification import verify

REFUSED = "The board did not approve the sale of the boathouse."
RAISED = "The mooring fees rise by 40 euros in May."
TEXT = f"{REFUSED} {RAISED} Action: Tomas Berg drafts the letter by 25 October 2026."
APPROVED = "The board approved the sale of the boathouse."


def verified(text=TEXT, **claims):
    nothing = {"key_points": [], "summary": [], "topics": [], "action_items": []}
    neutral = {"label": "neutral", "evidence": []}
    answer = answers.ChunkAnswer.model_validate(
        {"language": "en", **nothing, "sentiment": neutral, **claims}
    )
    pages = [SourcePage(1, text)]
    return verify(answer, divide(pages, 24_000)[0], quotes.index(pages))


def point(text, quote):
    return {"text": text, "evidence": [{"page": 1, "quote": quote}]}


def task_of(text, quote, **details):
    claim = {"task": "Do it.", "evidence": [{"page": 1, "quote": quote}], **details}
    [item] = verified(text, action_items=[claim]).actionable_items
    return item


def test_a_contradicted_claim_stands_nowhere_but_among_the_unverified():
    findings = verified(
        key_points=[point(APPROVED, REFUSED)], summary=[{"text": APPROVED, "sources": [1]}]
    )
    assert findings.key_points == findings.summary == []
    first, second = findings.unverified
    assert (first["kind"], first["text"], first["reason"]) == (
        "key_point",
        APPROVED,
        "contradicted",
    )
    assert second["kind"] == "summary"


def test_a_contradicted_sentence_of_the_summary_falls_though_its_point_stands():
    findings = verified(
        key_points=[point(REFUSED, REFUSED)], summary=[{"text": APPROVED, "sources": [1]}]
    )
    assert [each["reason"] for each in findings.unverified] == ["contradicted"]
    assert [sentence.text for sentence in findings.summary] == [REFUSED]


def test_a_contradicted_task_is_not_shown():
    claim = {"task": "Do not draft the letter.", "evidence": [{"page": 1, "quote": TEXT[-56:]}]}
    claim["evidence"][0]["quote"] = "Tomas Berg drafts the letter by 25 October 2026"
    assert verified(action_items=[claim]).actionable_items == []


def test_a_sentence_that_fell_is_not_put_back_as_a_point():
    marked = "The mooring fees rise by 90 euros in May."
    findings = verified(
        key_points=[point(marked, RAISED), point(RAISED, RAISED)],
        summary=[{"text": marked, "sources": [1]}],
    )
    assert [sentence.text for sentence in findings.summary] == [RAISED]


def test_a_sentence_of_the_summary_carries_the_evidence_of_its_points():
    findings = verified(
        key_points=[point(REFUSED, REFUSED), point(RAISED, RAISED)],
        summary=[{"text": "Fees rise by 40 euros in May.", "sources": [2]}],
    )
    [sentence] = findings.summary
    assert ([each.quote for each in sentence.evidence], sentence.support) == (
        [RAISED],
        "supported",
    )


def test_contradictions_are_no_reason_to_ask_for_better_quotes():
    assert verified(key_points=[point(APPROVED, REFUSED)]).unverified_share == 0


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("Tomas Berg drafts the letter to the county.", "drafts the letter to the county"),
        ("Tomas Berg:\n- call the insurer\n- draft the letter", "draft the letter"),
        ("Task | Owner\nDraft the letter | Tomas Berg\nCall | Ana", "Draft the letter"),
        ("Tomas Berg is new. He drafts the letter to the county.", "drafts the letter to the"),
        ("From: Tomas Berg\n\nI will draft the letter to the county.", "draft the letter to the"),
        ("I will draft the letter to the county.\n\nRegards,\nTomas Berg", "draft the letter to"),
        ("Dear Tomas Berg,\n\nPlease draft the letter to the county.", "draft the letter to the"),
    ],
)
def test_an_owner_is_kept_where_the_quote_leads_to_the_name(text, quote):
    assert task_of(text, quote, assignee="Tomas Berg").assignee == "Tomas Berg"


@pytest.mark.parametrize(
    "text",
    [
        "Tomas Berg chairs the meeting. The county gets a letter about the road.",
        "Tomas Berg was absent.\n\nThe county gets a letter about the road.",
        "The county gets a letter about the road. Tomas Berg calls the insurer.",
        "Ana:\n- The county gets a letter about the road\nTomas Berg:\n- calls the insurer",
        "Letter: The county gets a letter about the road.\nTomas Berg calls the insurer.",
    ],
)
def test_an_owner_from_elsewhere_is_left_out(text):
    quote = "The county gets a letter about the road"
    assert task_of(text, quote, assignee="Tomas Berg").assignee is None


def test_a_date_from_elsewhere_is_left_out():
    item = task_of(TEXT, RAISED, due_text="by 25 October 2026", due_date="2026-10-25")
    assert (item.due_text, item.due_date) == (None, None)


@pytest.mark.parametrize(
    ("written", "due_date", "kept"),
    [
        ("by 25 October 2026", "2026-10-25", "2026-10-25"),
        ("by 25 October 2026", "2026-11-25", "2026-10-25"),
        ("bis 25.10.2026", "2026-10-25", "2026-10-25"),
        ("by 25 October", "2026-10-25", None),
        ("do 25 października 2026", "2026-10-25", "2026-10-25"),
        ("between 18 October 2026 and 25 October 2026", "2026-10-25", "2026-10-25"),
        ("2026 / 10 / 25", "2026-10-25", "2026-10-25"),
    ],
)
def test_a_due_date_is_the_day_that_is_written(written, due_date, kept):
    text = f"Tomas Berg drafts the letter to the county {written}."
    item = task_of(text, "drafts the letter to the county", due_text=written, due_date=due_date)
    assert item.due_date == kept


@pytest.mark.parametrize("written", ["do 25 października 2026", "25 days after lot 26"])
def test_a_month_that_is_not_written_is_not_for_a_model_to_name(written):
    text = f"Tomas Berg drafts the letter to the county {written}."
    told = {"due_text": written, "due_date": "2026-11-25"}
    assert task_of(text, "drafts the letter to the county", **told).due_date is None


@pytest.mark.parametrize("due_date", ["2027-03-01", "2027-03-31", None])
@pytest.mark.parametrize(
    "written",
    [
        "within 30 days of 1 March 2027",
        "two weeks before 1 March 2027",
        "innerhalb von 14 Tagen nach dem 1. März 2027",
        "dans les 15 jours suivant le 1er mars 2027",
        "entro 10 giorni dal 1 marzo 2027",
        "in the week of 1 March 2027",
        "not before 1 March 2027",
        "1 March 2027 at the earliest",
        "frühestens am 1. März 2027",
        "after 1 March 2027",
        "ab 1. März 2027",
        "every month until 1 March 2027",
        "by 1.3.97",
    ],
)
def test_a_day_that_is_counted_from_is_not_the_day_it_is_due(written, due_date):
    text = f"Tomas Berg drafts the letter to the county {written}."
    told = {"due_text": written, "due_date": due_date}
    item = task_of(text, "drafts the letter to the county", **told)
    assert (item.due_text, item.due_date) == (written, None)
