"""Forms: each value beside its label, and which box is ticked."""

import pytest

from documents.pipeline.extraction.child import field_places
from documents.pipeline.extraction.child.form_fields import Field
from documents.pipeline.extraction.child.positions import Glyph
from documents.pipeline.extraction.child.runs import Run

from .in_this_process import text_of
from .pdf_builders_layout import drawn_once, form, shown, text_field, tick_box

LABELS = [(60, 700, "Name:"), (60, 670, "Days:"), (60, 640, "Reason:")]
VALUES = [shown("Ana Silva"), shown("12"), shown("Family visit")]
TICK = drawn_once(b"0 0 m 12 12 l 0 12 m 12 0 l S")
NO_TICK = drawn_once(b"")


def fields(*names):
    places = {"name": (140, 695), "days": (140, 665), "reason": (140, 635)}
    looks = {"name": 6, "days": 7, "reason": 8}
    return [text_field(name, places[name], looks[name]) for name in names]


@pytest.mark.parametrize(
    "order",
    [("name", "days", "reason"), ("reason", "days", "name"), ("days", "reason", "name")],
)
def test_values_stand_beside_their_labels_in_whatever_order_they_are_kept(order):
    page = form(LABELS, *fields(*order), appearances=VALUES)
    assert text_of(page) == "Name: Ana Silva\nDays: 12\nReason: Family visit"


def test_two_fields_on_one_line_each_follow_their_own_label():
    labels = [(60, 700, "First name:"), (350, 700, "Last name:"), (60, 670, "City:")]
    boxes = [(120, 695), (410, 695), (120, 665)]
    parts = [text_field(f"f{n}", box, 6 + n) for n, box in enumerate(boxes)]
    page = form(labels, *parts, appearances=[shown("Ana"), shown("Silva"), shown("Lisbon")])
    assert text_of(page) == "First name: Ana\tLast name: Silva\nCity: Lisbon"


def test_values_below_their_labels_make_a_line_of_their_own():
    labels = [(60, 700, "First name"), (300, 700, "Last name"), (60, 640, "City")]
    boxes = [(60, 675), (300, 675), (60, 615)]
    parts = [text_field(f"f{n}", box, 6 + n) for n, box in enumerate(boxes)]
    page = form(labels, *parts, appearances=[shown("Ana"), shown("Silva"), shown("Lisbon")])
    assert text_of(page) == "First name Last name\nAna\tSilva\nCity\nLisbon"


def test_a_value_upon_dots_stands_before_them():
    page = form(
        [(60, 700, "Name: ..........., member")],
        text_field("n", (92, 695), 6),
        appearances=[shown("Ana")],
    )
    assert text_of(page).startswith("Name: . Ana ....")


def test_a_field_of_several_lines_stays_whole():
    box = text_field("a", (140, 665), 6, height=45)
    page = form(
        [(60, 697, "Address:"), (60, 640, "Phone:")],
        box,
        text_field("p", (140, 635), 7),
        appearances=[shown("Mill Lane 3", "Oxford", height=45), shown("123 45")],
    )
    assert text_of(page) == "Address: Mill Lane 3\nOxford\nPhone: 123 45"


def test_a_field_without_a_label_and_a_value_wider_than_its_field_are_whole():
    value = "The family of the applicant visits the harbor office together"
    page = form([], text_field("a", (92, 695), 6), appearances=[shown(value)])
    assert text_of(page) == value


@pytest.mark.parametrize("flags", [2, 2 + 4, 32, 32 + 4, 1 + 4])
def test_fields_that_no_screen_shows_are_not_read(flags):
    hidden = text_field("n", (140, 695), 6, flags=flags)
    page = form(LABELS, hidden, *fields("days", "reason"), appearances=VALUES)
    assert text_of(page) == "Name:\nDays: 12\nReason: Family visit"


def test_a_password_is_read_as_it_is_shown():
    secret = text_field("p", (140, 695), 6, more=b"/Ff 8192")
    page = form([(60, 700, "Password:")], secret, appearances=[shown("********")])
    assert text_of(page) == "Password: ********"


def test_a_choice_from_a_list_is_marked():
    chosen = text_field(
        "c", (140, 665), 6, height=45, kind=b"/Ch", value=b"Peru", more=b"/Opt [(Chile) (Peru)]"
    )
    page = form([(60, 697, "Country:")], chosen, appearances=[shown("Chile", "Peru", height=45)])
    assert text_of(page) == "Country: Chile\n[x] Peru"


def test_a_choice_that_drops_down_is_read_as_it_is_shown():
    chosen = text_field("c", (140, 695), 6, kind=b"/Ch", more=b"/Ff 131072 /Opt [(Chile) (Peru)]")
    page = form([(60, 700, "Country:")], chosen, appearances=[shown("Peru")])
    assert text_of(page) == "Country: Peru"


@pytest.mark.parametrize(
    ("labels", "boxes", "expected"),
    [
        (["80 700 I accept", "80 680 I refuse"], "60 698 60 678", "[x] I accept\n[ ] I refuse"),
        (["60 700 Married", "60 680 Tenant"], "160 698 160 678", "Married [x]\nTenant [ ]"),
        (["60 700 Paid?", "142 700 Yes", "192 700 No"], "125 698 175 698", "Paid? [x] Yes [ ] No"),
        (["60 700 Choose one:"], "60 678 60 658", "Choose one:\n[x]\n[ ]"),
        (["60 700 Paid", "200 700 Sent"], "90 698 230 698", "Paid [x] Sent [ ]"),
    ],
)
@pytest.mark.parametrize("radio", [False, True])
def test_ticked_boxes_stand_by_their_words(labels, boxes, expected, radio):
    first, second = tuple(map(int, boxes.split()[:2])), tuple(map(int, boxes.split()[2:]))
    parts = [
        tick_box("a", first, on=True, look=6, empty=7, radio=radio),
        tick_box("b", second, on=False, look=6, empty=7, radio=radio),
    ]
    labels = [(int(x), int(y), words) for x, y, words in (each.split(" ", 2) for each in labels)]
    assert text_of(form(labels, *parts, appearances=[TICK, NO_TICK])) == expected


def test_too_many_fields_are_told_after_the_page(monkeypatch):
    label, value = (
        [Run(n, [Glyph(char, "", 50 * n, 0, 50 * n + 20, 10)]) for n, char in enumerate(pair)]
        for pair in ("ab", "xy")
    )
    filled = [field_places.Filled(Field((0, 0, 1, 1)), [run]) for run in value]
    pieces = [("\n", run) for run in label]
    assert [run.text for _, run in field_places.placed(pieces, filled)] != ["a", "b", "x", "y"]
    monkeypatch.setattr(field_places, "MAX_COMPARISONS", 3)
    assert [run.text for _, run in field_places.placed(pieces, filled)] == ["a", "b", "x", "y"]
