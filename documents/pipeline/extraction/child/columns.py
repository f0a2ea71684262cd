"""The characters (or words) of a page as columns of a table: one list for each thing known.

Of some documents every single letter is looked at. An object for each would take longer than to
ask where it stands, so it is only made where letters are put in order.
"""

from __future__ import annotations

from itertools import chain, repeat
from operator import add

from .batches import Edges
from .positions import ASKEW, Glyph, upright

_FEW = 20
_ADJACENT = 0.3  # of the height, between letters that follow each other


class Columns:
    """Each list has one entry for each glyph, as in `Glyph`."""

    def __init__(
        self,
        chars: list[str],
        separators: list[str],
        edges: Edges,
        quarters: list[int],
        text_objects: list[int | None] | None = None,
    ) -> None:
        self.chars, self.separators, self.quarters = chars, separators, quarters
        self.text_objects = text_objects
        self.lefts, self.bottoms, self.rights, self.tops = edges

    def glyphs(self) -> list[Glyph]:
        edges = self.lefts, self.bottoms, self.rights, self.tops
        objects = repeat(None) if self.text_objects is None else self.text_objects
        return list(map(Glyph, self.chars, self.separators, *edges, self.quarters, objects))

    def text(self) -> str:
        """In the order in which it is drawn."""
        return "".join(map(add, self.separators, self.chars)).lstrip("\n ")

    def turn(self, rotation: int) -> None:
        """Turn each writing level. A few letters, as in a logo, belong to the writing around."""
        kinds = dict.fromkeys(self.quarters)
        counts = {each: self._length_of(each) for each in kinds} if len(kinds) > 1 else {}
        main = max(kinds, key=lambda each: counts.get(each, 0), default=0)
        if not counts and (main == ASKEW or (main + rotation) % 360 == 0):
            return
        boxes = zip(self.lefts, self.bottoms, self.rights, self.tops, strict=True)
        self.quarters = [main if counts.get(each, _FEW) < _FEW else each for each in self.quarters]
        turns = [0 if each == ASKEW else (each + rotation) % 360 for each in self.quarters]
        turned = [upright(box, turn) for box, turn in zip(boxes, turns, strict=True)]
        self.lefts, self.bottoms, self.rights, self.tops = (
            zip(*turned, strict=True) if turned else ((), (), (), ())
        )

    def _length_of(self, quarter: int) -> int:
        pairs = zip(self.chars, self.quarters, strict=True)
        return sum(len(char) for char, each in pairs if each == quarter)

    def heal(self) -> None:
        """Drop the line ends that PDFium counts, but does not tell, around raised letters."""
        for place in self.line_starts():
            last = place - 1
            height = self.tops[place] - self.bottoms[place]
            above = self.tops[last] - self.bottoms[last]
            gap = (self.lefts[place] - self.rights[last]) / max(above, height, 0.01)
            overlap = min(self.tops[last], self.tops[place]) - max(
                self.bottoms[last], self.bottoms[place]
            )
            if abs(gap) < _ADJACENT and overlap > 0.2 * height:
                self.separators[place] = " " if gap > _ADJACENT / 2 else ""

    def line_starts(self) -> list[int]:
        """Where a line begins, but for the first."""
        return [n for n, separator in enumerate(self.separators) if separator == "\n" and n]

    def lines(self) -> list[slice]:
        """Where each line is in the lists, without its first glyph."""
        starts = self.line_starts()
        ends = chain(starts, [len(self.chars)])
        return [slice(start + 1, end) for start, end in zip([0, *starts], ends, strict=True)]
