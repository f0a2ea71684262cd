"""Quotes that go on below the head of the next page."""

import pytest

from documents.pipeline.analysis import SourcePage
from documents.pipeline.analysis.evidence import quotes

QUOTE = "the survey of the quay wall is sent to the insurer before the autumn"
FIRST, SECOND = "the survey of the quay wall is", "sent to the insurer before the autumn"


def document(head, foot, *, first=FIRST, second=SECOND):
    halves = [f"Then {first}", f"{second} begins.", "And more follows."]
    return quotes.index(
        [
            SourcePage(n, "\n".join(filter(None, [head.format(n), text, foot.format(n)])))
            for n, text in enumerate(halves, start=1)
        ]
    )


@pytest.mark.parametrize(
    ("head", "foot"),
    [
        ("Report of the harbor office", ""),
        ("", "Page {0} of 3"),
        ("Report of the harbor office - {0}", "Printed in 2026\n{0}"),
        ("Harbor office\nAnnual report\n{0}", "Confidential\n\n- {0} -"),
        ("", "{0}"),
        ("HARBOR OFFICE {0}", "www.harbor.example"),
    ],
)
@pytest.mark.parametrize("claimed", [1, 2, 3, None])
def test_a_quote_is_found_over_running_heads_and_footers(head, foot, claimed):
    evidence = document(head, foot).verify(QUOTE, claimed)
    assert (evidence.page, evidence.match) == (2, "verbatim")
    assert evidence.quote == SECOND


def test_the_longer_half_is_shown():
    first, second = QUOTE[:52].strip(), QUOTE[52:].strip()
    evidence = document("Harbor", "{0}", first=first, second=second).verify(QUOTE, 1)
    assert (evidence.page, evidence.quote) == (1, first)


def test_lines_that_stand_on_one_page_only_are_not_skipped():
    pages = [SourcePage(1, f"Then {FIRST}\nnot yet"), SourcePage(2, f"{SECOND}.")]
    found = quotes.index(pages).verify(QUOTE, 1)
    assert found is None or found.match == "close"


def test_a_number_is_not_made_of_two_pages():
    found = document("Harbor", "{0}", first="a fee of 1", second="250 euros for each boat")
    assert found.verify("a fee of 12 50 euros for each boat", 1) is None


def test_a_flagged_passage_is_no_half_of_a_quote():
    index = document("Harbor", "{0}")
    index._index.flagged = [index._index.span_of(2, 0, 60)]
    found = index.verify(QUOTE, 1)
    assert found is None or found.page == 1
