"""What must be accepted as a quote and what must not, over a text of a thousand pages."""

import pytest

from bench.quality import grounding as bench
from documents.pipeline.analysis.evidence import quotes


@pytest.fixture(scope="module")
def pages():
    return bench.document()


@pytest.fixture(scope="module")
def found(pages):
    return quotes.index(pages)


@pytest.mark.parametrize("case", bench.ACCEPTED)
def test_whatever_only_looks_different_is_verbatim(case, pages, found):
    matches, _ = bench.outcomes(found, bench.quotes(pages, case))
    assert matches == {"verbatim": bench.QUOTES}


@pytest.mark.parametrize("case", ["number", "negation", "word"])
def test_a_changed_fact_is_never_verbatim_and_hardly_ever_close(case, pages, found):
    matches, _ = bench.outcomes(found, bench.quotes(pages, case))
    assert matches["verbatim"] == 0
    assert matches["close"] <= 0.02 * bench.QUOTES
    assert matches.total() == bench.QUOTES


def test_shuffled_words_are_nothing(pages, found):
    matches, _ = bench.outcomes(found, bench.quotes(pages, "shuffled"))
    assert matches == {None: bench.QUOTES}
