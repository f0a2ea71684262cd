"""The order in which people read: columns, tables, turned pages; and words cut where they end."""

import pytest

from documents.pipeline.extraction.child import (
    bands,
    character_boxes,
    page_text,
    reading_order,
    word_breaks,
)
from documents.pipeline.extraction.child.columns import Columns
from documents.pipeline.extraction.child.positions import Glyph
from documents.pipeline.extraction.child.runs import Run

from . import pdf_builders_layout as built
from .in_this_process import text_of
from .pdf_builders_layout import LEFT, RIGHT, TASKS, THIRD

HEADING = "Minutes of the yearly meeting, which was held in the great hall of the old office"
NOTE = "1 The minutes of the last meeting were read and approved by all members who were there."
GERMAN = (
    (
        "Gerät und Zubehör, das beim",
        "Versand beschädigt wurde, ist der",
        "Werkstatt zu melden und wird",
        "ohne Kosten ersetzt.",
    ),
    (
        "Die Frist für eine Meldung",
        "beträgt vier Wochen nach",
        "Erhalt der Ware und der",
        "Rechnung des Hauses.",
    ),
)


def lines(data):
    return text_of(data).split("\n")


def words_apart(placed):
    """Each word drawn by itself."""
    return [
        (x + 5.6 * len(" ".join([*words[:n], ""])), y, word)
        for x, y, line in placed
        for words in [line.split()]
        for n, word in enumerate(words)
    ]


@pytest.mark.parametrize(
    ("columns", "x"),
    [
        ((LEFT, RIGHT), (50, 220)),
        ((LEFT, RIGHT, THIRD), (50, 220, 390)),
        ((LEFT, RIGHT[:3]), (50, 300)),
        (GERMAN, (50, 220)),
        ((THIRD, LEFT), (60, 222)),
    ],
)
def test_columns_drawn_row_by_row_are_read_one_after_the_other(columns, x):
    page = built.texts(built.by_rows(*columns, x=x))
    assert lines(page) == [line for column in columns for line in column]


def test_columns_whose_words_are_drawn_one_by_one_are_kept_apart():
    page = built.texts(words_apart(built.by_rows(LEFT, RIGHT, x=(50, 320))))
    assert lines(page) == [*LEFT, *RIGHT]


def test_a_heading_and_a_note_across_the_columns_stay_where_they_are():
    columns = built.by_rows(LEFT, RIGHT, x=(50, 300))
    page = built.texts([(50, 730, HEADING), *columns, (50, 600, NOTE)])
    assert lines(page) == [HEADING, *LEFT, *RIGHT, NOTE]


def test_columns_drawn_one_after_the_other_stay_so():
    assert lines(built.texts(built.by_columns(LEFT, RIGHT))) == [*LEFT, *RIGHT]


@pytest.mark.parametrize(
    "rows",
    [
        (("The seller pays", "Der Verkäufer zahlt"), ("The buyer collects", "Der Käufer holt ab")),
        (("Invoice number", "2024-113"), ("Date of issue", "3 March"), ("Total", "1,250.00")),
        (("water pump", "leaks since spring"), ("main gate", "does not close")),
        (("Survey", "1,250.00", "open"), ("Repair", "98,400.50", "closed")),
        TASKS,
    ],
)
def test_the_cells_of_a_row_stay_on_one_line(rows):
    rows = [*rows, *rows[:1], *rows[1:2]]
    page = built.texts(built.by_rows(*built.transposed(rows)))
    assert lines(page) == ["\t".join(row) for row in rows]


def test_an_empty_cell_keeps_its_place():
    rows = [list(row) for row in TASKS]
    rows[2][1] = ""
    page = built.texts(built.by_rows(*built.transposed(rows)))
    assert lines(page)[2] == "Order the pump\t \t9 March"


def test_a_table_drawn_column_by_column_is_read_by_rows():
    page = built.texts(built.by_columns(*built.transposed(TASKS)))
    assert lines(page) == ["\t".join(row) for row in TASKS]


@pytest.mark.parametrize(
    "columns",
    [
        ([f"alias {n}" for n in range(9)], [f"bind {n + 20}" for n in range(9)]),
        (["Ada Berg", "Ben Carr", "Cleo Dorn"], ["Eve Frost", "Finn Gall", "Gus Horn"]),
        (["Harbor Office", "Quay 12", "Hamburg"], ["Ms. Lopez", "Mill Lane 3", "Oxford"]),
        (["Apples", "Pears", "Plums"], ["Beans", "Kale", "Peas"], ["Rye", "Oats", "Corn"]),
        (["Signed for the seller", "A. Berg", "Manager"], ["For the buyer", "B. Carr", "Owner"]),
    ],
)
def test_lists_and_addresses_side_by_side_are_not_fused(columns):
    page = built.texts(built.by_columns(*columns))
    assert lines(page) == [line for column in columns for line in column]


@pytest.mark.parametrize("page_turned", [0, 90, 180, 270])
@pytest.mark.parametrize("turned", [0, 90, 180, 270])
def test_lines_of_turned_pages_and_turned_writing_follow_each_other(turned, page_turned):
    placed = [(100, 700 - 20 * row, line) for row, line in enumerate(LEFT)]
    page = built.texts(placed, turned=turned, page_turned=page_turned)
    assert lines(page) == list(LEFT)


def test_columns_of_turned_writing_are_told_apart():
    page = built.texts(built.by_rows(LEFT, RIGHT), turned=90)
    assert lines(page) == [*LEFT, *RIGHT]


