"""Files go in by button, by dropping and by keyboard, and become finished cards by themselves."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.template.defaultfilters import filesizeformat
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import MINUTES, Site, send, shown, told

pytestmark = pytest.mark.slow

Files = Callable[..., list[Path]]


@pytest.fixture(autouse=True, scope="module")
def _worker(site: Site) -> Iterator[None]:
    site.work()
    yield
    site.kill("worker")


PASTE = """(text) => {
    const clipboardData = new DataTransfer()
    clipboardData.setData("text/plain", text)
    document.body.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true }))
}"""


def mark(page: Page) -> None:
    """Leave a mark that a reload would wipe away."""
    page.evaluate("window.isTheSamePage = true")


def is_the_same_page(page: Page) -> bool:
    return bool(page.evaluate("window.isTheSamePage === true"))


def names(page: Page) -> list[str]:
    return page.locator(".document-row__name").all_text_contents()


def test_five_files_become_finished_cards_without_a_reload(page: Page, files: Files) -> None:
    page.goto("/")
    expect(page.locator("#nothing-yet")).to_be_visible()
    mark(page)
    send(page, *files(*(f"part {number}.txt" for number in range(5))))
    expect(page.locator(".document-row .status--completed")).to_have_count(5)
    assert is_the_same_page(page)
    # The last one handed in is on top: they were sent in the order given.
    assert names(page) == [f"part {number}.txt" for number in (4, 3, 2, 1, 0)]
    assert shown(page) == told(page)
    expect(page.locator("live-announcer")).to_contain_text("completed")
    expect(page.locator(".sending[data-state=accepted]")).to_have_count(5)
    # They are one line, which unfolds to names that lead on.
    expect(page.locator(".sending").first).to_be_hidden()
    page.get_by_text("5 uploaded", exact=True).click()
    page.locator(".sending").get_by_role("link", name="part 3.txt").click()
    expect(page.locator("h1")).to_have_text("part 3.txt")
    page.goto("/")
    expect(page.locator("#tabs [aria-current]")).to_have_text("All 5")


def test_text_that_is_pasted_becomes_a_document(page: Page) -> None:
    page.goto("/")
    page.evaluate(PASTE, "The tide table is kept by the harbor office.")
    field = page.get_by_label("Text to read")
    expect(field).to_have_value("The tide table is kept by the harbor office.")
    page.get_by_label("Name", exact=True).fill("Tide")
    page.get_by_role("button", name="Add this text").click()
    expect(page.locator(".sending")).to_contain_text("Uploaded.")
    expect(page.locator(".document-row", has_text="Tide.txt")).to_be_visible()
    expect(field).to_be_hidden()


def test_each_file_is_judged_by_itself_and_bad_ones_before_they_are_sent(
    page: Page, files: Files
) -> None:
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url))
    page.goto("/")
    good = files("good.txt")
    bad = [*files("empty.txt", text=""), *files("program.exe"), *files("liar.pdf")]
    send(page, *good, *bad)
    entries = page.locator(".sending")
    expect(entries.filter(has_text="good.txt")).to_contain_text("Uploaded.")
    expect(entries.filter(has_text="empty.txt")).to_contain_text("The file is empty.")
    expect(entries.filter(has_text="program.exe")).to_contain_text("Only PDF (.pdf) and plain text")
    expect(entries.filter(has_text="liar.pdf")).to_contain_text("does not match its extension")
    # What only its content gives away had to be sent.
    assert sum(url.endswith("/upload") for url in sent) == 2
    expect(page.locator("upload-files [role=alert]")).to_have_text(
        "1 uploaded, 3 refused; see why beside each name."
    )


def test_a_chosen_file_has_the_size_that_the_list_will_show(page: Page, files: Files) -> None:
    page.goto("/")
    page.locator("#files").set_input_files(files("sized.txt", text="x" * 3891))
    expect(page.locator("[data-size]")).to_have_text(filesizeformat(3891))


def test_more_files_than_allowed_are_refused_before_they_are_sent(page: Page, files: Files) -> None:
    page.goto("/")
    page.locator("#files").set_input_files(files(*(f"{number}.txt" for number in range(21))))
    expect(page.locator(".sending[data-state=ready]")).to_have_count(20)
    refused = page.locator(".sending[data-state=refused]")
    expect(refused).to_have_count(1)
    expect(refused).to_contain_text("More than 20 files")
    expect(page.locator("upload-files button[type=submit]")).to_have_text(
        "Upload 20 files and analyze"
    )


def test_names_with_quotation_marks_are_kept_and_those_with_percent_signs_too(
    page: Page, files: Files
) -> None:
    page.goto("/")
    given = ['The "Quay" report.txt', "The %22Quay%22 report.txt"]
    send(page, *files(*given))
    expect(page.locator(".sending[data-state=accepted]")).to_have_count(2)
    expect(page.locator(".document-row__name", has_text="Quay")).to_have_text(given[::-1])


DROP = """(zone) => {
    const data = new DataTransfer()
    data.items.add(new File(["The quay wall is safe and sound."], "dropped.txt"))
    for (const type of ["dragover", "drop"]) {
        const how = { dataTransfer: data, bubbles: true, cancelable: true }
        zone.dispatchEvent(new DragEvent(type, how))
    }
}"""


def test_files_can_be_dropped_anywhere(page: Page) -> None:
    page.goto("/")
    page.locator("h1").evaluate(DROP)
    expect(page.locator(".sending")).to_contain_text("dropped.txt")
    page.locator("upload-files button[type=submit]").click()
    expect(page.locator(".document-row").first).to_contain_text("dropped.txt")


def test_an_upload_whose_answer_was_lost_is_not_stored_twice(
    page: Page, site: Site, files: Files
) -> None:
    page.goto("/")
    (site.folder / "lose").touch()
    with page.expect_event("requestfailed", lambda request: request.url.endswith("/upload")):
        send(page, *files("once.txt"))
    expect(page.locator(".sending")).to_contain_text("to try again")
    expect(page.locator(".sending[data-state=accepted]")).to_have_count(1)
    expect(page.locator(".document-row", has_text="once.txt")).to_have_count(1)


def test_the_progress_of_sending_is_shown(page: Page, files: Files) -> None:
    slow = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": 400_000}
    page.goto("/")
    page.context.new_cdp_session(page).send("Network.emulateNetworkConditions", slow)
    send(page, *files("slow.txt", text=MINUTES * 3000))
    bar = page.get_by_role("progressbar", name="Sending slow.txt")
    expect(bar).to_be_visible()
    expect(page.locator(".sending")).to_contain_text(re.compile(r"Sending, [1-9]\d? %"))
    button = page.locator("upload-files button[type=submit]")
    expect(button).to_have_attribute("aria-disabled", "true")
    expect(page.locator(".sending")).to_contain_text("Uploaded.")
    expect(bar).to_be_hidden()
    expect(button).to_have_attribute("aria-disabled", "false")


def test_everything_can_be_done_with_the_keyboard(page: Page, files: Files) -> None:
    page.on("filechooser", lambda _: None)  # From now on no window of the system opens.
    page.goto("/")
    page.locator("#files").focus()
    with page.expect_file_chooser() as chooser:
        page.keyboard.press("Enter")
    chooser.value.set_files(files("keys.txt", "more keys.txt"))
    page.locator(".sending").first.wait_for()
    while page.evaluate("document.activeElement.type") != "submit":
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    link = page.get_by_role("link", name="more keys.txt")
    expect(page.locator(".document-row", has=link).locator(".status--completed")).to_be_visible()
    link.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/d/*")
    evidence = page.locator("#analysis a[data-read]").last
    evidence.focus()
    page.keyboard.press("Enter")
    expect(page.locator("dialog.sheet mark")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("dialog.sheet")).to_be_hidden()
    expect(evidence).to_be_focused()


def test_an_action_item_is_ticked_and_keeps_the_focus(page: Page, files: Files) -> None:
    page.goto("/")
    send(page, *files("tick.txt"))
    page.locator(".document-row", has_text="tick.txt").locator(".status--completed").wait_for()
    page.get_by_role("link", name="tick.txt").click()
    page.wait_for_url("**/d/*")
    mark(page)
    box = page.get_by_role("checkbox").first
    box.press("Space")
    expect(box).to_have_attribute("aria-checked", "true")
    expect(box).to_be_focused()
    expect(page.locator("#action-items")).to_contain_text("1 of 1 done")
    assert is_the_same_page(page)
    page.reload()
    expect(box).to_have_attribute("aria-checked", "true")


def test_a_document_is_analyzed_again_without_a_reload(page: Page, files: Files) -> None:
    page.goto("/")
    send(page, *files("again.txt"))
    page.locator(".document-row", has_text="again.txt").locator(".status--completed").wait_for()
    page.get_by_role("link", name="again.txt").click()
    page.wait_for_url("**/d/*")
    mark(page)
    page.locator("#retry").click()
    expect(page.locator(".notice--success")).to_have_text("The document was put back in line.")
    expect(page.locator("#versions li")).to_have_count(2)
    expect(page.locator("#state .status--completed")).to_be_visible()
    assert is_the_same_page(page)


def test_several_are_moved_to_the_trash_and_come_back_by_undo(page: Page, files: Files) -> None:
    page.goto("/")
    send(page, *files("del 1.txt", "del 2.txt", "del 3.txt", "del 4.txt"))
    expect(page.locator(".document-row", has_text="del ")).to_have_count(4)
    page.goto("/?search=del+")
    mark(page)
    for name in ("del 3.txt", "del 2.txt"):
        page.get_by_role("checkbox", name=f"Select {name}").check()
    page.locator("#delete-several").click()
    expect(page.locator(".document-row")).to_have_count(2)
    assert names(page) == ["del 4.txt", "del 1.txt"]
    expect(page.get_by_role("button", name="Undo")).to_be_focused()
    expect(page.locator(".notice--undo")).to_contain_text("2 documents were moved to the trash.")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".document-row")).to_have_count(4)
    expect(page.locator(".notice--success")).to_have_text("2 documents were restored.")
    assert is_the_same_page(page)
    assert page.url.endswith("/?search=del+")


def test_without_scripts_everything_works_by_reloading(
    window: Callable[..., BrowserContext], files: Files, site: Site
) -> None:
    page = window(java_script_enabled=False).new_page()
    page.goto("/")
    page.locator("#files").set_input_files([*files("plain.txt"), *files("bad.exe")])
    page.locator("main button[type=submit]").first.click()
    expect(page.locator("#verdicts-heading")).to_have_text("1 uploaded, 1 refused")
    site.wait_until(lambda: set(site.statuses()) == {"completed"})
    page.reload()
    page.locator(".document-row").first.get_by_role("link").first.click()
    expect(page.locator("#action-items")).to_be_visible()  # The list has boxes, too.
    box = page.get_by_role("checkbox").first
    # Where a test before has ticked it, the identical file took that along.
    wanted = "false" if box.get_attribute("aria-checked") == "true" else "true"
    box.press("Space")
    expect(box).to_have_attribute("aria-checked", wanted)
    expect(box).to_be_focused()
    page.locator("#analysis a[data-read]").first.click()
    expect(page.locator("mark")).to_be_visible()
    page.go_back()
    page.get_by_role("button", name="Delete").click()
    expect(page.locator(".notice--undo")).to_contain_text("“plain.txt” was moved to the trash.")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".notice--success")).to_have_text("1 document was restored.")
    page.get_by_role("link", name="plain.txt").first.click()
    page.get_by_role("button", name="Delete").click()
    page.get_by_role("link", name="Trash").click()
    page.get_by_role("checkbox", name="Select plain.txt").first.check()
    page.get_by_role("button", name="Delete for good…").click()
    page.get_by_role("button", name="Delete for good").click()
    expect(page.locator(".notice--success")).to_have_text("1 document was deleted for good.")


def test_the_analysis_can_be_copied(window: Callable[..., BrowserContext], files: Files) -> None:
    page = window(permissions=["clipboard-read", "clipboard-write"]).new_page()
    page.goto("/")
    send(page, *files("copy.txt"))
    page.locator(".document-row", has_text="copy.txt").locator(".status--completed").wait_for()
    page.get_by_role("link", name="copy.txt").click()
    page.locator("#copy-analysis").click()
    expect(page.locator("live-announcer")).to_have_text("Copied")
    copied: Any = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("# copy.txt")
