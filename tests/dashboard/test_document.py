"""The page of one document: its state, its analysis, and what can be done with it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from documents import events, queue
from documents.dashboard import panel
from documents.models import Document, Status, StatusEvent, WorkerHeartbeat
from documents.pipeline.analysis import NOT_ASSESSED, ActionItem, KeyPoint, Topic
from documents.pipeline.analysis.schema import DocumentDate, Flagged, Sentiment
from tests.dashboard.conftest import TEXT, quoted, work
from tests.dashboard.html import Html

See = Callable[[str], Html]
Make = Callable[..., Document]


@pytest.mark.parametrize("status", Status.values)
def test_the_page_shows_every_status(
    see: See, in_status: Callable[[str], Document], status: str
) -> None:
    document = in_status(status)
    page = see(f"/d/{document.pk}")
    assert page.one("h1").text == document.filename
    assert page.one("span", class_="status").text == Status(status).label
    assert page.one("live-view", id="document-panel")["data-status"] == status


@pytest.mark.parametrize(("code", "words"), [("en", "English"), ("ar", "Arabic"), ("tlh", "tlh")])
def test_the_language_is_told_in_words(see: See, completed: Make, code: str, words: str) -> None:
    document = completed()
    Document.objects.filter(pk=document.pk).update(language=code)
    assert f"Language{words}" in see(f"/d/{document.pk}").one("aside").text.replace(" ", "")


@pytest.mark.parametrize(
    "part",
    [
        *("", "/row", "/panel", "/delete", "/pages/1", "/retry"),
        *("/read-as", "/recognize", "/cancel", "/items/1"),
    ],
)
def test_bob_gets_404(bobs_browser: Client, completed: Make, part: str) -> None:
    document = completed()
    address = f"/d/{document.pk}{part}"
    change = part in {"/delete", "/retry", "/read-as", "/recognize", "/cancel", "/items/1"}
    response = bobs_browser.post(address) if change else bobs_browser.get(address)
    assert response.status_code == 404
    document.refresh_from_db()
    assert document.status == Status.COMPLETED


def test_bob_can_choose_nothing_of_alices(bobs_browser: Client, completed: Make) -> None:
    document = completed()
    bobs_browser.post("/d/retry", {"document": [document.pk]})
    bobs_browser.post("/d/delete", {"document": [document.pk], "confirmed": "yes"})
    document.refresh_from_db()
    assert document.status == Status.COMPLETED


def test_a_document_that_does_not_exist_is_the_same_404(browser: Client, db: None) -> None:
    assert browser.get("/d/00000000-0000-4000-8000-000000000000").status_code == 404


def test_a_trailing_slash_makes_no_difference(see: See, completed: Make) -> None:
    document = completed()
    assert see(f"/d/{document.pk}/").one("h1").text == see(f"/d/{document.pk}").one("h1").text


# State and history


def test_the_history_tells_each_step_and_why(see: See, upload: Make) -> None:
    document = upload()
    claimed = queue.claim_next("worker")
    assert claimed is not None
    queue.release(claimed)
    queue.cancel(document)
    steps = [step.text for step in see(f"/d/{document.pk}").all("li", class_="timeline__step")]
    assert [step.split()[0] for step in steps] == ["Pending", "Processing", "Pending", "Failed"]
    assert steps[2].endswith("The worker was stopped; the document kept its place in line.")
    assert steps[3].endswith("The work was canceled.")


def test_a_failure_shows_reason_advice_and_reference(see: See, failed: Make) -> None:
    document = failed("internal_error", reference="7f3a9c21")
    shown = see(f"/d/{document.pk}").one("div", class_="failure").text
    assert "Something unexpected went wrong on our side." in shown
    assert "give the reference to the operator" in shown
    assert "Reason internal_error, after 1 attempt. Reference for the operator: 7f3a9c21" in shown
    assert "same way" not in shown


def test_a_hopeless_failure_says_that_a_retry_will_not_help(see: See, failed: Make) -> None:
    document = failed("encrypted")
    assert "The same file will most likely fail the same way." in see(f"/d/{document.pk}").text


def test_a_waiting_document_tells_its_place_and_why_it_waits(see: See, upload: Make) -> None:
    document = upload()
    shown = see(f"/d/{document.pk}").text
    assert "Next in line, in the order of uploads." in shown
    assert "No worker is running. Start one with python manage.py worker." in shown


def test_a_waiting_document_is_not_explained_while_a_worker_lives(
    see: See, upload: Make, worker: WorkerHeartbeat
) -> None:
    assert "No worker is running" not in see(f"/d/{upload().pk}").text


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (-1, "less than a second"),
        (0.4, "less than a second"),
        (42, "42 s"),
        (61, "1 min 1 s"),
        (7260, "2 h 1 min"),
    ],
)
def test_durations_are_told_in_words(seconds: float, words: str) -> None:
    assert panel.in_words(timedelta(seconds=seconds)) == words


def test_the_panel_alone_is_the_panel_of_the_page(see: See, completed: Make) -> None:
    document = completed()
    whole = see(f"/d/{document.pk}").one("live-view", id="document-panel")
    alone = see(whole["data-url"]).one("live-view", id="document-panel")
    assert alone.text == whole.text
    assert alone.attributes == whole.attributes
    assert int(alone["data-cursor"]) == events.latest_id()
    assert int(alone["data-version"]) == StatusEvent.objects.latest("id").pk


def test_the_cost_of_the_page_does_not_grow_with_its_findings(
    browser: Client, completed: Make, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    few = completed()
    many = completed(
        text=f"{TEXT} And more.",
        key_points=[KeyPoint(f"Point {n}.", [quoted("All is well.")] * 3) for n in range(30)],
    )
    for document in (few, many):
        # session, user, cursor, document, history, analysis, action items, versions
        with django_assert_num_queries(10):
            browser.get(f"/d/{document.pk}")


# Analysis


def test_the_analysis_shows_what_was_found(see: See, completed: Make) -> None:
    page = see(f"/d/{completed().pk}")
    assert page.one("p", class_="summary").text == "The harbor waits for a survey."
    assert page.one("a", class_="topic").text == "harbor"
    assert [point.text for point in page.all("li", class_="point")] == [
        "There are minutes. Minutes 🚢 of the harbor. Page 1: show this quote in the text "
        "word for word"
    ]
    assert page.one("strong", class_="tone").text == "Positive"
    first, second = page.all("li", class_="item")
    assert "Assigned to Maria Lopez" in first.text
    assert "Due 5 Mar 2027" in first.text
    assert "High priority" in first.text
    assert "Details" not in second.attributes.get("aria-label", "")
    assert "priority" not in second.text


def test_every_claim_leads_to_its_quote_in_the_text(see: See, completed: Make) -> None:
    page = see(f"/d/{completed().pk}")
    links = [link["href"] for link in page.all("a") if "?quote=" in link.attributes["href"]]
    assert len(links) == 5  # topic, point, tone and two action items
    for link in links:
        assert see(link).one("mark", id="quote").raw in TEXT


def test_a_quote_that_says_the_same_as_its_claim_is_not_repeated(see: See, completed: Make) -> None:
    point = KeyPoint("All is well.", [quoted("All is well.")])
    shown = see(f"/d/{completed(key_points=[point]).pk}").one("li", class_="point").text
    assert shown.count("All is well.") == 1
    assert "the document’s own words" in shown


def test_a_close_match_is_not_called_word_for_word(see: See, completed: Make) -> None:
    close = [quoted("All is well.", match="close"), quoted("Minutes 🚢")]
    document = completed(key_points=[KeyPoint("It is fine.", close)])
    places = see(f"/d/{document.pk}").one("li", class_="point").text
    assert places.count("in the text word for word") == 1
    assert "close match, not word for word" in places


def test_unverified_claims_are_kept_apart(see: See, completed: Make) -> None:
    claim = {"kind": "key_point", "text": "The wall fell.", "quotes": ["it fell down"]}
    page = see(f"/d/{completed(unverified=[claim]).pk}")
    box = page.one("details", class_="unverified")
    assert "open" not in box.attributes
    assert "1 unverified claim, left out above" in box.text
    assert "Not found: it fell down" in box.text
    assert page.text.count("The wall fell.") == 1


def test_a_number_that_no_quote_holds_is_marked(see: See, completed: Make) -> None:
    point = KeyPoint("All 12 of 40 are well.", [quoted("All is well.")], ["12", "40"])
    plain = KeyPoint("There are minutes.", [quoted("Minutes 🚢")])
    page = see(f"/d/{completed(key_points=[point, plain]).pk}")
    (mark,) = page.all("p", class_="unquoted")
    assert mark.text == "12, 40: these numbers stand in none of the quotes below."


def test_a_number_of_an_action_item_is_marked(see: See, completed: Make) -> None:
    survey = [quoted("Maria Lopez will send the survey by 5 March 2027.")]
    item = ActionItem("Send 3 surveys", None, None, None, "unspecified", survey, ["3"])
    page = see(f"/d/{completed(actionable_items=[item]).pk}")
    mark = page.one("p", class_="unquoted").text
    assert mark == "3: this number stands in none of the quotes below."


def test_what_the_quotes_do_not_say_is_marked(see: See, completed: Make) -> None:
    point = KeyPoint(
        "All is well for 3 dollars.",
        [quoted("All is well.")],
        ["3"],
        support="partly",
        unsupported_words=["3", "dollars"],
        omitted_words=["may"],
    )
    page = see(f"/d/{completed(key_points=[point]).pk}")
    assert [mark.text for mark in page.all("p", class_="unquoted")] == [
        "The quote below does not say: 3, dollars.",
        "The quote below also says: may.",
    ]


def test_what_a_deadline_was_counted_from_is_shown_with_its_page(see: See, completed: Make) -> None:
    harbor = [quoted("Minutes 🚢 of the harbor.")]
    dated = DocumentDate("2027-03-03", harbor)
    item = ActionItem("Pay", None, "within 14 days", "2027-03-17", "unspecified", harbor)
    item = replace(item, due_from=dated)
    kind = Topic("minutes", harbor)
    document = completed(actionable_items=[item], kind=kind, document_date=dated)
    page = see(f"/d/{document.pk}")
    (details,) = page.all("ul", class_="item__details")
    assert "17 Mar 2027 “within 14 days”, counted from 3 Mar 2027, page 1" in details.text
    assert page.one("p", id="kind").text == "Read as: minutes, dated 3 March 2027"
    links = [link["href"] for link in page.all("a") if link.is_inside(details)]
    assert see(links[0]).one("mark", id="quote").raw == "Minutes 🚢 of the harbor."


def test_how_many_more_were_found_is_said(see: See, completed: Make) -> None:
    page = see(f"/d/{completed(left_out={'key_points': 12, 'actionable_items': 1}).pk}")
    told = [each.text for each in page.all("p", class_="soft")]
    assert "12 further points were found; the most important 1 are shown." in told
    assert "1 further action item was found; the most important 2 are shown." in told


def test_what_the_document_contradicts_is_told_apart(see: See, completed: Make) -> None:
    place = asdict(quoted("All is well."))
    claim = {"kind": "key_point", "text": "All is not well.", "reason": "contradicted"}
    box = see(f"/d/{completed(unverified=[{**claim, 'evidence': [place]}]).pk}").one(
        "details", class_="unverified"
    )
    assert "The document says otherwise:" in box.text


def test_passages_that_speak_to_a_model_are_shown_apart(see: See, completed: Make) -> None:
    passage = quoted("Maria Lopez will send the survey")
    flagged = Flagged(passage.page, passage.start, passage.end, passage.quote)
    claim = {"kind": "key_point", "text": "All fell.", "quotes": ["All is well."]}
    page = see(f"/d/{completed(flagged=[flagged], unverified=[claim]).pk}")
    told = page.one("details", class_="unverified").text
    assert "Not found outside passages that speak to a model: All is well." in told
    box = page.one("details", class_="flagged")
    assert "1 passage of this document speaks to a model, not to you" in box.text
    assert passage.quote in box.text
    (link,) = (each["href"] for each in page.all("a") if each.is_inside(box))
    assert see(link).one("mark", id="quote").raw == passage.quote


def test_without_such_passages_nothing_is_said_of_them(see: See, completed: Make) -> None:
    assert not see(f"/d/{completed().pk}").all("details", class_="flagged")


def test_no_quote_of_an_unverified_claim_is_called_word_for_word(see: See, completed: Make) -> None:
    place = asdict(quoted("All is well."))
    claim = {"kind": "key_point", "text": "The wall fell.", "quotes": [], "evidence": [place]}
    box = see(f"/d/{completed(unverified=[claim]).pk}").one("details", class_="unverified")
    assert "All is well." in box.text
    assert "found on page" in box.text
    assert "word for word" not in box.text.partition("All is well.")[2]


def test_the_page_says_what_a_quote_proves_and_what_not(see: See, completed: Make) -> None:
    shown = see(f"/d/{completed().pk}").one("p", class_="proof").text
    assert "proves that a quote stands so on its page; whether a claim follows" in shown


def test_each_sentence_of_the_summary_leads_to_its_places(see: See, completed: Make) -> None:
    harbor, survey = quoted("Minutes 🚢 of the harbor."), quoted("All is well.")
    again = quoted("Minutes")
    sentences = [
        KeyPoint("There are minutes.", [harbor, again]),
        KeyPoint("All is well.", [survey]),
    ]
    page = see(f"/d/{completed(summary_sentences=sentences).pk}")
    summary = page.one("p", class_="summary")
    assert "There are minutes." in summary.text
    cited = [link["href"] for link in page.all("a", class_="cite")]
    assert [address.partition("?")[2] for address in cited] == [
        f"quote={place.start}-{place.end}#quote" for place in (harbor, survey)
    ]


def test_findings_may_be_empty(see: See, completed: Make) -> None:
    nothing: dict[str, Any] = {"key_points": [], "topics": [], "actionable_items": []}
    page = see(f"/d/{completed(sentiment=NOT_ASSESSED, summary='', **nothing).pk}")
    assert "There is nothing to summarize" not in page.text
    assert "None that the document’s words bear out." in page.text
    assert "Not assessed." in page.text


@pytest.mark.parametrize("items", [[], None])
def test_what_was_not_looked_for_is_said_instead_of_none_found(
    see: See, completed: Make, items: list[ActionItem] | None
) -> None:
    found: dict[str, Any] = {} if items is None else {"actionable_items": items}
    document = completed(action_items_note="Not looked for: Finnish.", **found)
    shown = see(f"/d/{document.pk}").one("section", id="action-items").text
    assert "Not looked for: Finnish." in shown
    assert "None found" not in shown


def test_why_no_tone_was_assessed_is_said(see: See, completed: Make) -> None:
    unassessed = Sentiment("not_assessed", None, "There is too little prose.", [])
    shown = see(f"/d/{completed(sentiment=unassessed).pk}").one("section", id="tone").text
    assert "Not assessed. There is too little prose." in shown


def test_coverage_tells_which_pages_were_not_read(see: See, completed: Make) -> None:
    document = completed()
    assert "Read the whole document: 1 page." in see(f"/d/{document.pk}").text
    not_read = [{"page": 17, "reason": "empty"}]
    document.analyses.update(
        coverage={"pages_total": 42, "pages_read": 41, "not_read": not_read, "hidden_text": [3, 5]}
    )
    line = see(f"/d/{document.pk}").one("p", class_="coverage--partial").text
    assert line.startswith("Read 41 of 42 pages; page 17 has no text.")
    assert line.endswith("left out on pages 3, 5.")


def test_pages_with_struck_words_are_named_beside_what_was_read(see: See, completed: Make) -> None:
    document = completed()
    assert "struck out" not in see(f"/d/{document.pk}").text
    receipt = {"pages_total": 9, "pages_read": 9, "not_read": [], "struck_out": [2]}
    document.analyses.update(coverage=receipt)
    told = "Read the whole document: 9 pages. Words are struck out on page 2: they were read"
    assert told in see(f"/d/{document.pk}").text


def test_the_built_in_engine_says_so_and_how_to_get_a_model(see: See, completed: Make) -> None:
    page = see(f"/d/{completed().pk}")
    assert "Built-in extractive engine, no AI model. For an analysis by a model, add a key" in (
        page.text
    )
    assert "Analyze again" in page.one("form", action=f"/d/{Document.objects.get().pk}/retry").text


def test_an_offline_result_names_the_model_that_would_read_it_now(
    see: See, completed: Make, settings: Any
) -> None:
    document = completed()
    settings.ANALYSIS_ENGINE = "openai"
    assert "for an analysis by the model gpt-4.1 at api.openai.com" in see(f"/d/{document.pk}").text


def test_the_analysis_of_a_model_tells_what_it_cost(see: See, completed: Make) -> None:
    document = completed(
        name="minutes.txt",
        calls=3,
        input_tokens=5210,
        output_tokens=640,
        cost_usd=Decimal("0.0155"),
    )
    document.analyses.update(engine="openai", model="gpt-4.1")
    facts = facts_of(see(f"/d/{document.pk}"))
    assert facts["Model"] == "gpt-4.1"
    assert facts["Calls"] == "3"
    assert facts["Tokens"] == "5210 in, 640 out"
    assert facts["Cost"] == "0.0155 USD"
    assert "Built-in" not in see(f"/d/{document.pk}").text


def test_an_unknown_price_is_not_shown_as_nothing(see: See, completed: Make) -> None:
    document = completed(cost_usd=None)
    document.analyses.update(engine="openai", model="house-model")
    assert facts_of(see(f"/d/{document.pk}"))["Cost"] == "unknown"


def facts_of(page: Html) -> dict[str, str]:
    return {term.text: fact.text for term, fact in zip(page.all("dt"), page.all("dd"), strict=True)}


def test_an_analysis_that_is_made_again_is_still_shown(see: See, completed: Make) -> None:
    document = completed()
    queue.requeue(document)
    page = see(f"/d/{document.pk}")
    assert "analysis of an earlier run; a new one is on its way." in page.text
    assert page.one("p", class_="summary")


def test_earlier_analyses_are_listed_and_kept_to_read(see: See, completed: Make) -> None:
    document = completed(summary="The old one.")
    assert not see(f"/d/{document.pk}").all("section", id="versions")
    queue.requeue(document)
    work(summary="The new one.")
    page = see(f"/d/{document.pk}")
    newest, earlier = page.all("li", class_="version")
    assert "shown here" in newest.text
    link = next(each for each in page.all("a") if each.is_inside(earlier))
    old = see(link["href"])
    assert old.one("p", class_="summary").text == "The old one."
    assert "This is an earlier analysis, kept to read. Show the newest" in old.text
    assert not old.all("button", role="checkbox")
    back = next(each for each in old.all("a") if each.is_inside(old.all("li", class_="version")[0]))
    assert see(back["href"]).one("p", class_="summary").text == "The new one."


def test_an_analysis_of_another_document_is_not_there(browser: Client, completed: Make) -> None:
    analysis = completed().analyses.get()
    other = completed(name="other.txt")
    assert browser.get(f"/d/{other.pk}/analyses/{analysis.pk}").status_code == 404


def test_bob_gets_404_for_an_earlier_analysis(bobs_browser: Client, completed: Make) -> None:
    document = completed()
    address = f"/d/{document.pk}/analyses/{document.analyses.get().pk}"
    assert bobs_browser.get(address).status_code == 404


def test_the_work_stands_still_where_no_worker_is_left(
    see: See, in_status: Callable[[str], Document]
) -> None:
    document = in_status(Status.PROCESSING)
    WorkerHeartbeat.objects.all().delete()
    for address in (f"/d/{document.pk}", "/"):
        page = see(address)
        assert "No worker is running" in page.text
        assert "goes on by itself" in page.text
        assert page.all("elapsed-time") == []


def test_a_running_document_shows_how_far_and_how_long(
    see: See, in_status: Callable[[str], Document], worker: WorkerHeartbeat
) -> None:
    document = in_status(Status.PROCESSING)
    assert re.search(r"Reading the file, \d s so far", see(f"/d/{document.pk}").text)
    events.progress(document, step="extracting", done=3, total=42)
    Document.objects.update(started_at=document.started_at - timedelta(seconds=90))
    page = see(f"/d/{document.pk}")
    bar = page.one("progress")
    assert (bar["value"], bar["max"]) == ("3", "42")
    assert bar["aria-label"] == f"Progress of {document.filename}"
    assert int(page.one("elapsed-time")["data-seconds"]) in range(90, 100)


@pytest.mark.parametrize(
    ("done", "total", "words"),
    [(0, 12, "Analyzing, 0 of 12 parts done"), (3, 12, "Analyzing, 3 of 12 parts done")],
)
def test_an_analysis_in_parts_shows_how_many_are_done(
    see: See,
    in_status: Callable[[str], Document],
    done: int,
    total: int,
    words: str,
    worker: WorkerHeartbeat,
) -> None:
    document = in_status(Status.ANALYZING)
    events.progress(document, step="analyzing", done=done, total=total)
    page = see(f"/d/{document.pk}")
    assert page.one("progress")["value"] == str(done)
    assert words in page.text


def test_an_analysis_in_one_part_has_no_bar_that_could_look_stuck(
    see: See, in_status: Callable[[str], Document], worker: WorkerHeartbeat
) -> None:
    document = in_status(Status.ANALYZING)
    events.progress(document, step="analyzing", done=0, total=1)
    page = see(f"/d/{document.pk}")
    assert not page.all("progress")
    assert "Analyzing, 0 s so far" in page.text


def test_results_can_be_taken_away(browser: Client, see: See, completed: Make) -> None:
    document = completed()
    page = see(f"/d/{document.pk}")
    downloads = [link["href"] for link in page.all("a") if "/documents/" in link["href"]]
    assert downloads == [
        f"/documents/{document.pk}/file",
        *(f"/documents/{document.pk}/export?as={form}" for form in ("md", "csv", "json")),
    ]
    for address in downloads:
        assert browser.get(address).status_code == 200, address


def test_a_page_read_before_a_change_never_shows_more_than_its_version(
    see: See, upload: Make, bob: User
) -> None:
    document = upload()
    before = int(see(f"/d/{document.pk}").one("live-view", id="document-panel")["data-version"])
    upload("bobs.txt", owner=bob)
    assert (
        int(see(f"/d/{document.pk}").one("live-view", id="document-panel")["data-version"])
        == before
    )
    assert events.latest_id() > before
