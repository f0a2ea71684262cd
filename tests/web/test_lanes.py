"""A few threads for everybody: who gets one next, who is refused, and what is left behind."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from typing import Any

import pytest

from atom_project.web import lanes
from atom_project.web.lanes import Busy, Lane


class Gate:
    """Work that goes on until it is let out, and says who does it."""

    def __init__(self) -> None:
        self.done: list[str] = []
        self._open = threading.Event()

    def __call__(self, name: str) -> Callable[[], str]:
        def work() -> str:
            assert self._open.wait(10)
            self.done.append(name)
            return name

        return work

    def open(self) -> None:
        self._open.set()


def run(story: Callable[[Gate], Awaitable[Any]]) -> Any:
    gate = Gate()

    async def told() -> Any:
        try:
            return await asyncio.wait_for(story(gate), 20)
        finally:
            gate.open()

    return asyncio.run(told())


async def begun(lane: Lane, gate: Gate, *named: tuple[str, str]) -> list[asyncio.Task[str]]:
    """Each pair is a sender and the name of its work; they come in this order."""
    tasks = []
    for sender, name in named:
        tasks.append(asyncio.create_task(lane.run(gate(name), sender)))
        await asyncio.sleep(0)
    return tasks


def test_work_is_done_in_threads_that_stay() -> None:
    lane = Lane("test", 2)

    async def story(gate: Gate) -> set[int]:
        gate.open()
        return {await lane.run(threading.get_ident) for _ in range(20)}

    assert len(run(story)) <= 2


def test_what_work_sets_in_its_context_ends_with_it() -> None:
    language: ContextVar[str] = ContextVar("language", default="en")
    lane = Lane("test", 1)

    async def story(gate: Gate) -> tuple[str, str, str]:
        language.set("de")

        def speak() -> str:
            before = language.get()
            language.set("fr")
            return before

        return await lane.run(speak), await lane.run(speak), language.get()

    assert run(story) == ("de", "de", "de")


def test_one_sender_leaves_threads_for_others() -> None:
    lane = Lane("test", 4)

    async def story(gate: Gate) -> str:
        greedy = await begun(lane, gate, *[("greedy", f"{n}") for n in range(10)])
        answer = await lane.run(lambda: "at once", "modest")
        gate.open()
        await asyncio.gather(*greedy)
        return answer

    assert run(story) == "at once"


def test_senders_take_turns_however_much_one_of_them_wants() -> None:
    lane = Lane("test", 1)

    async def story(gate: Gate) -> list[str]:
        many = [("greedy", f"greedy {n}") for n in range(4)]
        tasks = await begun(lane, gate, *many, ("modest", "modest 0"), ("modest", "modest 1"))
        gate.open()
        await asyncio.gather(*tasks)
        return gate.done

    assert run(story) == [*("greedy 0", "greedy 1", "modest 0", "greedy 2", "modest 1", "greedy 3")]


def test_who_waits_too_long_is_told_when_to_come_again() -> None:
    lane = Lane("test", 1, patience=0.05)

    async def story(gate: Gate) -> tuple[Busy, str]:
        [first] = await begun(lane, gate, ("one", "first"))
        with pytest.raises(Busy) as refused:
            await lane.run(gate("second"), "two")
        gate.open()
        await first
        return refused.value, await lane.run(lambda: "again", "two")

    refusal, again = run(story)
    assert (refusal.status_code, refusal.code) == (503, "server_busy")
    assert int(refusal.headers["Retry-After"]) > 0
    assert again == "again"


def test_when_too_many_wait_the_newest_of_the_greediest_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(lanes, "WAITING", 3)
    lane = Lane("test", 1)

    async def story(gate: Gate) -> list[Any]:
        greedy = [("greedy", f"greedy {n}") for n in range(4)]
        tasks = await begun(lane, gate, *greedy, ("modest", "modest"))
        await asyncio.sleep(0)
        gate.open()
        return await asyncio.gather(*tasks, return_exceptions=True)

    *others, newest, modest = run(story)
    assert others == ["greedy 0", "greedy 1", "greedy 2"]
    assert isinstance(newest, Busy)
    assert modest == "modest"


def test_who_gives_up_waiting_takes_no_thread_with_it() -> None:
    lane = Lane("test", 1)

    async def story(gate: Gate) -> list[str]:
        first, second, third = await begun(
            lane, gate, ("one", "first"), ("two", "second"), ("three", "third")
        )
        second.cancel()
        gate.open()
        await asyncio.gather(first, third)
        assert second.cancelled()
        return [*gate.done, await lane.run(lambda: "again", "two")]

    assert run(story) == ["first", "third", "again"]


def test_who_gives_up_at_the_moment_of_its_turn_hands_the_thread_on() -> None:
    lane = Lane("test", 1)

    async def story(gate: Gate) -> str:
        first, second = await begun(lane, gate, ("one", "first"), ("two", "second"))
        first.add_done_callback(lambda _: second.cancel())
        gate.open()
        await asyncio.wait([first, second])
        return await lane.run(lambda: "again", "three")

    assert run(story) == "again"


def test_work_that_fails_gives_its_thread_back() -> None:
    lane = Lane("test", 1)

    def fail() -> None:
        raise RuntimeError("no")

    async def story(gate: Gate) -> str:
        for _ in range(3):
            with pytest.raises(RuntimeError):
                await lane.run(fail, "one")
        return await lane.run(lambda: "again", "one")

    assert run(story) == "again"
