"""The list of one's documents: what it shows, how it is searched and paged."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from documents import events, queue
from documents.dashboard import list_filter
from documents.estimates import current
from documents.models import Document, OpenCircuit, Status, StatusEvent, WorkerHeartbeat
from tests.dashboard.conftest import work
from tests.dashboard.html import Html

See = Callable[[str], Html]
Make = Callable[..., Document]


def names(page: Html) -> list[str]:
    return [each.text for each in page.all("h3", class_="document-row__name")]


def test_without_a_login_every_page_leads_to_it(client: Client, db: None) -> None:
    assert client.get("/").url == "/login?next=/"  # type: ignore[attr-defined]


def test_the_newest_document_comes_first(see: See, upload: Make) -> None:
    upload("first.txt")
    upload("second.txt")
    assert names(see("/")) == ["second.txt", "first.txt"]


def test_documents_of_others_are_not_listed(bobs_browser: Client, upload: Make) -> None:
    upload("secret.txt")
    page = Html(bobs_browser.get("/").content)
    assert names(page) == []
    assert "Nothing here yet" in page.text


@pytest.mark.parametrize("status", Status.values)
def test_every_status_is_told_by_word_and_icon(
    see: See, in_status: Callable[[str], Document], status: str
) -> None:
    document = in_status(status)
    page = see("/")
    badge = page.one("span", class_="status")
    assert badge.text == Status(status).label
    icon = next(use for use in page.all("use") if use.is_inside(badge))
    assert icon["href"].endswith(f"icons.svg#{status}")
    assert page.one("li", id=f"document-{document.pk}")["data-status"] == status


def test_a_waiting_document_shows_its_place_in_the_whole_line(
    see: See, upload: Make, bob: User
) -> None:
    upload("bobs.txt", owner=bob)
    upload("mine.txt")
    assert "position 2 in line" in see("/").text
    queue.claim_next("worker")
    assert "next in line" in see("/").text


def test_a_running_document_shows_how_far_it_is(
    see: See, in_status: Callable[[str], Document], worker: WorkerHeartbeat
) -> None:
    document = in_status(Status.PROCESSING)
    events.progress(document, step="extracting", done=3, total=42)
    assert "Reading page 3 of 42" in see("/").text


def test_a_failed_document_shows_why_and_what_to_do(see: See, failed: Make) -> None:
    failed("no_text")
    shown = see("/").text
    assert "The pages contain no text, only pictures." in shown
    assert "run text recognition" in shown


def test_only_a_failure_that_may_pass_is_offered_to_be_retried(see: See, failed: Make) -> None:
    lasts, may_pass = failed("damaged"), failed("model_unavailable")
    actions = [form["action"] for form in see("/").all("form")]
    assert f"/d/{may_pass.pk}/retry" in actions
    assert f"/d/{lasts.pk}/retry" not in actions


def test_a_completed_document_shows_its_newest_summary(see: See, completed: Make) -> None:
    document = completed(summary="The old one.")
    queue.requeue(document)
    work(summary="The new one.")
    row = see(f"/d/{document.pk}/row")
    assert row.one("p", class_="document-row__snippet").text == "The new one."


def test_a_filter_shows_one_status_and_counts_all(see: See, upload: Make, failed: Make) -> None:
    failed()
    upload("waiting.txt")
    upload("waiting too.txt")
    page = see("/?status=pending")
    assert names(page) == ["waiting too.txt", "waiting.txt"]
    current = page.one("a", class_="tab", aria_current="page")
    assert current.text == "Pending 2"
    assert next(tab.text for tab in page.all("a", class_="tab")) == "All 3"


@pytest.mark.parametrize(
    "address", ["/?status=nonsense", "/?page=zero", "/?page=-1", "/?page=99999999999999999999"]
)
def test_an_address_that_makes_no_sense_shows_the_list(
    see: See, upload: Make, address: str
) -> None:
    upload("one.txt")
    assert names(see(address)) == ["one.txt"]


@pytest.mark.parametrize("words", ["HARBOR", "survey by 5 March", "waits for a survey"])
def test_search_looks_into_names_summaries_and_text(
    see: See, upload: Make, completed: Make, words: str
) -> None:
    completed(name="harbor.txt")
    upload("other.txt")
    assert names(see(f"/?search={words}")) == ["harbor.txt"]


def test_a_search_without_results_offers_the_way_back(see: See, upload: Make) -> None:
    upload()
    page = see("/?search=zebra")
    assert "Nothing matches." in page.text
    assert "Nothing here yet" not in page.text


def test_a_search_with_a_nul_is_answered(see: See, upload: Make) -> None:
    upload("one.txt")
    assert names(see("/?search=o%00ne")) == ["one.txt"]


def test_pages_of_the_list_keep_filter_and_search(
    see: See, upload: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(list_filter, "PAGE_SIZE", 2)
    for number in range(5):
        upload(f"part {number}.txt")
    page = see("/?search=part&status=pending&page=2")
    assert names(page) == ["part 2.txt", "part 1.txt"]
    assert page.one("a", rel="prev")["href"] == "?status=pending&search=part&page=1"
    assert page.one("a", rel="next")["href"] == "?status=pending&search=part&page=3"
    assert "Page 2 of 3" in page.text
    assert not see("/?search=part&page=3").all("a", rel="next")


def test_the_list_is_sorted_and_filtered_by_its_address(see: See, upload: Make) -> None:
    for name, language in (("b.txt", "de"), ("a.txt", "de"), ("c.txt", "fr")):
        Document.objects.filter(pk=upload(name).pk).update(language=language)
    assert names(see("/?ordering=filename")) == ["a.txt", "b.txt", "c.txt"]
    page = see("/?ordering=filename&language=de")
    assert names(page) == ["a.txt", "b.txt"]
    assert page.one("a", class_="tab", id="tab-all").text == "All 2"
    chip = page.one("a", id="chip-language")
    assert chip.text == "Language: German, remove this filter"
    assert chip["href"] == "?ordering=filename"


def test_what_makes_no_sense_in_an_address_filters_nothing(see: See, upload: Make) -> None:
    upload("a.txt")
    odd = "language=%00&created_after=soon&created_before=9999-12-31&page_size=0&ordering=owner"
    assert names(see(f"/?{odd}")) == ["a.txt"]


def test_dates_of_a_filter_are_whole_days(see: See, upload: Make) -> None:
    for day in (1, 2, 3):
        moment = datetime(2026, 11, day, 23, 59, tzinfo=UTC)
        Document.objects.filter(pk=upload(f"{day}.txt").pk).update(created_at=moment)
    page = see("/?created_after=2026-11-02&created_before=2026-11-02")
    assert names(page) == ["2.txt"]
    assert [chip.text.partition(",")[0] for chip in page.all("a", class_="chip")] == [
        "From 2026-11-02",
        "Until 2026-11-02",
    ]


def test_pages_of_the_list_have_the_size_that_was_chosen(see: See, upload: Make) -> None:
    for number in range(21):
        upload(f"{number}.txt")
    page = see("/?page_size=20")
    assert len(names(page)) == 20
    assert page.one("a", rel="next")["href"] == "?page_size=20&page=2"
    assert page.one("input", name="page_size")["value"] == "20"  # Of the search.


def test_the_cost_of_the_list_does_not_grow_with_it(
    browser: Client,
    upload: Make,
    completed: Make,
    failed: Make,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    completed()
    failed()
    upload()
    # session, user, cursor, counts, rows, line, estimates, workers, and whether they are paused
    with django_assert_num_queries(9):
        browser.get("/")
    for number in range(8):
        upload(f"{number}.txt")
    current.of_this_process.forget()
    with django_assert_num_queries(9):
        browser.get("/")


def test_an_empty_list_offers_a_sample_that_is_queued_on_a_click(browser: Client, see: See) -> None:
    assert "made-up meeting minutes" in see("/").text
    assert see("/").form("/d/sample")
    response = browser.post("/d/sample")
    document = Document.objects.get()
    assert response.url == f"/d/{document.pk}"  # type: ignore[attr-defined]
    assert document.status == Status.PENDING
    assert document.filename == "harbor-committee-minutes.txt"


def test_the_page_says_when_no_worker_is_running(see: See) -> None:
    assert "No worker is running" in see("/").text


def test_a_live_worker_is_not_reported_missing(see: See, worker: WorkerHeartbeat) -> None:
    assert "No worker is running" not in see("/").text


# What is fetched again


@pytest.mark.parametrize("query", ["", "?status=pending", "?search=part&page=2"])
def test_the_listing_alone_is_the_listing_of_the_page(
    browser: Client, upload: Make, monkeypatch: pytest.MonkeyPatch, query: str
) -> None:
    monkeypatch.setattr(list_filter, "PAGE_SIZE", 2)
    for number in range(3):
        upload(f"part {number}.txt")
    whole = browser.get(f"/{query}").content
    address = Html(whole).one("live-view")["data-url"]
    alone = without_tokens(browser.get(address).content)
    shown = without_tokens(whole)
    listing, end, beside = alone.partition("</live-view>")
    assert listing.lstrip() + end in shown
    assert all(part.strip() in shown for part in beside.split("\n\n"))


@pytest.mark.parametrize("address", ["/d/list", "/d/list?search=zzzz"])
def test_the_listing_brings_a_token_even_without_rows(see: See, upload: Make, address: str) -> None:
    for _ in range(2):
        page = see(address)
        token = page.all("input", name="csrfmiddlewaretoken")[-1]
        assert token.is_inside(page.one("div", id="listing-token"))
        upload()


def test_the_listing_takes_no_message_from_the_next_page(browser: Client, failed: Make) -> None:
    browser.post("/d/retry", {"document": [failed().pk]})
    browser.get("/d/list")
    assert "1 document was put back in line." in Html(browser.get("/").content).text


def test_bob_finds_nothing_of_alices_in_the_listing(bobs_browser: Client, upload: Make) -> None:
    upload("secret.txt")
    assert "secret" not in bobs_browser.get("/d/list").content.decode()


def test_the_news_tell_the_newest_event_of_this_person_only(
    browser: Client, bobs_browser: Client, upload: Make, worker: WorkerHeartbeat, bob: User
) -> None:
    assert browser.get("/d/news").json()["newest"] == 0
    upload()
    mine = events.latest_id()
    upload("bobs.txt", owner=bob)
    told, bobs = browser.get("/d/news").json(), bobs_browser.get("/d/news").json()
    assert told["newest"] == mine < bobs["newest"]
    assert told["latest"] == bobs["latest"] == bobs["newest"] == events.latest_id()
    assert bobs["person"] == bob.pk != told["person"]


def test_what_no_event_tells_is_told_by_another_mark(
    browser: Client, see: See, upload: Make, worker: WorkerHeartbeat, settings: Any
) -> None:
    document = upload()

    def marks() -> set[str]:
        views = [see("/"), see("/d/list"), see(f"/d/{document.pk}")]
        shown = {view.one("live-view")["data-circumstances"] for view in views}
        assert shown == {browser.get("/d/news").json()["circumstances"]}
        return shown

    before = marks()
    worker.account = "one"
    worker.save()
    refused = OpenCircuit.Reason.KEY_REJECTED
    OpenCircuit.objects.create(account="one", reason=refused, probe_at=timezone.now())
    paused = marks()
    settings.ANALYSIS_ENGINE = "openai"
    read_by_a_model = marks()
    WorkerHeartbeat.objects.all().delete()
    assert len(before | paused | read_by_a_model | marks()) == 4


def test_the_news_are_cheap(
    browser: Client, upload: Make, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    upload()
    # Session, user, newest event of one's own and of all, workers and their accounts.
    with django_assert_num_queries(6):
        browser.get("/d/news")


def test_who_is_signed_out_learns_it_from_the_news(client: Client, db: None) -> None:
    answer = client.get("/d/news")
    assert answer.status_code == 401
    assert answer.json()["code"] == "not_authenticated"


def test_a_row_alone_is_the_row_of_the_list(browser: Client, upload: Make) -> None:
    document = upload()
    address = f"/d/{document.pk}/row"
    alone = without_tokens(browser.get(address).content)
    whole = without_tokens(browser.get("/").content)
    assert alone.strip() in whole
    assert Html(browser.get(address).content).one("li")["data-url"] == address


def without_tokens(content: bytes) -> str:
    """Each rendering masks the token of its forms anew."""
    return re.sub(r'value="\w{64}"', "", content.decode())


def test_the_version_of_a_row_grows_with_every_event(see: See, upload: Make) -> None:
    document = upload()

    def version() -> int:
        return int(see(f"/d/{document.pk}/row").one("li")["data-version"])

    versions = [version()]
    claimed = queue.claim_next("worker")
    assert claimed is not None
    versions.append(version())
    events.progress(claimed, step="extracting", done=1, total=2)
    versions.append(version())
    assert versions == sorted(set(versions))
    assert versions[-1] == StatusEvent.objects.latest("id").pk


def test_the_list_carries_the_cursor_from_which_a_stream_goes_on(see: See, upload: Make) -> None:
    upload()
    assert see("/").one("live-view")["data-cursor"] == str(events.latest_id())


def test_bob_gets_404_for_the_row(bobs_browser: Client, upload: Make) -> None:
    assert bobs_browser.get(f"/d/{upload().pk}/row").status_code == 404
