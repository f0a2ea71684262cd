"""A minus, < and > belong to the number behind them."""

from __future__ import annotations

import pytest

from documents.dashboard import panel
from documents.pipeline.analysis import SourcePage
from documents.pipeline.analysis.evidence import normalization, numbers, quotes
from tests.analysis.test_framing import judge

COLD = "It is dry in the hall, and the temperature is −5 degrees in the cold room."


@pytest.mark.parametrize(
    ("text", "signed"),
    [
        ("is -5", ["-5"]),
        ("is − 5", ["-5"]),
        ("(–5)", ["-5"]),
        ("-€5", ["-5"]),
        ("p<0.05, ≥ 3", ["<0.05", ">3"]),
        ("± 0.5", ["±0.5"]),
        ("from −5 to −3", ["-5", "-3"]),
        ("3-5, 3 – 5, 3 -5, A-5, (030)-5", ["3", "5", "3", "5", "3", "5", "5", "030", "5"]),
        ("2027-05-03 => 5", ["2027", "05", "03", "5"]),
        ("chairs\n-5 tables", ["?-5"]),
    ],
)
def test_a_sign_is_told_from_a_hyphen_and_a_range(text, signed):
    assert normalization.signed_numbers(text) == signed


@pytest.mark.parametrize(
    ("page", "claim"),
    [
        ("The temperature is -5 degrees.", "The temperature is 5 degrees."),
        ("The temperature is −5 degrees.", "The temperature is 5 degrees."),
        ("The temperature is 5 degrees.", "The temperature is -5 degrees."),
        ("The pressure must be > 5 bar.", "The pressure must be < 5 bar."),
        ("The pressure must be ≥ 5 bar.", "The pressure must be ≤ 5 bar."),
        ("The balance is -€500.", "The balance is €500."),
        ("Die Temperatur beträgt -5 Grad.", "Die Temperatur beträgt 5 Grad."),
        ("La température est de −5 degrés.", "La température est de 5 degrés."),
        ("La temperatura è di -5 gradi.", "La temperatura è di 5 gradi."),
        ("De temperatuur is -5 graden in huis.", "De temperatuur is 5 graden in huis."),
    ],
)
def test_a_number_with_another_sign_is_marked(page, claim):
    assert judge(page, claim).support in ("partly", "contradicted")


@pytest.mark.parametrize(
    ("page", "claim"),
    [
        ("The temperature is −5 degrees.", "The temperature is -5 degrees."),
        ("The temperature is -5 degrees.", "The temperature is 5 degrees below zero."),
        ("Needed are\n-5 chairs\n-3 tables", "5 chairs and 3 tables are needed."),
        ("The pool is open 9-17, also in May.", "The pool is open from 9 to 17."),
        ("The room A-5 is locked.", "The room A-5 is locked."),
    ],
)
def test_a_sign_written_in_another_way_is_the_same(page, claim):
    assert judge(page, claim).support == "supported"


def test_a_quote_without_the_sign_of_the_page_is_no_quote():
    found = quotes.index([SourcePage(1, COLD)])
    assert found.verify("the temperature is 5 degrees in the cold room", 1) is None
    assert found.verify("the temperature is -5 degrees in the cold room", 1).match == "verbatim"


def test_a_quote_that_begins_at_the_number_is_shown_with_its_sign():
    found = quotes.index([SourcePage(1, COLD)])
    assert found.verify("5 degrees in the cold room", 1).quote.startswith("−5 degrees")


def test_a_number_of_a_quote_with_another_sign_is_in_none_of_its_quotes():
    assert numbers.missing("It is 5 degrees.", ["It is -5 degrees."]) == ["5"]
    assert numbers.missing("It is -5 degrees.", ["It is -5 degrees."]) == []


def test_letters_alike_and_signs_not_are_not_the_documents_own_words():
    place = {"quote": "It is −5 degrees."}
    assert panel._compared(place, "It is -5 degrees.")["is_own_words"]
    assert not panel._compared(place, "It is 5 degrees.")["is_own_words"]
