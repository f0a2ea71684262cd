"""Which documents come first, whose they are, and what is shown of them."""

from __future__ import annotations

import random
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from accounts.models import User
from documents import search
from documents.models import Document
from documents.search import finding
from tests.search.conftest import Shelve

WORDS = [
    *("quay", "wall", "survey", "crane", "harbor", "insurer", "budget", "tide", "mole"),
    *("会", "café", "straße"),
]


def test_nobody_ever_finds_what_is_anothers(shelve: Shelve, alice: User, bob: User) -> None:
    """A property, over words at random: one finds one's own, all of them, and nothing else."""
    chance = random.Random(20261127)
    texts: dict[Any, str] = {}
    for number in range(24):
        text = " ".join(chance.sample(WORDS, 3))
        owner = chance.choice([alice, bob])
        texts[shelve(f"{number}.txt", text, owner=owner)] = text
    for _ in range(60):
        asked = chance.sample(WORDS, chance.randint(1, 2))
        for person in (alice, bob):
            has_all = {
                document
                for document, text in texts.items()
                if document.owner == person and set(asked) <= set(text.split())
            }
            words = " ".join(asked)
            listed = search.matching(Document.objects.all(), person.pk, words)
            assert set(listed) == has_all
            assert {hit.document for hit in search.find(person.pk, words, limit=99)} == has_all


def test_a_name_weighs_more_than_findings_and_these_more_than_text(
    shelve: Shelve, alice: User
) -> None:
    filler = "Nothing of note was said about anything at all. " * 10
    in_text = shelve("a.txt", f"{filler} One crane. {filler}")
    in_name = shelve("crane.txt", filler)
    in_task = shelve("b.txt", filler, summary="All is well.", tasks=["Order the crane"])
    found = [hit.document for hit in search.find(alice.pk, "crane")]
    assert found == [in_name, in_task, in_text]


def test_no_more_than_the_newest_are_looked_at(
    shelve: Shelve, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "MOST", 2)
    _, second, third = (shelve(f"{number}.txt", "The quay.") for number in range(3))
    mine = Document.objects.visible_to(alice)
    assert set(search.matching(mine, alice.pk, "quay")) == {second, third}
    assert {hit.document for hit in search.find(alice.pk, "quay")} == {second, third}


def test_a_hit_tells_the_page_with_most_of_the_words(shelve: Shelve, alice: User) -> None:
    shelve("a.txt", "The quay.", "A wall.", "The quay   wall\nis safe.", "The Quay.")
    [hit] = search.find(alice.pk, "quay wall")
    [place] = hit.places
    assert place.page == 3
    assert [(each.text, each.is_match) for each in place.segments] == [
        ("The ", False), ("quay", True), (" ", False), ("wall", True), (" is safe.", False),
    ]  # fmt: skip


def test_words_without_spaces_between_them_are_marked_alone(shelve: Shelve, alice: User) -> None:
    shelve("a.txt", "今日会议记录很长。")
    [hit] = search.find(alice.pk, "会议记录")
    assert [each.text for each in hit.places[0].segments if each.is_match] == ["会议记录"]


def test_what_no_page_has_is_shown_where_it_was_found(shelve: Shelve, alice: User) -> None:
    shelve("harbor plan.txt", "Nothing.", summary="All is well.", tasks=["Order a crane"])
    [by_task], [by_name] = search.find(alice.pk, "crane"), search.find(alice.pk, "plan")
    texts = ["".join(each.text for each in hit.places[0].segments) for hit in (by_task, by_name)]
    assert texts == ["Order a crane", "harbor plan.txt"]
    assert by_task.places[0].page is None


def test_a_long_page_is_cut_around_its_words(shelve: Shelve, alice: User) -> None:
    shelve("a.txt", "far away " * 500 + "the mole stands " + "and more " * 500)
    [hit] = search.find(alice.pk, "mole")
    text = "".join(each.text for each in hit.places[0].segments)
    assert "the mole stands" in text
    assert len(text) < 300
    assert (text[0], text[-1]) == ("…", "…")


def test_the_api_tells_pages_and_marks_with_a_search_only(shelve: Shelve, api: APIClient) -> None:
    shelve("a.txt", "Nothing.", "The <b>quay</b>.", "Quays.")
    assert "matches" not in api.get("/documents").json()["results"][0]
    [found] = api.get("/documents?search=quay").json()["results"]
    assert found["matches"] == [
        {"page": 2, "snippet": "The <b>quay</b>.", "marks": [[7, 11]]},
        {"page": 3, "snippet": "Quays.", "marks": [[0, 5]]},
    ]


def test_the_api_lists_the_best_first_if_asked(shelve: Shelve, api: APIClient) -> None:
    shelve("crane.txt", "Nothing.")
    shelve("other.txt", "A crane, it says here somewhere among the other words.")
    shelve("third.txt", "Nothing.")

    def listed(query: str) -> list[str]:
        return [one["filename"] for one in api.get(f"/documents?{query}").json()["results"]]

    assert listed("search=crane") == ["other.txt", "crane.txt"]
    assert listed("search=crane&ordering=relevance") == ["crane.txt", "other.txt"]
    assert listed("ordering=relevance") == ["third.txt", "other.txt", "crane.txt"]


def test_no_list_has_the_words_of_all_its_documents_in_memory_at_once(
    shelve: Shelve, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "AT_ONCE", 1)
    found = [shelve(f"{n}.txt", "No.", "The quay wall.") for n in range(3)]
    with CaptureQueriesContext(connection) as sent:
        hits = search.hits(found, "quay")
    assert [hits[document.pk].places[0].page for document in found] == [2, 2, 2]
    assert sum("searchentry" in each["sql"] for each in sent) == 1 + 3


def test_a_long_document_is_found_by_words_of_each_of_its_parts(
    shelve: Shelve, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("documents.search.entries.MOST_BYTES", 40)
    document = shelve("a.txt", "first " * 9, "", "middle", "one page " * 9 + "longer than a row")
    assert document.search_entries.count() > 3
    for words, page in {"first": 1, "middle": 3, "longer": 4}.items():
        [hit] = search.find(alice.pk, words)
        assert hit.places[0].page == page
    search.index(document, search.fold([(1, "short")]))
    assert document.search_entries.count() == 1


def test_a_page_of_words_that_are_all_different_is_found_to_its_end(
    shelve: Shelve, alice: User
) -> None:
    """A vector of PostgreSQL ends at 1 MiB, with its places."""
    words = [f"{number:x}" for number in range(150_000)]
    shelve("dump.txt", " ".join(words))
    assert search.find(alice.pk, words[-1])[0].places[0].page == 1
