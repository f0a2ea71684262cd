"""Words recognized in a scan are read where its picture shows ink, and nowhere else."""

import pytest
from PIL import Image, ImageDraw, ImageFont
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader

from tests.hostile_files import HIDDEN, SENTENCE, drawn

LINES = [f"{SENTENCE} Line {number}." for number in range(1, 9)]
WIDTH, HEIGHT = (round(side * 2) for side in A4)


def scan(lines=LINES, *, shift=0, bar=None, paper=255, ink=0):
    """The picture of a page with these lines, 30 points apart from 700 down."""
    picture = Image.new("L", (WIDTH, HEIGHT), paper)
    pen = ImageDraw.Draw(picture)
    font = ImageFont.load_default(size=24)
    for number, line in enumerate(lines):
        pen.text((144, HEIGHT - 2 * (708 - 30 * number + shift)), line, fill=ink, font=font)
    if bar:
        pen.rectangle(bar, fill=0)
    return picture


def page(picture, words, *, way="unpainted", tiles=1, after=None):
    """Words at the places of the lines, and the picture over or below them."""

    def place(pdf):
        height = A4[1] / tiles
        for tile in range(tiles):
            top = HEIGHT * (tiles - 1 - tile) // tiles
            part = picture.crop((0, top, WIDTH, top + HEIGHT // tiles))
            pdf.drawImage(ImageReader(part), 0, tile * height, A4[0], height)

    def draw(pdf):
        if way == "over":
            place(pdf)
        for text, y in words:
            block = pdf.beginText(72, y)
            block.setFont("Helvetica", 11)
            if way == "white":
                block.setFillGray(1)
            elif way in ("unpainted", "over"):
                block.setTextRenderMode(3)
            block.textLine(text)
            pdf.drawText(block)
        if way != "over":
            place(pdf)
        if after:
            after(pdf)

    return drawn(draw)


WORDS = [(line, 700 - 30 * number) for number, line in enumerate(LINES)]


@pytest.mark.parametrize("way", ["unpainted", "over", "white", "black"])
@pytest.mark.parametrize("tiles", [1, 5])
def test_recognized_words_are_read_wherever_they_stand(way, tiles, read):
    [only] = read(page(scan(), WORDS, way=way, tiles=tiles)).pages
    assert only.text.split() == " ".join(LINES).split()
    assert only.condition == "read"


@pytest.mark.parametrize(
    "picture",
    [
        lambda: scan(ink=140),
        lambda: scan(paper=120, ink=20),
        lambda: scan(paper=20, ink=230),
        lambda: scan(shift=6),
        lambda: scan(shift=-14),
    ],
    ids=["faint", "gray", "inverted", "a little off", "a line off"],
)
def test_a_poor_scan_keeps_its_words(picture, read):
    [only] = read(page(picture(), WORDS)).pages
    assert only.text.split() == " ".join(LINES).split()


@pytest.mark.parametrize("way", ["unpainted", "over", "white"])
def test_words_on_the_blank_margin_of_a_scan_are_hidden(way, read):
    [only] = read(page(scan(), [*WORDS, (HIDDEN, 200)], way=way)).pages
    assert (only.text.split(), only.condition) == (" ".join(LINES).split(), "hidden_text")


@pytest.mark.parametrize("is_drawn", [True, False])
def test_words_under_a_bar_on_a_scan_are_hidden(is_drawn, read):
    def bar(pdf):
        pdf.rect(60, 576, 500, 24, fill=1)

    def white(pdf):
        pdf.setFillGray(1)
        pdf.rect(60, 576, 500, 24, fill=1, stroke=0)

    burnt = scan(bar=(120, HEIGHT - 1200, 1120, HEIGHT - 1150))
    for data in (
        page(scan(), WORDS, after=bar) if is_drawn else page(burnt, WORDS),
        page(scan(), WORDS, after=white),
    ):
        [only] = read(data).pages
        assert "Line 5" not in only.text.replace("\n", " ")
        assert "Line 4" in only.text
        assert "Line 6" in only.text


def test_words_below_a_picture_that_shows_nothing_are_hidden(outcome):
    blank = Image.new("L", (WIDTH, HEIGHT), 255)
    assert outcome(page(blank, [(HIDDEN, 500)])) == "no_text"


def test_text_below_a_large_photograph_is_hidden_where_most_of_the_page_is_seen(read):
    def draw(pdf):
        pdf.drawString(72, 300, HIDDEN)
        pdf.drawImage(ImageReader(scan()), 0, 0, A4[0], 480)
        for row in range(6):
            pdf.drawString(72, 800 - 20 * row, SENTENCE)

    [only] = read(drawn(draw)).pages
    assert (HIDDEN in only.text, only.condition) == (False, "hidden_text")


def test_one_word_under_a_bar_leaves_the_others_of_its_line(read):
    picture = scan()
    ImageDraw.Draw(picture).rectangle((140, HEIGHT - 1420, 200, HEIGHT - 1390), fill=0)
    [only] = read(page(picture, WORDS)).pages
    assert only.text.split()[:3] == ["quay", "wall", "was"]
