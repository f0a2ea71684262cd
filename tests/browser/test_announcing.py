"""What is said to those who cannot see the page."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Site, send

pytestmark = pytest.mark.slow

FINISH = """(all) => all.forEach(([filename, status], number) => {
  const detail = { event: "status", document_id: number, filename, status, replayed: false }
  document.dispatchEvent(new CustomEvent("stream:event", { detail }))
})"""


def finish(page: Page, *statuses: str) -> None:
    """Tell the page at once that as many documents have come to these ends."""
    page.evaluate(FINISH, [(f"{number}.txt", status) for number, status in enumerate(statuses)])


@pytest.fixture
def announcer(page: Page) -> Locator:
    page.goto("/")
    page.evaluate("customElements.whenDefined('live-announcer').then(() => true)")
    return page.locator("live-announcer")


def test_a_few_finished_documents_are_named(page: Page, announcer: Locator) -> None:
    finish(page, "completed", "failed", "completed")
    expect(announcer).to_have_text("0.txt: completed. 1.txt: failed. 2.txt: completed")


def test_a_crowd_of_finished_documents_is_one_sentence(page: Page, announcer: Locator) -> None:
    finish(page, *["completed"] * 73, "failed")
    expect(announcer).to_have_text("74 documents finished: 73 completed, 1 failed.")


def test_a_crowd_that_goes_on_is_told_in_few_words(page: Page, announcer: Locator) -> None:
    page.clock.install()
    page.evaluate(
        """() => {
          const announcer = document.querySelector("live-announcer")
          window.said = []
          new MutationObserver(() => said.push(announcer.textContent))
            .observe(announcer, { childList: true })
        }"""
    )
    for _ in range(100):
        finish(page, *["completed"] * 10)
        page.clock.run_for(200)
    said = page.evaluate("said")
    assert 1 < len(said) <= 5


NOTICES = """window.told = []
window.Notification = class {
  static permission = "granted"
  static requestPermission = async () => "granted"
  constructor(words) { window.told.push(words) }
}"""
HIDE = """Object.defineProperty(document, "hidden", { get: () => true })
document.dispatchEvent(new Event("visibilitychange"))"""


def test_whoever_asked_is_notified_behind_a_hidden_tab_whose_title_tells_progress(
    page: Page, site: Site, files: Callable[..., list[Path]]
) -> None:
    page.add_init_script(NOTICES)
    page.goto("/")
    send(page, *files("awaited.txt"))
    expect(page).to_have_title("(1) Documents · ATOM")
    page.get_by_label("Notify me when finished").check()
    expect(page.locator("status-stream[data-awaits]")).to_be_attached()
    page.evaluate(HIDE)
    site.work()
    expect(page).to_have_title("Documents · ATOM")
    assert page.evaluate("window.told") == ["awaited.txt: completed"]
