"""What holds on every page: nothing hostile runs, nothing inline, nothing from elsewhere."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.templatetags.static import static
from django.test import Client

from documents.models import Document
from documents.pipeline.analysis import ActionItem, Evidence, KeyPoint
from documents.pipeline.analysis.schema import Flagged, Sentiment, Topic
from tests.dashboard.html import Html

Make = Callable[..., Document]

HOSTILE = '"><script>alert(1)</script><img src=x onerror=alert(1)>'


@pytest.fixture
def hostile(completed: Make) -> Document:
    """A document whose every word tries to break out of the page."""
    # A slash is where a name begins, so the name itself has none.
    name = HOSTILE.replace("/", "") + ".txt"
    evidence = [Evidence(1, 0, len(HOSTILE), HOSTILE, "verbatim")]
    task = ActionItem(HOSTILE, HOSTILE, HOSTILE, None, "high", evidence)
    return completed(
        name=name,
        text=HOSTILE,
        model=HOSTILE,
        summary=HOSTILE,
        key_points=[KeyPoint("Point " + HOSTILE, evidence, [HOSTILE])],
        topics=[Topic(HOSTILE, evidence)],
        sentiment=Sentiment("mixed", 0.1, HOSTILE, evidence),
        actionable_items=[task],
        unverified=[{"kind": "summary", "text": HOSTILE, "quotes": [HOSTILE]}],
        flagged=[Flagged(1, 0, len(HOSTILE), HOSTILE)],
        language=HOSTILE[:35],
    )


@pytest.fixture
def pages(
    browser: Client, hostile: Document, failed: Make, upload: Make, settings: Any
) -> dict[str, Any]:
    """Every page there is, with hostile words on each that shows any."""
    hostile_name = hostile.filename
    broken = failed("internal_error", name=hostile_name, detail=HOSTILE, reference=HOSTILE)
    waiting = upload(hostile_name)
    addresses = [
        "/",
        f"/?search={HOSTILE}&status=completed",
        *(f"/d/{each.pk}" for each in (hostile, broken, waiting)),
        *(f"/d/{hostile.pk}/{part}" for part in ("row", "panel", "delete")),
        f"/d/{hostile.pk}/analyses/{hostile.analyses.get().pk}",
        "/d/list",
        f"/d/{hostile.pk}/pages/1?quote=2-{len(HOSTILE)}",
    ]
    found = {address: browser.get(address) for address in addresses}
    settings.ATOM_TRASH_DAYS = 0
    found["question"] = browser.post("/d/delete", {"document": [hostile.pk]})
    settings.ATOM_TRASH_DAYS = 7
    found["verdicts"] = browser.post("/d/upload", {"files": [_named(hostile_name)]}, follow=True)
    found["deleted"] = browser.post(f"/d/{waiting.pk}/delete", follow=True)
    found["trash"] = browser.get("/d/trash")
    found["for good"] = browser.post("/d/trash/delete", {"document": [waiting.pk]})
    browser.logout()
    found["login"] = browser.get("/login")
    return found


def _named(name: str) -> Any:
    from django.core.files.uploadedfile import SimpleUploadedFile

    return SimpleUploadedFile(name.replace(".txt", ".exe"), b"MZ")


def test_hostile_words_are_shown_and_never_run(pages: dict[str, Any]) -> None:
    for address, response in pages.items():
        page = Html(response.content)  # A tag that slipped through would nest wrongly, too.
        assert response.status_code == 200, address
        assert "alert(1)" in page.elements[0].raw or address in {"login"}, address
        for element in page.elements:
            assert element.tag != "img" or element["src"] == static("img/favicon.svg"), address


def test_no_page_has_inline_script_or_style(pages: dict[str, Any]) -> None:
    for address, response in pages.items():
        for element in Html(response.content).elements:
            assert element.tag != "style", address
            assert element.tag != "script" or element["src"].startswith("/static/"), address
            assert element.tag != "script" or not element.raw, address
            assert not [name for name in element.attributes if name.startswith("on")], address
            assert "style" not in element.attributes, address


def test_no_page_asks_another_machine(pages: dict[str, Any]) -> None:
    for address, response in pages.items():
        for element in Html(response.content).elements:
            for name in ("href", "src", "action", "formaction", "data-url"):
                target = element.attributes.get(name, "/")
                assert re.match(r"(/(?!/)|\?|#)", target), f"{address}: {target}"


def test_every_page_carries_the_strict_policy(pages: dict[str, Any]) -> None:
    for address, response in pages.items():
        policy = [part.strip() for part in response["Content-Security-Policy"].split(";")]
        assert "default-src 'none'" in policy, address
        for kind in ("script-src", "style-src", "connect-src", "form-action"):
            assert f"{kind} 'self'" in policy, address


def test_no_page_is_kept_by_the_browser_for_the_next_person(pages: dict[str, Any]) -> None:
    for address, response in pages.items():
        assert "no-store" in response["Cache-Control"], address


def test_every_whole_page_lets_people_sign_out(pages: dict[str, Any]) -> None:
    whole = {at: each for at, each in pages.items() if b"<html" in each.content and at != "login"}
    assert len(whole) > 3
    for address, response in whole.items():
        assert b'action="/logout"' in response.content, address


def test_every_whole_page_has_landmarks_a_title_and_one_polite_region(
    pages: dict[str, Any],
) -> None:
    for address, response in pages.items():
        if address.endswith(("/row", "/panel", "/list")):
            continue
        page = Html(response.content)
        assert page.one("html")["lang"] == "en"
        assert page.one("title").text.endswith("· ATOM"), address
        assert page.one("a", class_="skip-link")["href"] == "#" + page.one("main")["id"]
        assert page.one(role="status").text == "", address
        assert page.one(role="status").tag == "live-announcer", address
        assert page.one("h1")
        _headings_step_down_one_by_one(page, address)
        _fields_are_labeled(page, address)
        _ids_are_unique(page, address)


def _headings_step_down_one_by_one(page: Html, address: str) -> None:
    levels = [int(each.tag[1]) for each in page.elements if re.fullmatch(r"h[1-6]", each.tag)]
    assert levels[0] == 1, address
    for before, level in itertools.pairwise(levels):
        assert level <= before + 1, f"{address}: h{level} after h{before}"


def _fields_are_labeled(page: Html, address: str) -> None:
    labeled = {label.attributes.get("for") for label in page.all("label")}
    labels = page.all("label")
    for field in page.elements:
        if field.tag in {"input", "select"} and field.attributes.get("type") != "hidden":
            is_wrapped = any(field.is_inside(label) for label in labels)
            has_name = "aria-label" in field.attributes or field.attributes.get("id") in labeled
            assert has_name or is_wrapped, f"{address}: {field.attributes}"


def _ids_are_unique(page: Html, address: str) -> None:
    ids = [element["id"] for element in page.elements if "id" in element.attributes]
    assert len(ids) == len(set(ids)), address


def test_every_file_a_page_names_is_there(pages: dict[str, Any]) -> None:
    named = {
        target.split("#")[0].removeprefix(settings.STATIC_URL)
        for response in pages.values()
        for element in Html(response.content).elements
        for target in [element.attributes.get("href"), element.attributes.get("src")]
        if target and target.startswith(settings.STATIC_URL)
    }
    assert "css/base.css" in named
    assert [name for name in named if not finders.find(name)] == []


def test_every_icon_a_page_names_is_drawn(pages: dict[str, Any]) -> None:
    drawn = set(re.findall(r'symbol id="(\w+)"', Path(finders.find("img/icons.svg")).read_text()))
    named = {
        use["href"].split("#")[1]
        for response in pages.values()
        for use in Html(response.content).all("use")
    }
    assert named <= drawn


def test_styles_and_scripts_ask_no_other_machine() -> None:
    for path in (settings.BASE_DIR / "static").rglob("*.*"):
        if "vendor" in path.parts:  # Somebody else's comments; the policy lets it ask nobody.
            continue
        text = path.read_text().replace("http://www.w3.org/2000/svg", "")
        assert "://" not in text, path
        assert "@import" not in text, path


def test_pages_travel_compressed(browser: Client, hostile: Document) -> None:
    for address in ("/", "/d/list", f"/d/{hostile.pk}"):
        plain = browser.get(address)
        packed = browser.get(address, headers={"Accept-Encoding": "gzip"})
        assert "Content-Encoding" not in plain
        assert packed["Content-Encoding"] == "gzip"
        assert len(packed.content) < len(plain.content) / 2


def test_lists_without_markers_say_that_they_are_lists(pages: dict[str, Any]) -> None:
    """WebKit takes `list-style: none`, which every list with a class has, for no list."""
    for address, response in pages.items():
        for element in Html(response.content).elements:
            if element.tag in {"ul", "ol"} and "class" in element.attributes:
                assert element.attributes.get("role") == "list", f"{address}: {element.raw[:80]}"
