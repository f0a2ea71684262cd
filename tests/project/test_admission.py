"""Large bodies come in at two addresses, a few at a time, and only where there is room for them."""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.cache import caches
from django.test import Client
from django.urls import get_resolver

from accounts import throttles, tokens
from accounts.models import User
from atom_project import admission
from atom_project.body_limit import BodyLimit
from documents.models import Document
from documents.uploads import intake
from tests.project.test_body_limit import MIB, Exchange, bearer

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def token(alice: User) -> str:
    return bearer(tokens.log_in(alice).access)


@pytest.fixture
def counted(settings: Any) -> Iterator[None]:
    settings.ATOM_THROTTLE = True
    caches["throttle"].clear()
    yield
    caches["throttle"].clear()


class Sender:
    """Somebody who announces a body and sends the rest of it when told to."""

    def __init__(
        self, size: int, *, path: str = "/upload", client: str = "192.0.2.1", **headers: str
    ) -> None:
        self.end = asyncio.Event()
        self.reached = asyncio.Event()
        self.refused = asyncio.Event()
        self.sent: list[Any] = []
        given = [(name.encode(), value.encode()) for name, value in headers.items()]
        self.scope = {
            "type": "http",
            "method": "POST",
            "path": path,
            "client": (client, 4000),
            "headers": [*given, (b"content-length", str(size).encode())],
        }

    async def receive(self) -> Any:
        await self.end.wait()
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(self, message: Any) -> None:
        self.sent.append(message)
        self.refused.set()

    async def inside(self, scope: Any, receive: Any, send: Any) -> None:
        self.reached.set()
        await receive()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"{}"})

    @property
    def answer(self) -> tuple[int, str]:
        said = json.loads(b"".join(message.get("body", b"") for message in self.sent))
        return self.sent[0]["status"], said.get("code", "")


def at_once(*senders: Callable[[], Sender]) -> list[tuple[int, str]]:
    """All of them at one door, one after the other; those let in wait until all have tried."""

    async def run() -> list[tuple[int, str]]:
        present: list[Sender] = []

        async def inside(scope: Any, receive: Any, send: Any) -> None:
            sender = next(one for one in present if one.scope is scope)
            await sender.inside(scope, receive, send)

        door, tasks = BodyLimit(inside), []
        for make in senders:
            sender = make()
            present.append(sender)
            task = asyncio.create_task(door(sender.scope, sender.receive, sender.send))
            tasks.append(task)
            is_in = asyncio.create_task(sender.reached.wait())
            is_refused = asyncio.create_task(sender.refused.wait())
            await asyncio.wait([is_in, is_refused], return_when=asyncio.FIRST_COMPLETED)
            is_in.cancel()
            is_refused.cancel()
        for sender in present:
            sender.end.set()
        await asyncio.gather(*tasks)
        return [sender.answer for sender in present]

    return asyncio.run(run())


# Where.


@pytest.mark.parametrize("path", ["/upload", "/upload/", "/d/upload", "/d/upload/"])
def test_uploads_take_a_large_body(path: str, token: str) -> None:
    assert Exchange(30 * MIB, path=path, authorization=token).status == 200


@pytest.mark.parametrize(
    "path", ["/", "/healthz", "/documents", "/auth/login", "/d/sample", "/uploads", "/upload//"]
)
def test_every_other_address_takes_little_whoever_asks(path: str, token: str) -> None:
    assert Exchange(MIB, path=path, authorization=token).status == 200
    refused = Exchange(MIB + 1, path=path, authorization=token)
    assert (refused.status, refused.problem["code"]) == (413, "request_too_large")
    assert refused.problem["limit"] == MIB
    assert not refused.reader.was_called


def test_the_addresses_are_those_of_the_two_forms() -> None:
    """Whoever moves an upload to another address is told that its large bodies stay outside."""
    views = {}
    for address in ("upload", "upload/", "d/upload", "d/upload/"):
        views[address] = get_resolver().resolve(f"/{address}").url_name
        assert admission.largest_body(f"/{address}") > MIB
    assert set(views.values()) <= {"api-upload", "upload", None}
    assert len(admission.LARGE_BODIES) == 2


# How much at once.


def test_a_user_has_so_many_bodies_on_their_way_at_once(token: str, settings: Any) -> None:
    settings.ATOM_MAX_BODIES_PER_USER = 2
    answers = at_once(*[lambda: Sender(2 * MIB, authorization=token)] * 3)
    assert answers == [(200, ""), (200, ""), (429, "too_many_uploads")]


def test_what_a_user_has_on_its_way_is_no_more_than_one_upload(token: str, settings: Any) -> None:
    most = settings.MAX_UPLOAD_BODY
    answers = at_once(
        lambda: Sender(most - 3 * MIB, authorization=token),
        lambda: Sender(4 * MIB, authorization=token),
        lambda: Sender(3 * MIB, authorization=token),
    )
    assert answers == [(200, ""), (429, "too_many_uploads"), (200, "")]


