"""People and things that tests are about."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from rest_framework.test import APIClient

from accounts.models import User
from documents import queue
from documents.estimates import current
from documents.models import Document, ModelCall, Status
from documents.pipeline.extraction import survivors
from documents.pipeline.extraction.child import linux
from documents.uploads import intake

PASSWORD = "correct horse battery"
LAST_STATEMENTS = 5  # seconds that others get to end theirs


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files with the longest first, so that all processes end at about the same time."""
    first = {
        marker: {item.path for item in items if item.get_closest_marker(marker)}
        for marker in ("postgres", "slow")
    }
    items.sort(key=lambda item: [item.path not in first[marker] for marker in first])


@pytest.fixture(autouse=True)
def _quick_passwords(settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def _adopts_nobody() -> Iterator[None]:
    """Who ran the worker's command in this process made it the heir of orphans; see `survivors`.

    It would end servers of other tests as what a reader left behind.
    """
    yield
    if survivors._adopts:
        linux.prctl(survivors._PR_SET_CHILD_SUBREAPER, 0)
        survivors._adopts = False


@pytest.fixture(autouse=True)
def _knows_no_estimates() -> None:
    """What this process read of the database of another test is forgotten."""
    current.of_this_process.forget()


@pytest.fixture(autouse=True)
def _media(settings: Any, tmp_path: Any) -> Any:
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


@pytest.fixture(autouse=True)
def _wait_for_others(request: pytest.FixtureRequest) -> Iterator[None]:
    """On PostgreSQL, let statements of threads and servers end before the tables are emptied."""
    mark = request.node.get_closest_marker("django_db")
    is_transactional = "transactional_db" in request.fixturenames or (
        mark and mark.kwargs.get("transaction")
    )
    if not is_transactional or connection.vendor != "postgresql":
        yield
        return
    request.getfixturevalue("transactional_db")  # Whose end comes after this one's, then.
    yield
    deadline = time.monotonic() + LAST_STATEMENTS
    while _others_are_busy() and time.monotonic() < deadline:
        time.sleep(0.01)


def _others_are_busy() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() "
            "AND pid <> pg_backend_pid() AND state <> 'idle' LIMIT 1"
        )
        return cursor.fetchone() is not None


@pytest.fixture
def alice(db: None) -> User:
    """Owns documents."""
    return User.objects.create_user("alice", password=PASSWORD)


@pytest.fixture
def bob(db: None) -> User:
    """Must see nothing of alice's."""
    return User.objects.create_user("bob", password=PASSWORD)


@pytest.fixture
def staff(db: None) -> User:
    """Sees all, in the admin only."""
    return User.objects.create_superuser("staff", password=PASSWORD)


@pytest.fixture
def browser(alice: User) -> Client:
    """Alice, signed in on the pages."""
    client = Client()
    client.force_login(alice)
    return client


@pytest.fixture
def api(alice: User) -> APIClient:
    """Alice, known to the API."""
    client = APIClient()
    client.force_authenticate(alice)
    return client


@pytest.fixture
def bobs_api(bob: User) -> APIClient:
    client = APIClient()
    client.force_authenticate(bob)
    return client


@pytest.fixture
def text_file() -> Callable[..., SimpleUploadedFile]:
    def make(name: str = "notes.txt", text: str = "The quay wall is safe.") -> SimpleUploadedFile:
        return SimpleUploadedFile(name, text.encode())

    return make


@pytest.fixture
def upload(alice: User, text_file: Callable[..., Any]) -> Callable[..., Document]:
    """Queue a document through the front door."""

    def send(
        name: str = "notes.txt", text: str = "The quay wall is safe.", owner: Any = alice
    ) -> Document:
        return intake.receive(owner, [text_file(name, text)]).documents[0]

    return send


@pytest.fixture
def use_up(settings: Any) -> Callable[..., None]:
    """Let somebody spend a budget of the day, 0.02 USD, to its end."""

    def spend(owner: User) -> None:
        settings.ATOM_DAILY_BUDGET_USD_PER_USER = Decimal("0.02")
        facts = {"attempt": 1, "request_hash": "0" * 64, "chunk": 1, "model": "gpt-4.1"}
        ModelCall.objects.create(owner=owner, state="answered", cost_usd=Decimal("0.02"), **facts)
        assert queue.hold_if_used_up(owner.pk)

    return spend


def statuses(document: Document) -> list[Status]:
    from documents.models import StatusEvent

    return [event.status for event in StatusEvent.objects.of(document).statuses().oldest_first()]
