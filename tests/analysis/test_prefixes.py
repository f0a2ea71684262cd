"""Opposites by prefix: legal and illegal, gültig and ungültig."""

from __future__ import annotations

import pytest

from tests.analysis.test_framing import judge

OPPOSITES = [
    ("The drug is effective.", "The drug is ineffective against this virus."),
    ("The agreement is legal.", "The agreement is illegal in this state."),
    ("The report is complete.", "The report is incomplete and must be revised."),
    ("He is honest with his friends.", "He is dishonest with his friends."),
    ("The drug is safe for children.", "The drug is unsafe for children under ten."),
    ("Visitors are allowed.", "Visitors are disallowed after eight."),
    ("The decision is reversible.", "The decision is irreversible under the statutes."),
    ("The signature is possible.", "The signature is impossible."),
    ("The tickets are refundable.", "The tickets are non-refundable."),
    ("Der Vertrag ist gültig.", "Der Vertrag ist ungültig und wird aufgehoben."),
    ("Das Mittel ist wirksam.", "Das Mittel ist unwirksam gegen dieses Virus."),
    ("Die gültige Fassung liegt bei.", "Die ungültige Fassung liegt bei."),
    ("Das Haus ist bewohnt.", "Das Haus ist unbewohnt seit 2020."),
    ("Le contrat est légal.", "Le contrat est illégal dans ce pays."),
    ("Le dossier est complet.", "Le dossier est incomplet et doit être revu."),
    ("El contrato es legal.", "El contrato es ilegal en este país."),
    ("El producto es eficaz.", "El producto es ineficaz contra este virus."),
]


@pytest.mark.parametrize(("one", "other"), OPPOSITES)
def test_a_word_with_a_negative_prefix_is_the_opposite_of_the_word_without(one, other):
    assert judge(other, one).support == "contradicted"
    assert judge(one, other).support == "contradicted"


@pytest.mark.parametrize(
    ("page", "claim"),
    [
        ("The drug is ineffective against this virus.", "The drug is not effective."),
        ("The contract is legal.", "The contract is not illegal."),
        ("Der Vertrag ist ungültig.", "Der Vertrag ist nicht gültig."),
        (
            "The drug is ineffective in children but effective in adults.",
            "The drug is effective in adults.",
        ),
    ],
)
def test_a_no_before_the_word_says_the_same_as_its_prefix(page, claim):
    assert judge(page, claim).support == "supported"


@pytest.mark.parametrize(
    ("page", "claim"),
    [
        ("The firm will invest in the shares.", "The firm will vest the shares."),
        ("The group was informed in May.", "The group was formed in May."),
        ("The method is improved.", "The method is proved."),
        ("The painting is invaluable to the club.", "The painting is valuable."),
        ("Der Unfall wurde gemeldet.", "Der Fall wurde gemeldet."),
        ("Die Unkosten steigen.", "Die Kosten steigen."),
    ],
)
def test_words_that_only_look_so_are_no_opposites(page, claim):
    assert judge(page, claim).support != "contradicted"
