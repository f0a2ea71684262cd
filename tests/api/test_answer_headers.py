"""What every answer tells beside its body: the release, a tag of what it says, what is left."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.cache import caches
from django.test import Client
from rest_framework.test import APIClient

from accounts import throttles
from accounts.keys import api_keys
from accounts.models import User
from atom_project import __version__
from documents.api import me
from documents.models import Document
from documents.pipeline import ticks
from documents.uploads.resumable import creation
from tests.api.conftest import finish

PARTS = ("", "/status", "/pages", "/analyses", "/export", "/export?as=md", "/export?as=csv")


@pytest.fixture
def throttled(settings: Any) -> None:
    settings.ATOM_THROTTLE = True
    caches["throttle"].clear()


def test_answers_to_the_signed_in_tell_the_release(
    api: APIClient, browser: Client, upload: Callable[..., Document]
) -> None:
    path = f"/documents/{upload().pk}"
    for asked in (api.get(path), api.get("/documents?page=x"), api.post(f"{path}/retry")):
        assert asked["X-Atom-Version"] == __version__
    assert browser.get(path, headers={"accept": "application/json"})["X-Atom-Version"]


def test_strangers_are_not_told_the_release(db: None) -> None:
    for path in ("/documents", "/healthz", "/documents/stream", "/me"):
        for headers in ({}, {"authorization": "Bearer a.b.c"}, {"accept": "image/png"}):
            assert "X-Atom-Version" not in Client().get(path, headers=headers)


@pytest.mark.parametrize("part", PARTS)
def test_what_is_the_same_is_not_sent_twice(api: APIClient, completed: Document, part: str) -> None:
    path = f"/documents/{completed.pk}{part}"
    first = api.get(path)
    again = api.get(path, headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again["ETag"] == first["ETag"]
    assert again["Cache-Control"] == "no-store, private"
    # Proxies that compress make it a weak one.
    for tags in (f"W/{first['ETag']}", f'"other", {first["ETag"]}', "*"):
        assert api.get(path, headers={"if-none-match": tags}).status_code == 304
    assert api.get(path, headers={"if-none-match": '"other"'}).status_code == 200


def test_only_what_has_a_body_has_a_tag(api: APIClient, alice: User) -> None:
    begun = creation.begin(alice, "a.txt", 5)
    headers = {"tus-resumable": "1.0.0", "if-none-match": "*"}
    answer = api.head(f"/uploads/{begun.pk}", headers=headers)
    assert (answer.status_code, answer["Upload-Offset"]) == (200, "0")
    assert "ETag" not in answer
    assert api.options("/documents", headers={"if-none-match": "*"}).status_code == 200


def test_a_tick_and_a_place_in_line_are_news(
    api: APIClient, upload: Callable[..., Document]
) -> None:
    first, second = upload("a.txt"), upload("b.txt")
    waiting = api.get(f"/documents/{second.pk}")["ETag"]
    finish(first)
    moved = api.get(f"/documents/{second.pk}", headers={"if-none-match": waiting})
    assert moved.json()["queue_position"] == 1
    shown = api.get(f"/documents/{first.pk}")["ETag"]
    analysis = first.current_analysis
    assert analysis
    ticks.tick(analysis.action_items.all()[0], done=True)
    assert api.get(f"/documents/{first.pk}", headers={"if-none-match": shown}).status_code == 200


def test_where_a_stream_begins_is_told_with_304_as_well(
    api: APIClient, completed: Document
) -> None:
    first = api.get(f"/documents/{completed.pk}")
    again = api.get(f"/documents/{completed.pk}", headers={"if-none-match": first["ETag"]})
    assert again["Last-Event-ID"] == first["Last-Event-ID"]


@pytest.mark.usefixtures("throttled")
def test_answers_tell_how_many_requests_are_left(
    api: APIClient, text_file: Callable[..., Any]
) -> None:
    one, two = api.get("/documents"), api.get("/usage")
    assert one["RateLimit-Policy"] == '"requests";q=600;w=60'
    assert re.fullmatch(r'"requests";r=599;t=\d+', one["RateLimit"])
    assert two["RateLimit"].startswith('"requests";r=598;')
    sent = api.post("/upload", {"files": text_file()}, format="multipart")
    assert sent["RateLimit"].startswith('"uploads";r=59;')
    bulk = api.post("/documents/bulk", {"action": "cancel", "ids": []}, format="json")
    assert bulk["RateLimit-Policy"] == '"requests";q=600;w=60, "bulk";q=30;w=60'


@pytest.mark.usefixtures("throttled")
def test_one_request_too_many_is_told_so_and_not_of_logins(
    api: APIClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(throttles.RequestThrottle, "limit", 1)
    assert api.get("/documents").status_code == 200
    refused = api.get("/documents")
    problem = refused.json()
    assert (refused.status_code, problem["code"]) == (429, "throttled")
    assert problem["detail"].startswith("More than 1 requests in 60 seconds. Try again in ")
    assert problem["retryable"] is True
    assert refused["RateLimit"].startswith('"requests";r=0;')
    assert int(refused["Retry-After"]) > 0
    assert refused["X-Atom-Version"] == __version__


def test_without_limits_nothing_is_told_of_them(api: APIClient, settings: Any) -> None:
    settings.ATOM_THROTTLE = False
    assert "RateLimit" not in api.get("/documents")


@pytest.mark.usefixtures("throttled")
def test_me_tells_name_limits_and_what_is_left(
    api: APIClient, alice: User, settings: Any, upload: Callable[..., Document]
) -> None:
    settings.ATOM_MAX_DOCUMENTS_PER_USER, settings.ATOM_MAX_QUEUED_PER_USER = 10, 0
    document = upload()
    told = api.get("/me").json()
    assert (told["username"], told["version"]) == (alice.username, __version__)
    assert told["quotas"]["documents"] == {"used": 1, "limit": 10, "left": 9}
    assert told["quotas"]["bytes"]["used"] >= document.size
    assert told["quotas"]["queued"] == {"used": 1, "limit": None, "left": None}
    assert told["limits"]["files_per_upload"] == settings.MAX_FILES_PER_UPLOAD
    assert {".pdf", ".txt"} <= set(told["limits"]["file_types"])
    assert told["engine"] == {"name": "offline", "model": None, "choices": ["offline"]}
    assert {"name": "uploads", "limit": 60, "seconds": 60} in told["throttles"]


def test_every_throttle_is_told() -> None:
    def all_of(kind: Any) -> Iterator[Any]:
        yield kind
        for each in kind.__subclasses__():
            yield from all_of(each)

    assert set(me.THROTTLES) == set(all_of(throttles.RequestThrottle))


def test_every_key_may_ask_what_it_is(alice: User) -> None:
    for scope in ("read", "upload", "all"):
        key, raw = api_keys.make(alice, f"for {scope}", [scope], days=3)
        told = Client().get("/me", headers={"authorization": f"Bearer {raw}"}).json()
        assert told["credential"]["kind"] == "key"
        assert (told["credential"]["name"], told["credential"]["scopes"]) == (key.name, [scope])
        assert told["credential"]["expires_at"]


def test_a_session_and_a_stranger_ask_too(browser: Client) -> None:
    told = browser.get("/me", headers={"accept": "application/json"}).json()
    assert told["credential"]["kind"] == "session"
    assert Client().get("/me").status_code == 401
