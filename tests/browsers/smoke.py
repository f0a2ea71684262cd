"""What people do first, in Firefox and WebKit: `make browsers`, no part of `make test`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.conftest import MINUTES, USER, Site
from tests.browsers.webdriver import BROWSERS, Browser, missing_programs
from tests.services import missing

LIVE = "return document.querySelector('status-stream')?.dataset.state === arguments[0]"
HAS = "return document.querySelector(arguments[0])?.textContent.includes(arguments[1])"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    site = Site(tmp_path_factory.mktemp("site"))
    try:
        site.serve()
        site.work()
        yield site
    finally:
        site.kill()


@pytest.fixture(scope="module", params=list(BROWSERS))
def browser(
    request: pytest.FixtureRequest, site: Site, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Browser]:
    """Signed in."""
    if absent := missing_programs(request.param):
        missing(f"{', '.join(absent)} is not installed")
    start, _ = BROWSERS[request.param]
    browser = start(tmp_path_factory.mktemp(request.param))
    try:
        browser.go(f"{site.address}/")
        for name, value in USER.items():
            browser.type(f"[name={name}]", value)
        browser.click("main button[type=submit]")
        browser.wait_until(LIVE, "live")
        yield browser
    finally:
        browser.close()


def test_a_file_goes_its_way_on_the_page_and_its_analysis_is_copied(
    browser: Browser, site: Site, tmp_path: Path
) -> None:
    name = f"{browser.name}.txt"
    (tmp_path / name).write_text(MINUTES)
    browser.go(f"{site.address}/")
    browser.wait_until(LIVE, "live")
    browser.type("#files", str(tmp_path / name))
    browser.click("upload-files button[type=submit]")
    browser.wait_until(HAS, "#documents > li h3", name)
    browser.wait_until(HAS, "#documents > li .status", "Completed")
    browser.click("#documents > li h3 a")
    browser.click("#copy-analysis")
    browser.wait_until("return document.querySelector('copy-text[data-said]')?.dataset.said")
    said = browser.run("return document.querySelector('copy-text[data-said]').dataset.said")
    assert said == "Copied"
    browser.click("a[data-read]")
    browser.wait_until("return document.querySelector('dialog.sheet mark')")


def test_a_stream_whose_script_cannot_be_had_says_so_and_comes_back(
    browser: Browser, site: Site
) -> None:
    (site.folder / "mute").touch()
    try:
        browser.go(f"{site.address}/?search=minutes")
        # Another address of the script: this browser may have kept it.
        browser.run(
            "const stream = document.querySelector('status-stream');"
            "const fresh = stream.cloneNode(true); fresh.dataset.script += '?fresh';"
            "fresh.dataset.state = ''; stream.replaceWith(fresh)"
        )
        browser.wait_until(HAS, "status-stream > p", "Connection lost")
    finally:
        (site.folder / "mute").unlink()
    browser.wait_until(LIVE, "live")


def test_lists_are_lists_and_placeholders_can_be_read(browser: Browser, site: Site) -> None:
    browser.go(f"{site.address}/")
    assert browser.role("#documents") == "list"
    pale = browser.run(
        "const field = document.querySelector('#search');"
        "const style = getComputedStyle(field, '::placeholder');"
        "return [style.color, style.opacity]"
    )
    if browser.name != "webkit":  # It does not tell the style of a placeholder.
        assert pale == ["rgb(86, 93, 99)", "1"]


def test_the_theme_that_is_chosen_stays(browser: Browser, site: Site) -> None:
    browser.go(f"{site.address}/")
    browser.click("theme-switch button")
    ground = "return getComputedStyle(document.documentElement).backgroundColor"
    chosen = browser.run(ground)
    assert chosen == "rgb(18, 21, 23)"
    browser.go(f"{site.address}/docs")
    assert browser.run(ground) == chosen
    browser.run("document.cookie = 'theme=auto; path=/; max-age=0'")


def test_the_list_of_shortcuts_opens_by_its_key(browser: Browser, site: Site) -> None:
    browser.go(f"{site.address}/")
    browser.wait_until("return customElements.get('shortcut-keys')")
    browser.run("document.body.dispatchEvent(new KeyboardEvent('keydown',{key:'?',bubbles:true}))")
    browser.wait_until(HAS, ".shortcuts[open] dl", "Next document")


def test_a_lost_connection_is_said_and_found_again(browser: Browser, site: Site) -> None:
    browser.go(f"{site.address}/")
    browser.wait_until(LIVE, "live")
    site.kill("web")
    browser.wait_until(HAS, "status-stream > p", "Connection lost")
    site.serve()
    browser.wait_until(LIVE, "live")
