import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from documents.pipeline.analysis import SourcePage
from documents.pipeline.analysis.evidence import quotes, verbatim

HARBOR = (
    "The harbor office reports that the quay wall moved by 3.5 centimeters in March.\n"
    "Maria Lopez must send the survey to the insurer by 20 March 2026. Approved.\n\n"
    "The committee did not accept the offer of the second contractor from Lisbon."
)
BUDGET = (
    "The budget for repairs is 1 234 000 euros; half of it is spent. The com-\nmittee meets "
    "again in the autumn, after the “final” survey of the foundations has been ﬁled."
)


@pytest.fixture
def found():
    return quotes.index([SourcePage(1, HARBOR), SourcePage(2, BUDGET), SourcePage(7, "")])


def test_a_copied_quote_is_verbatim_and_shown_as_the_page_has_it(found):
    evidence = found.verify("the quay wall moved by 3.5 centimeters in March", 1)
    assert (evidence.page, evidence.match) == (1, "verbatim")
    assert evidence.quote == "the quay wall moved by 3.5 centimeters in March."
    assert evidence.quote == HARBOR[evidence.start : evidence.end]


@pytest.mark.parametrize("claimed", [1, 2, 7, 99, None])
def test_a_quote_is_found_whatever_page_is_claimed(found, claimed):
    assert found.verify("must send the survey to the insurer", claimed).page == 1


def test_the_claimed_page_wins_where_several_say_the_same():
    pages = [SourcePage(n, "All members of the board agreed to this.") for n in (1, 2, 3)]
    assert quotes.index(pages).verify("members of the board agreed", 3).page == 3


@pytest.mark.parametrize(
    "quote",
    [
        "the committee meets again in the autumn",
        'after the "final" survey of the foundations has been filed',
        "AFTER THE FINAL SURVEY OF THE FOUNDATIONS",
        "budget for repairs is 1\u00a0234\u00a0000 euros",
        "after  the\n‘final’ survey — of the foundations",
    ],
)
def test_typography_and_line_breaks_make_no_difference(found, quote):
    assert found.verify(quote, 2).match == "verbatim"


def test_composed_and_decomposed_letters_are_the_same():
    found = quotes.index([SourcePage(1, "Le conseil a approuve\u0301 le budget de l'école.")])
    assert found.verify("approuvé le budget de l'e\u0301cole", 1).match == "verbatim"
    assert found.verify("approuve le budget de l'ecole", 1) is None or (
        found.verify("approuve le budget de l'ecole", 1).match == "close"
    )


def test_invisible_characters_in_the_page_do_not_hide_its_words():
    found = quotes.index([SourcePage(1, "The qu\u200bay wa\ufe0fll mo\u00adved to the north.")])
    assert found.verify("quay wall moved to the north", 1).match == "verbatim"


@pytest.mark.parametrize(
    "quote",
    [
        "the quay wall moved by 35 centimeters in March",
        "the quay wall moved by 8.5 centimeters in March",
        "the quay wall moved by centimeters in March of the year",
        "must send the survey to the insurer by 21 March 2026",
        "must not send the survey to the insurer by 20 March 2026",
        "the committee did accept the offer of the second contractor",
        "the committee did not accept the offer of the second contractor from Madrid",
        "the committee did not reject the offer of the second contractor from Lisbon",
        "insurer the to survey the send must Lopez Maria 2026 March 20 by",
        "the unicorns have taken over the whole harbor of the city",
    ],
)
def test_a_changed_fact_is_not_in_the_document(found, quote):
    assert found.verify(quote, 1) is None


def test_a_power_is_not_a_longer_number():
    found = quotes.index([SourcePage(1, "The plant makes 10² tons of cement each day.")])
    assert found.verify("plant makes 102 tons of cement", 1) is None
    assert found.verify("plant makes 10² tons of cement", 1).match == "verbatim"


def test_a_quote_does_not_begin_or_end_inside_a_word_or_a_number():
    text = "Nonprofit grew by 13.5 million dollars during the last year. Overall it was even."
    found = quotes.index([SourcePage(1, text)])
    assert found.verify("profit grew by 13.5 million", 1) is None
    assert found.verify("5 million dollars during the last year", 1) is None
    assert found.verify("million dollars during the last", 1).match == "verbatim"


def test_a_number_keeps_its_sign_its_currency_and_its_percent():
    text = "For the year the result was\n-$5 million in total and the margin fell to 12 % again."
    found = quotes.index([SourcePage(1, text)])
    assert found.verify("5 million in total and the margin", 1).quote.startswith("-$5 million")
    assert found.verify("in total and the margin fell to 12", 1).quote.endswith("12 %")


