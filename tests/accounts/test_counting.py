"""Every door counts: pages, the admin, forms with files, right logins, probes, the schema."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import caches
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from rest_framework.test import APIClient

from accounts import throttles
from accounts.models import User
from documents.api.schema import SchemaView
from documents.models import Document
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _throttling(settings: Any) -> Iterator[None]:
    settings.ATOM_THROTTLE = True
    caches["throttle"].clear()
    yield
    caches["throttle"].clear()


def test_pages_of_a_user_are_counted_and_refused_by_a_page(
    browser: Client, bob: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert throttles.PAGES == 1200
    monkeypatch.setattr(throttles, "PAGES", 3)
    headers = {"Accept": "text/html"}
    answers = [browser.get(path, headers=headers) for path in ("/", "/d/list", "/d/news", "/")]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert int(answers[-1]["Retry-After"]) > 0
    assert "<h1>" in answers[-1].content.decode()
    assert "Too many attempts" in answers[-1].content.decode()
    other = Client()
    other.force_login(bob)
    assert other.get("/").status_code == 200


def test_pages_of_the_admin_and_of_strangers_are_counted(
    staff: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(throttles, "PAGES", 2)
    client = Client()
    client.force_login(staff)
    assert [client.get("/admin/").status_code for _ in range(3)] == [200, 200, 429]
    assert [Client().get("/login").status_code for _ in range(3)] == [200, 200, 429]
    assert Client().get("/login", REMOTE_ADDR="192.0.2.9").status_code == 200


def test_static_files_and_the_api_are_not_counted_as_pages(
    browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(throttles, "PAGES", 0)
    assert browser.get("/documents").status_code == 200
    assert browser.get("/static/css/base.css").getvalue()
    assert browser.get("/").status_code == 429


def test_uploads_by_the_form_count_with_those_of_the_api(
    browser: Client, api: APIClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(throttles.UploadThrottle, "limit", 2)

    def form() -> Any:
        return browser.post("/d/upload", {"files": SimpleUploadedFile("a.txt", b"The quay.")})

    assert form().status_code == 302
    file = SimpleUploadedFile("b.txt", b"The wall.")
    assert api.post("/upload", {"files": [file]}, format="multipart").status_code == 201
    assert form().status_code == 429
    assert browser.post("/d/sample").status_code == 429
    assert Document.objects.count() == 2


def test_right_logins_of_an_address_are_counted(
    alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert throttles.RIGHT_LOGINS == 60
    monkeypatch.setattr(throttles, "RIGHT_LOGINS", 3)
    given = {"username": "alice", "password": PASSWORD}

    def log_in(place: str) -> int:
        return APIClient().post("/auth/login", given, format="json", REMOTE_ADDR=place).status_code

    assert [log_in("192.0.2.1") for _ in range(4)] == [200, 200, 200, 429]
    assert log_in("192.0.2.2") == 200


def test_probes_are_counted_by_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(throttles, "REQUESTS", 1)
    assert Client().get("/readyz").status_code == 503  # No worker runs.
    assert Client().get("/readyz").status_code == 429
    assert Client().get("/readyz", REMOTE_ADDR="192.0.2.9").status_code == 503


def test_the_schema_is_made_once_in_each_form(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SchemaView, "_made", {})
    first = Client().get("/schema", headers={"Accept": "application/json"})
    monkeypatch.setattr(SchemaView.generator_class, "get_schema", None)
    again = Client().get("/schema", headers={"Accept": "application/json"})
    assert again.content == first.content
    for name in ("Content-Type", "Content-Disposition"):
        assert again[name] == first[name]
