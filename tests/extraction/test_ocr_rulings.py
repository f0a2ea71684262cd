"""Rulings go before text is recognized; what letters and pictures are made of stays."""

import pytest

from documents.pipeline.extraction.child.rulings import LONG, without_rulings

WIDTH, HEIGHT = 400, 300
PAPER, INK = 255, 0


def picture(*boxes):
    """White paper with black boxes: left, top, width, height."""
    dots = bytearray([PAPER]) * (WIDTH * HEIGHT)
    for left, top, width, height in boxes:
        for row in range(top, top + height):
            dots[row * WIDTH + left : row * WIDTH + left + width] = bytes([INK]) * width
    return bytes(dots)


def left_of(*boxes):
    return without_rulings(picture(*boxes), WIDTH, HEIGHT)


@pytest.mark.parametrize(
    "ruling",
    [
        (10, 50, LONG, 1),
        (10, 50, 380, 5),
        (0, 50, WIDTH, 3),
        (50, 10, 1, LONG),
        (50, 10, 5, 280),
        (397, 0, 3, HEIGHT),
    ],
)
def test_a_ruling_is_taken_off(ruling):
    assert left_of(ruling) == picture()


def test_a_whole_grid_is_taken_off_and_the_words_in_it_stay():
    grid = [(10, y, 380, 3) for y in (10, 90, 170)] + [(x, 10, 3, 160) for x in (10, 200, 387)]
    words = [(40, 40, 60, 20), (240, 120, 60, 20)]
    assert left_of(*grid, *words) == picture(*words)


@pytest.mark.parametrize(
    "mark",
    [
        (10, 50, LONG - 1, 3),  # a dash, an underlined word
        (10, 50, 3, LONG - 1),
        (10, 50, 300, 40),  # a bar with white words on it, a photograph
        (50, 10, 40, 280),
        (0, 0, WIDTH, HEIGHT),
    ],
)
def test_what_is_short_or_thick_stays(mark):
    assert left_of(mark) == picture(mark)


def test_rulings_that_cross_at_even_steps_are_taken_off():
    grid = [(10, y, 380, 20) for y in range(10, 260, 60)] + [(200, 10, 3, 260)]
    bars = picture(*grid[:-1])
    assert left_of(*grid).count(INK) == bars.count(INK) - 3 * 5 * 20


def test_a_word_that_touches_its_line_keeps_what_is_above():
    word = (60, 30, 40, 20)
    assert left_of((10, 50, 300, 3), word) == picture(word)


def test_dark_ends_of_two_rows_are_no_line():
    end = LONG - 20
    ends = [(WIDTH - end, 50, end, 1), (0, 51, end, 1)]
    assert left_of(*ends) == picture(*ends)


def test_gray_stays_gray():
    gray = bytes([200]) * (WIDTH * HEIGHT)
    assert without_rulings(gray, WIDTH, HEIGHT) == gray
