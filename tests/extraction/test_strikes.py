"""Words that somebody struck out stay on the page, and it is told how many letters they have."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import pikepdf
import pytest
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen import canvas

from documents.pipeline.extraction.child import pdfium_pages
from documents.pipeline.extraction.transcript import Transcript
from tests.extraction.in_this_process import JOB
from tests.hostile_files import drawn, pages

BEFORE, STRUCK, BEHIND = "The tenant pays ", "the repairs and 500 euros", ", says the board."
LETTERS = len("therepairsand500euros")
FOOT = 700
LEFT = 72 + stringWidth(BEFORE, "Helvetica", 12)
RIGHT = LEFT + stringWidth(STRUCK, "Helvetica", 12)


def page_with(draw: Callable[[canvas.Canvas], object]) -> bytes:
    def draw_page(pdf: canvas.Canvas) -> None:
        pdf.setFont("Helvetica", 12)
        pdf.drawString(72, FOOT, BEFORE + STRUCK + BEHIND)
        pdf.drawString(72, 300, "The board met on Monday and discussed the plan for the plant.")
        draw(pdf)

    return drawn(draw_page)


def annotated(subtype: str, **entries: object) -> bytes:
    with pikepdf.open(BytesIO(page_with(lambda pdf: None))) as pdf:
        rectangle = pikepdf.Array([round(LEFT), FOOT - 3, round(RIGHT), FOOT + 9])
        annotation = pikepdf.Dictionary(
            Type=pikepdf.Name.Annot, Subtype=pikepdf.Name(f"/{subtype}"), Rect=rectangle, **entries
        )
        pdf.pages[0].Annots = pikepdf.Array([pdf.make_indirect(annotation)])
        out = BytesIO()
        pdf.save(out)
    return out.getvalue()


def quad(left: float, right: float) -> pikepdf.Array:
    low, high = FOOT - 3, FOOT + 9
    return pikepdf.Array(map(round, [left, high, right, high, left, low, right, low]))


def struck(data: bytes) -> int:
    [page] = [message for message in pdfium_pages.read_pages(data, JOB) if "page" in message]
    assert (BEFORE + STRUCK + BEHIND) in page["text"]
    return page["struck_out"]


def line(height: float, *, width: float = 1, left: float = LEFT, right: float = RIGHT):
    def draw(pdf: canvas.Canvas) -> None:
        pdf.setLineWidth(width)
        pdf.line(left, FOOT + height, right, FOOT + height)

    return draw


def test_what_a_reviewer_struck_out_is_counted():
    assert struck(annotated("StrikeOut", QuadPoints=quad(LEFT, RIGHT))) == LETTERS
    assert struck(annotated("StrikeOut")) == LETTERS
    assert struck(annotated("StrikeOut", QuadPoints=quad(LEFT, RIGHT), F=2)) == 0
    assert struck(annotated("Highlight", QuadPoints=quad(LEFT, RIGHT))) == 0
    assert struck(annotated("Underline", QuadPoints=quad(LEFT, RIGHT))) == 0


def test_a_line_that_a_reviewer_drew_through_words_strikes_them():
    ends = [round(LEFT), FOOT + 4, round(RIGHT), FOOT + 4]
    assert struck(annotated("Line", L=pikepdf.Array(ends))) == LETTERS
    ends[1] = ends[3] = FOOT - 2
    assert struck(annotated("Line", L=pikepdf.Array(ends))) == 0


@pytest.mark.parametrize(
    "draw",
    [
        line(4),
        line(3.2, width=0.5),
        line(4.5, width=1.5),
        line(4, left=LEFT - 2, right=RIGHT + 2),
        lambda pdf: pdf.rect(LEFT, FOOT + 3.5, RIGHT - LEFT, 0.8, stroke=0, fill=1),
        lambda pdf: [line(height)(pdf) for height in (3, 5)],
    ],
)
def test_a_line_through_words_strikes_them(draw):
    assert struck(page_with(draw)) == LETTERS


def test_a_line_over_a_whole_row_of_pieces_strikes_all_of_them():
    def draw(pdf: canvas.Canvas) -> None:
        x = 72.0
        for word in ("All", "of", "this", "is", "void"):
            pdf.drawString(x, 500, word)
            x += stringWidth(word + " ", "Helvetica", 12)
        pdf.line(70, 504, x, 504)

    assert struck(page_with(draw)) == len("Allofthisisvoid")


def test_a_page_shown_turned_has_its_strikes():
    def draw(pdf: canvas.Canvas) -> None:
        pdf.setPageRotation(90)
        pdf.translate(300, 0)
        pdf.rotate(90)
        pdf.drawString(72, 100, "Only this is void on it.")
        pdf.line(72, 104, 200, 104)

    [page] = [each for each in pdfium_pages.read_pages(drawn(draw), JOB) if "page" in each]
    assert page["struck_out"] == len("Onlythisisvoidonit")


@pytest.mark.parametrize(
    "draw",
    [
        line(-1.5),
        line(10.5),
        line(4, left=20, right=570),
        line(4, left=300 + RIGHT, right=380 + RIGHT),
        lambda pdf: (pdf.setStrokeColorRGB(1, 1, 1), line(4)(pdf)),
        lambda pdf: pdf.line(LEFT, FOOT - 40, RIGHT, FOOT + 40),
        lambda pdf: pdf.grid([72, 200, 400], [FOOT - 4, FOOT + 12]),
    ],
)
def test_rules_beside_words_strike_nothing(draw):
    assert struck(page_with(draw)) == 0


def test_pages_tell_it_and_text_files_have_none(read):
    [page] = read(page_with(line(4))).pages
    assert (page.struck_out, page.condition) == (LETTERS, "read")
    [page] = read(pages("The board met on Monday and discussed the plan.")).pages
    assert page.struck_out == 0


def test_a_count_that_cannot_be_is_not_believed():
    transcript = Transcript("pdfium")
    transcript.take({"pages_total": 3})
    for number, sent in enumerate([-1, "7", True], 1):
        transcript.take({"page": number, "text": "x", "struck_out": sent})
    assert [draft.struck_out for draft in transcript.drafts] == [None, None, None]
