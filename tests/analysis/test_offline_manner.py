"""How a sentence is put: each feature is found in its own example, and weighs what it says."""

from __future__ import annotations

from operator import attrgetter

import pytest

from documents.pipeline.analysis.offline import manner
from documents.pipeline.analysis.offline.manner import FEATURES, PER_MISSING_WORD

PLAIN = "Nobody repairs the wall of the harbour in the spring."

every_feature = pytest.mark.parametrize("feature", FEATURES, ids=attrgetter("name"))


@every_feature
def test_a_feature_alone_weighs_what_its_row_says(feature):
    assert manner.weigh(feature.example) == pytest.approx(feature.worth)


def test_a_plain_sentence_weighs_nothing():
    assert manner.weigh(PLAIN) == 0


def test_each_word_that_a_short_sentence_lacks_counts():
    assert manner.weigh("Nobody repairs the wall now") == pytest.approx(PER_MISSING_WORD * 4)


def test_a_fragment_leans_on_others():
    assert manner.weigh(PLAIN, is_fragment=True) == pytest.approx(-0.1)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("Present: Maria, Tom", True), ("Good morning everybody", True), (PLAIN, False)],
)
def test_a_greeting_or_a_list_of_those_present_opens_no_story(text, expected):
    assert manner.opens_no_story(text) is expected