def test_one_user_takes_no_room_from_another(token: str, bob: User, settings: Any) -> None:
    settings.ATOM_MAX_BODIES_PER_USER = 1
    his = bearer(tokens.log_in(bob).access)
    answers = at_once(
        lambda: Sender(2 * MIB, authorization=token), lambda: Sender(2 * MIB, authorization=his)
    )
    assert answers == [(200, ""), (200, "")]


def test_small_bodies_of_one_address_are_bounded_together() -> None:
    small = [lambda: Sender(MIB, path="/auth/login")] * 33
    other = [lambda: Sender(MIB, path="/auth/login", client="192.0.2.2")]
    answers = at_once(*small, *other)
    assert answers == [(200, "")] * 32 + [(429, "too_many_uploads"), (200, "")]


def test_room_that_was_taken_is_given_back_however_it_ends(
    token: str, alice: User, settings: Any
) -> None:
    settings.ATOM_MAX_BODIES_PER_USER = 1

    async def breaks(scope: Any, receive: Any, send: Any) -> None:
        raise RuntimeError

    async def leaves(scope: Any, receive: Any, send: Any) -> None:
        return None

    async def run() -> BodyLimit:
        door = BodyLimit(breaks)
        for inside in (breaks, leaves, leaves):
            door.application = inside
            sender = Sender(2 * MIB, authorization=token)
            with contextlib.suppress(RuntimeError):
                await door(sender.scope, sender.receive, sender.send)
            assert sender.sent == []
        return door

    door = asyncio.run(run())
    sender = f"user:{alice.pk}"
    assert (door.in_flight.count_of(sender), door.in_flight.bytes_of(sender)) == (0, 0)


# For whom there is room.


def test_a_body_that_the_quota_has_no_room_for_is_refused_unread(
    token: str, settings: Any, upload: Callable[..., Document]
) -> None:
    settings.ATOM_MAX_BYTES_PER_USER = 10 * MIB
    upload(text="x" * MIB)
    refused = Exchange(11 * MIB, authorization=token)
    assert (refused.status, refused.problem["code"]) == (413, "quota_bytes")
    assert "10 MB" in refused.problem["detail"]
    assert not refused.reader.was_called
    assert Exchange(9 * MIB, authorization=token).status == 200


def test_bodies_on_their_way_count_against_the_quota_together(token: str, settings: Any) -> None:
    settings.ATOM_MAX_BYTES_PER_USER = 10 * MIB
    answers = at_once(*[lambda: Sender(7 * MIB, authorization=token)] * 2)
    assert answers == [(200, ""), (413, "quota_bytes")]


def test_a_full_line_is_told_before_the_body_comes(
    token: str, settings: Any, upload: Callable[..., Document]
) -> None:
    settings.ATOM_MAX_QUEUED_PER_USER = 1
    upload()
    refused = Exchange(2 * MIB, authorization=token)
    assert (refused.status, refused.problem["code"]) == (429, "quota_queue")
    assert dict(refused.sent[0]["headers"])[b"retry-after"] == b"60"
    assert not refused.reader.was_called


def test_an_upload_sent_again_is_let_in_although_it_took_the_last_room(
    token: str, alice: User, settings: Any, text_file: Any
) -> None:
    settings.ATOM_MAX_QUEUED_PER_USER = 1
    intake.receive(alice, [text_file()], key="once")
    headers = {"authorization": token, "idempotency_key": "once"}
    assert Exchange(2 * MIB, **headers).status == 200
    assert Exchange(2 * MIB, authorization=token, idempotency_key="other").status == 429


def test_uploads_are_counted_before_they_are_read_and_once_only(
    token: str, counted: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(throttles.UploadThrottle, "limit", 2)
    answers = [Exchange(2 * MIB, authorization=token) for _ in range(3)]
    assert [one.status for one in answers] == [200, 200, 429]
    assert answers[-1].problem["code"] == "throttled"
    assert int(dict(answers[-1].sent[0]["headers"])[b"retry-after"]) > 0
    assert not answers[-1].reader.was_called


def test_an_upload_that_was_counted_at_the_door_is_not_counted_again(
    rf: Any, alice: User, counted: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(throttles.UploadThrottle, "limit", 1)
    request: Any = rf.post("/upload")
    request.user, request.scope = alice, {throttles.COUNTED: True}
    for _ in range(3):
        assert throttles.UploadThrottle().allow_request(request, None)  # type: ignore[arg-type]


def test_a_browser_that_may_not_send_so_much_is_told_so_by_a_page(
    browser: Client, settings: Any
) -> None:
    settings.ATOM_MAX_BYTES_PER_USER = MIB
    cookie = f"sessionid={browser.cookies['sessionid'].value}"
    refused = Exchange(5 * MIB, path="/d/upload", cookie=cookie, accept="text/html")
    page = b"".join(message.get("body", b"") for message in refused.sent).decode()
    assert refused.status == 413
    assert re.search(r"<h1>[^<]+</h1>", page)
    assert "Delete documents you no longer need" in page
