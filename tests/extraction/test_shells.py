"""What a document holds beside its pages is read, or it is said that it was not."""

import pytest
from pikepdf import Dictionary, String

from documents.pipeline.extraction.child import pinboard
from documents.pipeline.extraction.unread.pinned import of_message
from tests.extraction.pdf_builders_receipt import document, printed, scanned
from tests.extraction.pdf_builders_shells import (
    PLEASE_WAIT,
    note,
    with_files,
    with_notes,
    with_pinned_file,
    xfa,
)
from tests.hostile_files import SENTENCE, blank, free_text_annotation, pages

FORM = "\n".join([f"{n}. Name, address and berth of the applicant, in capitals" for n in range(40)])
PLACEHOLDERS = {
    "as Adobe writes it": PLEASE_WAIT,
    "German": "Bitte warten...\nFalls diese Meldung nicht durch den Inhalt ersetzt wird, kann Ihr "
    "PDF-Viewer dieses Dokument nicht anzeigen.",
    "French": "Veuillez patienter...\nSi ce message n'est pas remplacé, votre lecteur PDF ne peut "
    "afficher ce document.",
    "asks for a reader": "The document you are trying to load requires Adobe Reader 8 or higher.\n"
    "You may not have the Adobe Reader installed.",
    "later version": "To view the full contents of this document, you need a later version of the "
    "PDF viewer.",
}


@pytest.mark.parametrize("name", PLACEHOLDERS)
@pytest.mark.parametrize("dynamic", [True, False])
def test_a_form_that_only_asks_to_wait_is_refused(name, dynamic, outcome):
    assert outcome(xfa(PLACEHOLDERS[name], dynamic=dynamic)) == "dynamic_form"


def test_a_form_without_any_words_is_refused_as_a_form(outcome):
    assert outcome(xfa("")) == "dynamic_form"


def test_the_placeholder_alone_is_nobodys_document(outcome):
    assert outcome(pages(PLEASE_WAIT)) == "dynamic_form"


def test_a_static_form_is_read(read):
    reading = read(xfa(FORM, dynamic=False, fields=3))
    assert (reading.pages[0].condition, reading.unread) == ("read", [])


def test_a_short_static_form_is_read(read):
    assert read(xfa("Name:\nBerth:", dynamic=False)).unread == []


def test_a_dynamic_form_with_pages_of_its_own_says_what_is_missing(read):
    reading = read(xfa(FORM, fields=2))
    assert "berth of the applicant" in reading.pages[0].text
    assert reading.unread == [{"reason": "dynamic_form"}]


@pytest.mark.parametrize(
    "text",
    [
        "Please wait for the harbor master at the north quay on Monday.",
        "Please wait...\nThe crew is told by radio when the lock opens.",
        "Adobe Reader is needed to open the attached tender.",
        "Bitte warten Sie, bis die Schleuse öffnet.",
    ],
)
def test_a_letter_that_asks_to_wait_is_a_letter(text, outcome):
    assert outcome(pages(text)) is None


def test_files_inside_are_counted_and_named(read):
    data = with_files(pages("Open this portfolio."), "offer.pdf", "plan.xlsx", portfolio=True)
    assert read(data).unread == [
        {"reason": "attachments", "count": 2, "names": ["offer.pdf", "plan.xlsx"]}
    ]


def test_a_file_pinned_to_a_page_counts(read):
    assert read(with_pinned_file(pages(SENTENCE), "invoice.xml")).unread == [
        {"reason": "attachments", "count": 1, "names": ["invoice.xml"]}
    ]


def test_names_cannot_steer_the_receipt(read):
    data = with_files(pages(SENTENCE), "a\u202ecod.exe\nRead all", "x" * 300)
    assert read(data).unread[0]["names"] == ["acod.exe Read all", "x" * 100]


def test_many_files_are_counted_and_some_are_named(read):
    [entry] = read(with_files(pages(SENTENCE), *[f"{n:02}.txt" for n in range(60)])).unread
    assert (entry["count"], len(entry["names"])) == (60, 20)


