"""Tone is estimated of English prose, and not assessed rather than wrong."""

from __future__ import annotations

import pytest

from documents.pipeline.analysis.offline import sentences, tone
from documents.pipeline.analysis.offline.sentiment_words import NEGATIVE, NO_SENTIMENT

from .duties.reading import toned
from .offline_reading import pages

PRAISE = "The staff were wonderful. The food was delicious. Everybody left with a smile."


def assess(text, kind=None):
    return tone.assess(sentences.read(pages(text)), "en", kind)


@pytest.mark.parametrize("kind", [None, "letter", "report", "other"])
def test_prose_has_a_tone_whatever_it_is(kind):
    assert assess(PRAISE, kind).label == "positive"


@pytest.mark.parametrize("kind", ["contract", "invoice", "manual", "list"])
def test_papers_of_form_have_no_tone_and_say_why(kind):
    found = assess(PRAISE, kind)
    assert (found.label, found.score, found.evidence) == ("not_assessed", None, [])
    assert found.rationale.startswith("Tone is estimated of prose only")


def test_tables_and_items_and_headings_are_no_prose():
    rows = "Wonderful   delicious   4\n" * 9 + "\n- The food was delicious.\n" * 9
    found = assess(rows)
    assert found.label == "not_assessed"
    assert "too little prose" in found.rationale


def test_evidence_is_prose_only():
    found = assess(f"Wonderful wonderful   9   love\n\n{PRAISE}")
    assert [place.quote for place in found.evidence] == ["The staff were wonderful."]


def test_a_mean_below_the_floor_is_neutral_and_the_floor_is_named():
    plain = "The train leaves at nine. The bus leaves at ten. The hall is big. It is the old one. "
    found = assess(f"{plain * 3}The food was delicious.")
    assert found.label == "neutral"
    assert "within ±0.12 it counts as neutral" in found.rationale


@pytest.mark.parametrize("word", sorted(NO_SENTIMENT))
def test_words_of_trade_and_law_have_no_tone(word):
    assert tone.polarity(f"The {word} of the house.") == "neutral"


@pytest.mark.parametrize("word", sorted(NEGATIVE))
def test_faults_are_negative(word):
    assert tone.polarity(f"It is {word}.") == "negative"


def test_nobody_negates():
    assert tone.polarity("Nobody was happy with it.") == "negative"


@pytest.mark.parametrize("half", ["working", "held_out"])
def test_at_most_one_sentence_of_twenty_is_given_the_opposite_sign(half):
    signs = [{expected, tone.polarity(sentence)} for expected, sentence in toned(half)]
    assert signs.count({"positive", "negative"}) <= 0.05 * len(signs)


def test_thanks_and_wishes_are_courtesies():
    letter = (
        "We regret that your employment ends on 3 May 2027. Your desk must be cleared by then."
        " We thank you for your excellent work. We wish you all the best and every success."
    )
    assert assess(letter, "letter").label == "not_assessed"
