"""What this web process has answered since it started: requests, seconds, refusals, loop lag.

Each process counts for itself, as Prometheus expects of whatever it scrapes: a restart begins at
zero, which `rate()` knows.
"""

from __future__ import annotations

import asyncio
import threading
import time
from bisect import bisect_left
from collections import Counter

# Requests of other methods are refused; a name for each would let strangers fill the memory.
METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)  # seconds
# They last as long as somebody listens: as a time to answer that would mean nothing.
UNTIMED = {"/documents/stream"}
LAG_PROBE = 0.1  # seconds ahead that a callback is ordered for
LAG_WINDOW = 60.0  # seconds; the largest lag of this and the window before is told


class ProcessCounters:
    """Counted by the event loop and by threads, read by a thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.requests: Counter[tuple[str, str]] = Counter()  # by method and class of status
        self.refusals: Counter[str] = Counter()  # files refused at upload, by code
        self._buckets = [0] * (len(BUCKETS) + 1)
        self.seconds = 0.0
        self._lags = (0.0, 0.0)  # the largest of the window before, and of this one
        self._window_began_at = time.monotonic()

    def count_request(self, method: str, path: str, status: int, seconds: float) -> None:
        method = method if method in METHODS else "other"
        with self._lock:
            self.requests[method, f"{status // 100}xx" if status else "none"] += 1
            if path.rstrip("/") not in UNTIMED:
                self._buckets[bisect_left(BUCKETS, seconds)] += 1
                self.seconds += seconds

    def count_refusal(self, code: str) -> None:
        with self._lock:
            self.refusals[code] += 1

    def buckets(self) -> list[tuple[str, float]]:
        """Cumulated, as Prometheus wants them: how many took no longer than each bound."""
        with self._lock:
            counts = list(self._buckets)
        bounds = [*(f"{bound:g}" for bound in BUCKETS), "+Inf"]
        return [(bound, float(sum(counts[: n + 1]))) for n, bound in enumerate(bounds)]

    def probe_loop(self) -> None:
        """Order a callback, and see how late it comes: something held the event loop up."""
        loop = asyncio.get_running_loop()
        due = loop.time() + LAG_PROBE
        loop.call_at(due, lambda: self._note_lag(loop.time() - due))

    def _note_lag(self, lag: float) -> None:
        with self._lock:
            self._turn_window()
            before, largest = self._lags
            self._lags = (before, max(largest, lag))

    def _turn_window(self) -> None:
        passed = time.monotonic() - self._window_began_at
        if passed > LAG_WINDOW:
            self._lags = (self._lags[1] if passed <= 2 * LAG_WINDOW else 0.0, 0.0)
            self._window_began_at = time.monotonic()

    def largest_lag(self) -> float:
        """Seconds, of the last minute or two."""
        with self._lock:
            self._turn_window()
            return max(self._lags)


of_this_process = ProcessCounters()
