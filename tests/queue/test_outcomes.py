"""A document with text of which nothing is borne out ends with a warning, and another try."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from rest_framework.test import APIClient

from accounts.models import User
from documents import queue
from documents.live import payloads
from documents.live.event_rows import events_since
from documents.models import Counter, Document, Status
from documents.pipeline import engines
from documents.pipeline.analysis import NOT_ASSESSED, Findings
from documents.worker import Worker
from tests.engines import FirstWords

Upload = Callable[..., Document]
LEASE = "The club ends the lease of the boathouse on 31 March 2027."


class Nonsense(FirstWords):
    """A model none of whose claims has a quote that holds."""

    name = "openai"
    model = "small"

    def analyze(self, pages: Any, **how: Any) -> Findings:
        return Findings(
            summary="",
            key_points=[],
            topics=[],
            sentiment=NOT_ASSESSED,
            actionable_items=[],
            unverified=[{"kind": "action_item", "text": "Feed the unicorns."}],
        )


def work(engine: Any = None) -> None:
    assert Worker(slots=1, engine=engine or Nonsense()).work_once()


@pytest.fixture
def doubtful(upload: Upload) -> Document:
    document = upload(text=LEASE)
    work()
    document.refresh_from_db()
    return document


@pytest.fixture(autouse=True)
def _model(settings: Any) -> None:
    settings.ANALYSIS_ENGINE = "openai"
    settings.ATOM_MODEL = "small"
    settings.ATOM_OTHER_MODELS = ("large",)


def test_it_is_completed_with_a_warning(api: APIClient, doubtful: Document) -> None:
    assert (doubtful.status, doubtful.warning) == (Status.COMPLETED, "nothing_supported")
    in_list = api.get("/documents").json()["results"][0]
    shown = api.get(f"/documents/{doubtful.pk}").json()
    status = api.get(f"/documents/{doubtful.pk}/status").json()
    for told in (in_list, shown, status, shown["analysis"]):
        assert told["warning"]["code"] == "nothing_supported"


def test_its_event_carries_the_warning(doubtful: Document) -> None:
    told = payloads.of(events_since(0, 100))
    bodies = [each.body for each in told if each.body and each.body["status"] == "completed"]
    assert [body["warning"]["code"] for body in bodies] == ["nothing_supported"]


def test_exports_say_it(api: APIClient, doubtful: Document) -> None:
    text = api.get(f"/documents/{doubtful.pk}/export?as=md").content.decode()
    assert "**Completed with a warning.** The document has text, but nothing" in text
    exported = api.get(f"/documents/{doubtful.pk}/export?as=json").json()
    assert exported["warning"]["code"] == "nothing_supported"


def test_it_is_counted_for_metrics(doubtful: Document) -> None:
    assert Counter.objects.by_label()["warnings"] == {"nothing_supported": 1}


def test_staff_can_look_for_it(staff: User, doubtful: Document, upload: Upload) -> None:
    upload("other.txt")
    client = Client()
    client.force_login(staff)
    page = client.get("/admin/documents/document/?warning=nothing_supported").content.decode()
    assert "1 document" in page
    assert "other.txt" not in page


def test_the_page_does_not_say_that_nothing_is_there(browser: Client, doubtful: Document) -> None:
    page = browser.get(f"/d/{doubtful.pk}").content.decode()
    assert "Completed with a warning." in page
    assert "There is nothing to summarize" not in page
    assert "None found" not in page
    row = browser.get("/").content.decode()
    assert "with a warning" in row


def test_the_page_offers_every_other_engine(browser: Client, doubtful: Document) -> None:
    page = browser.get(f"/d/{doubtful.pk}").content.decode()
    assert "Analyze with large" in page
    assert "Analyze with the built-in engine" in page
    assert "Analyze with small" not in page


def test_the_built_in_engine_is_used_where_it_was_chosen(
    browser: Client, doubtful: Document
) -> None:
    browser.post(f"/d/{doubtful.pk}/retry", {"engine": "offline"})
    work()
    doubtful.refresh_from_db()
    analysis = doubtful.current_analysis
    assert analysis
    assert (analysis.engine, doubtful.warning) == ("offline", "")
    assert LEASE in analysis.summary


def test_another_model_is_asked_where_it_was_chosen(api: APIClient, doubtful: Document) -> None:
    answer = api.post(f"/documents/{doubtful.pk}/retry", {"engine": "large"}, format="json")
    assert (answer.status_code, answer.json()["warning"]) == (202, None)
    doubtful.refresh_from_db()
    chosen = engines.of(doubtful, Nonsense())
    assert (chosen.name, chosen.model) == ("openai", "large")
    assert engines.of(doubtful, Nonsense()) is chosen


def test_a_plain_retry_takes_the_choice_back(api: APIClient, doubtful: Document) -> None:
    api.post(f"/documents/{doubtful.pk}/retry", {"engine": "offline"}, format="json")
    work()
    api.post(f"/documents/{doubtful.pk}/retry")
    doubtful.refresh_from_db()
    assert doubtful.chosen_engine == ""


@pytest.mark.parametrize("engine", ["gpt-99", "openai", "OFFLINE"])
def test_an_unknown_engine_is_refused(
    api: APIClient, browser: Client, doubtful: Document, engine: str
) -> None:
    answer = api.post(f"/documents/{doubtful.pk}/retry", {"engine": engine}, format="json")
    assert (answer.status_code, answer.json()["code"]) == (400, "unknown_engine")
    assert browser.post(f"/d/{doubtful.pk}/retry", {"engine": engine}).status_code == 404
    doubtful.refresh_from_db()
    assert doubtful.is_finished


def test_a_choice_that_the_settings_took_back_is_none(doubtful: Document, settings: Any) -> None:
    queue.requeue(doubtful, engine="large")
    doubtful.refresh_from_db()
    settings.ATOM_OTHER_MODELS = ()
    default = Nonsense()
    assert engines.of(doubtful, default) is default


def test_an_identical_file_does_not_take_over_a_warning(upload: Upload, doubtful: Document) -> None:
    twin = upload("twin.txt", text=LEASE)
    work()
    analysis = twin.current_analysis
    assert analysis
    assert analysis.result["provenance"]["reused_from"] is None
