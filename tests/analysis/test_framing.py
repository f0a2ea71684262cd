"""What stands under a condition, in a question or as a rumor is not said."""

from __future__ import annotations

import pytest

from documents.pipeline.analysis import SourcePage
from documents.pipeline.analysis.evidence import quotes


def judge(page, claim):
    found = quotes.index([SourcePage(1, page)])
    evidence = found.verify(page, 1)
    assert evidence
    return found.judge(claim, [evidence])


@pytest.mark.parametrize(
    ("page", "claim", "omitted"),
    [
        ("If the flat is let furnished, the tenant pays 500 euros.",
         "The tenant pays 500 euros.", "if"),
        ("Unless the flat is empty, the tenant pays 500 euros.",
         "The tenant pays 500 euros.", "unless"),
        ("The tenant pays 500 euros, provided that the flat is furnished.",
         "The tenant pays 500 euros.", "provided that"),
        ("The bonus is paid provided profits rise.", "The bonus is paid.", "provided"),
        ("Members may vote if they have paid.", "Members may vote.", "if"),
        ("Only members of two years may vote.", "Members may vote.", "only"),
        ("The pool is open only in August.", "The pool is open.", "only"),
        ("The insurance covers all damage except water damage.",
         "The insurance covers all damage.", "except"),
        ("Had the board approved the budget, work would have begun.",
         "The board approved the budget.", "had"),
        ("Should the roof leak, the landlord repairs it.",
         "The landlord repairs the roof.", "should"),
        ("The fee is 20 euros, and 30 euros if it is paid late.", "The fee is 30 euros.", "if"),
        ("Is it true that the roof is leaking?", "The roof is leaking.", "?"),
        ("Rumour has it that the roof is leaking.", "The roof is leaking.", "rumour has it"),
        ("Some claim that the roof is leaking.", "The roof is leaking.", "claim that"),
        ("Falls die Wohnung nicht leer ist, zahlt der Mieter 500 Euro.",
         "Der Mieter zahlt 500 Euro.", "falls"),
        ("Hunde sind im Garten erlaubt, es sei denn, ein Nachbar beschwert sich.",
         "Hunde sind im Garten erlaubt.", "es sei denn"),
        ("Sollten sich zehn Personen anmelden, findet der Kurs statt.",
         "Der Kurs findet statt.", "sollten"),
        ("Stimmt es, dass das Dach undicht ist?", "Das Dach ist undicht.", "?"),
        ("Si le logement est loué meublé, le locataire paie 500 euros.",
         "Le locataire paie 500 euros.", "si"),
        ("Les chiens sont admis, à moins qu'un voisin ne se plaigne.",
         "Les chiens sont admis.", "à moins qu"),
        ("El inquilino paga 500 euros, salvo que el piso esté vacío.",
         "El inquilino paga 500 euros.", "salvo que"),
        ("¿Es verdad que el tejado tiene goteras?", "El tejado tiene goteras.", "?"),
    ],
)  # fmt: skip
def test_a_word_that_frames_the_quote_and_is_left_out_is_named(page, claim, omitted):
    judgement = judge(page, claim)
    assert judgement.support == "partly"
    assert omitted in judgement.omitted_words


@pytest.mark.parametrize(
    ("page", "claim"),
    [
        ("If the insurer refuses, Tom will pay the bill.", "Tom will pay the bill."),
        ("If the pump does not work, Tom will call Ms. Hill.", "Tom will call Ms. Hill."),
        ("Wenn die Versicherung ablehnt, zahlt Herr Weber.", "Herr Weber zahlt."),
        ("Si l'assureur refuse, Paul paiera la facture.", "Paul paiera la facture."),
        ("Si la aseguradora rechaza el pago, Pablo pagará todo.", "Pablo pagará todo."),
        ("If the insurer refuses to pay, Tom will pay.", "The insurer refuses to pay."),
    ],
)
def test_a_no_within_a_condition_contradicts_nothing(page, claim):
    assert judge(page, claim).support == "partly"


@pytest.mark.parametrize(
    ("page", "claim"),
    [
        ("If the insurer refuses, Tom pays the bill.", "Tom pays the bill if it refuses."),
        ("If the insurer refuses, Tom pays the bill.", "When the insurer refuses, Tom pays."),
        ("If the flat is let furnished, the tenant pays 500 euros.",
         "Tenants of furnished flats that are let pay 500 euros."),
        ("The rent is 500 euros; if it is late, 20 euros are due.", "The rent is 500 euros."),
        ("The fee is 20 euros, and 30 euros if it is paid late.", "The fee is 20 euros."),
        ("Even if the roof is old, the house is sold.", "The house is sold."),
        ("Auch wenn die Kosten steigen, bleibt die Miete gleich.", "Die Miete bleibt gleich."),
        ("Même si les coûts augmentent, le loyer reste le même.", "Le loyer reste le même."),
        ("Only 3 members attended the meeting.", "3 members attended the meeting."),
        ("The only exit in the hall is locked.", "The exit in the hall is locked."),
        ("The pool is open only in August.", "The pool is open in August."),
        ("No dogs are allowed unless they are on a lead.", "Dogs on a lead are allowed."),
        ("The office is closed except on Monday.", "The office is open on Monday."),
        ("If you have any questions, please contact Anna Berg.", "Contact Anna Berg."),
        ("Could you please send the plan to Anna?", "Send the plan to Anna."),
        ("Anna believes that the roof is leaking.", "Anna thinks the roof is leaking."),
        ("How long is the warranty? It is two years.", "The warranty is two years."),
        ("Can I return shoes? Yes, within 30 days.", "Shoes can be returned within 30 days."),
    ],
)  # fmt: skip
def test_a_claim_that_keeps_the_frame_or_is_not_in_it_is_supported(page, claim):
    assert judge(page, claim).support == "supported"


def test_an_exception_told_as_the_rule_is_not_supported():
    judgement = judge("The office is closed except on Monday.", "The office is closed on Monday.")
    assert judgement.support != "supported"


def test_the_month_of_may_is_no_doubt():
    judgement = judge("The course begins on 15 May and ends in June.", "It begins on 15 May.")
    assert judgement.omitted_words == []
    audit = judge(
        "The audit shall take place in May 2028.", "The audit may take place in May 2028."
    )
    assert audit.unsupported_words == ["may"]
