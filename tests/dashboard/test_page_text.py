"""The text of a page, with quotes marked exactly where they stand."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from documents.dashboard import coverage, highlights
from documents.models import Document, Page
from tests.dashboard.conftest import TEXT
from tests.dashboard.html import Html

See = Callable[[str], Html]
Make = Callable[..., Document]


def marked(page: Html) -> list[str]:
    return [mark.raw for mark in page.all("mark")]


def test_a_quote_is_marked_at_its_characters_also_after_astral_ones(
    see: See, completed: Make
) -> None:
    document = completed()
    start = TEXT.index("Maria Lopez")
    page = see(f"/d/{document.pk}/pages/1?quote={start}-{start + 11}")
    assert marked(page) == ["Maria Lopez"]
    assert page.one("div", class_="page-text").raw == TEXT


def test_several_quotes_are_marked_and_the_first_can_be_linked(see: See, completed: Make) -> None:
    page = see(f"/d/{completed().pk}/pages/1?quote=11-13&quote=0-7")
    assert marked(page) == ["Minutes", "f "]
    assert page.one("mark", id="quote").raw == "Minutes"


@pytest.mark.parametrize(
    "place", ["0-99999", "5-5", "9-3", "-1-4", "a-b", "", "٣-٥", "1-99999999999999999999"]
)
def test_a_place_outside_the_text_marks_nothing_and_says_so(
    see: See, completed: Make, place: str
) -> None:
    page = see(f"/d/{completed().pk}/pages/1?quote={place}")
    assert marked(page) == []
    assert "The quote is not at this place" in page.text


@given(st.text(), st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60))))
def test_segments_are_the_whole_text_and_mark_what_was_asked(
    text: str, asked: list[tuple[int, int]]
) -> None:
    places = highlights.spans([f"{start}-{end}" for start, end in asked], text)
    cut = highlights.segments(text, places)
    assert "".join(segment.text for segment in cut) == text
    is_marked = [segment.is_quote for segment in cut for _ in segment.text]
    inside = [any(start <= at < end for start, end in places) for at in range(len(text))]
    assert is_marked == inside
    assert sum(segment.is_first for segment in cut) == bool(places)
    assert all(segment.is_quote for segment in cut if segment.is_first)


def test_pages_lead_to_their_neighbors_over_gaps(see: See, completed: Make) -> None:
    document = completed(text="One is here.\fTwo is here.\fThree is here.", topics=[])
    Page.objects.filter(document=document, number=2).delete()
    page = see(f"/d/{document.pk}/pages/1")
    assert page.one("a", rel="next")["href"] == f"/d/{document.pk}/pages/3"
    assert not page.all("a", rel="prev")
    assert see(f"/d/{document.pk}/pages/3").one("a", rel="prev")["href"].endswith("/pages/1")


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        ("empty", "This page is a picture"),
        ("garbled", "letters of this page are unreadable"),
        ("failed", "This page could not be read."),
        ("hidden_text", "text that no reader would see"),
    ],
)
def test_a_page_that_was_not_read_says_why(
    see: See, completed: Make, condition: str, words: str
) -> None:
    document = completed()
    document.pages.update(condition=condition)
    assert words in see(f"/d/{document.pk}/pages/1").text


def test_a_page_without_any_text_says_so(see: See, completed: Make) -> None:
    document = completed()
    document.pages.update(condition="empty", text="")
    assert "No text was read on this page." in see(f"/d/{document.pk}/pages/1").text


def test_a_page_with_lost_letters_says_how_many(see: See, completed: Make) -> None:
    document = completed()
    assert "could not be read" not in see(f"/d/{document.pk}/pages/1").text
    document.pages.update(lost_letters=3)
    told = see(f"/d/{document.pk}/pages/1").text
    assert "3 letters of this page could not be read; \ufffd stands for each." in told


def test_a_page_with_struck_words_says_how_many_letters(see: See, completed: Make) -> None:
    document = completed()
    assert "struck out" not in see(f"/d/{document.pk}/pages/1").text
    document.pages.update(struck_out=5)
    assert "5 letters of this page are struck out." in see(f"/d/{document.pk}/pages/1").text


@pytest.mark.parametrize("number", ["0", "2", "9" * 30])
def test_a_page_that_is_not_there_is_a_404(browser: Client, completed: Make, number: str) -> None:
    assert browser.get(f"/d/{completed().pk}/pages/{number}").status_code == 404


# Coverage in words


@pytest.mark.parametrize(
    ("not_read", "words"),
    [
        ([], "Read 9 of 12 pages"),
        (
            [{"page": 2, "reason": "empty"}, {"page": 5, "reason": "garbled"}],
            "Read 9 of 12 pages; page 2 has no text; page 5 has unreadable letters",
        ),
        (
            [{"page": n, "reason": "empty"} for n in (7, 2, 3, 4)],
            "Read 9 of 12 pages; pages 2–4, 7 have no text",
        ),
        (
            [{"from_page": 10, "to_page": 12, "reason": "page_limit"}],
            "Read 9 of 12 pages; pages 10–12 are over the page limit",
        ),
        (
            [{"from_page": 10, "reason": "character_limit"}],
            "Read 9 of 12 pages; pages 10 and after are over the text limit",
        ),
        (
            [{"page": n, "reason": "scan"} for n in (3, 4)] + [{"page": 6, "reason": "blank"}],
            "Read 9 of 12 pages; pages 3–4 are pictures, of which no text was read; "
            "page 6 is blank",
        ),
        (
            [{"page": 4, "reason": "of_a_new_kind"}],
            "Read 9 of 12 pages; page 4 was left out (of_a_new_kind)",
        ),
    ],
)
def test_coverage_is_one_sentence(not_read: list[dict[str, object]], words: str) -> None:
    receipt = {"pages_total": 12, "pages_read": 9, "not_read": not_read}
    assert coverage.in_words(receipt) == words


def test_what_is_no_page_is_told_first() -> None:
    not_read: list[dict[str, object]] = [
        {"page": 2, "reason": "comments", "count": 1},
        {"page": 3, "reason": "page_too_long"},
        {"reason": "attachments", "count": 7, "names": list("abcdef")},
        {"reason": "dynamic_form"},
        {"reason": "other_documents", "count": 1},
        {"reason": "message_bodies", "count": 1},
        {"reason": "too_many_parts"},
    ]
    assert coverage.in_words({"pages_total": 3, "pages_read": 3, "not_read": not_read}) == (
        "Read 3 pages, but not all; 1 comment on page 2 was not read; "
        "7 files inside it were not read (a, b, c, d, e, …); "
        "the fields of its dynamic form were not read; "
        "1 more document in the same file was not read; "
        "the body of the message, of which no text came out, was not read; "
        "the message has more parts than are read; page 3 was read only in part"
    )


def test_full_coverage_says_the_whole_document() -> None:
    full = {"pages_total": 3, "pages_read": 3, "not_read": []}
    assert coverage.in_words(full) == "Read the whole document: 3 pages"


def test_parts_that_the_model_server_cut_are_told():
    receipt = {"pages_total": 2, "pages_read": 2, "not_read": [], "prompts_cut": 2}
    assert coverage.in_words(receipt) == (
        "Read the whole document: 2 pages; the model server cut 2 parts in silence, and was asked "
        "again in smaller ones"
    )


def test_pages_that_nobody_can_vouch_for_are_told_apart():
    receipt = {"pages_total": 5, "pages_read": 2, "not_read": [], "unverified": [3, 4, 5]}
    assert coverage.in_words(receipt) == (
        "Read 2 of 5 pages; pages 3–5 were sent to the model, but nothing shows that it saw all of "
        "them"
    )
    assert coverage.in_words({}) == ""
