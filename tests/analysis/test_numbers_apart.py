"""Numbers that stand side by side, and dates in other spellings."""

import pytest

from documents.pipeline.analysis.evidence import normalization, numbers, quotes
from documents.pipeline.analysis.schema import SourcePage


@pytest.mark.parametrize(
    ("claim", "quote"),
    [
        ("12 chains at 480.00 each.", "Anchor chain 12 480.00"),
        ("A chain costs 12,480.00.", "Anchor chain 12 480.00"),
        ("Two rows of 480.00 and 960.00.", "Chain 12 480.00 960.00"),
        ("1,250 euros were paid in 2024.", "in 2024 1,250 euros"),
        ("It costs 1,234,000 euros.", "a price of 1 234 000 euros"),
        ("It costs 1 234 000 euros.", "a price of 1234000 euros"),
        ("5 pieces, 100 grams, 200 units.", "item 5 100 200"),
        ("31 of 2026.", "on 31 12 2026"),
        ("480 units.", "Chain 12  480"),
        ("480 units.", "Chain 12\t480"),
    ],
)
def test_numbers_side_by_side_are_each_quoted(claim, quote):
    assert numbers.missing(claim, [quote]) == []


@pytest.mark.parametrize(
    ("text", "apart"),
    [
        ("10² metres", ["10", "2"]),
        ("500¹ euros", ["500", "1"]),
        ("¹2025 figures", ["1", "2025"]),
        ("log₂8", ["2", "8"]),
        ("3½ pages", ["3", "1", "2"]),
        ("500① euros", ["500", "1"]),
    ],
)
def test_marks_beside_a_number_are_no_part_of_it(text, apart):
    assert normalization.numbers(text) == apart


@pytest.mark.parametrize("gap", ["  ", "\t", "   "])
def test_numbers_of_two_columns_are_never_one(gap):
    assert normalization.numbers(f"12{gap}480") == ["12", "480"]
    assert numbers.missing("12,480 units.", [f"12{gap}480"]) == ["12,480"]


@pytest.mark.parametrize(
    ("claim", "quote"),
    [
        ("Due on 2027-04-03.", "due on 3 April 2027"),
        ("Due on 03.04.2027.", "due on 3 April 2027"),
        ("Due on April 3, 2027.", "due on 2027-04-03"),
        ("Fällig am 03.04.2027.", "fällig am 3. April 2027"),
        ("Avant le 03/04/2027.", "avant le 3 avril 2027"),
        ("El 03/04/2027.", "el 3 de abril de 2027"),
        ("До 03.04.2027.", "до 3 апреля 2027 года"),
        ("Do 3. 4. 2027.", "do 3. dubna 2027"),
        ("On 3 April.", "on 3 April 2027"),
    ],
)
def test_a_date_is_quoted_however_it_is_written(claim, quote):
    assert numbers.missing(claim, [quote]) == []


@pytest.mark.parametrize(
    ("claim", "quote", "missing"),
    [
        ("Due on 2027-05-03.", "due on 3 April 2027", "05"),
        ("Due on 2028-04-03.", "due on 3 April 2027", "2028"),
        ("Due on 3 April 2027.", "due on 3 April", "2027"),
        ("Due on 2027-04-03.", "due on 3 April", "2027"),
    ],
)
def test_a_date_that_no_quote_has_is_marked(claim, quote, missing):
    assert missing in numbers.missing(claim, [quote])


@pytest.mark.parametrize(
    ("one", "other"),
    [("12,480.00", "12480"), ("12.480,50", "12480.50"), ("1,480.00 pounds", "1,480 pounds")],
)
def test_cents_and_thousands_are_written_in_many_ways(one, other):
    assert numbers.missing(one, [other]) == numbers.missing(other, [one]) == []


def test_a_quote_of_a_table_row_is_found_over_its_gaps():
    found = quotes.index([SourcePage(1, "Item  Pieces  Price\nAnchor chain  12  480.00\nRope 3 9")])
    assert found.verify("Anchor chain 12 480.00", 1) is not None
