"""What an examination finds, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    GOOD = "good"
    WARNING = "warning"
    BROKEN = "broken"


@dataclass(frozen=True)
class Finding:
    verdict: Verdict
    text: str
    remedy: str = ""


def good(text: str) -> Finding:
    return Finding(Verdict.GOOD, text)


def warning(text: str, remedy: str) -> Finding:
    return Finding(Verdict.WARNING, text, remedy)


def broken(text: str, remedy: str) -> Finding:
    return Finding(Verdict.BROKEN, text, remedy)