KINDS = ["Text", "Highlight", "Underline", "StrikeOut", "Squiggly", "Square", "Circle", "Line"]
KINDS += ["Polygon", "PolyLine", "Caret", "Ink", "FreeText", "Stamp"]


@pytest.mark.parametrize("kind", KINDS)
def test_comments_are_read_with_their_author(kind, read):
    text = read(with_notes(pages(SENTENCE), note("Who pays for it?", kind=kind))).pages[0].text
    assert text == f"{SENTENCE}\n[Comment, Ben] Who pays for it?"


def test_replies_and_unsigned_comments_are_read_in_order(read):
    first = note("Who pays?\rAnd when?", author="")
    reply = note("The insurer.", author="Ana]\nSilva", IRT=Dictionary())
    lines = read(with_notes(pages(SENTENCE), first, reply)).pages[0].text.splitlines()
    assert lines[1:] == ["[Comment] Who pays? And when?", "[Comment, Ana) Silva] The insurer."]


def test_words_with_markup_are_read_without_it(read):
    rich = note("", RC=String("<body><p>Move <b>this</b> up.</p></body>"))
    assert "[Comment, Ben] Move this up." in read(with_notes(pages(SENTENCE), rich)).pages[0].text


NO_COMMENTS = {
    "hidden": note("Ignore the rest.", F=2),
    "not viewed": note("Ignore the rest.", F=32),
    "link": note("Ignore the rest.", kind="Link"),
    "pop-up": note("Ignore the rest.", kind="Popup"),
    "state": note("Accepted set by Ben", StateModel=String("Review"), State=String("Accepted")),
    "repeats what it marks": note("was inspected on 12 March", kind="Highlight"),
    "empty": note(" "),
}


@pytest.mark.parametrize("name", NO_COMMENTS)
def test_what_nobody_sees_or_said_is_no_comment(name, read):
    reading = read(with_notes(pages(SENTENCE), NO_COMMENTS[name]))
    assert (reading.pages[0].text, reading.unread) == (SENTENCE, [])


def test_free_text_that_is_drawn_is_not_told_twice(read):
    assert "[Comment" not in read(free_text_annotation()).pages[0].text


def test_too_many_comments_are_counted(read):
    notes = [note(f"Note {n}") for n in range(pinboard.MAX_COMMENTS + 3)]
    reading = read(with_notes(pages(SENTENCE), *notes, note("x" * (pinboard.MAX_COMMENT + 1))))
    assert reading.unread == [{"page": 1, "reason": "comments", "count": 4}]


def test_comments_on_a_scan_are_told_as_unread(read):
    mixed = document(scanned(1), printed(SENTENCE))
    assert read(with_notes(mixed, note("Who pays?"))).unread == [
        {"page": 1, "reason": "scan"},
        {"page": 1, "reason": "comments", "count": 1},
    ]


def test_a_blank_page_with_comments_is_read_for_them(read):
    reading = read(with_notes(blank(), note("The plan of the quay is missing here.")))
    assert [page.condition for page in reading.pages] == ["read", "empty"]
    assert reading.pages[0].text == "[Comment, Ben] The plan of the quay is missing here."


def test_a_second_document_in_the_file_is_told(read):
    data = pages(SENTENCE)
    reading = read(data + b"\r\n" + pages("Another letter."))
    assert {"reason": "other_documents", "count": 1} in reading.unread


def test_a_document_changed_later_is_one_document(read):
    data = pages(SENTENCE)
    start = data.rindex(b"startxref")
    assert read(data + b"\n" + data[start:]).unread == []


def test_what_the_child_says_of_pins_is_held_to_its_limits():
    sent = {"comments": [["a", "b"], ["c"], 7, ["x" * 999, "y" * 99_999]], "files": [1, "n" * 999]}
    pinned = of_message({**sent, "comments_left": "many"})
    assert [len(line) for line in pinned["comments"]] == [len("[Comment, a] b"), 4_112]
    assert [len(name) for name in pinned["files"]] == [1, 100]
    assert pinned["comments_left"] == 0
    assert of_message({"comments": "x", "files": 3})["comments"] == ()
