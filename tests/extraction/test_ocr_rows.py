"""Rows of forms and tables stay together, columns of running text stay apart."""

import pytest

from documents.pipeline.extraction.ocr.rows import in_rows, is_torn
from documents.pipeline.extraction.ocr.words import Word, recognized


def block(number, left, *lines, top=100, step=50, slope=0.0):
    """A block of the engine: words of 80 by 30 pixels, a line every `step`."""
    for line, text in enumerate(lines):
        for place, word in enumerate(text.split()):
            x = left + 100 * place
            y = int(top + step * line + slope * x)
            yield Word(1, number, 1, line, x, y, x + 80, y + 30, 95.0, word)


def text_of(*blocks):
    return recognized(in_rows([word for each in blocks for word in each])).text


LABELS = ("Name:", "Days:", "Approved by:")
VALUES = ("Ana Silva", "12 days", "Tom Reed")
RUNNING = ("the harbor committee met again", "and it approved all repairs", "of the old quay wall")
OTHER = ("its budget was told by them", "as ten thousand each year", "for the next four years")


@pytest.mark.parametrize("slope", [0.0, 0.017, -0.017], ids=["straight", "askew", "the other way"])
def test_labels_and_values_are_rows(slope):
    text = text_of(block(1, 100, *LABELS, slope=slope), block(2, 500, *VALUES, slope=slope))
    assert text.split("\n") == ["Name: Ana Silva", "Days: 12 days", "Approved by: Tom Reed"]


def test_cells_of_a_table_are_rows_in_the_order_of_their_columns():
    tasks = block(1, 100, "Order crane", "Pay diver")
    owners = block(2, 600, "Sam Reed", "Tom Hall")
    dates = block(3, 1000, "Friday", "2 May")
    assert text_of(tasks, dates, owners) == "Order crane Sam Reed Friday\nPay diver Tom Hall 2 May"


def test_an_empty_cell_takes_no_others_place():
    rows = text_of(block(1, 100, "Rope", "Buoy", "Total"), block(2, 500, "37.50", "160", top=100))
    assert rows.split("\n") == ["Rope 37.50", "Buoy 160", "Total"]


def test_columns_of_running_text_stay_apart():
    blocks = (block(1, 100, *RUNNING), block(2, 900, *OTHER))
    assert text_of(*blocks) == "\n".join(RUNNING) + "\n\n" + "\n".join(OTHER)


def test_short_lines_that_are_not_level_stay_apart():
    blocks = (block(1, 100, "One", "Two", "Three"), block(2, 500, "Four", "Five", top=125, step=60))
    assert text_of(*blocks) == "One\nTwo\nThree\n\nFour\nFive"


def test_blocks_below_each_other_keep_their_order():
    blocks = (block(1, 100, *LABELS), block(2, 500, *VALUES, top=900))
    assert text_of(*blocks) == "\n".join(LABELS) + "\n\n" + "\n".join(VALUES)


def test_a_table_among_running_text_stands_where_it_stood():
    text = text_of(
        block(1, 100, *RUNNING),
        block(2, 100, *LABELS, top=400),
        block(3, 500, *VALUES, top=400),
        block(4, 100, *OTHER, top=700),
    )
    first, rows, last = text.split("\n\n")
    assert (first, last) == ("\n".join(RUNNING), "\n".join(OTHER))
    assert rows.startswith("Name: Ana Silva")


def test_no_word_is_lost_or_said_twice():
    words = [*block(1, 100, *LABELS), *block(2, 500, *VALUES), *block(3, 900, *RUNNING)]
    assert sorted(word.text for word in in_rows(words)) == sorted(word.text for word in words)


@pytest.mark.parametrize(
    ("blocks", "torn"),
    [
        ([(100, LABELS), (500, VALUES)], True),
        ([(100, RUNNING), (900, OTHER)], False),
        ([(100, RUNNING), (900, OTHER), (2000, LABELS)], False),
        ([(100, ("1.", "2.", "3.")), (300, RUNNING)], True),
        ([(100, RUNNING)], False),
        ([], False),
    ],
)
def test_pages_are_read_again_only_where_rows_are_torn(blocks, torn):
    words = [
        word for number, (left, lines) in enumerate(blocks) for word in block(number, left, *lines)
    ]
    assert is_torn(words) is torn


def test_a_page_of_crumbs_is_not_compared_for_ever():
    words = [word for number in range(500) for word in block(number, number * 90, "crumb")]
    assert in_rows(words) == words
