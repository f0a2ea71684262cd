"""Which hyphens at line ends stay: as on the page, and never a word that is not there."""

import pytest

from documents.pipeline.extraction.letters import hyphens
from tests.extraction.pdf_builders_letters import printed

# A document whose lines are evidently broken inside words.
HYPHENATED = (
    "The applica\x02tion and its func\x02tion, the instruc\x02tion and the collec\x02tion. "
)


def resolved(text):
    return hyphens.resolved([text])[0]


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        (["based on the price-", "determining factors"], "price-determining factors"),
        (["The pre-", "and post-tax figures"], "The pre- and post-tax figures"),
        (["maria.lopez-", "garcia@example.com today"], "maria.lopez-garcia@example.com"),
        (["holds 6-methyl-", "5-hepten-2-one and"], "6-methyl-5-hepten-2-one and"),
        (["and n-", "octanal in traces"], "n-octanal in traces"),
        (["per E-", "Mail an die"], "E-Mail an die"),
        (["die Vor-", "und Nachteile"], "Vor- und Nachteile"),
        (["ein-", "oder ausgehende Post"], "ein- oder ausgehende"),
        (["see example.org/our-", "rules.html for"], "example.org/our-rules.html"),
        (["part AB-", "cd12 is out"], "AB-cd12 is"),
        (["the US-", "led mission"], "US-led mission"),
        (["a state-of-", "the-art harbor"], "state-of-the-art harbor"),
        (["the first-", "or second-class ticket"], "first- or second-class"),
    ],
)
def test_a_hyphen_of_the_text_stays(read, lines, text):
    [page] = read(printed(*lines)).pages
    assert text in page.text


@pytest.mark.parametrize(
    "text", ["recom\x02mends", "recom-\nmends", "recom-\r\nmends", "recom\xad\nmends"]
)
def test_a_word_that_stands_elsewhere_in_one_piece_is_whole_again(text):
    assert resolved(f"It recommends this. It {text} that.") == (
        "It recommends this. It recommends that."
    )


def test_a_word_that_stands_elsewhere_with_its_hyphen_keeps_it():
    text = HYPHENATED + "A real-estate tax. The real\x02estate tax."
    assert resolved(text).endswith("A real-estate tax. The real-estate tax.")


def test_other_forms_of_a_word_show_that_it_is_one():
    assert resolved("The recommendations: it recom\x02mends").endswith("it recommends")


def test_the_whole_document_is_evidence():
    assert hyphens.resolved(["The har\x02bor", "This harbor"]) == ["The harbor", "This harbor"]


def test_in_a_document_that_breaks_words_an_unknown_one_is_broken_too():
    assert resolved(HYPHENATED + "The quay mas\x02onry").endswith("The quay masonry")


def test_without_such_evidence_an_unknown_word_keeps_its_hyphen():
    assert resolved("The quay mas\x02onry") == "The quay mas-onry"


def test_two_words_of_the_document_are_a_compound():
    text = HYPHENATED + "Each harbor has a master. The harbor\x02master"
    assert resolved(text).endswith("The harbor-master")


@pytest.mark.parametrize(
    ("left", "right"),
    [("self", "evident"), ("cost", "saving"), ("signal", "driven"), ("co", "owner"), ("est", "il")],
)
def test_common_parts_of_compounds_keep_their_hyphen_where_words_are_broken(left, right):
    assert resolved(f"{HYPHENATED}{left}\x02{right}").endswith(f"{left}-{right}")


@pytest.mark.parametrize("ending", ["tion", "ment", "ness", "keit", "mente"])
def test_an_ending_is_no_word_of_its_own(ending):
    assert resolved(f"quaxa\x02{ending} and") == f"quaxa{ending} and"


def test_what_only_looks_like_a_break_is_left_alone():
    text = "pages 10-\n20\n- item one\n- item two\nword -\nnext\nsale-\n2025"
    assert resolved(text) == text


def test_words_without_spaces_are_no_burden_and_hold_no_words():
    assert resolved("岸壁の点検" * 20_000 + "\x02点").endswith("点")


def test_more_breaks_than_any_document_has_are_all_kept(monkeypatch):
    monkeypatch.setattr(hyphens, "MOST_BREAKS", 2)
    text = "applica\x02tion " * 3
    assert resolved(text) == "applica-tion " * 3