@pytest.mark.parametrize(
    "rows", [built.TASKS, [("The board met on Monday and approved it all.",)] * 9]
)
def test_a_turned_note_beside_the_text_keeps_its_words(rows):
    note = "Vertical side note reads downward here"
    assert lines(built.with_note(rows, note)) == ["\t".join(row) for row in rows] + [note]


def test_a_watermark_across_the_page_does_not_disturb_its_order():
    placed = [(60, 700 - 20 * row, line) for row, line in enumerate(LEFT + RIGHT)]
    text = "\n".join(lines(built.watermarked(placed))).replace("DRAFT COPY", "\n")
    assert [line for line in text.split("\n") if line] == [*LEFT, *RIGHT]


def test_a_page_drawn_from_its_foot_is_read_from_its_head():
    placed = [(60, 700 - 20 * row, line) for row, line in enumerate(LEFT + RIGHT)]
    assert lines(built.texts(placed[::-1])) == [*LEFT, *RIGHT]


# Word breaks.

GLUED = "Where there are any remaining arguments, this shell was invoked with them after all."


@pytest.mark.parametrize("creator", [b"groff version 1.22.4", b"another writer"])
def test_words_with_a_shift_between_them_are_two(creator):
    assert lines(built.shifted_words(*[GLUED] * 5, creator=creator)) == [GLUED] * 5


@pytest.mark.parametrize("gap", [1, 2, 4])
def test_a_heading_whose_letters_are_spaced_out_stays_whole(gap):
    assert lines(built.letters_apart("ANNUAL REPORT", gap=gap))[0] == "ANNUAL REPORT"


def glyphs(*parts, height=10.0):
    """Letters on one line, each with the gap and the separator before it."""
    found, right = [], 0.0
    for gap, separator, char in parts:
        found.append(Glyph(char, separator, right + gap, 0, right + gap + 5, height))
        right += gap + 5
    return found


def columns(page):
    edges = zip(*[(each.left, each.bottom, each.right, each.top) for each in page], strict=True)
    chars, separators, quarters = zip(
        *[(each.char, each.separator, each.quarter) for each in page], strict=True
    )
    return Columns(list(chars), list(separators), tuple(edges), list(quarters))


def mended(*parts):
    page = glyphs(*[(0, "", letter) for letter in "ordinaryletterstocomparewith"])
    tail = glyphs(*parts)
    for glyph in tail:
        glyph.bottom, glyph.top = -20.0, -10.0
    tail[0].separator = "\n"
    page = columns(page + tail)
    word_breaks.mend(page)
    return "".join(glyph.separator + glyph.char for glyph in page.glyphs()[-len(tail) :]).lstrip()


@pytest.mark.parametrize(
    ("parts", "text"),
    [
        ([(0, "", "a"), (2.7, "", "b"), (0, "", "c")], "a bc"),
        ([(0, "", "a"), (-0.2, " ", "b"), (0, "", "c")], "abc"),
        ([(0, "", "v"), (-0.6, "", "o"), (0, "", "w")], "vow"),
        ([(0, "", "a"), (2.7, "", "."), (2.7, "", "B")], "a. B"),
        ([(0, "", "a"), (2.7, " ", "b"), (0.5, "", "c")], "a bc"),
        ([(0, "", "測"), (2.7, "", "試"), (0, "", "文")], "測試文"),
        ([(3, "" if n else "\n", letter) for n, letter in enumerate("TITLE")], "TITLE"),
        ([(0, "", "3"), (0.5, " ", "5"), (0, "", "0")], "3 50"),
    ],
)
def test_words_end_where_the_gap_is_wide_for_their_line(parts, text):
    assert mended(*parts) == text


def test_gaps_are_not_trusted_where_letters_are_wider_than_their_boxes():
    page = columns(glyphs(*[(3 * (n % 3), "", "x") for n in range(60)]))
    word_breaks.mend(page)
    assert set(page.separators) == {""}


# What it may cost.


def run(index, left, top, text="x"):
    return Run(index, [Glyph(text, "\n", left, top - 10, left + 20, top)])


def test_a_page_of_too_many_letters_is_read_as_it_is_drawn():
    textpage = type("TextPage", (), {"count_chars": lambda self: character_boxes.MAX_GLYPHS + 1})()
    reader = page_text.PageTexts.__new__(page_text.PageTexts)
    assert reader._placed(None, textpage, (), None) == ""


def test_too_many_pieces_are_told_as_they_are_drawn(monkeypatch):
    monkeypatch.setattr(reading_order, "MAX_RUNS", 5)
    pieces = [run(n, 50, 100 + 20 * n) for n in range(6)]
    assert [piece.index for _, piece in reading_order.pieces(pieces, by_position=True)] == [
        0, 1, 2, 3, 4, 5,
    ]  # fmt: skip
    assert [piece.index for _, piece in reading_order.pieces(pieces[:5], by_position=True)] == [
        4, 3, 2, 1, 0,
    ]  # fmt: skip


def test_a_row_of_too_many_cells_is_no_table(monkeypatch):
    rows = [[run(n, 50 + 40 * n, 700 - 20 * row) for n in range(6)] for row in range(5)]
    assert len(bands.bands_of(rows)) == 1
    monkeypatch.setattr(bands, "MAX_CELLS", 5)
    assert bands.bands_of(rows) == []
