"""What the lines of a paper look like: blanks to fill in, items, columns, code, prose."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from documents.pipeline.analysis.offline import layout

_BLANK = re.compile(r"_{4}|\.{12}\s*(?:[^\W\d]|$)|…{4}|\[\s?\] |[☐□] ")
_CODE = re.compile(
    r"[;{}]$|^\s*(?:def |class |import |#include|for \(|if \(|return\b|</?\w)|=>|\):$"
)
_COMMAND = re.compile(r"^\s*[$#%>] [\w./]")
_CONTENTS = re.compile(r"(?:\. ?){4,40}\s*\d{1,4}$")
_SEPARATED = re.compile(r"[;\t|][^;\t|]{0,60}[;\t|][^;\t|]{0,60}[;\t|]")
_COMMAS = re.compile(r"[^,\s],(?=[^\s,])[^,]{0,60},(?=[^\s,])[^,]{0,60},(?=[^\s,])")
_INDEX = re.compile(r",\s\d{1,4}(?:[-–]\d{1,4})?(?:,\s\d{1,4}(?:[-–]\d{1,4})?){0,20}$")
_LOG = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d")
_NUMBERED = re.compile(r"\s*\d{1,2}[.)]\s")
_SENTENCE = re.compile(r"[^\W\d_][\"'”»)]?[.!?。！？](?:\s|$)")
_SPEECH = re.compile(r"[\"“„«]")


@dataclass(slots=True)
class Lines:
    """How many lines there are of each look; one line may have several."""

    total: int = 0
    words: int = 0
    blanks: int = 0
    items: int = 0
    numbered: int = 0
    columns: int = 0
    code: int = 0
    commands: int = 0
    contents: int = 0
    separated: int = 0
    index: int = 0
    log: int = 0
    speech: int = 0
    short: int = 0
    sentences: int = 0  # ends of sentences, not lines

    def share(self, count: int) -> float:
        return count / self.total if self.total else 0.0

    @property
    def listed(self) -> int:
        """Lines that are rows of something, whatever they look like."""
        return max(self.items, self.columns, self.separated, self.index, self.log)


def count(lines: Iterable[str]) -> Lines:
    counted = Lines()
    for line in lines:
        _add(counted, line[:400])
    return counted


def _add(counted: Lines, line: str) -> None:
    text = line.strip()
    counted.total += 1
    counted.words += len(text.split())
    counted.blanks += bool(_BLANK.search(line))
    counted.items += bool(layout.BULLET.match(text)) and not _BLANK.search(line)
    counted.numbered += bool(_NUMBERED.match(line))
    counted.columns += bool(layout.COLUMNS.search(line))
    counted.code += bool(_CODE.search(line))
    counted.commands += bool(_COMMAND.match(line))
    counted.contents += bool(_CONTENTS.search(text))
    counted.separated += bool(_SEPARATED.search(line) or _COMMAS.search(line))
    counted.index += bool(_INDEX.search(text))
    counted.log += bool(_LOG.match(text))
    counted.speech += bool(_SPEECH.match(text))
    counted.short += len(text) <= 45
    counted.sentences += len(_SENTENCE.findall(text))
