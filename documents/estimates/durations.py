"""How long documents take: a prediction interval from the durations of finished ones.

Durations are taken as a power of the size, fitted by least squares on logarithms, and the
residuals as what chance adds. Nothing is said of how they are distributed (split conformal
prediction): a range between two of their quantiles holds as often as it did before.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

# Of fewer, no two bound 90 % of what is to come: 5 % of 21 is the first of 20.
FEWEST = 20
SHORTEST = 0.001  # seconds; a logarithm wants more than nothing
STEEPEST = 1.5


@dataclass(frozen=True)
class Size:
    """What a duration depends on. Pages are known once the text was extracted."""

    engine: str  # the built-in engine, or the name of a model
    kind: str  # of the file
    bytes: int
    pages: int | None = None


@dataclass(frozen=True)
class Run:
    """A document that was completed, and the seconds it took from claim to end."""

    size: Size
    seconds: float


@dataclass(frozen=True)
class Fit:
    """Durations of one group of documents: `exp(level + slope * log(amount) + residual)`."""

    level: float
    slope: float
    residuals: tuple[float, ...]  # sorted

    @classmethod
    def of(cls, points: Sequence[tuple[float, float]]) -> Fit:
        """Points are logarithms of amount and seconds."""
        xs, ys = zip(*points, strict=True)
        mean_x, mean_y = sum(xs) / len(xs), sum(ys) / len(ys)
        spread = sum((x - mean_x) ** 2 for x in xs)
        covered = sum((x - mean_x) * (y - mean_y) for x, y in points)
        slope = min(STEEPEST, max(0.0, covered / spread)) if spread > 1e-9 else 0.0
        level = mean_y - slope * mean_x
        # What was fitted lies nearer than what is to come, the more so the fewer there are.
        wider = math.sqrt((len(points) + 2) / (len(points) - 2))
        return cls(level, slope, tuple(sorted(wider * (y - level - slope * x) for x, y in points)))

    def durations(self, amount: int, *, longer_than: float = 0.0) -> list[float]:
        """Seconds that such a document may take, each as likely as the next, shortest first."""
        usual = self.level + self.slope * _log(amount)
        first = 0
        if longer_than > SHORTEST:
            first = bisect_right(self.residuals, math.log(longer_than) - usual)
        return [math.exp(usual + residual) for residual in self.residuals[first:]]


def _log(amount: float) -> float:
    return math.log(max(amount, 1))


class Durations:
    """What past runs tell of those to come."""

    def __init__(self, runs: Iterable[Run]) -> None:
        self._runs = list(runs)
        self._fits: dict[tuple[str, str, bool], Fit | None] = {}

    def of(self, size: Size, *, elapsed: float = 0.0) -> list[float] | None:
        """Seconds it may take in all, of which some have gone by; None where too little is known.

        Nor is it known of one that takes longer than nearly all before it.
        """
        has_pages = size.pages is not None
        fit = self._fit(size.engine, size.kind, has_pages) or self._fit(size.engine, "", has_pages)
        if fit is None:
            return None
        found = fit.durations(size.pages or size.bytes, longer_than=elapsed)
        return found if len(found) * FEWEST >= len(fit.residuals) else None

    @cached_property
    def is_silent(self) -> bool:
        return len(self._runs) < FEWEST

    def _fit(self, engine: str, kind: str, has_pages: bool) -> Fit | None:
        """Of this kind of file or, where it is blank, of all that the engine has read."""
        key = (engine, kind, has_pages)
        if key not in self._fits:
            alike = [
                run
                for run in self._runs
                if run.size.engine == engine
                and (not kind or run.size.kind == kind)
                and (run.size.pages is not None or not has_pages)
            ]
            points = [_point(run, has_pages) for run in alike]
            self._fits[key] = Fit.of(points) if len(points) >= FEWEST else None
        return self._fits[key]


def _point(run: Run, has_pages: bool) -> tuple[float, float]:
    amount = (run.size.pages or 1) if has_pages else run.size.bytes
    return _log(amount), math.log(max(run.seconds, SHORTEST))
