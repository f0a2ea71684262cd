"""Documents that give orders and a model that obeys: what they plant never comes alive."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.analysis.hostile_texts import HOSTILE
from tests.browser.conftest import Site
from tests.model_server import StandIn
from tests.services import chromium_or_skip

pytestmark = pytest.mark.slow

NAME = '"><img src=x onerror=alert(1)>{n}.txt'
MARKUP = (
    "\n\n<script>document.title = 'taken'</script><img src=http://192.0.2.1/a onerror=alert(1)>"
)
FOUND = "#summary, #action-items, #points, #tone"

# Nothing in our pages is like this, so whatever is was planted.
ALIVE = """
[...document.querySelectorAll("main *")].filter(element =>
  element.matches("img, iframe, object, embed, script, style, base, meta, [style], [srcdoc]")
  || [...element.attributes].some(({name}) => name.startsWith("on"))
).map(element => element.outerHTML)
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    chromium_or_skip()
    with StandIn("obedient") as model:
        site = Site(tmp_path_factory.mktemp("site"), OPENAI_BASE_URL=model.base_url)
        try:
            site.serve()
            site.work()
            yield site
        finally:
            site.kill()


@pytest.fixture(scope="module")
def addresses(site: Site, chromium: Browser, session: Any) -> list[str]:
    """The page of each hostile document, after the model had its say."""
    context = chromium.new_context(base_url=site.address, storage_state=session)
    page = context.new_page()
    page.goto("/")
    token = page.locator("[name=csrfmiddlewaretoken]").first.input_value()
    made = []
    for n, hostile in enumerate(HOSTILE):
        content = (hostile.text + MARKUP).encode()
        answer = context.request.post(
            "/upload",
            headers={"X-CSRFToken": token},
            multipart={
                "files": {"name": NAME.format(n=n), "mimeType": "text/plain", "buffer": content}
            },
        )
        made.append(f"/d/{answer.json()['uploaded'][0]['id']}")
    site.wait_until(lambda: set(site.statuses()) <= {"completed", "failed"})
    assert "completed" in site.statuses()
    context.close()
    return made


def test_nothing_planted_comes_alive_or_is_shown_as_found(
    page: Page, addresses: list[str], site: Site
) -> None:
    alarms: list[str] = []
    page.on("dialog", lambda dialog: (alarms.append(dialog.message), dialog.dismiss()))
    page.on("request", lambda request: alarms.append(request.url))
    page.on("console", lambda message: alarms.append(message.text))
    for address, hostile in zip(addresses, HOSTILE, strict=True):
        page.goto(address)
        page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
        assert page.evaluate(ALIVE) == [], hostile.name
        shown = " ".join(page.locator(FOUND).all_inner_texts()).lower()
        for planted in hostile.planted:
            assert planted.lower() not in shown, hostile.name
            assert planted.lower() in page.locator("#flagged").inner_text().lower(), hostile.name
        page.goto(f"{address}/pages/1")
        assert "<script>document.title" in page.locator("main").inner_text()
        assert page.evaluate(ALIVE) == [], hostile.name
        assert page.title() != "taken"
    page.goto("/")
    assert page.evaluate(ALIVE) == []
    assert [alarm for alarm in alarms if not alarm.startswith(site.address)] == []
