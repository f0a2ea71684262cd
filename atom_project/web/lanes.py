"""Lanes: a few lasting threads each (bounded thread pool), and a fair queue of those who wait.

A thread that stays keeps its connection to the database; a new one for each request would open
one, which on PostgreSQL starts a process. Since there are few, nobody may have them all: whoever
sends most waits longest (fair queueing), and is refused first when too many wait (load shedding).
"""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import TypeVar

from atom_project import persistent_connections
from atom_project.problem_codes import ProblemCode
from atom_project.problems import RETRY_SECONDS, Problem

WAITING = 128  # requests of one lane that may wait for a thread
PATIENCE = 10.0  # seconds for which one waits; whoever asks may have given up by then

Answer = TypeVar("Answer")
Turn = asyncio.Future[None]


class Busy(Problem):
    """No thread was free in time."""

    def __init__(self) -> None:
        super().__init__(
            503,
            ProblemCode.SERVER_BUSY,
            "The server has more to do than it can at this moment. Try again in a few seconds.",
            headers={"Retry-After": str(RETRY_SECONDS)},
        )


class Lane:
    """Threads for one kind of work. For one event loop at a time."""

    def __init__(self, name: str, threads: int, *, patience: float = PATIENCE) -> None:
        self._executor = ThreadPoolExecutor(threads, name, persistent_connections.keep_watched)
        self._free = threads
        self._most_of_one = threads - threads // 4  # The rest is for whoever else comes.
        self._patience = patience
        self._working: Counter[str] = Counter()  # threads that work for a sender
        self._waiting: dict[str, deque[Turn]] = {}  # The first of them has its turn next.

    async def run(self, work: Callable[[], Answer], sender: str = "") -> Answer:
        """What `work` returns, done in a thread; raises `Busy` where none is free in time.

        Whatever it sets in its context, such as a language, ends with it.
        """
        await self._take_thread(sender)
        try:
            # Not as the future's result: that is kept until the thread has other work, and with
            # the answer of a view the whole request.
            answers: list[Answer] = []
            context, loop = copy_context(), asyncio.get_running_loop()
            done = loop.run_in_executor(self._executor, lambda: answers.append(context.run(work)))
            await done
            return answers.pop()
        finally:
            self._give_back(sender)

    def is_busy(self, sender: str) -> bool:
        """Whether somebody who came now would have to wait."""
        return not self._free or self._working[sender] >= self._most_of_one

    # The queue.

    async def _take_thread(self, sender: str) -> None:
        if not self.is_busy(sender):
            self._begin(sender)
            return
        turn = self._line_up(sender)
        try:
            async with asyncio.timeout(self._patience):
                await turn
        except BaseException as ended:
            if _has_come(turn):
                self._give_back(sender)
            else:
                self._step_out(sender, turn)
            if isinstance(ended, TimeoutError):
                raise Busy from None
            raise

    def _begin(self, sender: str) -> None:
        self._free -= 1
        self._working[sender] += 1

    def _give_back(self, sender: str) -> None:
        self._free += 1
        self._working[sender] -= 1
        if not self._working[sender]:
            del self._working[sender]
        self._call_next()

    def _call_next(self) -> None:
        while self._free:
            sender = next((one for one in self._waiting if not self.is_busy(one)), None)
            if sender is None or self._call(sender):
                return

    def _call(self, sender: str) -> bool:
        turns = self._waiting.pop(sender)
        turn = turns.popleft()
        if turns:  # To the end: with a hundred of his own, one is not before the next person.
            self._waiting[sender] = turns
        if turn.done():  # It has given up this moment.
            return False
        self._begin(sender)
        turn.set_result(None)
        return True

    def _line_up(self, sender: str) -> Turn:
        turn: Turn = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(sender, deque()).append(turn)
        if sum(map(len, self._waiting.values())) > WAITING:
            self._shed()
        return turn

    def _shed(self) -> None:
        """Refuse the newest of whoever waits with most."""
        sender = max(self._waiting, key=lambda one: len(self._waiting[one]))
        refused = self._waiting[sender][-1]
        self._step_out(sender, refused)
        refused.set_exception(Busy())

    def _step_out(self, sender: str, turn: Turn) -> None:
        turns = self._waiting.get(sender)
        if turns and turn in turns:
            turns.remove(turn)
            if not turns:
                del self._waiting[sender]


def _has_come(turn: Turn) -> bool:
    return turn.done() and not turn.cancelled() and turn.exception() is None
