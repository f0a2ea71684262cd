"""Up to 20 are not 20, and at most 20 not at least 20."""

from __future__ import annotations

import pytest

from tests.analysis.test_framing import judge


@pytest.mark.parametrize(
    ("page", "claim"),
    [
        ("The room must be above 5 degrees at all times.", "The room must be below 5 degrees."),
        ("More than 20 people came to the meeting.", "Less than 20 people came."),
        ("At most 20 people came to the meeting.", "At least 20 people came."),
        ("Payment is due after 30 days have passed.", "Payment is due within 30 days."),
        ("The offer is valid before 3 May for members.", "The offer is valid after 3 May."),
        ("Es sind mindestens 5 Grad im Keller.", "Es sind höchstens 5 Grad."),
        ("Asistieron más de 20 personas.", "Asistieron menos de 20 personas."),
        ("Plus de 20 personnes sont venues.", "Moins de 20 personnes sont venues."),
    ],
)
def test_another_bound_of_the_same_figure_contradicts(page, claim):
    assert judge(page, claim).support == "contradicted"


@pytest.mark.parametrize(
    ("page", "claim", "bound"),
    [
        ("Up to 20 people came.", "20 people came.", "up to"),
        ("More than twenty people came.", "Twenty people came.", "more than"),
        ("It costs between 3 and 5 million euros.", "It costs 3 million.", "between 3 and 5"),
        ("The warranty lasts 2 to 5 years.", "The warranty lasts 2 years.", "2 to 5"),
        ("The pressure is < 5 bar.", "The pressure is 5 bar.", "<"),
        ("Bis zu 20 Personen kamen.", "20 Personen kamen.", "bis zu"),
        ("Au moins 20 personnes sont venues.", "20 personnes sont venues.", "au moins"),
        ("Asistieron más de 20 personas.", "Asistieron 20 personas.", "más de"),
        ("Sono venute almeno 20 persone.", "Sono venute 20 persone.", "almeno"),
        ("Er kwamen meer dan 20 mensen.", "Er kwamen 20 mensen.", "meer dan"),
        ("Vieram mais de 20 pessoas.", "Vieram 20 pessoas.", "mais de"),
    ],
)
def test_a_bound_that_the_claim_leaves_out_is_named(page, claim, bound):
    judgement = judge(page, claim)
    assert judgement.support == "partly"
    assert bound in judgement.omitted_words


@pytest.mark.parametrize(
    ("page", "claim"),
    [
        ("Membership rose from 212 to 238.", "Membership rose to 238."),
        ("Payment is due within 30 days.", "Payment is due in 30 days."),
        ("It is valid until 3 May and ends then.", "It ends on 3 May."),
        ("At most 20 people came.", "No more than 20 people came."),
        ("At least 20 people came.", "20 or more people came."),
        ("The loan is paid over 3 years.", "The loan is paid in 3 years."),
        ("The contract runs until 3 May.", "The contract does not run after 3 May."),
        ("It would not reopen before 11 May.", "It stays closed until at least 11 May."),
        ("Pain disappeared within 48 hours.", "Pain was gone after 48 hours."),
    ],
)
def test_a_bound_in_other_words_is_the_same(page, claim):
    assert judge(page, claim).support == "supported"
