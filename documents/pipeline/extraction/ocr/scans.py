"""The scanned pages of a document, recognized side by side on the cores that are free (OCR)."""

from __future__ import annotations

import contextlib
import queue
import threading
import time
from collections import deque
from collections.abc import Generator, Iterator, Sequence
from dataclasses import replace
from enum import StrEnum
from typing import Any, NamedTuple

from .. import sandbox
from ..child_deadline import GLANCE
from ..draft import Draft
from ..reading import OnPage
from ..transcript import MAX_CHARACTERS, MAX_PAGES, Transcript
from .options import OcrOptions
from .pictures import Desk, drawn, words_on
from .recognizer import installed, languages_for
from .words import Recognized, recognized

_CLOCK = time.monotonic


class Attempt(StrEnum):
    """What became of the scans of a document."""

    OFF = "off"
    NO_ENGINE = "no_engine"
    NO_LANGUAGE = "no_language"
    CUT_SHORT = "cut_short"
    MADE = "made"


class UnreadScan(StrEnum):
    """Why a scan was not read; reasons in the receipt."""

    LIMIT = "ocr_limit"
    TIMED_OUT = "ocr_timed_out"
    FAILED = "ocr_failed"
    CHARACTER_LIMIT = "character_limit"


class Result(NamedTuple):
    """What became of one page: its words, or why there are none; neither: a mere picture."""

    number: int
    found: Recognized | None = None
    reason: UnreadScan | None = None


def read_scans(
    data: bytes, transcript: Transcript, options: OcrOptions | None, on_page: OnPage
) -> Attempt:
    """Put recognized words in the place of pages that are pictures.

    Calls `on_page` several times a second; what that raises ends all work and goes through.
    """
    if options is None:
        return Attempt.OFF
    numbers = [draft.number for draft in transcript.drafts if is_for_recognition(draft)]
    if not numbers:
        return Attempt.MADE
    if not (recognizer := installed()):
        return Attempt.NO_ENGINE
    if not (languages := languages_for(recognizer, options.languages)):
        return Attempt.NO_LANGUAGE
    desk = Desk(recognizer, languages, threading.Event())
    results: list[Result] = []
    with contextlib.closing(_Crew(data, desk, options.seconds).results(numbers)) as arriving:
        total = min(transcript.pages_total, MAX_PAGES)
        for result in arriving:
            results += [result] if result else []
            on_page(total - len(numbers) + len(results), total)
    _take_over(transcript, numbers, _within_limit(results, transcript.drafts))
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

    def __init__(self, data: bytes, desk: Desk, seconds: float) -> None:
        self._data = data
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
                picture = drawn(self._data, number, self._desk.stop)
                return Result(number, recognized(words_on(picture, self._desk)))
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


def _within_limit(results: Sequence[Result], drafts: Sequence[Draft]) -> dict[int, Result]:
    """All results by page, those beyond the limit on a document's text without it."""
    characters = sum(len(draft.raw_text) for draft in drafts)
    kept: dict[int, Result] = {}
    for result in sorted(results):
        characters += len(result.found.text) if result.found else 0
        is_over = characters > MAX_CHARACTERS and result.found
        limited = Result(result.number, reason=UnreadScan.CHARACTER_LIMIT)
        kept[result.number] = limited if is_over else result
    return kept


def _take_over(transcript: Transcript, numbers: Sequence[int], results: dict[int, Result]) -> None:
    transcript.drafts = [
        _with(draft, results[draft.number].found) if draft.number in results else draft
        for draft in transcript.drafts
    ]
    reasons = {number: UnreadScan.LIMIT for number in numbers if number not in results}
    reasons |= {result.number: result.reason for result in results.values() if result.reason}
    transcript.unread += _entries(reasons)


def _with(draft: Draft, found: Recognized | None) -> Draft:
    if found is None:
        return draft
    return replace(
        draft,
        raw_text=found.text,
        engine="ocr",
        ocr_confidence=found.confidence,
        ocr_poor_share=found.poor_share,
    )


def _entries(reasons: dict[int, UnreadScan]) -> list[dict[str, Any]]:
    """Pages in a row with the same reason are one entry."""
    entries: list[dict[str, Any]] = []
    for number, reason in sorted(reasons.items()):
        last = entries[-1] if entries else {}
        if last.get("reason") == reason and last["to_page"] == number - 1:
            last["to_page"] = number
        else:
            entries.append({"from_page": number, "to_page": number, "reason": str(reason)})
    return entries
