"""Days that are no deadline, and numbers that are no day."""

from __future__ import annotations

import pytest

from documents.pipeline.analysis.evidence import not_before
from documents.pipeline.analysis.evidence.due_dates import may_be_due
from documents.pipeline.analysis.offline.actions import due_dates


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Please return the keys not before 3 May 2027."),
        ("en", "Please do not return the keys before 3 May 2027."),
        ("en", "As agreed on 3 May 2027, please send the plan."),
        ("en", "Please send the plan no earlier than 3 May 2027."),
        ("en", "Please use the new form as of 3 May 2027."),
        ("en", "Please use the form effective 3 May 2027."),
        ("en", "Please pay the rent, unpaid since 3 May 2027."),
        ("de", "Bitte geben Sie die Schlüssel frühestens am 3. Mai zurück."),
        ("de", "Bitte geben Sie die Schlüssel nicht vor dem 3. Mai zurück."),
        ("de", "Wie am Telefon vereinbart am 3. Mai 2027"),
        ("fr", "Merci de ne pas envoyer les clés avant le 3 mai 2027."),
        ("es", "Envíe las llaves no antes del 3 de mayo de 2027."),
        ("it", "Si prega di consegnare le chiavi non prima del 3 maggio 2027."),
        ("nl", "Wij verzoeken u de sleutels niet vóór 3 mei 2027 te brengen."),
        ("pt", "Envie as chaves não antes de 3 de maio de 2027."),
    ],
)
def test_a_day_before_which_nothing_is_due_is_no_deadline(language, text):
    assert due_dates.find(text, language) is None


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Please do not forget to return the keys before 3 May 2027."),
        ("en", "Please send the signed form by 3 May 2027."),
        ("en", "The lease must be signed on 3 May 2027."),
        ("en", "Please send the plan no later than 3 May 2027."),
        ("en", "Tom cannot come, so send the plan before 3 May 2027."),
        ("de", "Vergessen Sie nicht, die Schlüssel vor dem 3. Mai 2027 abzugeben."),
        ("fr", "N'oubliez pas d'envoyer les clés avant le 3 mai 2027."),
        ("it", "Consegnare le chiavi entro e non oltre il 3 maggio 2027."),
        ("es", "Envíe las llaves no más tarde del 3 de mayo de 2027."),
    ],
)
def test_a_no_that_means_something_else_leaves_the_deadline(language, text):
    due = due_dates.find(text, language)
    assert due is not None
    assert due.date == "2027-05-03"


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Balance due 0.00 EUR"),
        ("en", "Please pay the balance due 12.50 EUR."),
        ("en", "Reduce the load by 3.5 tonnes."),
        ("en", "Cut the price by 1/2 percent."),
        ("de", "Kürzen Sie das Brett auf bis 3.5 cm."),
        ("de", "Zahlen Sie bis 12.50 EUR ein."),
    ],
)
def test_a_number_is_no_day(language, text):
    assert due_dates.find(text, language) is None


@pytest.mark.parametrize(
    ("language", "text", "due"),
    [
        ("en", "Send it by 3/5.", "by 3/5"),
        ("en", "Send it by 3.5.2027.", "by 3.5.2027"),
        ("en", "Send it by Friday, 3.5.", "by Friday, 3.5"),
        ("en", "Be back by 3.30 p.m. at the latest", "by 3.30 p.m"),
        ("de", "Zahlen Sie bis zum 3.5. den Betrag.", "bis zum 3.5"),
        ("es", "Pague antes del 3/5/2027 a la cuenta.", "antes del 3/5/2027"),
    ],
)
def test_a_day_in_figures_is_one(language, text, due):
    found = due_dates.find(text, language)
    assert found is not None
    assert found.text == due


@pytest.mark.parametrize(
    "due_text", ["no earlier than 3 May 2027", "as of 3 May 2027", "effective 3 May 2027"]
)
def test_the_model_engine_reads_the_same_words(due_text):
    assert not may_be_due(due_text)
    assert may_be_due("by 3 May 2027")


def test_the_words_in_front_of_a_due_text_count():
    assert not_before.is_no_deadline("Return the keys not before ", "3 May 2027", "en")
    assert not not_before.is_no_deadline("Return the keys by ", "3 May 2027", "en")
