"""Figures beside those of a rival: rounds that take turns, medians, aims and the load."""

from __future__ import annotations

import os
import statistics
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

Sample = dict[str, float]  # what one round of one contender measured, by name
Contender = Callable[[], Sample]


@dataclass(frozen=True)
class Scale:
    """How much is measured; `make bench` takes the whole, `ARGS=--short` two minutes."""

    repeats: int = 3
    jobs: int = 400
    starts: int = 15
    documents: int = 500
    model_documents: int = 200
    many_documents: int = 384
    requests: int = 300
    uploads: int = 30
    small: int = 100
    large: int = 100_000
    settle: float = 10.0
    sizes: str = "whole sizes"


WHOLE = Scale()
SHORT = Scale(1, 100, 4, 60, 40, 128, 100, 8, 100, 4_000, 2.0, "small sizes")
TINY = Scale(1, 5, 2, 4, 2, 4, 5, 2, 10, 20, 0.1, "tiny sizes")


@dataclass(frozen=True)
class Aim:
    """What a figure is to be: ATOM's own (`unit`), or its ratio to the rival's."""

    bound: float
    is_floor: bool
    unit: str = ""

    def is_met(self, ours: float, ratio: float | None) -> bool | None:
        value = ours if self.unit else ratio
        if value is None:
            return None
        return value >= self.bound if self.is_floor else value <= self.bound

    def __str__(self) -> str:
        return f"{'≥' if self.is_floor else '≤'} {self.bound:g} {self.unit or '×'}"


def at_least(bound: float, unit: str = "") -> Aim:
    return Aim(bound, is_floor=True, unit=unit)


def at_most(bound: float, unit: str = "") -> Aim:
    return Aim(bound, is_floor=False, unit=unit)


@dataclass(frozen=True)
class Figure:
    """A row of the table. `ratio` is ATOM's figure to the rival's, the median of the rounds."""

    what: str
    unit: str
    ours: float
    rival: str = ""
    theirs: float | None = None
    ratio: float | None = None
    aim: Aim | None = None
    load: float = 0.0

    @property
    def is_met(self) -> bool | None:
        return self.aim.is_met(self.ours, self.ratio) if self.aim else None


@dataclass(frozen=True)
class Missing:
    """A row for what could not be measured here, and why."""

    what: str
    why: str


Row = Figure | Missing


class Rounds:
    """Contenders measured in turns, so that a busy machine slows them all."""

    def __init__(self, contenders: Mapping[str, Contender], repeats: int) -> None:
        self._samples: dict[str, list[Sample]] = {name: [] for name in contenders}
        self._loads: list[float] = []
        for number in range(repeats):
            for name in _rotated(list(contenders), number):
                self._samples[name].append(contenders[name]())
                self._loads.append(os.getloadavg()[0])

    def has(self, name: str) -> bool:
        return bool(self._samples.get(name))

    def median(self, name: str, measured: str) -> float:
        return statistics.median(sample[measured] for sample in self._samples[name])

    def ratio(self, ours: str, theirs: str, measured: str) -> float | None:
        """None where a rival took nothing that the clock could see."""
        pairs = zip(self._samples[ours], self._samples[theirs], strict=True)
        if any(not sample[measured] for sample in self._samples[theirs]):
            return None
        return statistics.median(mine[measured] / other[measured] for mine, other in pairs)

    def figure(
        self,
        what: str,
        unit: str,
        measured: str,
        ours: str,
        beside: str = "",
        aim: Aim | None = None,
    ) -> Figure:
        load, mine = statistics.median(self._loads), self.median(ours, measured)
        if not self.has(beside):
            return Figure(what, unit, mine, aim=aim, load=load)
        theirs, ratio = self.median(beside, measured), self.ratio(ours, beside, measured)
        return Figure(what, unit, mine, beside, theirs, ratio, aim, load)


def _rotated(names: list[str], by: int) -> Iterable[str]:
    by %= len(names) or 1
    return names[by:] + names[:by]


def median_and_p99(values: list[float]) -> tuple[float, float]:
    ordered = sorted(values)
    return statistics.median(ordered), ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))]
