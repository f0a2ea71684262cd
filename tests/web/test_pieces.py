"""Answers in pieces, from a real server: taken one by one, and never whole where they fail."""

from __future__ import annotations

import asyncio
import http.client
import json
import threading
from collections.abc import Callable, Generator, Iterator
from contextlib import closing, contextmanager
from typing import Any

import pytest
from django.db import connection
from django.http import HttpRequest

from accounts import tokens
from accounts.models import User
from atom_project.web.handler import EXPORT_THREADS, LONG_ANSWERS, RequestHandler
from atom_project.web.pieces import PiecewiseResponse
from documents.models import Analysis, Document, Page
from tests.api.conftest import analyzed
from tests.live.conftest import running
from tests.web.asking import Asked


@pytest.fixture
def web(transactional_db: None) -> Iterator[Any]:
    with running() as started:
        yield started


@contextmanager
def ask(port: int, user: User, path: str) -> Iterator[http.client.HTTPResponse]:
    token = tokens.log_in(user).access
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=30)) as client:
        client.request("GET", path, headers={"Authorization": f"Bearer {token}"})
        with client.getresponse() as answer:
            yield answer


def many(upload: Callable[..., Document], count: int) -> None:
    for number in range(count):
        document = upload(f"{number}.txt")
        Page.objects.create(document=document, number=1, text="x" * 50_000, condition="read")
        analyzed(document)


def test_a_server_sends_an_export_in_pieces(
    web: Any, alice: User, upload: Callable[..., Document]
) -> None:
    many(upload, 5)
    with ask(web.port, alice, "/documents/export?as=ndjson") as answer:
        assert answer.getheader("Transfer-Encoding") == "chunked"
        entries = [json.loads(line) for line in answer.read().splitlines()]
    assert [entry["filename"] for entry in entries] == [f"{n}.txt" for n in (4, 3, 2, 1, 0)]


@pytest.mark.parametrize("form", ["zip", "ndjson"])
def test_a_failure_in_the_middle_is_noticed_by_the_client(
    web: Any, alice: User, upload: Callable[..., Document], form: str
) -> None:
    many(upload, 25)  # More than are read together.
    oldest = Document.objects.order_by("queue_number")[0]
    Analysis.objects.filter(document=oldest).update(result="none of ours")
    with ask(web.port, alice, f"/documents/export?as={form}") as answer:
        assert answer.status == 200
        with pytest.raises((http.client.IncompleteRead, ConnectionError)):
            answer.read()
    with ask(web.port, alice, "/documents") as answer:
        assert answer.status == 200


# In this process.


@pytest.fixture
def serve(monkeypatch: pytest.MonkeyPatch) -> Callable[..., RequestHandler]:
    def with_pieces(made: Callable[[], Generator[bytes]]) -> RequestHandler:
        handler = RequestHandler()

        def view(request: HttpRequest) -> PiecewiseResponse:
            return PiecewiseResponse(made(), {"Content-Type": "text/plain"})

        monkeypatch.setattr(handler, "get_response", view)
        return handler

    return with_pieces


def test_all_pieces_of_an_answer_are_made_in_one_thread_that_stays(serve: Any) -> None:
    threads: list[set[int]] = []

    def made() -> Generator[bytes]:
        mine: set[int] = set()
        threads.append(mine)
        for number in range(20):
            mine.add(threading.get_ident())
            yield str(number).encode()

    async def story() -> None:
        application = serve(made)
        asked = await asyncio.gather(*(Asked().of(application) for _ in range(8)))
        assert {one.text for one in asked} == {"".join(map(str, range(20)))}

    asyncio.run(story())
    assert {len(mine) for mine in threads} == {1}
    assert len(set.union(*threads)) <= EXPORT_THREADS


def test_the_next_piece_is_made_when_the_one_before_was_taken(serve: Any) -> None:
    made_so_far: list[int] = []
    at_each: list[int] = []

    def made() -> Generator[bytes]:
        for number in range(5):
            made_so_far.append(number)
            yield b"x"

    async def story() -> None:
        asked = Asked()

        async def send(message: Any) -> None:
            await asyncio.sleep(0.02)  # A client that takes its time.
            if message.get("body"):
                at_each.append(len(made_so_far))

        await serve(made)(asked.scope, asked.receive, send)
        assert at_each == [1, 2, 3, 4, 5]

    asyncio.run(story())


def test_who_leaves_ends_what_is_made_for_him(serve: Any) -> None:
    ended = threading.Event()

    def made() -> Generator[bytes]:
        try:
            while True:
                yield b"x"
        finally:
            ended.set()

    async def story() -> None:
        asked = Asked()

        async def send(message: Any) -> None:
            asked.sent.append(message)
            if len(asked.sent) == 3:
                asked.leave.set()

        await serve(made)(asked.scope, asked.receive, send)
        # Its end was never sent.
        assert asked.sent[-1].get("more_body")

    asyncio.run(story())
    assert ended.wait(10)


def test_what_fails_never_sends_its_end(serve: Any) -> None:
    def made() -> Generator[bytes]:
        yield b"x"
        raise LookupError("in the middle")

    async def story() -> None:
        asked = Asked()
        with pytest.raises(LookupError):
            await asked.of(serve(made))
        assert [message.get("more_body") for message in asked.sent[1:]] == [True]

    asyncio.run(story())


@pytest.mark.django_db(transaction=True)
def test_an_answer_keeps_the_connection_of_its_thread(serve: Any) -> None:
    seen: list[int] = []

    def made() -> Generator[bytes]:
        for _ in range(3):
            connection.ensure_connection()
            seen.append(id(connection.connection))
            yield b"x"
        connection.close()  # When its thread ends, nobody knows.

    async def story() -> None:
        await Asked().of(serve(made))

    asyncio.run(story())
    assert len(seen) == 3
    assert len(set(seen)) == 1


def test_a_blank_piece_is_not_sent_and_is_not_the_end(serve: Any) -> None:
    def made() -> Generator[bytes]:
        yield from (b"", b"a", b"", b"", b"b", b"")

    async def story() -> None:
        asked = await Asked().of(serve(made))
        assert asked.text == "ab"
        assert [one["body"] for one in asked.sent if one.get("body")] == [b"a", b"b"]

    asyncio.run(story())


def test_one_user_is_sent_a_few_long_answers_at_once(serve: Any) -> None:
    begun, go_on = threading.Semaphore(0), threading.Event()

    def made() -> Generator[bytes]:
        begun.release()
        go_on.wait(10)
        yield b"x"

    async def story() -> None:
        application = serve(made)
        asked = [Asked() for _ in range(LONG_ANSWERS + 1)]
        for one in asked:
            one.scope["atom_user"] = 7
        first = [asyncio.create_task(one.of(application)) for one in asked[:-1]]
        for _ in first:
            assert await asyncio.to_thread(begun.acquire, timeout=10)
        last = await asked[-1].of(application)
        assert last.sent[0]["status"] == 503
        go_on.set()
        assert [one.text for one in await asyncio.gather(*first)] == ["x"] * LONG_ANSWERS
        again = Asked()
        again.scope["atom_user"] = 7
        assert (await again.of(application)).text == "x"

    asyncio.run(story())
