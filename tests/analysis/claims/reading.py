"""Reads the claims of a file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).parent
FAITHFUL = "faithful"
_CLAIM = re.compile(r"([\d,]+)(?:\[(.+?)\])? (.+)")
_DETAILS = re.compile(r" ([@#])([^@#]+?)(?= [@#]|$)")


@dataclass(frozen=True)
class Paper:
    name: str
    language: str
    sentences: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        space = "" if self.language == "zh" else " "
        return space.join(self.sentences)


@dataclass(frozen=True)
class Claim:
    paper: Paper
    kind: str
    text: str
    quotes: list[str]
    owner: str | None = None
    due: str | None = None


def read(half: str) -> Iterator[Claim]:
    """The claims of `working` or `held_out`, once their papers are read whole."""
    paper = Paper("", "")
    lines: list[str] = (HERE / f"{half}.txt").read_text().splitlines()
    for line in filter(None, lines):
        sign, rest = line.split(" ", 1)
        if sign == "@":
            paper = Paper(*rest.split())
        elif sign == ".":
            paper.sentences.append(rest)
        else:
            kind, rest = (FAITHFUL, rest) if sign == "+" else rest.split(" ", 1)
            yield _claim(paper, kind, rest)


def _claim(paper: Paper, kind: str, line: str) -> Claim:
    parts = _CLAIM.fullmatch(line)
    assert parts, line
    sentences = [paper.sentences[int(number) - 1] for number in parts[1].split(",")]
    quotes = [parts[2]] if parts[2] else sentences
    details = dict(_DETAILS.findall(parts[3]))
    text = _DETAILS.sub("", parts[3])
    return Claim(paper, kind, text, quotes, details.get("@"), details.get("#"))
