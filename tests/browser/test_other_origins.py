"""A page of a named origin does all that its token may; a page of another one does nothing."""

from __future__ import annotations

import http.server
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.conftest import MINUTES, USER, Site
from tests.processes import ROOT
from tests.services import chromium_or_skip

pytestmark = pytest.mark.slow

# The reader of docs/streaming.md, as it stands there.
[READER] = re.findall(
    r"```javascript\n(async function\* events.*?)```",
    (ROOT / "docs/streaming.md").read_text(),
    re.DOTALL,
)
LOG_IN = """async ([atom, user]) => (await (await fetch(`${atom}/auth/login`, {
  method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(user),
})).json()).access"""
UPLOAD = """async ([atom, token, text]) => {
  const form = new FormData()
  form.append("files", new Blob([text], { type: "text/plain" }), "elsewhere.txt")
  const headers = { Authorization: `Bearer ${token}`, "Idempotency-Key": crypto.randomUUID() }
  const answer = await fetch(`${atom}/upload`, { method: "POST", headers, body: form })
  return answer.json()
}"""
FOLLOW = """async ([atom, token, last]) => {
  for await (const event of events(atom, token, String(last))) {
    if (event.status === "completed") return event.result.summary
  }
}"""
REFUSED = """async ([atom, token]) => {
  const headers = { Authorization: `Bearer ${token}` }
  const answer = await fetch(`${atom}/documents?status=odd`, { headers })
  return [answer.status, (await answer.json()).code]
}"""
CLICKJACK = """async ([atom]) => {
  const tries = [
    fetch(`${atom}/documents`, { credentials: "include" }),
    fetch(`${atom}/`, { credentials: "include" }),
    fetch(`${atom}/documents/stream`, { credentials: "include" }),
    fetch(`${atom}/upload`, { method: "POST", credentials: "include", body: new FormData() }),
  ]
  const ends = await Promise.allSettled(tries)
  return ends.map(({ status }) => status)
}"""


class Quiet(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<!doctype html><title>Elsewhere</title>")

    def log_message(self, *args: Any) -> None:
        pass


@contextmanager
def elsewhere() -> Iterator[str]:
    """The origin of a page on another port of this machine."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture(scope="module")
def named() -> Iterator[str]:
    with elsewhere() as origin:
        yield origin


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, named: str) -> Iterator[Site]:
    chromium_or_skip()
    site = Site(tmp_path_factory.mktemp("site"), ATOM_CORS_ORIGINS=named)
    try:
        site.serve()
        yield site
    finally:
        site.kill()


@pytest.fixture
def token(page: Page, site: Site, named: str) -> str:
    page.goto(named)
    return str(page.evaluate(LOG_IN, [site.address, USER]))


def test_a_page_of_a_named_origin_logs_in_uploads_and_follows(
    page: Page, site: Site, token: str
) -> None:
    page.add_script_tag(content=READER)
    sent = page.evaluate(UPLOAD, [site.address, token, MINUTES])
    site.work()
    summary = page.evaluate(FOLLOW, [site.address, token, sent["stream_cursor"]])
    assert "harbor committee" in summary
    assert page.evaluate(REFUSED, [site.address, token]) == [400, "unknown_status"]


def test_a_page_of_another_origin_reads_nothing_and_changes_nothing(
    page: Page, site: Site, token: str
) -> None:
    before = site.statuses()
    with elsewhere() as unnamed:
        page.goto(unnamed)
        for program in (LOG_IN, UPLOAD, REFUSED):
            with pytest.raises(Exception, match="Failed to fetch"):
                page.evaluate(program, [site.address, token, MINUTES])
    assert site.statuses() == before


def test_cookies_open_nothing_from_a_named_origin(
    chromium: Browser, session: Any, site: Site, named: str
) -> None:
    context = chromium.new_context(storage_state=session)
    page = context.new_page()
    page.goto(named)
    before = site.statuses()
    assert page.evaluate(CLICKJACK, [site.address]) == ["rejected"] * 4
    assert site.statuses() == before
    context.close()
