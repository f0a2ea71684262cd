import pytest

from documents.pipeline.analysis import Evidence
from documents.pipeline.analysis.evidence import numbers


def quoted(*quotes):
    return [Evidence(1, 0, len(quote), quote, "verbatim") for quote in quotes]


@pytest.mark.parametrize(
    ("claim", "quote"),
    [
        ("It moved by 3 centimeters.", "moved by 3 centimeters"),
        ("It costs 1,200,000 euros.", "a price of 1 200 000 euros"),
        ("It costs 1.200.000 euros.", "a price of 1,200,000 euros"),
        ("The share is 3,5 %.", "a share of 3.5 percent"),
        ("There were 3 offers.", "three offers came in"),
        ("Due on 05 March.", "due on 5 March"),
        ("Due on 20/11/2026.", "from the 20th to 30/11/2026, that is 11"),
        ("Nothing is counted.", "nothing at all"),
    ],
)
def test_a_number_of_the_quote_is_quoted_however_it_is_written(claim, quote):
    assert numbers.unquoted(claim, quoted(quote)) == []
    assert numbers.are_among(claim, [quote])


@pytest.mark.parametrize(
    ("claim", "quote", "unquoted"),
    [
        ("It moved by 5 centimeters.", "moved by 3.5 centimeters", ["5"]),
        ("It moved by 35 centimeters.", "moved by 3.5 centimeters", ["35"]),
        ("4 of 10 agreed in 2026, 4 did not.", "of the 10 members", ["4", "2026"]),
        ("It costs 1,200 euros.", "a price of 1.2 euros", ["1,200"]),
    ],
)
def test_a_number_in_no_quote_is_named_once_as_the_claim_writes_it(claim, quote, unquoted):
    assert numbers.unquoted(claim, quoted(quote)) == unquoted
    assert not numbers.are_among(claim, [quote])


def test_each_quote_of_a_claim_counts():
    assert numbers.unquoted("5 of 12.", quoted("five came", "twelve were asked")) == []
    assert numbers.unquoted("5 of 12.", []) == ["5", "12"]
