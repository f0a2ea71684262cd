"""HTML in mail: what a reader of it sees, line by line, and nothing that is hidden or void."""

import pytest

from documents.pipeline.extraction.text import marks
from documents.pipeline.extraction.text.markup import text_of_html


def shown(markup):
    return marks.read(text_of_html(markup).text).text


def told(markup):
    page = marks.read(text_of_html(markup).text)
    return page.text, page.has_hidden, page.struck_out


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<section>one</section><section>two</section>", "one\ntwo"),
        ("<dl><dt>Total</dt><dd>20</dd></dl><h5>Head</h5>", "Total\n20\n\nHead"),
        ("<dl><dt>Total<dd>20<dt>Tax<dd>4</dl>", "Total\n20\nTax\n4"),
        ("<article>a</article>b<main>c</main><figcaption>d</figcaption>", "a\nb\nc\nd"),
        ("<center>a</center><fieldset><legend>b</legend>c</fieldset>", "a\nb\nc"),
        ("<ul><li>a<ul><li>b<li>c</ul><li>d</ul>", "a\nb\nc\nd"),
        ("<div>a</div><div><br></div><div>b</div><div>c</div>", "a\n\nb\nc"),
        ("<p>a<p>b", "a\n\nb"),
        ("see <a href=x>the <b>li</b>st</a> of<font> all</font>", "see the list of all"),
        ("a<o:p>b</o:p><wbr>c", "abc"),
    ],
)
def test_all_but_inline_elements_have_lines_of_their_own(markup, text):
    assert shown(markup) == text


def test_cells_are_parted_by_tabs_whatever_is_in_them():
    rows = "<tr><th>Task</th><th>Owner<th>Due</tr><tr><td><p>Call</p><td></td><td><div>May</div>"
    assert shown(f"<table>{rows}</table>end") == "Task\tOwner\tDue\nCall\t \tMay\nend"


def test_the_cells_of_a_layout_stand_below_each_other():
    cell = "<td><p>one</p><p>two</p></td><td>three</td>"
    assert shown(f"<table><tr>{cell}</tr></table>") == "one\n\ntwo\n\nthree"


@pytest.mark.parametrize(
    "markup",
    [
        "<pre>a\nb</pre>",
        "<div style='white-space: pre-wrap'>a\nb</div>",
        "<textarea>a\nb</textarea>",
    ],
)
def test_lines_that_are_kept_stay_lines(markup):
    assert shown(markup) == "a\nb"


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("10<sup>3</sup> and 10<sup>-6</sup>", "10³ and 10⁻⁶"),
        ("500<sup><a href=#n>1</a></sup> euros", "500¹ euros"),
        ("500<span style='vertical-align:super'>1</span>", "500¹"),
        ("log<sub>2</sub>8", "log₂8"),
        ("the 3<sup>rd</sup> of May", "the 3rd of May"),
    ],
)
def test_raised_digits_are_no_part_of_a_number(markup, text):
    assert shown(markup) == text


@pytest.mark.parametrize(
    "markup",
    [
        "by <s>20 May</s> <ins>25 May</ins>",
        "by <strike>20 May </strike>25 May",
        "by <del>20 <b>May</b></del> 25 May",
        "by<span style='text-decoration: line-through red'> 20 May</span> 25 May",
        "by <span style='text-decoration-line:line-through'>20 May</span> 25 May",
    ],
)
def test_what_is_struck_out_is_marked_and_counted(markup):
    assert told(markup) == ("by ~~20 May~~ 25 May", False, 5)


def test_a_strike_over_several_lines_is_marked_on_each():
    assert told("<del><p>one</p><p>two</p></del>six") == ("~~one~~\n\n~~two~~\n\nsix", False, 6)


@pytest.mark.parametrize(
    "hidden",
    [
        "<div style='display:none'>gone <p>too</div>",
        "<div style='DISPLAY : none !important'><i><i>gone</div>",
        "<span hidden>gone</span>",
        "<span style='visibility:hidden'>gone</span>",
        "<span style='opacity:0'>gone</span>",
        "<span style='font-size:0px'>gone</span>",
        "<span style='color:transparent'>gone</span>",
        "<span style='color:rgba(0, 0, 0, 0)'>gone</span>",
        "<div style='max-height:0;overflow:hidden'>gone</div>",
        "<div style='position:absolute;left:-9999px'>gone</div>",
        "<dialog>gone</dialog>",
    ],
)
def test_what_nobody_sees_is_passed_over_and_that_is_known(hidden):
    text, has_hidden, _ = told(f"<p>seen</p>{hidden}<p>as well</p>")
    assert (text, has_hidden) == ("seen\n\nas well", True)


@pytest.mark.parametrize(
    "markup",
    [
        "<td style='font-size:0px'><div style='font-size:13px'>seen</div></td>",
        "<div style='visibility:hidden'><b style='visibility:visible'>seen</b></div>",
        "<div style='display:none;display:block'>seen</div>",
        "<div style='max-height:0'>seen</div>",
        "<p style='opacity:0.9'>seen</p>",
        "<p hidden><p>seen",
    ],
)
def test_what_is_seen_after_all_is_read(markup):
    assert told(markup) == ("seen", False, 0)


@pytest.mark.parametrize(
    "head",
    [
        "<html><head><style>p{}</style><body>",
        "<html><head><title>T</title><p>",
        "<html><head><meta charset=utf-8>",
        "<head><link rel=x><div>",
    ],
)
def test_a_head_without_its_end_ends_where_the_body_begins(head):
    assert told(f"{head}The roof leaks.") == ("The roof leaks.", False, 0)


@pytest.mark.parametrize(
    ("markup", "is_lost"),
    [
        ("<div style='display:none'>All of it</div>", True),
        ("<html><iframe>All of it</iframe>", True),
        ("<img src=x>", False),
        ("<style>p { color: red }</style>", False),
        ("<p>All of it</p>", False),
    ],
)
def test_letters_of_which_none_comes_out_are_lost(markup, is_lost):
    assert text_of_html(markup).is_lost is is_lost


def test_the_marks_of_a_stranger_are_none():
    assert told("a\ufdd0b\ufdd1c") == ("abc", False, 0)
