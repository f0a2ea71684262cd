"""The text of one page, by PDFium, in the order in which people read it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from . import (
    bidi,
    character_boxes,
    doubt,
    field_places,
    form_fields,
    glyphs,
    raised,
    reading_order,
    word_breaks,
)
from .form_fields import Field
from .positions import Glyph
from .runs import runs_of

_ASCII_BLANKS = "\t\n\v\f\r\x1c\x1d\x1e\x1f "


class PageTexts:
    """Reads the pages of one document, as how it writes words is the same throughout."""

    def __init__(self, pdf: Any) -> None:
        self._breaks = word_breaks.WordBreaks(pdf)

    def read(self, page: Any, fields: Sequence[Field] = ()) -> tuple[str, bool]:
        """What stands inside the page's visible box, and whether more stands outside of it.

        PDFium's own text, unless something speaks against its order or its words. U+0002 is
        its mark for a hyphen at a line end, before the rest of the word: whether it belongs to
        the word is for the parent, which knows the other pages. Printers' marks outside the box
        are a few characters; a sentence is more.
        """
        textpage = page.get_textpage()
        text = glyphs.bounded(textpage, page.get_bbox())
        everything = glyphs.unbounded(textpage)
        off_page = _inked(everything) - _inked(text) > 20
        mending = glyphs.Mending(textpage, text, everything)
        placed = self._placed(page, textpage, fields, mending)
        return mending.closed_up(placed) if placed else mending.text(), off_page

    def _placed(
        self, page: Any, textpage: Any, fields: Sequence[Field], mending: glyphs.Mending
    ) -> str:
        """The text by the positions of its characters; nothing where PDFium's may stand."""
        if textpage.count_chars() > character_boxes.MAX_GLYPHS:
            return ""
        box, rotation = page.get_bbox(), page.get_rotation()
        self._breaks.sample(textpage, mending.everything, box, rotation)
        steps = doubt.steps(textpage, rotation, box)
        if steps.may_be_raised:
            mending.write(raised.digits(textpage, mending.everything, rotation))
        # On pages turned by a quarter, PDFium glues lines together where their columns meet.
        is_turned = rotation % 180 == 90 or character_boxes.is_turned(textpage, rotation)
        is_mirrored = bidi.MAY_BE_IN.search(mending.everything) is not None
        is_in_doubt = bool(fields) or is_turned or steps.are_doubtful
        is_told_anew = is_turned or is_mirrored or self._breaks.are_wrong
        if not (is_in_doubt or is_told_anew):
            return ""
        by_word, with_objects = not (fields or is_told_anew), bool(fields)
        text = mending.characters()
        found = character_boxes.glyphs(
            textpage, text, box, rotation, whole_words=by_word, with_objects=with_objects
        )
        if self._breaks.are_wrong:
            word_breaks.mend(found)
        if not (is_in_doubt or is_mirrored):
            return found.text()
        placed = bidi.reordered(found.glyphs()) if is_mirrored else found.glyphs()
        if not is_in_doubt:
            return _as_drawn(placed)
        drawn = form_fields.flattened_text(page) if fields else {}
        own, filled = field_places.split(placed, list(fields), drawn, rotation)
        pieces = _in_order(own, steps.mean_nothing)
        if not (filled or is_told_anew or _is_changed(pieces)):
            return ""
        return reading_order.joined(field_places.placed(pieces, filled))


def _in_order(glyphs: list[Glyph], is_order_lost: bool) -> list[reading_order.Piece]:
    """Each direction of writing by itself, in the order in which they first appear."""
    runs = runs_of(glyphs)
    quarters = dict.fromkeys(run.glyphs[0].quarter for run in runs)
    pieces: list[reading_order.Piece] = []
    for quarter in quarters:
        alike = [run for run in runs if run.glyphs[0].quarter == quarter]
        # PDFium sorts by the page's own axes, so that turned lines come in reverse.
        by_position = quarter > 0 or (quarter == 0 and is_order_lost)
        pieces += reading_order.pieces(alike, by_position=by_position)
    return pieces


def _is_changed(pieces: list[reading_order.Piece]) -> bool:
    """Whether they are told in another order than PDFium's, or with other marks between them."""
    # Of turned writing, the breaks within words were healed.
    return any(
        run.index != index or (index and separator != run.separator) or run.glyphs[0].quarter > 0
        for index, (separator, run) in enumerate(pieces)
    )


def _as_drawn(glyphs: list[Glyph]) -> str:
    return "".join(glyph.separator + glyph.char for glyph in glyphs).lstrip("\n ")


def _inked(text: str) -> int:
    if text.isascii():
        return len(text) - sum(map(text.count, _ASCII_BLANKS))
    return len("".join(text.split()))
