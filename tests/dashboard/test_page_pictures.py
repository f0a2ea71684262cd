"""A page as it looks, on the pages of the service: also where no script runs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import User
from documents import queue
from documents.failures import failure
from documents.models import Document, Page
from documents.page_images import quotes
from documents.pipeline.analysis import NOT_ASSESSED
from documents.pipeline.analysis.schema import Fact
from documents.uploads import intake
from tests import hostile_files
from tests.dashboard.conftest import quoted
from tests.dashboard.html import Html

See = Callable[[str], Html]
LINES = "The quay wall is safe.\nNobody looked at the pier."


@pytest.fixture
def letter(alice: User) -> Document:
    quotes._remembered.clear()
    file = SimpleUploadedFile("letter.pdf", hostile_files.pages(LINES, "Two."))
    document = intake.receive(alice, [file]).documents[0]
    Page.objects.create(document=document, number=1, text=LINES, condition="read")
    Document.objects.filter(pk=document.pk).update(page_count=2)
    return document


def failed(document: Document, code: str) -> Document:
    claimed = queue.claim_next("worker")
    assert claimed is not None
    queue.fail(claimed, failure(code))
    return document


def test_picture_text_and_marks_need_no_script(see: See, browser: Client, letter: Document) -> None:
    page = see(f"/d/{letter.pk}/pages/1?quote=4-13")
    picture, marks = page.all("img", class_="picture__page") + page.all(
        "img", class_="picture__marks"
    )
    assert picture["src"] == f"/documents/{letter.pk}/pages/1/image"
    assert browser.get(picture["src"]).status_code == 200
    assert [mark.raw for mark in page.all("mark")] == ["quay wall"]
    svg = browser.get(marks["src"])
    assert (svg.status_code, svg["Content-Type"]) == (200, "image/svg+xml")
    assert svg.content.count(b"<rect") == 1
    assert b'data-missing="0"' in svg.content


def test_a_page_without_text_can_be_looked_at(see: See, letter: Document) -> None:
    page = see(f"/d/{letter.pk}/pages/2")
    assert page.all("img", class_="picture__page")
    assert "No text was read on this page." in page.text
    assert page.one("a", rel="prev")["href"].endswith("/pages/1")
    assert not page.all("a", rel="next")


def test_a_page_beyond_the_last_is_a_404(browser: Client, letter: Document) -> None:
    assert browser.get(f"/d/{letter.pk}/pages/3").status_code == 404


def test_marks_that_are_not_found_are_counted(browser: Client, letter: Document) -> None:
    letter.pages.update(text="Nothing of the kind is on the picture.")
    svg = browser.get(f"/d/{letter.pk}/pages/1/marks.svg?quote=0-20&quote=bad").content
    assert b'data-missing="1"' in svg
    assert b"<rect" not in svg


def test_bob_gets_no_marks(bobs_browser: Client, letter: Document) -> None:
    assert bobs_browser.get(f"/d/{letter.pk}/pages/1/marks.svg?quote=0-3").status_code == 404


def test_the_list_shows_the_first_page_when_it_is_scrolled_to(see: See, letter: Document) -> None:
    image = see("/").one("img", class_="thumbnail")
    assert image["src"] == f"/documents/{letter.pk}/pages/1/image?width=160"
    assert (image["loading"], image["alt"]) == ("lazy", "")


@pytest.mark.parametrize("code", ["damaged", "encrypted"])
def test_what_nobody_can_open_is_not_drawn(see: See, letter: Document, code: str) -> None:
    failed(letter, code)
    assert not see("/").all("img", class_="thumbnail")
    assert "data-first" not in see(f"/d/{letter.pk}").one("page-reader").attributes


def test_a_scan_that_was_not_read_can_be_looked_at(see: See, letter: Document) -> None:
    failed(letter, "no_text")
    first = see(f"/d/{letter.pk}").one("page-reader")["data-first"]
    assert see(first).all("img", class_="picture__page")


def test_a_corrected_copy_comes_before_the_same_file_again(see: See, letter: Document) -> None:
    failed(letter, "encrypted")
    page = see(f"/d/{letter.pk}")
    [copy] = [link for link in page.all("a") if link.text == "Upload a corrected copy"]
    assert copy["class"] == "button button--primary"
    retry = page.one("button", id="retry")
    assert retry.is_inside(page.one("details", class_="menu"))


def test_what_may_pass_is_retried_at_once(see: See, letter: Document) -> None:
    failed(letter, "timed_out" if failure("timed_out").retryable else "model_unavailable")
    page = see(f"/d/{letter.pk}")
    assert "button--primary" in page.one("button", id="retry")["class"]
    assert not page.all("details", class_="menu")


def test_the_result_begins_with_what_it_is_and_ends_with_how_it_was_made(
    see: See, completed: Any
) -> None:
    page = see(f"/d/{completed().pk}")
    ids = [each["id"] for each in page.elements if "id" in each.attributes]
    order = ["state", "summary", "action-items", "points", "tone", "about", "built-in", "history"]
    assert [each for each in ids if each in order] == order
    assert "open" not in page.one("details", id="about").attributes
    assert "Completed Plain text 1 page 90 bytes English" in (
        page.one("section", id="state").text.replace("\xa0", " ")
    )


def test_what_a_fact_was_understood_as_is_told_where_it_is_more_than_its_marks(
    see: See, completed: Any
) -> None:
    told = {"1,350.00 EUR": "1350.00 EUR", "3/11/2026": "2026-11-03", "1.350 EUR": "1350.00 EUR"}
    text = "\n".join(["Paid:", *told])
    facts = [Fact("sums", *fact, [quoted(fact[0], text=text)]) for fact in told.items()]
    nothing = {"key_points": [], "topics": [], "actionable_items": [], "sentiment": NOT_ASSESSED}
    document = completed(text=text, summary="Paid.", document_kind="other", facts=facts, **nothing)
    page = see(f"/d/{document.pk}")
    assert [cell.text.partition(" Page")[0] for cell in page.all("dd")][:3] == [
        "1,350.00 EUR",
        "3/11/2026 (2026-11-03)",
        "1.350 EUR (1350.00 EUR)",
    ]
    assert not page.all(id="document-kind")  # "Other" says nothing.
