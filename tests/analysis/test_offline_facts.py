"""Amounts, totals and dates of papers: with their sign, and from the line that states them."""

from __future__ import annotations

import pytest

from documents.pipeline.analysis.offline.facts import amounts, labels

from .offline_reading import analyze


def normalized(text, language="en"):
    paper = amounts.of_paper(text, language)
    usual = amounts.currency_of(text, language)
    return [each.normalized(usual) for each in amounts.find(text, 0, len(text), paper)]


@pytest.mark.parametrize(
    ("text", "language", "amount"),
    [
        ("€1.5 million", "en", "1500000.00 EUR"),
        ("1.125 million euros", "en", "1125000.00 EUR"),
        ("EUR 2,5 Mio.", "de", "2500000.00 EUR"),
        ("2.500 Mio. EUR", "de", "2500000000.00 EUR"),
        ("US$ 1.25 billion", "en", "1250000000.00 USD"),
        ("1,5 millones de euros", "es", "1500000.00 EUR"),
        ("€5k", "en", "5000.00 EUR"),
        ("$110.00 AUD", "en", "110.00 AUD"),
        ("CAD $100.00", "en", "100.00 CAD"),
        ("$1,160.00", "es", None),
        ("$20.95 for a shop in Burlington, VT 05401", "en", "20.95 USD"),
        ("-23.80 EUR", "en", "-23.80 EUR"),
        ("−23.80 EUR", "en", "-23.80 EUR"),
        ("€-23.80", "en", "-23.80 EUR"),
        ("- 23.80 EUR", "en", "-23.80 EUR"),
        ("(23.80) EUR", "en", "-23.80 EUR"),
        ("23.80- EUR", "en", "-23.80 EUR"),
        ("20,- EUR", "de", "20.00 EUR"),
        ("a fee (50.00 EUR)", "en", "50.00 EUR"),
        ("Rent – 500.00 EUR", "en", "500.00 EUR"),
    ],
)
def test_an_amount_keeps_its_size_its_sign_and_its_currency(text, language, amount):
    assert normalized(text, language)[0] == amount


def test_a_length_is_no_amount():
    assert normalized("1.5 m of rope") == []


def facts(text):
    return {fact.name: fact.normalized or fact.value for fact in analyze(text).facts}


HEAD = "Invoice 17\nHarbour Rope GmbH, Bonn\nBill to: Tom Hill\n"


@pytest.mark.parametrize(
    ("lines", "total"),
    [
        ("Total 1,160.00 EUR\nTotal savings 200.00 EUR\nTotal weight 12.50 kg", "1160.00 EUR"),
        ("Total 100.00 EUR\nTotal discount: 20.00 EUR", "100.00 EUR"),
        (
            "Total to pay 100.00 EUR\nIf paid by 10 March you only have to pay 98.00 EUR",
            "100.00 EUR",
        ),
        ("Total incl. 19 % VAT: 20.00 EUR", "20.00 EUR"),
        ("This is a credit note.\nTotal - 23.80 EUR", "-23.80 EUR"),
    ],
)
def test_the_total_stands_behind_its_label(lines, total):
    assert facts(HEAD + lines)["total"] == total


def test_a_long_line_behind_a_total_is_given_up_at_once():
    assert not labels.BESIDE_TOTAL.fullmatch("EUR tax " * 5_000 + "savings")


@pytest.mark.parametrize(
    ("lines", "due"),
    [
        (
            "Your last payment of 50.00 EUR was due 3 January 2027\nPayment due 3 April 2027",
            "2027-04-03",
        ),
        ("Due: within 14 days of 3 March 2027", None),
        ("Due date: Friday, 5 March 2027", "2027-03-05"),
    ],
)
def test_the_due_date_follows_its_label(lines, due):
    assert facts(f"{HEAD}Total 20.00 EUR\n{lines}").get("due") == due


@pytest.mark.parametrize(
    "line",
    [
        "The water will be off on 18 May 2027.",
        "Your lease ends on 3 June 2027.",
        "Please send it by 3 June 2027",
    ],
)
def test_a_sentence_gives_a_letter_no_date(line):
    letter = f"To whom it may concern\n\n{line}\n\nYours sincerely\nTom Hill"
    notice = f"Notice to all residents\n\n{line}\n\nYours sincerely\nTom Hill"
    assert "date" not in facts(letter)
    assert "date" not in facts(notice)
    assert facts(letter)["sender"] == "Tom Hill"


@pytest.mark.parametrize(
    "line",
    ["3 May 2027", "Bonn, den 3. Mai 2027", "Paris, le lundi 3 mai 2027", "Date: 3 May 2027"],
)
def test_a_line_of_its_own_gives_a_letter_its_date(line):
    letter = (
        f"Tom Hill\n\n{line}\n\nDear Anna,\n\nPlease send the keys.\n\nYours sincerely\nTom Hill"
    )
    assert facts(letter)["date"] == "2027-05-03"
