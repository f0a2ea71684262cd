"""Whatever happens on the way, the page soon says what the database says."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import Site, send, shown, sign_in, told

pytestmark = pytest.mark.slow

Files = Callable[..., list[Path]]

INERT_VIEW = "live-view:is([inert], [inert] *)"


@pytest.fixture(autouse=True)
def _clean(site: Site) -> Iterator[None]:
    yield
    (site.folder / "drop").unlink(missing_ok=True)
    site.kill("worker")


def becomes_right(page: Page) -> None:
    """Within ten seconds the page shows what the API tells."""
    for _ in range(100):
        if shown(page) == told(page):
            return
        page.wait_for_timeout(100)
    assert shown(page) == told(page)


def test_a_page_is_right_after_the_server_was_killed_in_the_middle(
    page: Page, site: Site, files: Files
) -> None:
    page.goto("/")
    send(page, *files("one.txt", "two.txt", "three.txt"))
    expect(page.locator(".document-row .status--pending")).to_have_count(3)
    expect(page.locator("#no-worker")).to_be_visible()
    site.kill("web")
    expect(page.locator("status-stream")).to_contain_text("Connection lost")
    site.work()
    site.wait_until(lambda: set(site.statuses()) == {"completed"})
    expect(page.locator(".document-row .status--pending")).to_have_count(3)
    site.serve()
    expect(page.locator(".document-row .status--completed")).to_have_count(3)
    expect(page.locator("status-stream")).not_to_contain_text("Connection lost")
    expect(page.locator("#no-worker")).to_be_hidden()
    becomes_right(page)


def test_a_page_is_right_although_every_third_event_is_lost(
    page: Page, site: Site, files: Files
) -> None:
    (site.folder / "drop").touch()
    site.work()
    page.goto("/")
    send(page, *files(*(f"lossy {number}.txt" for number in range(7))))
    expect(page.locator(".sending[data-state=accepted]")).to_have_count(7)
    site.wait_until(lambda: set(site.statuses()) == {"completed"})
    becomes_right(page)
    assert site.journal("drop") > 0


def test_what_happens_elsewhere_shows_although_its_event_is_lost(
    page: Page, site: Site, files: Files
) -> None:
    page.goto("/")
    send(page, *files("first.txt", "second.txt", "third.txt"))
    expect(page.locator(".sending[data-state=accepted]")).to_have_count(3)
    site.work()
    site.wait_until(lambda: set(site.statuses()) == {"completed"})
    becomes_right(page)
    (site.folder / "drop").touch()
    lost = site.journal("drop")
    for name in ("first.txt", "second.txt", "third.txt"):
        assert site.journal("drop") == lost
        delete_elsewhere(page, name)
        becomes_right(page)
    assert site.journal("drop") == lost + 1


def delete_elsewhere(page: Page, name: str) -> None:
    """As a program of the same person would."""
    link = page.get_by_role("link", name=name).get_attribute("href")
    token = page.locator("[name=csrfmiddlewaretoken]").first.input_value()
    assert link
    answer = page.context.request.delete(
        link.replace("/d/", "/documents/"), headers={"X-CSRFToken": token}
    )
    assert answer.status == 204


def test_many_tabs_share_one_stream(
    window: Callable[..., BrowserContext], site: Site, files: Files
) -> None:
    opened = site.journal("open")
    context = window()
    tabs = [context.new_page() for _ in range(3)]
    for tab in tabs:
        tab.goto("/?search=shared")
        expect(tab.locator("status-stream[data-state=live]")).to_be_attached()
    assert site.journal("open") - opened == 1
    send(tabs[0], *files("shared.txt"))
    for tab in tabs:
        expect(tab.locator(".document-row", has_text="shared.txt")).to_be_visible()
    tabs[0].close()  # The first one opened the stream; it goes on without it.
    site.work()
    for tab in tabs[1:]:
        expect(tab.locator(".document-row .status--completed")).to_be_visible()
    assert site.journal("open") - opened == 1
    ended = site.journal("end")
    for tab in tabs[1:]:
        tab.close()
    site.wait_until(lambda: site.journal("end") > ended)


def test_a_browser_without_shared_workers_has_a_stream_too(
    window: Callable[..., BrowserContext], site: Site, files: Files
) -> None:
    page = window().new_page()
    page.add_init_script("delete window.SharedWorker")
    page.goto("/")
    expect(page.locator("status-stream[data-state=live]")).to_be_attached()
    send(page, *files("alone.txt"))
    site.work()
    finished = page.locator(".document-row", has_text="alone.txt").locator(".status--completed")
    expect(finished).to_be_visible()


def test_a_document_can_be_searched_as_soon_as_it_is_read(
    page: Page, site: Site, files: Files
) -> None:
    page.goto("/")
    send(page, *files("unread.txt"))
    page.get_by_role("link", name="unread.txt").click()
    page.wait_for_url("**/d/*")
    expect(page.locator("#find")).to_be_hidden()
    site.work()
    expect(page.locator("#find-words")).to_be_visible()


def test_who_is_signed_out_is_told_and_comes_back_to_the_same_page(
    page: Page, site: Site, files: Files
) -> None:
    page.goto("/")
    send(page, *files("back.txt"))
    page.get_by_role("link", name="back.txt").click()
    page.wait_for_url("**/d/*")
    address = page.url.removeprefix(site.address)
    page.context.clear_cookies()
    alert = page.locator("status-stream")
    expect(alert).to_contain_text("Signed out.")
    alert.get_by_role("link", name="Sign in again").click()
    expect(page).to_have_title("Sign in · ATOM")
    sign_in(page)
    assert page.url.removeprefix(site.address) == address
    expect(page.locator("h1")).to_have_text("back.txt")
    expect(page.locator("status-stream[data-state=live]")).to_be_attached()


def test_a_page_left_open_goes_on_when_somebody_signs_in_beside_it(
    page: Page, site: Site, files: Files
) -> None:
    page.goto("/")
    page.context.clear_cookies()
    expect(page.locator("status-stream")).to_contain_text("Signed out.")
    sign_in(page.context.new_page())
    expect(page.locator("status-stream[data-state=live]")).to_be_attached()
    expect(page.locator("status-stream .notice")).to_have_count(0)
    # The forms of this page carry the new token by now.
    send(page, *files("later.txt"))
    expect(page.locator(".sending[data-state=accepted]")).to_have_count(1)


def test_a_list_without_rows_goes_on_after_signing_in_anew_beside_it(
    page: Page, files: Files
) -> None:
    page.context.clear_cookies()  # Signing out ends a session of its own.
    sign_in(page)
    send(page, *files("somewhere.txt"))
    expect(page.locator(".sending[data-state=accepted]")).to_have_count(1)
    page.goto("/?search=zzzz")
    token = page.locator("header [name=csrfmiddlewaretoken]")
    old = token.input_value()
    other = page.context.new_page()
    other.goto("/")
    other.get_by_role("button", name="Sign out").click()
    expect(other).to_have_title("Sign in · ATOM")
    sign_in(other)
    send(page, *files("nowhere.txt"))
    expect(page.locator(".sending[data-state=accepted]")).to_have_count(1)
    expect(token).not_to_have_value(old)
    page.get_by_role("button", name="Sign out").click()
    expect(page).to_have_title("Sign in · ATOM")


def test_an_upload_refused_to_the_end_says_what_helps(page: Page, files: Files) -> None:
    page.goto("/")
    page.clock.install()
    refusal = {"code": "csrf_failed", "detail": "CSRF Failed", "status": 403}
    page.route("**/upload", lambda route: route.fulfill(status=403, json=refusal))
    send(page, *files("old.txt"))
    for _ in range(3):  # It is tried again after a pause.
        expect(page.locator(".sending")).to_contain_text("to try again")
        page.clock.fast_forward(10_000)
        page.wait_for_timeout(200)
    expect(page.locator(".sending")).to_contain_text(
        "This page is out of date. Reload it and send the file again."
    )


def test_a_document_deleted_elsewhere_says_so_on_its_page(
    window: Callable[..., BrowserContext], files: Files
) -> None:
    context = window()
    page, other = context.new_page(), context.new_page()
    page.goto("/")
    send(page, *files("doomed.txt"))
    page.get_by_role("link", name="doomed.txt").click()
    page.wait_for_url("**/d/*")
    other.goto(page.url)
    other.get_by_role("button", name="Delete").click()
    expect(page.locator("status-stream")).to_contain_text("This document was deleted.")
    expect(page).to_have_title("Deleted · ATOM")
    # Nothing is offered any more that could not be done.
    expect(page.locator(INERT_VIEW)).to_be_attached()


def test_what_was_ticked_in_one_window_is_ticked_in_the_other(
    window: Callable[..., BrowserContext], site: Site, files: Files
) -> None:
    page, other = window().new_page(), window().new_page()
    site.work()
    page.goto("/")
    send(page, *files("ticked.txt"))
    page.locator(".document-row .status--completed").first.wait_for()
    page.get_by_role("link", name="ticked.txt").click()
    page.wait_for_url("**/d/*")
    other.goto(page.url)
    expect(other.locator("status-stream[data-state=live]")).to_be_attached()
    page.locator(".tick").first.click()
    expect(page.locator(".item--done")).to_have_count(1)
    expect(other.locator(".item--done")).to_have_count(1)


def test_pages_of_one_person_show_nothing_of_the_next(page: Page, site: Site, files: Files) -> None:
    site.run(
        "import django; django.setup()\n"
        "from accounts.models import User\n"
        "User.objects.create_user('other', password='password123')"
    )
    page.goto("/")
    send(page, *files("mine.txt"))
    expect(page.locator(".document-row", has_text="mine.txt")).to_be_visible()
    list_page, document_page = page, page.context.new_page()
    document_page.goto(page.get_by_role("link", name="mine.txt").get_attribute("href") or "")
    expect(document_page.locator("status-stream[data-state=live]")).to_be_attached()
    page.context.clear_cookies()
    sign_in(page.context.new_page(), "other")
    for each in (list_page, document_page):
        expect(each.locator("status-stream")).to_contain_text("Somebody else has signed in")
        expect(each.locator(INERT_VIEW)).to_be_attached()
    expect(list_page.locator(".document-row", has_text="mine.txt")).to_have_count(1)
    page.context.clear_cookies()
    sign_in(page.context.new_page())
    for each in (list_page, document_page):
        expect(each.locator("status-stream .notice")).to_have_count(0)
        expect(each.locator(INERT_VIEW)).to_have_count(0)


def test_a_page_follows_a_database_that_was_put_back(page: Page, site: Site, files: Files) -> None:
    page.goto("/")
    send(page, *files("kept.txt"))
    expect(page.locator(".document-row", has_text="kept.txt")).to_be_visible()
    earlier = site.folder / "earlier.sqlite3"
    site.copy_database(to=earlier)
    send(page, *files("gone.txt"))
    expect(page.locator(".document-row", has_text="gone.txt")).to_be_visible()
    site.kill("web")
    site.copy_database(to=site.database, of=earlier)
    site.serve()
    expect(page.locator(".document-row", has_text="gone.txt")).to_have_count(0)
    becomes_right(page)


def test_who_reads_the_text_is_said_anew_when_that_changes(
    page: Page, site: Site, files: Files
) -> None:
    page.goto("/")
    expect(page.locator("#reader")).to_contain_text("No text leaves this machine.")
    expect(page.locator("#language")).to_have_count(0)
    site.kill("web")
    site.serve(OPENAI_BASE_URL="http://models.example:9/v1", ATOM_MODEL="reads-all")
    expect(page.locator("#reader")).to_contain_text("reads-all at models.example:9")
    expect(page.locator("#language")).to_be_visible()
    site.kill("web")
    site.serve()
    expect(page.locator("#reader")).to_contain_text("No text leaves this machine.")


def test_filters_and_ticks_survive_what_happens_meanwhile(
    page: Page, site: Site, files: Files
) -> None:
    page.goto("/")
    send(page, *files("keep 1.txt", "keep 2.txt"))
    expect(page.locator(".document-row", has_text="keep")).to_have_count(2)
    page.goto("/?search=keep&status=pending")
    rows = page.locator(".document-row")
    expect(rows).to_have_count(2)
    box = page.get_by_role("checkbox", name="Select keep 1.txt")
    box.check()
    page.locator("#search").fill("half typed")
    other = page.context.new_page()
    other.goto("/")
    send(other, *files("keep 3.txt", "stray.txt"))
    expect(rows).to_have_count(3)
    expect(box).to_be_checked()
    expect(page.locator("#search")).to_have_value("half typed")
    site.work()
    expect(page.locator("#nothing-matches")).to_be_visible()
    expect(page.locator("#tabs")).to_contain_text("Completed 3")


def test_a_shared_stream_whose_script_does_not_load_becomes_one_of_the_page(
    window: Callable[..., BrowserContext], site: Site, files: Files
) -> None:
    page = window().new_page()
    # As behind a blocker, or in a browser that knows no such workers of modules.
    page.add_init_script(
        "window.SharedWorker = class { constructor() { this.port = new MessageChannel().port1;"
        " setTimeout(() => this.onerror(new Event('error'))) } }"
    )
    page.goto("/")
    expect(page.locator("status-stream[data-state=live]")).to_be_attached()
    send(page, *files("fallen-back.txt"))
    expect(page.locator(".document-row", has_text="fallen-back.txt")).to_be_visible()


def test_a_page_that_can_have_no_stream_at_all_says_so_and_tries_again(
    window: Callable[..., BrowserContext],
) -> None:
    page = window().new_page()
    page.add_init_script(
        "window.SharedWorker = class { constructor() { this.port = new MessageChannel().port1 } }"
    )
    page.route("**/shared-event-source.js*", lambda route: route.abort())
    page.goto("/")  # A worker that never says a word is waited for, not for ever.
    expect(page.locator("status-stream")).to_contain_text("Connection lost")
    page.unroute("**/shared-event-source.js*")
    expect(page.locator("status-stream[data-state=live]")).to_be_attached()
