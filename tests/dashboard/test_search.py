"""A search on the pages: what was found is shown, and leads to the page where it stands."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import User
from documents import search
from documents.models import Document
from tests.dashboard.html import Element, Html

See = Callable[[str], Html]
Make = Callable[..., Document]

TEXT = "The <script>quay</script> wall & its survey.\fNothing.\fThe Quay again."


def inside(page: Html, element: Element, tag: str) -> list[Element]:
    return [each for each in page.all(tag) if each.is_inside(element)]


def test_a_row_shows_the_words_marked_and_leads_to_their_page(see: See, completed: Make) -> None:
    document = completed(name="harbor.txt", text=TEXT)
    page = see("/?search=quay")
    place = page.one("p", class_="document-row__match")
    assert place.text.startswith("Page 1 The <script>quay</script> wall & its")
    assert [mark.text for mark in inside(page, place, "mark")] == ["quay"]
    [link] = inside(page, place, "a")
    assert link["href"] == f"/d/{document.pk}?page=1&find=quay"


def test_the_list_has_the_best_first(see: See, upload: Make, alice: User) -> None:
    upload("crane.txt")
    upload("the old and rather small crane of the harbor.txt")
    rows = see("/?search=crane").all("h3", class_="document-row__name")
    assert rows[0].text == "crane.txt"


def test_a_row_that_is_read_again_keeps_its_marks(see: See, completed: Make) -> None:
    completed(text=TEXT)
    address = see("/?search=quay%20wall").one("li", class_="document-row")["data-url"]
    assert see(address).all("p", class_="document-row__match")
    assert not see(address.split("?")[0]).all("p", class_="document-row__match")


def test_inside_a_document_each_page_with_the_words_is_listed(see: See, completed: Make) -> None:
    document = completed(text=TEXT)
    page = see(f"/d/{document.pk}?find=quay&page=3")
    places = page.all("li", class_="find__place")
    assert [inside(page, place, "a")[0].text for place in places] == ["Page 1", "Page 3"]
    [opened] = [link["href"] for link in page.all("a") if "data-open" in link.attributes]
    assert opened == f"/d/{document.pk}/pages/3?find=quay"
    assert "No page has “zebra”" in see(f"/d/{document.pk}?find=zebra").text


def test_a_page_marks_the_words_and_escapes_the_rest(see: See, completed: Make) -> None:
    document = completed(text=TEXT)
    page = see(f"/d/{document.pk}/pages/1?find=QUAY+survey")
    assert [mark.text for mark in page.all("mark")] == ["quay", "survey"]
    assert not [script for script in page.all("script") if "quay" in script.text]
    assert page.one("a", rel="next")["href"].endswith("/pages/2?find=QUAY%20survey")


def test_nobody_finds_anything_in_anothers_document(
    bob: User, completed: Make, client: Client
) -> None:
    document = completed(name="harbor.txt", text=TEXT)
    client.force_login(bob)
    for address in (f"/d/{document.pk}?find=quay", f"/d/{document.pk}/pages/1?find=quay"):
        assert client.get(address).status_code == 404
    assert b"harbor" not in client.get("/?search=quay").content


def test_a_search_that_leaves_older_documents_out_says_so(
    see: See, completed: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    completed(text=TEXT)
    assert "newest" not in see("/?search=quay").text
    monkeypatch.setattr(search.finding, "MOST", 1)
    monkeypatch.setattr(search, "MOST", 1)
    assert "looks at the newest 1 of them: add a word" in see("/?search=quay").text
    assert "newest" not in see("/?search=zebra").text
    assert "newest" not in see("/").text
