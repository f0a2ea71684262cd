"""Units and rates as they are written, and opposites that have a figure."""

from __future__ import annotations

import pytest

from tests.analysis.test_framing import judge


@pytest.mark.parametrize(
    ("page", "claim"),
    [
        ("The rent is 500 euros per week for the flat.", "The rent is 500 euros per month."),
        ("It costs 20 euros per person per week.", "It costs 20 euros per person per day."),
        ("The limit is 50 km per day.", "The limit is 50 km per hour."),
        ("Die Miete beträgt 500 Euro pro Jahr.", "Die Miete beträgt 500 Euro pro Monat."),
        ("Le loyer est de 500 euros par semaine.", "Le loyer est de 500 euros par mois."),
        ("El alquiler es de 500 euros al año.", "El alquiler es de 500 euros al mes."),
        ("The dose is 5 g in the morning.", "The dose is 5 mg."),
        ("The dose is 5 µg in the morning.", "The dose is 5 mg."),
        ("The voltage is 5 kV at the plug.", "The voltage is 5 V."),
        ("The cable is 5 km long.", "The cable is 5 m long."),
        ("The meeting is at 3 am in the hall.", "The meeting is at 3 pm."),
        ("La dose è di 5 g al mattino.", "La dose è di 5 mg."),
        ("The buyer bears the costs of transport.", "The seller bears the costs."),
        ("Der Vermieter zahlt die Reparatur.", "Der Mieter zahlt die Reparatur."),
        ("El comprador paga el transporte.", "El vendedor paga el transporte."),
    ],
)
def test_another_unit_and_another_party_are_marked(page, claim):
    judgement = judge(page, claim)
    assert judgement.support == "partly"
    assert judgement.unsupported_words


@pytest.mark.parametrize(
    ("page", "claim"),
    [
        ("The contract begins on 3 May 2027 for a year.", "The contract ends on 3 May 2027."),
        ("The test is negative for the patient.", "The test is positive for the patient."),
        ("The worst result was in 2025 for the club.", "The best result was in 2025."),
        ("The last payment is 500 euros.", "The first payment is 500 euros."),
        ("Der Vertrag beginnt am 3. Mai 2027.", "Der Vertrag endet am 3. Mai 2027."),
        ("Le contrat commence le 3 mai 2027 pour un an.", "Le contrat finit le 3 mai 2027."),
        ("El contrato empieza el 3 de mayo de 2027.", "El contrato termina el 3 de mayo de 2027."),
    ],
)
def test_of_two_that_exclude_each_other_one_contradicts_the_other(page, claim):
    assert judge(page, claim).support == "contradicted"


@pytest.mark.parametrize(
    ("page", "claim"),
    [
        ("The monthly rent is 500 euros.", "The rent is 500 euros per month."),
        ("The dose is 5 mg in the morning.", "The dose is 5 milligrams."),
        ("The meeting is at 3:00 pm in the hall.", "The meeting is at 3 pm."),
        ("The town has 5 million people.", "The town has 5 m people."),
        ("The speed is 50 kilometres per hour.", "The speed is 50 km/h."),
        ("It is kept at -20 degrees in the cellar.", "It is kept at -20 °C."),
        ("It begins on 15 May and ends on 14 June.", "It ends on 14 June."),
        ("The first payment is 500 euros, the last is 300.", "The first payment is 500 euros."),
        ("The landlord returns the deposit.", "The tenant is given the deposit back."),
        ("Fuel is sold only to members.", "Only members can buy fuel."),
    ],
)
def test_the_same_in_other_words_is_supported(page, claim):
    assert judge(page, claim).support == "supported"
