"""Documents in every state, made the way they come about."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from documents import events, queue
from documents.failures import failure
from documents.models import Document, Status, WorkerHeartbeat
from documents.pipeline.analysis import ActionItem, Evidence, Findings, KeyPoint
from documents.pipeline.analysis.schema import Sentiment, Topic
from documents.worker import Worker
from tests.dashboard.html import Html
from tests.engines import FirstWords

TEXT = "Minutes 🚢 of the harbor.\nMaria Lopez will send the survey by 5 March 2027. All is well."


def quoted(quote: str, *, text: str = TEXT, match: Any = "verbatim") -> Evidence:
    start = text.index(quote)
    return Evidence(1, start, start + len(quote), quote, match)


class Told(FirstWords):
    """Finds what it is told to find."""

    def __init__(self, *, name: str = "offline", model: str = "", **findings: Any) -> None:
        self.name = name
        self.model = model
        self._findings = findings

    def analyze(self, pages: Any, **how: Any) -> Findings:
        survey = quoted("Maria Lopez will send the survey by 5 March 2027.")
        harbor = quoted("Minutes 🚢 of the harbor.")
        found: dict[str, Any] = {
            "summary": "The harbor waits for a survey.",
            "key_points": [KeyPoint("There are minutes.", [harbor])],
            "topics": [Topic("harbor", [harbor])],
            "sentiment": Sentiment(
                "positive", 0.4, "It says all is well.", [quoted("All is well.")]
            ),
            "actionable_items": [
                ActionItem(
                    "Send the survey",
                    "Maria Lopez",
                    "by 5 March 2027",
                    "2027-03-05",
                    "high",
                    [survey],
                ),
                ActionItem("Read the minutes", None, None, None, "unspecified", [harbor]),
            ],
            "language": "en",
            "cost_usd": Decimal(0),
        }
        return Findings(**{**found, **self._findings})


def work(**told: Any) -> None:
    """Let a worker take the next document and find this in it."""
    assert Worker(slots=1, engine=Told(**told)).work_once()


@pytest.fixture
def completed(upload: Callable[..., Document]) -> Callable[..., Document]:
    """A document that went the whole way, with these findings."""

    def make(name: str = "minutes.txt", text: str = TEXT, **told: Any) -> Document:
        document = upload(name, text)
        work(**told)
        document.refresh_from_db()
        assert document.status == Status.COMPLETED
        return document

    return make


@pytest.fixture
def failed(upload: Callable[..., Document]) -> Callable[..., Document]:
    def make(code: str = "no_text", name: str = "scan.txt", **how: Any) -> Document:
        upload(name)
        document = queue.claim_next("worker")
        assert document is not None
        queue.fail(document, failure(code, **how))
        return document

    return make


@pytest.fixture
def in_status(
    upload: Callable[..., Document],
    completed: Callable[..., Document],
    failed: Callable[..., Document],
) -> Callable[[Status], Document]:
    def make(status: Status) -> Document:
        if status == Status.COMPLETED:
            return completed()
        if status == Status.FAILED:
            return failed()
        document = upload()
        if status != Status.PENDING:
            claimed = queue.claim_next("worker")
            assert claimed is not None
            document = claimed
        if status == Status.ANALYZING:
            events.advance(document, Status.ANALYZING)
        return document

    return make


@pytest.fixture
def worker(db: None) -> WorkerHeartbeat:
    """A worker that was heard of just now."""
    return WorkerHeartbeat.objects.create(name="worker", host="here", pid=1, slots=4)


@pytest.fixture
def bobs_browser(bob: User) -> Client:
    client = Client()
    client.force_login(bob)
    return client


@pytest.fixture
def see(browser: Client) -> Callable[[str], Html]:
    """The page at this address as alice sees it."""

    def get(address: str) -> Html:
        response = browser.get(address)
        assert response.status_code == 200, response.status_code
        return Html(response.content)

    return get


@pytest.fixture
def strict_browser(alice: User) -> Client:
    """Alice's browser, which is refused without the token of a form."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(alice)
    return client
