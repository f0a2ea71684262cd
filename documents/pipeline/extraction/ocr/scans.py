"""The scanned pages of a document, recognized side by side on the cores that are free (OCR)."""

from __future__ import annotations

import contextlib
import queue
import threading
import time
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence

from .. import sandbox
from ..attempt import Attempt
from ..child_deadline import GLANCE
from ..content import Content
from ..draft import Draft
from ..reading import OnPage
from ..transcript import MAX_PAGES, Transcript
from .options import OcrOptions
from .page_results import Result, UnreadScan, leave, take_over, within_limit
from .pictures import Desk, drawn, words_on
from .recognizer import Recognizer, installed, languages_for
from .words import Word, recognized

ReadPage = Callable[[int, Desk], list[Word]]

_CLOCK = time.monotonic


def read_scans(
    data: Content, transcript: Transcript, options: OcrOptions | None, on_page: OnPage
) -> Attempt:
    """Put recognized words in the place of pages of a PDF that are pictures.

    Calls `on_page` several times a second; what that raises ends all work and goes through.
    """
    if options is None:
        return Attempt.OFF
    numbers = [draft.number for draft in transcript.drafts if is_for_recognition(draft)]
    if not numbers:
        return Attempt.MADE
    engine = installed()

    def read(number: int, desk: Desk) -> list[Word]:
        return words_on(drawn(data, number, desk.stop), desk)

    return _recognize(transcript, numbers, engine, options, on_page, read)


def read_pictures(
    data: bytes, transcript: Transcript, options: OcrOptions | None, on_page: OnPage
) -> Attempt:
    """The same for a file that is a picture, or many: only the program decodes such."""
    if options is None:
        return Attempt.OFF
    engine = installed()
    if engine and engine.engine != "tesseract":
        engine = None
    numbers = [draft.number for draft in transcript.drafts]

    def read(number: int, desk: Desk) -> list[Word]:
        return words_on(data, desk, page=number if len(numbers) > 1 else None)

    return _recognize(transcript, numbers, engine, options, on_page, read)


def _recognize(
    transcript: Transcript,
    numbers: Sequence[int],
    engine: Recognizer | None,
    options: OcrOptions,
    on_page: OnPage,
    read: ReadPage,
) -> Attempt:
    languages = languages_for(engine, options.languages) if engine else ()
    if not engine or not languages:
        leave(transcript)
        return Attempt.NO_LANGUAGE if engine else Attempt.NO_ENGINE
    desk = Desk(engine, languages, threading.Event())
    results: list[Result] = []
    with contextlib.closing(_Crew(read, desk, options.seconds).results(numbers)) as arriving:
        total = min(transcript.pages_total, MAX_PAGES)
        for result in arriving:
            results += [result] if result else []
            on_page(total - len(numbers) + len(results), total)
    take_over(transcript, numbers, within_limit(results, transcript.drafts))
    is_whole = len(results) == len(numbers) and not any(result.reason for result in results)
    return Attempt.MADE if is_whole else Attempt.CUT_SHORT


def is_for_recognition(draft: Draft) -> bool:
    """Whether the page shows more than its text says: a picture, or letters that nobody knows."""
    if draft.is_failed:
        return False
    is_drawing = not draft.visible and not draft.is_empty_paper
    return draft.is_scan or draft.is_garbled or is_drawing


class _Crew:
    """Threads that take one page after the other until none is left, or no time."""

    def __init__(self, read: ReadPage, desk: Desk, seconds: float) -> None:
        self._read = read
        self._desk = desk
        self._seconds_left = seconds
        self._waiting: deque[int] = deque()
        self._done: queue.SimpleQueue[Result | Exception] = queue.SimpleQueue()

    def results(self, numbers: Sequence[int]) -> Generator[Result | None]:
        """As they come; None again and again in between. Closing it ends the work."""
        self._waiting.extend(numbers)
        # Daemons: a worker that ends does not wait for them, and their children end with them.
        threads = [
            threading.Thread(target=self._work, name="ocr", daemon=True)
            for _ in range(min(sandbox.CORES, len(numbers)))
        ]
        for thread in threads:
            thread.start()
        try:
            while any(thread.is_alive() for thread in threads) or not self._done.empty():
                yield self._next()
        finally:
            self._desk.stop.set()
            for thread in threads:
                thread.join()

    def _next(self) -> Result | None:
        try:
            result = self._done.get(timeout=GLANCE)
        except queue.Empty:
            return None
        if isinstance(result, Exception):
            raise result
        return result

    def _work(self) -> None:
        try:
            while self._seconds_left > 0:
                self._done.put(self._result(self._waiting.popleft()))
        except (IndexError, sandbox.ChildStopped):
            return  # All pages are taken, or nobody wants them any more.
        except Exception as error:
            # A thread has nobody to tell but the one who waits for its pages.
            self._done.put(error)

    def _result(self, number: int) -> Result:
        try:
            with sandbox.free_core(self._desk.stop), self._time_counted():
                return Result(number, recognized(self._read(number, self._desk)))
        except sandbox.ChildTimedOut:
            return Result(number, reason=UnreadScan.TIMED_OUT)
        except sandbox.ChildCrashed:
            return Result(number, reason=UnreadScan.FAILED)

    @contextlib.contextmanager
    def _time_counted(self) -> Iterator[None]:
        """Only work counts, not the wait for a core that other documents have."""
        began_at = _CLOCK()
        try:
            yield
        finally:
            self._seconds_left -= _CLOCK() - began_at
