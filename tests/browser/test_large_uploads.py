"""Large files go in by pieces: with progress, paused, taken up again after a reload."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from tests import large_pdfs
from tests.browser.conftest import Site, send
from tests.services import chromium_or_skip

pytestmark = pytest.mark.long

MB = 1024 * 1024
SLOW = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": 8 * MB}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    chromium_or_skip()
    site = Site(tmp_path_factory.mktemp("site"), ATOM_MAX_FILE_SIZE="60 MB")
    try:
        site.serve()
        yield site
    finally:
        site.kill()


@pytest.fixture
def large(tmp_path: Path) -> Path:
    """A PDF of four pieces."""
    path = tmp_path / "scans.pdf"
    large_pdfs.write(path, pages=7, picture_bytes=4 * MB)
    return path


def slowly(page: Page) -> None:
    page.context.new_cdp_session(page).send("Network.emulateNetworkConditions", SLOW)


def offsets(page: Page) -> list[int]:
    """Where the pieces that the page sends begin."""
    sent: list[int] = []

    def note(request: object) -> None:
        if request.method == "PATCH":  # type: ignore[attr-defined]
            sent.append(int(request.headers["upload-offset"]))  # type: ignore[attr-defined]

    page.on("request", note)
    return sent


def test_a_large_file_is_sent_in_pieces_and_becomes_a_document(page: Page, large: Path) -> None:
    page.goto("/")
    sent = offsets(page)
    slowly(page)
    send(page, large)
    bar = page.get_by_role("progressbar", name="Sending scans.pdf")
    expect(bar).to_be_visible()
    expect(page.locator(".sending")).to_contain_text(re.compile(r"Sending, [1-9]\d? %"))
    expect(page.locator(".sending")).to_contain_text("Uploaded.")
    expect(bar).to_be_hidden()
    expect(page.locator(".document-row", has_text="scans.pdf")).to_be_visible()
    assert sent == [0, 8 * MB, 16 * MB, 24 * MB]


def test_it_is_paused_and_goes_on_and_others_do_not_wait(
    page: Page, large: Path, tmp_path: Path
) -> None:
    page.goto("/")
    sent = offsets(page)
    slowly(page)
    (tmp_path / "note.txt").write_text("The quay wall is safe.")
    send(page, large, tmp_path / "note.txt")
    line = page.locator(".sending", has_text="scans.pdf")
    expect(line).to_contain_text(re.compile(r"Sending, [3-9]\d %"))
    line.get_by_role("button", name="Pause: scans.pdf").click()
    expect(line).to_contain_text(re.compile(r"Paused at \d+ %"))
    expect(page.locator(".sending", has_text="note.txt")).to_contain_text("Uploaded.")
    before = len(sent)
    button = line.get_by_role("button", name="Go on: scans.pdf")
    expect(button).to_be_focused()
    button.click()
    expect(line).to_contain_text("Uploaded.")
    assert min(sent[before:]) > 0


def test_after_a_reload_the_same_file_goes_on_where_it_was(page: Page, large: Path) -> None:
    page.goto("/")
    sent = offsets(page)
    slowly(page)
    send(page, large)
    expect(page.locator(".sending")).to_contain_text(re.compile(r"Sending, [5-9]\d %"))
    page.once("dialog", lambda dialog: dialog.accept())  # It asks before it breaks off.
    page.reload()
    stored = page.evaluate("JSON.stringify(localStorage)")
    assert "atom-upload:" in stored
    assert "scans" not in stored
    before = len(sent)
    send(page, large)
    expect(page.locator(".sending")).to_contain_text("Uploaded.")
    assert min(sent[before:]) >= 8 * MB
    assert "atom-upload:" not in page.evaluate("JSON.stringify(localStorage)")


def test_a_server_that_is_killed_is_waited_for(page: Page, site: Site, large: Path) -> None:
    page.goto("/")
    slowly(page)
    send(page, large)
    expect(page.locator(".sending")).to_contain_text(re.compile(r"Sending, [3-9]\d %"))
    site.kill("web")
    site.serve()
    expect(page.locator(".sending")).to_contain_text("Uploaded.", timeout=30_000)


def test_a_line_that_is_full_at_the_end_costs_no_byte_twice(page: Page, large: Path) -> None:
    page.goto("/")
    sent, begun = offsets(page), []
    page.on("request", lambda request: request.method == "POST" and begun.append(request.url))
    refusals = {"PATCH": [429], "HEAD": [423, 423]}

    def refuse(route: Route) -> None:
        method = route.request.method
        is_last = int(route.request.headers.get("upload-offset", 24 * MB)) == 24 * MB
        if is_last and refusals.get(method):
            route.fulfill(status=refusals[method].pop(), headers={"Retry-After": "1"})
        else:
            route.continue_()

    page.route("**/uploads/*", refuse)
    send(page, large)
    expect(page.locator(".sending")).to_contain_text("Waiting 1 s to try again.")
    expect(page.locator(".sending")).to_contain_text("Uploaded.", timeout=30_000)
    assert sent == [0, 8 * MB, 16 * MB, 24 * MB, 24 * MB]
    assert len([url for url in begun if url.endswith("/uploads")]) == 1


def test_what_is_too_large_or_no_pdf_is_refused_before_it_is_sent(
    page: Page, tmp_path: Path
) -> None:
    page.goto("/")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.method))
    for name in ("large.pdf", "large.txt"):
        with (tmp_path / name).open("wb") as file:
            file.truncate(61 * MB if name.endswith("pdf") else 11 * MB)
    send(page, tmp_path / "large.pdf", tmp_path / "large.txt")
    lines = page.locator(".sending[data-state=refused]")
    expect(lines.filter(has_text="large.pdf")).to_contain_text("larger than 60 MB")
    expect(lines.filter(has_text="large.txt")).to_contain_text("Only a PDF may be larger than 10")
    assert "POST" not in sent


def test_a_refusal_at_the_end_is_shown(page: Page, tmp_path: Path) -> None:
    page.goto("/")
    liar = tmp_path / "liar.pdf"
    liar.write_bytes(b"MZ" * 6 * MB)
    send(page, liar)
    expect(page.locator(".sending[data-state=refused]")).to_contain_text(
        "does not match its extension"
    )


def test_removing_a_paused_one_frees_its_room(page: Page, site: Site, large: Path) -> None:
    page.goto("/")
    slowly(page)
    send(page, large)
    line = page.locator(".sending")
    expect(line).to_contain_text(re.compile(r"Sending, [3-9]\d %"))
    line.get_by_role("button", name="Pause: scans.pdf").click()
    with page.expect_response(lambda response: response.request.method == "DELETE") as ended:
        line.get_by_role("button", name="Remove scans.pdf").click()
    assert ended.value.status == 204
    assert not list((site.folder / "media" / "parts").iterdir())