def test_a_slip_of_the_pen_is_close_and_shown_as_the_page_has_it(found):
    evidence = found.verify("the comittee did not accept the offer of the second contracter", 1)
    assert evidence.match == "close"
    assert evidence.quote == "The committee did not accept the offer of the second contractor"


def test_an_ellipsis_joins_parts_that_follow_each_other(found):
    evidence = found.verify("The harbor office reports … moved by 3.5 centimeters", 1)
    assert evidence.match == "verbatim"
    assert evidence.quote == HARBOR[: HARBOR.index(" in March")]


@pytest.mark.parametrize(
    "quote",
    [
        "moved by 3.5 centimeters ... The harbor office reports",
        "The harbor office reports [...] the unicorn moved",
        "The harbor office reports ... budget for repairs",
        "The ... a",
        "...",
        "",
    ],
)
def test_an_ellipsis_does_not_join_what_does_not_follow(found, quote):
    assert found.verify(quote, 1) is None


def test_an_ellipsis_does_not_reach_across_a_whole_page():
    text = "The board agreed to the sale. " + "Other words stand here. " * 40 + "Nobody was paid."
    found = quotes.index([SourcePage(1, text)])
    assert found.verify("The board agreed to ... Nobody was paid", 1) is None


def test_a_short_quote_counts_only_as_a_whole_sentence(found):
    assert found.verify("Approved", 1).quote == "Approved."
    assert found.verify("the offer", 1) is None


def test_a_short_page_may_be_quoted_whole():
    assert quotes.index([SourcePage(1, " Paid in full ")]).verify("Paid in full", 1).start == 1


def test_scripts_without_spaces_are_quoted_too():
    text = "理事会は予算案を承認した。次回の会議は来月に開かれる。"
    evidence = quotes.index([SourcePage(1, text)]).verify("予算案を承認した", 1)
    assert (evidence.quote, evidence.match) == ("予算案を承認した。", "verbatim")


def test_a_quote_over_a_page_break_is_shown_where_most_of_it_stands():
    pages = [SourcePage(1, "At the end the two"), SourcePage(2, "sides agreed to meet in June.")]
    evidence = quotes.index(pages).verify("the two sides agreed to meet in June", 1)
    assert (evidence.page, evidence.quote) == (2, "sides agreed to meet in June.")


def test_names_and_dates_are_looked_up_as_whole_words(found):
    survey = [found.verify("must send the survey to the insurer", 1)]
    assert found.mentions("Maria Lopez", survey)
    assert not found.mentions("Maria Lop", survey)
    assert not found.mentions("Maria Lopez", [])
    assert not found.mentions(" - ", survey)


def test_nothing_is_found_in_nothing():
    assert quotes.index([]).verify("some words that are nowhere at all", 1) is None
    assert quotes.index([SourcePage(1, "")]).verify("some words that are nowhere", 1) is None


texts = st.text(
    st.sampled_from("abcé ßﬁİ½²٣1234.,-…!?\n “”'आकि漢字e\u0301\u200b\ufe0f\ud800𝒜"), max_size=80
)


@settings(max_examples=300, deadline=None)
@given(st.lists(texts, min_size=1, max_size=3), st.data())
def test_whatever_is_shown_is_the_text_of_the_page_at_that_place(contents, data):
    pages = [SourcePage(number, text) for number, text in enumerate(contents, start=1)]
    source = data.draw(st.sampled_from(contents))
    start = data.draw(st.integers(0, len(source)))
    quote = data.draw(st.one_of(st.just(source[start:]), texts))
    evidence = quotes.index(pages).verify(quote, data.draw(st.integers(0, 4)))
    if evidence is not None:
        assert 0 <= evidence.start < evidence.end
        assert evidence.quote == contents[evidence.page - 1][evidence.start : evidence.end]


@settings(max_examples=100, deadline=None)
@given(st.lists(st.text("abcdefgéß0123", min_size=1, max_size=9), min_size=14, max_size=60))
def test_every_run_of_whole_words_is_found(words):
    quote = " ".join(words[2:-2])
    assume(len(quote.replace(" ", "")) >= verbatim.SHORTEST)
    found = quotes.index([SourcePage(1, " ".join(words))])
    assert found.verify(quote, 1).match == "verbatim"


def test_a_page_of_one_letter_is_given_up_soon():
    found = quotes.index([SourcePage(1, "a" * 200_000)])
    assert found.verify("a" * 50, 1) is None
