"""Check results: what an examination finds, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


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
