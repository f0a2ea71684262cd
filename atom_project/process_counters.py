"""What the web processes of a host have answered since they started: requests, refusals, loop lag.

They count together, because whoever scrapes them reaches any of them: a counter that belonged to
one process would jump to that of another. A restart of all begins at zero, which `rate()` knows.
"""

from __future__ import annotations

import asyncio
import time
from bisect import bisect_left
from collections.abc import Iterable

from atom_project import shared_counters
from atom_project.shared_counters import SharedCounters

# Requests of other methods are refused; a name for each would let strangers fill the memory.
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "other")
OUTCOMES = ("1xx", "2xx", "3xx", "4xx", "5xx", "none")
BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)  # seconds
# They last as long as somebody listens: as a time to answer that would mean nothing.
UNTIMED = {"/documents/stream"}
LAG_PROBE = 0.1  # seconds ahead that a callback is ordered for
LAG_WINDOW = 60  # seconds; the largest lag of this and the window before is told
LEAST_LAG = 0.005  # seconds; any callback may come so late


class ProcessCounters:
    """Counted by the event loops and threads of all web processes, read by any of them."""

    def __init__(self, shared: SharedCounters | None = None) -> None:
        self._shared = shared or SharedCounters()

    def count_request(self, method: str, path: str, status: int, seconds: float) -> None:
        method = method if method in METHODS else "other"
        outcome = f"{status // 100}xx" if status else "none"
        counted = {f"requests:{method}:{outcome}": 1.0}
        if path.rstrip("/") not in UNTIMED:
            counted[f"requests-within:{bisect_left(BUCKETS, seconds)}"] = 1.0
            counted["requests-seconds"] = seconds
        self._shared.add_all(counted)

    def count_refusal(self, code: str) -> None:
        self._shared.add(f"refusals:{code}", 1)

    @property
    def requests(self) -> dict[tuple[str, str], int]:
        """By method and class of status."""
        counted = {
            (method, outcome): self._count(f"requests:{method}:{outcome}")
            for method in METHODS
            for outcome in OUTCOMES
        }
        return {labels: number for labels, number in counted.items() if number}

    @property
    def seconds(self) -> float:
        return self._shared.get("requests-seconds") or 0.0

    def refusals(self, codes: Iterable[str]) -> dict[str, int]:
        """Files refused at upload, by those of the codes that were met."""
        counted = {str(code): self._count(f"refusals:{code}") for code in codes}
        return {code: number for code, number in counted.items() if number}

    def buckets(self) -> list[tuple[str, float]]:
        """Cumulated, as Prometheus wants them: how many took no longer than each bound."""
        counts = [self._count(f"requests-within:{n}") for n in range(len(BUCKETS) + 1)]
        bounds = [*(f"{bound:g}" for bound in BUCKETS), "+Inf"]
        return [(bound, float(sum(counts[: n + 1]))) for n, bound in enumerate(bounds)]

    def _count(self, key: str) -> int:
        return int(self._shared.get(key) or 0)

    def probe_loop(self) -> None:
        """Order a callback, and see how late it comes: something held the event loop up."""
        loop = asyncio.get_running_loop()
        due = loop.time() + LAG_PROBE
        loop.call_at(due, lambda: self._note_lag(loop.time() - due))

    def _note_lag(self, lag: float) -> None:
        if lag > LEAST_LAG:
            self._shared.raise_to(f"lag:{_window()}", lag, 2 * LAG_WINDOW)

    def largest_lag(self) -> float:
        """Seconds, of the last minute or two."""
        windows = (_window(), _window() - 1)
        return max(self._shared.get(f"lag:{window}") or 0.0 for window in windows)


def _window() -> int:
    return int(time.time()) // LAG_WINDOW


of_this_process = ProcessCounters(shared_counters.of_this_service())
