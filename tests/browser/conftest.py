"""A real browser, looking at a real web server and a real worker."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.processes import PATIENCE, ROOT, Installation, Running
from tests.services import chromium_or_skip, missing

try:
    from playwright.sync_api import (
        Browser,
        BrowserContext,
        Page,
        TimeoutError,
        expect,
        sync_playwright,
    )
except ImportError:  # pragma: no cover - the dev requirements bring it
    missing("playwright is not installed")

USER = {"username": "user1", "password": "password123"}
SHOWN = "SELECT status FROM documents_document WHERE status <> 'trashed' ORDER BY queue_number"
SOON = 10_000  # milliseconds within which a page must be right, whatever happened

MINUTES = """Minutes of the harbor committee.
Maria Lopez will send the survey to the insurer by 5 March 2027. The quay wall is safe.
The committee thanked the crew for the excellent work on the northern pier.
"""


class Site:
    """An installation whose web server and worker are started and killed by the test."""

    def __init__(self, folder: Path, **environment: str) -> None:
        self._installation = Installation.prepared(
            folder,
            ATOM_THROTTLE="off",
            ATOM_WATCH=str(folder),
            DJANGO_SETTINGS_MODULE="atom_project.settings",
            PYTHONPATH=str(ROOT),
            **environment,
        )
        self.folder = folder
        self.port = self._installation.environment["ATOM_PORT"]
        self.address = f"http://127.0.0.1:{self.port}"
        self._running: dict[str, Running] = {}

    def run(self, program: str) -> None:
        """A Python program with the settings of this installation."""
        command = [sys.executable, "-c", program]
        environment = self._installation.environment
        subprocess.run(command, env=environment, cwd=self.folder, check=True, timeout=PATIENCE)

    @property
    def database(self) -> Path:
        return self.folder / "var" / "atom.sqlite3"

    def copy_database(self, *, to: Path, of: Path | None = None) -> None:
        with (
            contextlib.closing(sqlite3.connect(of or self.database)) as source,
            contextlib.closing(sqlite3.connect(to)) as target,
        ):
            source.backup(target)

    def _start(self, *arguments: str, **more: str) -> Running:
        environment = self._installation.environment | more
        return Running([sys.executable, *arguments], env=environment, cwd=self.folder)

    def serve(self, **more: str) -> None:
        """Start the web server, with these settings as well; returns when it answers."""
        self._running["web"] = self._start(
            *("-m", "uvicorn", "tests.browser.watched:application", "--port", self.port),
            *("--log-level", "warning", "--timeout-graceful-shutdown", "3"),
            **more,
        )
        deadline = time.monotonic() + PATIENCE
        while not self._answers():
            assert time.monotonic() < deadline, "the web server never answered"

    def _answers(self) -> bool:
        with contextlib.suppress(httpx.TransportError):
            return httpx.get(f"{self.address}/healthz", timeout=1).is_success
        return False

    def work(self) -> None:
        manage = str(ROOT / "manage.py")
        self._running["worker"] = self._start(manage, "worker", "--grace", "1")
        self._running["worker"].wait_for("is ready")

    def kill(self, *names: str) -> None:
        for name in names or list(self._running):
            if name in self._running:
                self._running.pop(name).end()

    def stop(self, name: str) -> None:
        """End it politely."""
        stopped = self._running.pop(name)
        stopped.interrupt()
        stopped.end()

    def statuses(self) -> list[str]:
        """What the database says, in the order of the line."""
        with contextlib.closing(sqlite3.connect(self.database)) as database:
            rows = database.execute(SHOWN)
            return [status for (status,) in rows]

    def wait_until(self, is_so: Callable[[], bool]) -> None:
        deadline = time.monotonic() + PATIENCE
        while not is_so():
            assert time.monotonic() < deadline, self.statuses()
            time.sleep(0.05)

    def journal(self, what: str) -> int:
        """How often this was noted about streams: `open`, `end` or `drop`."""
        with contextlib.suppress(FileNotFoundError):
            return (self.folder / "journal").read_text().split().count(what)
        return 0


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """An installation with its web server running and no worker yet."""
    chromium_or_skip()
    site = Site(tmp_path_factory.mktemp("site"))
    try:
        site.serve()
        yield site
    finally:
        site.kill()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    path = chromium_or_skip()
    expect.set_options(timeout=SOON)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def session(site: Site, chromium: Browser) -> Any:
    """The cookies of somebody signed in."""
    context = chromium.new_context(base_url=site.address)
    sign_in(context.new_page())
    state = context.storage_state()
    context.close()
    return state


def sign_in(page: Page, username: str = USER["username"]) -> None:
    """Sign in on the page that asks for it; it leads on to where somebody wanted to go."""
    if page.url == "about:blank":
        page.goto("/")
    try:
        enter(page, username)
        # A late answer to another tab may have brought its own CSRF cookie back: the form says so.
        if page.get_by_text("This form had expired").is_visible():
            enter(page, username)
        page.wait_for_url(is_inside)
    except TimeoutError as error:
        raise AssertionError(page.locator("body").inner_text()) from error


def enter(page: Page, username: str) -> None:
    for name, value in {**USER, "username": username}.items():
        page.locator(f"[name={name}]").fill(value)
    with page.expect_navigation():
        page.locator("main button[type=submit]").click()


def is_inside(address: str) -> bool:
    return "/login" not in address


@pytest.fixture
def window(site: Site, chromium: Browser, session: Any) -> Iterator[Callable[..., BrowserContext]]:
    """Open a signed-in browser window; a script that fails on any of its pages fails the test."""
    contexts: list[BrowserContext] = []
    errors: list[str] = []

    def open_window(**how: Any) -> BrowserContext:
        context = chromium.new_context(base_url=site.address, storage_state=session, **how)
        context.on("weberror", lambda error: errors.append(str(error.error)))
        contexts.append(context)
        return context

    yield open_window
    for context in contexts:
        context.close()
    assert errors == []


@pytest.fixture
def page(window: Callable[..., BrowserContext]) -> Page:
    return window().new_page()


@pytest.fixture
def files(tmp_path: Path) -> Callable[..., list[Path]]:
    """Text files with these names."""

    def make(*names: str, text: str = MINUTES) -> list[Path]:
        for name in names:
            (tmp_path / name).write_text(text)
        return [tmp_path / name for name in names]

    return make


def send(page: Page, *files: Path) -> None:
    """Choose these files and press the button."""
    page.locator("#files").set_input_files([os.fspath(file) for file in files])
    page.locator("upload-files button[type=submit]").click()


def shown(page: Page) -> list[tuple[str | None, str | None]]:
    """The documents of the list as the page has them."""
    rows = page.locator(".document-row").element_handles()
    return [(row.get_attribute("id"), row.get_attribute("data-status")) for row in rows]


def told(page: Page) -> list[tuple[str, str]]:
    """The documents of the list as the API has them."""
    answer = page.context.request.get("/documents?page_size=50").json()
    return [(f"document-{found['id']}", found["status"]) for found in answer["results"]]
