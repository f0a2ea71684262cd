"""Check results: what an examination finds, and what to do about it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from django.db import DatabaseError, InterfaceError


class Verdict(StrEnum):
    GOOD = "good"
    WARNING = "warning"
    BROKEN = "broken"


@dataclass(frozen=True)
class CheckResult:
    verdict: Verdict
    text: str
    remedy: str = ""


def good(text: str) -> CheckResult:
    return CheckResult(Verdict.GOOD, text)


def warning(text: str, remedy: str) -> CheckResult:
    return CheckResult(Verdict.WARNING, text, remedy)


def broken(text: str, remedy: str) -> CheckResult:
    return CheckResult(Verdict.BROKEN, text, remedy)


def guarded(examine: Callable[[], Iterable[CheckResult]]) -> Iterator[CheckResult]:
    """What this finds; if it meets a broken database itself, that is a finding as well."""
    try:
        yield from examine()
    except (DatabaseError, InterfaceError) as error:
        yield broken(
            f"The database could not be examined further: {' '.join(str(error).split())}",
            "Look at the log of the database; put what is told above right first.",
        )
