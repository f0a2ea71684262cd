"""Every reason why pages were not analyzed has words on the page, and a place in the API."""

import pytest

from documents.api.result_serializers import UnreadPageSerializer
from documents.dashboard import coverage
from documents.pipeline.analysis.not_analyzed import NotAnalyzed, entries


@pytest.mark.parametrize("reason", NotAnalyzed)
def test_a_reason_is_told_in_words_of_its_own(reason):
    one, two = entries([(17, reason)]), entries([(18, reason), (17, reason)])
    told = coverage.in_words({"pages_total": 18, "pages_read": 17, "not_read": one})
    assert told.startswith("Read 17 of 18 pages; page 17 was ")
    assert f"({reason})" not in told
    told = coverage.in_words({"pages_total": 18, "pages_read": 16, "not_read": two})
    assert "; pages 17–18 were " in told


@pytest.mark.parametrize("reason", NotAnalyzed)
def test_a_reason_is_named_in_the_api(reason):
    assert f"`{reason}`" in (UnreadPageSerializer.__doc__ or "")


def test_a_page_of_which_two_parts_were_lost_is_told_once():
    lost = [(2, NotAnalyzed.NO_USABLE_ANSWER), (1, NotAnalyzed.BUDGET), (2, NotAnalyzed.BUDGET)]
    assert entries(lost) == [
        {"page": 1, "reason": "budget"},
        {"page": 2, "reason": "no_usable_answer"},
    ]
