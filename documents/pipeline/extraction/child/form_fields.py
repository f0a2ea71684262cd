"""Form fields: what each shows on the page, so that it can be told beside its label."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from . import pdfium as raw
from .positions import Box, Glyph, upright

MAX_FIELDS = 400
_MAX_DEPTH = 4
_MAX_LABEL = 200
_MAX_OBJECTS = 20_000

_UNSEEN = raw.FPDF_ANNOT_FLAG_HIDDEN | raw.FPDF_ANNOT_FLAG_NOVIEW | raw.FPDF_ANNOT_FLAG_INVISIBLE
_MARKED = {raw.FPDF_FORMFIELD_CHECKBOX, raw.FPDF_FORMFIELD_RADIOBUTTON}
_FILLED = {
    raw.FPDF_FORMFIELD_TEXTFIELD,
    raw.FPDF_FORMFIELD_COMBOBOX,
    raw.FPDF_FORMFIELD_LISTBOX,
}


class Field(NamedTuple):
    """One widget on the page; `mark` is the text for a box to tick, none for others.

    A list shows all its lines: `selected` are those that were chosen.
    """

    box: Box
    mark: str = ""
    selected: frozenset[str] = frozenset()

    def holds(self, glyph: Glyph, rotation: int) -> bool:
        left, bottom, right, top = upright(self.box, rotation)
        x, y = (glyph.left + glyph.right) / 2, (glyph.bottom + glyph.top) / 2
        return left <= x <= right and bottom <= y <= top


def fields_of(page: Any) -> list[Field]:
    """The fields that a reader sees. Those that no screen shows are removed from the page.

    To be asked before the page is flattened, which would print some of them.
    """
    found: list[Field] = []
    if page.has_only_links:
        return found
    count = min(raw.FPDFPage_GetAnnotCount(page), 2 * MAX_FIELDS)
    for index in reversed(range(count)):
        with _annotation(page, index) as annotation:
            is_widget = raw.FPDFAnnot_GetSubtype(annotation) == raw.FPDF_ANNOT_WIDGET
            is_unseen = bool(raw.FPDFAnnot_GetFlags(annotation) & _UNSEEN)
            if is_widget and not is_unseen:
                found += _field(page, annotation)
        if is_widget and is_unseen:
            raw.FPDFPage_RemoveAnnot(page, index)
    return found[:MAX_FIELDS]


@contextmanager
def _annotation(page: Any, index: int) -> Iterator[Any]:
    annotation = raw.FPDFPage_GetAnnot(page, index)
    try:
        yield annotation
    finally:
        if annotation:
            raw.FPDFPage_CloseAnnot(annotation)


def _field(page: Any, annotation: Any) -> Iterator[Field]:
    if not annotation or page.formenv is None:
        return
    kind = raw.FPDFAnnot_GetFormFieldType(page.formenv, annotation)
    box = raw.Rectangle()
    if kind not in _MARKED | _FILLED or not raw.FPDFAnnot_GetRect(annotation, ctypes.byref(box)):
        return
    mark = ""
    if kind in _MARKED:
        mark = "[x]" if raw.FPDFAnnot_IsChecked(page.formenv, annotation) else "[ ]"
    is_list = kind == raw.FPDF_FORMFIELD_LISTBOX
    selected = frozenset(_selected(page, annotation) if is_list else ())
    yield Field((box.left, box.bottom, box.right, box.top), mark, selected)


def _selected(page: Any, annotation: Any) -> Iterator[str]:
    count = raw.FPDFAnnot_GetOptionCount(page.formenv, annotation)
    for index in range(min(count, MAX_FIELDS)):
        if raw.FPDFAnnot_IsOptionSelected(page.formenv, annotation, index):
            label = (ctypes.c_ushort * _MAX_LABEL)()
            size = ctypes.sizeof(label)
            written = raw.FPDFAnnot_GetOptionLabel(page.formenv, annotation, index, label, size)
            if 2 < written <= size:
                yield bytes(label)[: written - 2].decode("utf-16-le", "replace")


def flattened_text(page: Any) -> dict[int | None, int]:
    """The text objects that flattening drew, each with the number of its annotation.

    All are in the form that comes last on the page, which holds one form for each annotation.
    """
    last = raw.FPDFPage_CountObjects(page) - 1
    whole = raw.FPDFPage_GetObject(page, last) if last >= 0 else None
    left = [_MAX_OBJECTS]
    return {
        text: number
        for number, part in enumerate(_parts(whole, left))
        for text in _text_objects(part, 0, left)
    }


def _text_objects(thing: Any, depth: int, left: list[int]) -> Iterator[int | None]:
    if raw.FPDFPageObj_GetType(thing) == raw.FPDF_PAGEOBJ_TEXT:
        yield thing
    elif depth < _MAX_DEPTH:
        for part in _parts(thing, left):
            yield from _text_objects(part, depth + 1, left)


def _parts(thing: Any, left: list[int]) -> Iterator[Any]:
    """What a form holds, as long as the number of objects allows."""
    if not thing or raw.FPDFPageObj_GetType(thing) != raw.FPDF_PAGEOBJ_FORM:
        return
    for index in range(raw.FPDFFormObj_CountObjects(thing)):
        left[0] -= 1
        if left[0] < 0:
            return
        yield raw.FPDFFormObj_GetObject(thing, index)
