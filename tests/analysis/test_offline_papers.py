"""What the built-in engine tells of labelled papers: their kind, their facts, their language."""

import pytest

from bench.quality.papers import findings, judged
from documents.pipeline.analysis.offline import language, sentence_boundaries
from documents.pipeline.analysis.offline.kinds import classifier
from documents.pipeline.analysis.offline.kinds.vocabulary import SIGNS
from documents.pipeline.analysis.schema import SourcePage
from tests.analysis.papers import reading

WORKING = {paper.name: paper for half in ("working", "fresh") for paper in reading.papers(half)}


@pytest.mark.parametrize("name", WORKING)
def test_the_kind_of_a_paper_is_told(name):
    assert findings(WORKING[name]).document_kind in WORKING[name].kinds


@pytest.mark.parametrize("name", WORKING)
def test_no_fact_is_invented(name):
    told = judged(WORKING[name], findings(WORKING[name]))
    assert [fact for fact, outcome, _ in told if outcome == "invented"] == []


@pytest.mark.parametrize("name", WORKING)
def test_the_value_of_a_fact_stands_in_its_quote(name):
    paper = WORKING[name]
    for fact in findings(paper).facts:
        [place] = fact.evidence
        assert paper.text[place.start : place.end] == place.quote
        assert fact.value in " ".join(place.quote.split())


def test_a_column_of_its_own_holds_the_currency():
    [total] = [f for f in findings(WORKING["receipt_en_wide_gap"]).facts if f.name == "total"]
    assert total.normalized == "23.80 EUR"


def test_a_title_is_no_seller():
    assert [f for f in findings(WORKING["invoice_ja"]).facts if f.name == "seller"] == []


def test_a_reminder_tells_what_is_to_pay_rather_than_every_sum():
    told = [f for f in findings(WORKING["invoice_de_mahnung"]).facts if f.name in ("total", "sums")]
    assert [fact.normalized for fact in told] == ["284.17 EUR"]


@pytest.mark.parametrize("paper", list(reading.papers("fresh")), ids=lambda paper: paper.name)
def test_the_facts_of_a_paper_are_told_right(paper):
    told = judged(paper, findings(paper))
    assert [each for each in told if each[1] not in ("right", "rightly none")] == []


def test_a_row_below_the_head_of_a_column_is_no_total():
    text = "Invoice\n\nItem     Qty     Total\n1 Chair, oak, EUR 40.00\n2 Tables, EUR 80.00\n"
    facts = findings(reading.Paper("", text, {})).facts
    assert "1" not in [fact.value for fact in facts if fact.name == "total"]


def test_the_letterhead_is_told_once():
    summary = findings(WORKING["ru_letter"]).summary
    assert summary.count("Северный дом") == 1


def test_a_heading_in_chinese_is_not_cut_into_topics():
    labels = [topic.label for topic in findings(WORKING["invoice_zh"]).topics]
    assert not [each for each in labels if each in "青松办公用品有限公司"]


def test_addresses_of_mail_are_no_topics():
    labels = {topic.label for topic in findings(WORKING["mail_de"]).topics}
    assert not labels & {"example", "org", "team"}


def test_a_purpose_is_no_task():
    tasks = findings(WORKING["letter_job_offer"]).actionable_items
    assert [item.task for item in tasks] == ["Sign and return this letter"]


def test_a_sentence_is_told_without_the_greeting_in_front():
    letter = WORKING["letter_de_herr_inline"]
    [_, point, *_] = findings(letter).key_points
    assert point.text.startswith("wir tauschen am 19. Oktober 2026")
    [place] = point.evidence
    assert letter.text[place.start : place.end] == place.quote


def test_who_the_parties_are_is_told_once():
    summary = findings(WORKING["contract_fr_commune"]).summary
    assert summary.count("Commune de Saint-Aubin") == 1


def test_the_total_and_the_due_date_lead_the_summary_of_an_invoice():
    summary = findings(WORKING["invoice_de_druck"]).summary
    assert "Total: 1.249,50 €" in summary
    assert "Due: 16.12.2026" in summary


@pytest.mark.parametrize(
    ("code", "parts"), [*reading.sentences("working"), *reading.sentences("fresh")]
)
def test_no_sentence_ends_at_an_ordinal_or_an_abbreviation(code, parts):
    text = " ".join(parts)
    spans = sentence_boundaries.spans(text, 0, len(text), code)
    assert [text[start:end] for start, end in spans] == parts


@pytest.mark.parametrize(("code", "text"), list(reading.spoken("held_out")))
def test_the_language_of_one_sentence_is_told(code, text):
    assert language.of_text(text) == code


@pytest.mark.parametrize("sign", SIGNS, ids=lambda sign: sign.example)
def test_each_sign_finds_its_example(sign):
    assert sign.pattern.search(sign.example)


def test_a_manual_is_not_summed_up_by_its_license():
    assert "Permission" not in findings(WORKING["kind_manual_en"]).summary


def test_that_day_is_no_notice_period():
    rent = next(paper for paper in reading.papers("held_out") if paper.name == "notice_en_rent")
    assert [fact for fact in findings(rent).facts if fact.name == "notice"] == []


def test_a_sentence_among_the_first_lines_is_no_title():
    text = """Minutes of the harbor committee
The committee approved the repair of the quay wall for 48,200 EUR. The wall is safe.
Maria Lopez will send the survey to the insurer by 20 May 2027.
Sam Reed will order two new fenders by 4 June 2027.
The next meeting is on 9 June 2027.
"""
    assert classifier.tell([SourcePage(1, text)]).kind == "minutes"
