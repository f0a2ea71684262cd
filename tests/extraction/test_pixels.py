"""Pixels decide what is hidden: each way to paint a text is read as a person sees it."""

from io import BytesIO

import pikepdf
import pytest

from tests import hostile_files
from tests.extraction import pdf_builders_pixels as build
from tests.extraction.pdf_builders_pixels import HIDDEN, PLAIN, SECRET, TITLE, VISIBLE


def read_all(read, builders):
    """The pages of one document made of all, by name; a layer is known in its own file only."""
    apart = [name for name in builders if "layer" in name or "off" in name]
    together = [name for name in builders if name not in apart]
    with pikepdf.new() as whole:
        for name in together:
            with pikepdf.open(BytesIO(builders[name]())) as one:
                whole.pages.extend(one.pages)
        out = BytesIO()
        whole.save(out)
    pages = dict(zip(together, read(out.getvalue()).pages, strict=True))
    return pages | {name: read(builders[name]()).pages[0] for name in apart}


def test_what_a_person_sees_is_read(read):
    pages = read_all(read, VISIBLE)
    wrong = [
        name
        for name, page in pages.items()
        if page.condition != "read" or not {PLAIN, TITLE} <= set(page.text.splitlines())
    ]
    assert wrong == []


def test_what_nobody_sees_is_left_out_and_the_page_says_so(read):
    pages = read_all(read, HIDDEN)
    wrong = [
        name
        for name, page in pages.items()
        if page.condition != "hidden_text"
        or PLAIN not in page.text
        or any(word in page.text for word in set(SECRET.split()) - set(PLAIN.split()))
    ]
    assert wrong == []


@pytest.mark.parametrize("gray", [0.85, 0.9])
def test_every_letter_of_a_pale_slanted_watermark_is_seen(gray, read):
    mark = "%s g BT /F1 %d Tf .707 .707 -.707 .707 %d %d Tm (%s) Tj ET\n"
    lines = [(70, 130, 340, "DRAFT"), (70, 190, 290, "COPY"), (40, 300, 60, "VOID BY MAY")]
    shown = "".join(mark % (gray, *line) for line in lines)
    [page] = read(build.page_of(shown.encode())).pages
    assert page.condition == "read"
    assert {"DRAFT", "COPY", "VOID", "BY", "MAY"} <= set(page.text.split())


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_of_a_line_under_a_bar_only_what_is_covered_is_left_out(turn, read):
    data = build.page_of(
        build.line("Witness: Maria Lopez, heard on Monday", 600) + b"0 g 118 594 72 16 re f",
        more=b"/Rotate %d" % turn,
    )
    [page] = read(data).pages
    seen = ["Witness:", "heard", "on", "Monday"]
    # In whichever order the lines of a turned page come.
    assert sorted(page.text.split()) == sorted([*PLAIN.split(), *seen])


def test_the_value_of_a_field_counts_although_its_box_is_too_small(read):
    [page] = read(hostile_files.form_field()).pages
    assert (page.condition, "Maria Lopez of the harbor office" in page.text) == ("read", True)


def test_a_page_of_which_most_was_left_out_is_named_among_the_unread(read):
    mostly = build.page_of(build.line(SECRET, 600, before="1 g"))
    more = build.page_of(b"".join(build.line(SECRET, y, before="1 g") for y in range(500, 700, 20)))
    assert read(mostly).unread == []
    assert read(more).unread == [{"page": 1, "reason": "mostly_hidden"}]
