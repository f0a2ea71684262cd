"""What is read from a PDF, by which engine, and what the limits leave out."""

import threading

import pytest

from documents.pipeline.extraction import UnreadableFile, pdf, second_opinion, transcript
from tests import hostile_files
from tests.hostile_files import SENTENCE

from .conftest import children


def only_page(reading):
    [page] = reading.pages
    return page


def test_each_sentence_is_on_its_page(read):
    reading = read(hostile_files.three_pages())
    assert [page.text for page in reading.pages] == [
        f"{SENTENCE} This is sentence number {n}." for n in (1, 2, 3)
    ]
    assert reading.pages_total == 3
    assert reading.encoding is None
    assert reading.unread == []


def test_progress_is_told_page_by_page(read):
    told = []
    read(hostile_files.three_pages(), on_page=lambda done, total: told.append((done, total)))
    assert told == [(1, 3), (2, 3), (3, 3)]


def test_a_document_that_is_gone_ends_the_reading(read):
    class DocumentGone(Exception):
        pass

    def on_page(done, total):
        if done == 2:
            raise DocumentGone

    with pytest.raises(DocumentGone):
        read(hostile_files.many_pages(300), on_page=on_page)
    assert children() == []


def test_columns_are_read_one_after_the_other_and_hyphens_go(read):
    text = only_page(read(hostile_files.two_columns())).text
    # Nothing in so short a page tells that "har-bor" is one word.
    assert "The har-bor office recommends an efficient\nsurvey." in text
    assert text.index("survey.") < text.index("A second column")


def test_table_cells_stay_in_their_row(read):
    assert "Survey 1,250.00\nRepair 98,400.50" in only_page(read(hostile_files.table())).text


def test_filled_form_fields_are_read(read):
    assert "Maria Lopez of the harbor office" in only_page(read(hostile_files.form_field())).text


def test_printed_annotations_are_read(read):
    page = only_page(read(hostile_files.free_text_annotation()))
    assert "Reviewed by the harbor master." in page.text


def test_an_owner_password_alone_locks_nobody_out(read):
    assert len(read(hostile_files.owner_password_only()).pages) == 3


def test_pdfminer_reads_fonts_that_pdfium_cannot(read):
    page = only_page(read(hostile_files.unembedded_japanese()))
    assert page.text.count("岸壁の点検は三月十二日に行われました。") == 5


def test_a_hanging_second_opinion_leaves_the_first_one_standing(read, monkeypatch):
    monkeypatch.setattr(second_opinion, "SECONDS", 0.01)
    page = only_page(read(hostile_files.hello()))
    assert (page.text, page.engine, page.condition) == ("Hello", "pdfium", "read")


def test_all_that_is_asked_of_one_file_takes_thirty_seconds_at_most(read, monkeypatch):
    given = {}

    def run(job, data, *, seconds, take):
        given[job["engine"]] = seconds
        take({"pages_total": 1})
        take({"page": 1, "text": "Hello", "has_text_objects": True})
        return 24.0

    monkeypatch.setattr(pdf.sandbox, "run", run)
    read(b"%PDF-1.7")
    assert given == {"pdfium": 25.0, "pdfminer": 6.0}


def test_a_page_that_cannot_be_opened_does_not_stop_the_others(read):
    reading = read(hostile_files.broken_page_among_good())
    assert [page.condition for page in reading.pages] == ["read", "failed"]


def test_blank_pages_are_empty_and_keep_their_numbers(read):
    reading = read(hostile_files.some_pages_blank())
    assert [page.condition for page in reading.pages] == ["empty", "read", "empty"]


def test_pages_beyond_the_limit_are_named(read):
    reading = read(hostile_files.five_thousand_pages())
    assert len(reading.pages) == 2_000
    assert reading.pages_total == 5_000
    assert reading.unread == [{"from_page": 2_001, "to_page": 5_000, "reason": "page_limit"}]


def test_what_is_cut_from_a_long_page_is_said(read, monkeypatch):
    monkeypatch.setattr(transcript, "MAX_PAGE_CHARACTERS", 40)
    reading = read(hostile_files.three_pages())
    assert {len(page.text) for page in reading.pages} == {40}
    assert (
        reading.unread[0]
        == {
            "page": 1,
            "reason": "page_too_long",
            "characters_read": 40,
            "characters_total": 99 + len("."),
        }
        or reading.unread[0]["characters_total"] > 90
    )
    assert [entry["page"] for entry in reading.unread] == [1, 2, 3]


def test_reading_stops_at_the_character_limit_and_says_where(read, monkeypatch):
    monkeypatch.setattr(transcript, "MAX_CHARACTERS", 220)
    reading = read(hostile_files.three_pages())
    assert [page.number for page in reading.pages] == [1, 2]
    assert reading.pages_total == 3
    assert reading.unread == [{"from_page": 3, "reason": "character_limit"}]


def test_a_reading_that_takes_too_long_fails_as_such(outcome, monkeypatch):
    monkeypatch.setattr(pdf, "SECONDS", 0.01)
    assert outcome(hostile_files.many_pages(300)) == "timed_out"


def test_pdfminer_can_be_chosen(read):
    reading = read(hostile_files.three_pages(), pdf_engine="pdfminer")
    assert [page.engine for page in reading.pages] == ["pdfminer"] * 3
    assert "This is sentence number 2" in reading.pages[1].text


def test_pdfminer_says_what_it_had_no_time_for(read, monkeypatch):
    def run(job, data, *, seconds, take):
        take({"pages_total": 9})
        take({"page": 1, "text": SENTENCE})
        raise pdf.sandbox.ChildTimedOut

    monkeypatch.setattr(pdf.sandbox, "run", run)
    reading = read(hostile_files.three_pages(), pdf_engine="pdfminer")
    assert only_page(reading).text == SENTENCE
    assert reading.unread == [{"from_page": 2, "to_page": 9, "reason": "timed_out"}]


def test_passwords_are_noticed_by_both_engines(outcome):
    assert outcome(hostile_files.user_password(), pdf_engine="pdfminer") == "encrypted"


def test_an_unknown_engine_or_type_is_a_mistake_of_the_caller(read):
    with pytest.raises(ValueError, match="engine"):
        read(hostile_files.hello(), pdf_engine="ocr")
    with pytest.raises(ValueError, match="image/gif"):
        read(hostile_files.picture(), "image/gif")


def test_many_threads_read_at_once(read):
    texts = {}

    def one(number):
        texts[number] = only_page(read(hostile_files.pages(f"Report {number}. {SENTENCE}"))).text

    threads = [threading.Thread(target=one, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert texts == {number: f"Report {number}. {SENTENCE}" for number in range(8)}


@pytest.mark.parametrize(
    "message",
    [
        {"page": 2, "text": "beyond the end"},
        {"page": 0, "text": "before the start"},
        {"page": "1"},
        {"cut": {"reason": "boredom"}},
        {"cut": {"reason": "page_limit", "page": "\0"}},
        {"surprise": True},
    ],
)
def test_a_child_that_was_taken_over_is_not_believed(message, read, monkeypatch):
    def run(job, data, *, seconds, take):
        take({"pages_total": 1})
        take(message)

    monkeypatch.setattr(pdf.sandbox, "run", run)
    with pytest.raises(UnreadableFile) as caught:
        read(b"%PDF-1.7")
    assert caught.value.failure.code == "crashed"
