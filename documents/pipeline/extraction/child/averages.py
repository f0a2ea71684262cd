"""Means and medians: `statistics` would take a tenth of the child's start, for exact fractions."""

from __future__ import annotations

from collections.abc import Iterable
from math import fsum


def mean(values: Iterable[float]) -> float:
    """Raises ZeroDivisionError where there are none."""
    found = list(values)
    return fsum(found) / len(found)


def median(values: Iterable[float]) -> float:
    """Raises IndexError where there are none."""
    found = sorted(values)
    middle = len(found) // 2
    return found[middle] if len(found) % 2 else (found[middle - 1] + found[middle]) / 2
