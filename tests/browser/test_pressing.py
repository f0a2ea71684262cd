"""What is pressed is sent once, without leaving the page, and what became of it is said."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from documents.dashboard.list_views import SAMPLE
from tests.browser.conftest import Site, send
from tests.browser.test_uploading import is_the_same_page, mark

pytestmark = pytest.mark.slow

Files = Callable[..., list[Path]]


@pytest.fixture(autouse=True)
def _clean(site: Site) -> Iterator[None]:
    yield
    site.kill("worker")


def open_document(page: Page, name: str) -> None:
    page.goto("/")
    page.get_by_role("link", name=name).click()
    page.wait_for_url("**/d/*")


def fail(page: Page, files: Files, name: str) -> None:
    """Leave a failed document in the list: one whose work was cancelled."""
    page.goto("/")
    send(page, *files(name))
    expect(page.locator(".sending[data-state=accepted]")).to_have_count(1)
    open_document(page, name)
    page.get_by_role("button", name="Cancel").click()
    expect(page.locator("#state .status--failed")).to_be_visible()
    page.goto(f"/?search={name}")
    mark(page)


def test_a_button_pressed_twice_sends_once_and_stays_on_the_page(page: Page, files: Files) -> None:
    fail(page, files, "twice.txt")
    posts: list[str] = []
    page.on("request", lambda request: request.method == "POST" and posts.append(request.url))
    page.get_by_role("button", name="Retry").dblclick()
    expect(page.locator(".document-row .status--pending")).to_be_visible()
    expect(page.locator(".notice--success")).to_have_text("The document was put back in line.")
    assert is_the_same_page(page)
    assert len(posts) == 1


def test_two_items_ticked_at_once_are_both_ticked(page: Page, site: Site, files: Files) -> None:
    page.goto("/")
    send(page, *files("both.txt", text=SAMPLE.read_text()))
    site.work()
    page.locator(".document-row", has_text="both.txt").locator(".status--completed").wait_for()
    open_document(page, "both.txt")
    mark(page)
    page.evaluate("[...document.querySelectorAll('.tick')].slice(0, 2).forEach(box => box.click())")
    expect(page.locator(".tick[aria-checked=true]")).to_have_count(2)
    expect(page.locator("#action-items")).to_contain_text("2 of")
    assert is_the_same_page(page)


def test_what_was_refused_says_why_and_stays_on_the_page(page: Page, files: Files) -> None:
    fail(page, files, "refused.txt")
    refusal = "<main><h1>Conflict</h1><p>Somebody was faster.</p><p>Back</p></main>"
    page.route("**/retry", lambda route: route.fulfill(status=409, body=refusal))
    row = page.locator(".document-row").inner_html()
    page.get_by_role("button", name="Retry").press("Enter")
    expect(page.locator(".notices").get_by_role("alert")).to_have_text(
        "Conflict. Somebody was faster. Nothing was changed. Try again."
    )
    assert is_the_same_page(page)
    assert page.locator(".document-row").inner_html() == row
    expect(page.get_by_role("button", name="Retry")).to_be_focused()


def test_a_proxy_that_answers_in_its_own_words_is_a_refusal_too(page: Page, files: Files) -> None:
    fail(page, files, "proxy.txt")
    page.route("**/retry", lambda route: route.fulfill(status=502, body="<h1>Bad Gateway</h1>"))
    page.get_by_role("button", name="Retry").click()
    expect(page.get_by_role("alert").first).to_contain_text("The server answered 502.")
    assert is_the_same_page(page)


def test_a_form_with_an_old_token_is_refused_once(page: Page, files: Files) -> None:
    fail(page, files, "token.txt")
    token = page.locator("#bulk [name=csrfmiddlewaretoken]")
    old = token.input_value()
    page.context.clear_cookies(name="csrftoken")
    page.get_by_role("button", name="Retry").click()
    alert = page.locator(".notices").get_by_role("alert")
    expect(alert).to_contain_text("Forbidden. The form had expired")
    expect(token).not_to_have_value(old)
    page.get_by_role("button", name="Retry").click()
    expect(page.locator(".document-row .status--pending")).to_be_visible()
    assert is_the_same_page(page)


QUESTION = """<main><form method="post" action="/d/delete" data-question data-quiet>
    <button>Delete for good</button></form></main>"""


def test_a_refusal_behind_a_question_closes_the_question(page: Page, files: Files) -> None:
    fail(page, files, "asked.txt")
    page.get_by_role("checkbox", name="Select asked.txt").check()
    # As where there is no trash, with ATOM_TRASH_DAYS=0.
    page.route("**/d/delete", lambda route: route.fulfill(content_type="text/html", body=QUESTION))
    page.locator("#delete-several").click()
    page.route("**/d/delete", lambda route: route.fulfill(status=500, body="<main><h1>Oh"))
    page.get_by_role("dialog").get_by_text("Delete for good").click()
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(page.locator(".notices").get_by_role("alert")).to_contain_text("Nothing was changed.")
    expect(page.locator("#delete-several")).to_be_focused()


def test_a_document_that_is_gone_is_said_to_be_gone(page: Page, site: Site, files: Files) -> None:
    fail(page, files, "gone.txt")
    open_document(page, "gone.txt")
    mark(page)
    page.evaluate("document.querySelector('live-view').hear = () => {}")  # The event is lost.
    token = page.locator("[name=csrfmiddlewaretoken]").first.input_value()
    address = page.url.replace("/d/", "/documents/")
    assert page.context.request.delete(address, headers={"X-CSRFToken": token}).status == 204
    page.locator("#retry").click()
    expect(page.locator("status-stream")).to_contain_text("This document was deleted.")
    assert is_the_same_page(page)


def test_who_is_signed_out_is_led_to_the_login(page: Page, files: Files) -> None:
    fail(page, files, "out.txt")
    page.context.clear_cookies(name="sessionid")
    page.get_by_role("button", name="Retry").click()
    expect(page).to_have_title("Sign in · ATOM")
