"""The shape of a text, prose, list or conversation: how long a summary it deserves."""

from __future__ import annotations

from dataclasses import dataclass

from documents.pipeline.analysis.offline import words
from documents.pipeline.analysis.offline.sentences import HEADING, ITEM


@dataclass(slots=True)
class Shape:
    words: int = 0
    prose: int = 0
    items: int = 0
    headings: int = 0
    is_transcript: bool = False

    @property
    def units(self) -> int:
        return self.prose + self.items

    @property
    def room(self) -> tuple[int, int]:
        """The most sentences, and the most words."""
        if self.words < 60:
            return max(1, min(2, self.units // 3)), 60
        if self.is_transcript and self.words > 600:
            return 12, 130
        is_structured = (self.items + self.headings) * 6 >= self.units
        if is_structured and self.words > 250:
            return 12, max(60, min(170, self.words // 5))
        if self.words <= 1_200:
            return min(3, max(1, self.units // 3)), 110
        return 12, max(80, min(170, self.words // 15))

    def add(self, text: str, kind: int) -> None:
        self.words += words.count(text)
        if kind & HEADING:
            self.headings += 1
        elif kind & ITEM:
            self.items += 1
        else:
            self.prose += 1
