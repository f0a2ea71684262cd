"""One handler for all requests: what it shares between them, and what it must not."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils import timezone, translation

from atom_project import logs
from atom_project.request_log import RequestLog
from atom_project.web.handler import RequestHandler
from atom_project.web.lanes import Lane
from atom_project.web.mounts import Mounts
from tests.web.asking import Asked

View = Callable[[HttpRequest], Any]


@pytest.fixture
def handler(settings: Any) -> RequestHandler:
    settings.ATOM_WEB_THREADS = 2
    return RequestHandler()


@pytest.fixture
def serve(handler: RequestHandler, monkeypatch: pytest.MonkeyPatch) -> Callable[[View], Any]:
    """The handler, with this view for everything."""

    def with_view(view: View) -> RequestHandler:
        monkeypatch.setattr(handler, "get_response", view)
        return handler

    return with_view


@pytest.fixture
def gate() -> Iterator[threading.Event]:
    made = threading.Event()
    yield made
    made.set()


def test_a_thousand_requests_are_answered_by_a_few_threads(serve: Any) -> None:
    threads: set[int] = set()

    def view(request: HttpRequest) -> HttpResponse:
        threads.add(threading.get_ident())
        return HttpResponse("here")

    async def story() -> None:
        application = serve(view)
        for _ in range(20):
            asked = await asyncio.gather(*(Asked().of(application) for _ in range(50)))
            assert {one.status for one in asked} == {200}

    asyncio.run(story())
    assert len(threads) <= 2


def test_nothing_that_one_request_sets_is_there_for_the_next(serve: Any) -> None:
    def view(request: HttpRequest) -> HttpResponse:
        said = f"{translation.get_language()} {timezone.get_current_timezone_name()}"
        translation.activate("de")
        timezone.activate("Asia/Tokyo")
        return HttpResponse(said)

    async def story() -> set[str]:
        application = serve(view)
        return {(await Asked().of(application)).text for _ in range(6)}

    assert asyncio.run(story()) == {"en-us UTC"}


def test_each_request_is_logged_under_an_id_of_its_own(serve: Any) -> None:
    async def story() -> list[Asked]:
        application = RequestLog(serve(lambda request: HttpResponse(logs.request_id())))
        return [await Asked().of(application) for _ in range(6)]

    asked = asyncio.run(story())
    assert len({one.text for one in asked}) == 6
    assert all(one.text == one.headers["x-request-id"] for one in asked)


def test_slow_bodies_hold_no_thread(serve: Any) -> None:
    async def story() -> int:
        application, rest = serve(lambda request: HttpResponse()), asyncio.Event()
        slow = [
            asyncio.create_task(Asked(method="POST", rest=rest).of(application)) for _ in range(50)
        ]
        await asyncio.sleep(0)
        asked = await asyncio.wait_for(Asked(method="POST").of(application), 10)
        rest.set()
        assert {one.status for one in await asyncio.gather(*slow)} == {200}
        return asked.status

    assert asyncio.run(story()) == 200


def blocking(gate: threading.Event, *free: str) -> View:
    """Answers these paths at once, all others when the gate opens."""

    def view(request: HttpRequest) -> HttpResponse:
        if request.path.rstrip("/") not in free:
            assert gate.wait(20)
        return HttpResponse()

    return view


async def from_many(application: Any, count: int, **how: Any) -> list[asyncio.Task[Asked]]:
    """As many clients, each from an address of its own, who are in line when this returns."""
    asked = [Asked(client=f"198.51.100.{number}", **how) for number in range(count)]
    tasks = [asyncio.create_task(one.of(application)) for one in asked]
    await asyncio.sleep(0.05)
    return tasks


def test_with_all_threads_taken_a_request_is_told_to_come_again(
    serve: Any, handler: RequestHandler, gate: threading.Event
) -> None:
    handler._reads = Lane("reads", 2, patience=0.1)

    async def story() -> tuple[Asked, Asked]:
        application = serve(blocking(gate))
        working = await from_many(application, 2)
        program = await Asked(accept="application/json").of(application)
        person = await Asked(accept="text/html").of(application)
        gate.set()
        assert {one.status for one in await asyncio.gather(*working)} == {200}
        return program, person

    program, person = asyncio.run(story())
    assert program.status == person.status == 503
    assert program.headers["retry-after"] == "5"
    assert '"code": "server_busy"' in program.text
    assert "<h1>" in person.text


def test_probes_are_answered_whatever_else_goes_on(serve: Any, gate: threading.Event) -> None:
    async def story() -> list[int]:
        application = serve(blocking(gate, "/healthz", "/readyz", "/metrics"))
        working = await from_many(application, 20)
        working += await from_many(application, 20, method="POST")
        paths = ("/healthz", "/healthz/", "/readyz", "/metrics")
        asked = [await asyncio.wait_for(Asked(path).of(application), 10) for path in paths]
        gate.set()
        await asyncio.gather(*working)
        return [one.status for one in asked]

    assert asyncio.run(story()) == [200] * 4


def test_health_does_not_wait_for_a_database_that_readiness_waits_for(
    serve: Any, gate: threading.Event
) -> None:
    async def story() -> int:
        application = serve(blocking(gate, "/healthz"))
        asking = await from_many(application, 20, path="/readyz")
        asked = await asyncio.wait_for(Asked("/healthz").of(application), 10)
        gate.set()
        await asyncio.gather(*asking)
        return asked.status

    assert asyncio.run(story()) == 200


def test_readers_go_on_while_writers_wait(serve: Any, gate: threading.Event) -> None:
    async def story() -> int:
        application = serve(blocking(gate, "/documents"))
        writers = await from_many(application, 20, method="POST")
        asked = await asyncio.wait_for(Asked("/documents").of(application), 10)
        gate.set()
        await asyncio.gather(*writers)
        return asked.status

    assert asyncio.run(story()) == 200


def test_who_leaves_while_it_waits_is_not_worked_for(serve: Any, gate: threading.Event) -> None:
    paths: list[str] = []

    def view(request: HttpRequest) -> HttpResponse:
        paths.append(request.path)
        assert gate.wait(20)
        return HttpResponse()

    async def story() -> None:
        application = serve(view)
        working = await from_many(application, 2)
        leaving, staying = Asked("/leaves"), Asked("/stays")
        waiting = [asyncio.create_task(one.of(application)) for one in (leaving, staying)]
        await asyncio.sleep(0.05)
        leaving.leave.set()
        await asyncio.sleep(0.05)
        gate.set()
        await asyncio.gather(*working, *waiting)
        assert leaving.sent == []
        assert staying.status == 200

    asyncio.run(story())
    assert paths == ["/", "/", "/stays"]


def test_an_answer_in_pieces_ends_when_its_client_leaves(serve: Any) -> None:
    asked, closed = Asked(), []

    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(1000):
            yield b"piece"
            asked.leave.set()
            await asyncio.sleep(0)

    def view(request: HttpRequest) -> StreamingHttpResponse:
        response = StreamingHttpResponse(pieces())
        response._resource_closers.append(lambda: closed.append(True))
        return response

    asyncio.run(asked.of(serve(view)))  # type: ignore[arg-type]
    assert 1 <= asked.text.count("piece") < 100
    assert closed == [True]


def test_an_answer_in_pieces_is_whole_for_who_stays(serve: Any) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for number in range(10):
            yield b"%d" % number

    asked = Asked()
    asyncio.run(asked.of(serve(lambda request: StreamingHttpResponse(pieces()))))  # type: ignore[arg-type]
    assert asked.text == "0123456789"
    assert not asked.sent[-1].get("more_body")


def test_another_application_stands_beside_under_a_path_of_its_own(serve: Any) -> None:
    async def other(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": scope["path"].encode()})

    application = Mounts({"/files": other}, serve(lambda request: HttpResponse("Django")))

    async def story() -> list[str]:
        paths = ("/files", "/files/7", "/filesystem", "/", "/d/files")
        return [(await Asked(path).of(application)).text for path in paths]

    assert asyncio.run(story()) == ["/files", "/files/7", "Django", "Django", "Django"]
