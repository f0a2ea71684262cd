"""Obligations and what only looks like one: days for people, denials, news, what was done."""

from __future__ import annotations

import pytest

from documents.pipeline.analysis.offline import sentences
from documents.pipeline.analysis.offline.actions import action_items

from .offline_reading import pages

MINUTES = "Minutes of the meeting\n\n"
GERMAN = "Anwesend: Herr Weber, Frau Kern\n\n"


def told(text, language="en", kind=None):
    found = action_items.find(sentences.read(pages(text)), language, kind)
    return [(item.task, item.assignee, item.due_text) for item in found]


@pytest.mark.parametrize(
    ("sentence", "who", "due"),
    [
        ("The report must be sent by Friday.", None, "by Friday"),
        ("The report must be sent by March.", None, "by March"),
        ("The report must be sent by Easter.", None, "by Easter"),
        ("The report must be sent by Post.", None, None),
        ("The rent must be paid by Bank Transfer.", None, None),
        ("The rent must be paid by PayPal.", None, None),
        ("The rent must be paid by Tom.", "Tom", None),
        ("The rent must be paid by Tom or Anna.", "Tom or Anna", None),
        ("The gate must be mended by the caretaker by Friday.", "the caretaker", "by Friday"),
    ],
)
def test_a_day_or_a_means_is_nobody(sentence, who, due):
    ((_, found_who, found_due),) = told(f"Dear Anna,\n\n{sentence}")
    assert (found_who, found_due) == (who, due)


@pytest.mark.parametrize(
    "modal", ["must be", "shall be", "has to be", "have to be", "needs to be", "is to be"]
)
def test_what_must_be_done_by_a_day_is_a_task_whatever_the_verb(modal):
    ((task, who, due),) = told(f"The report {modal} sent by Friday.")
    assert (task, who, due) == (f"The report {modal} sent", None, "by Friday")


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", f"{GERMAN}Herr Weber muss die Rechnung nicht bezahlen."),
        ("de", f"{GERMAN}Frau Kern soll das Dach, das leckt, nicht reparieren."),
        ("de", f"{GERMAN}Frau Kern wird keine Farbe bestellen."),
        ("de", f"{GERMAN}Frau Kern repariert das Tor nicht."),
        ("de", f"{GERMAN}Frau Kern hat die Rechnung nicht zu bezahlen."),
        ("de", "Die Wege sind nicht vom Mieter zu fegen."),
        ("de", "Der Bericht muss nicht verschickt werden."),
        ("nl", "Aanwezig: Jan\n\nJan zal de rekening niet betalen."),
        ("nl", "De huurder moet het dak niet repareren."),
        ("nl", "Het rapport moet niet worden verstuurd."),
        ("es", "La cuenta no debe ser pagada antes del 3 de mayo de 2027."),
        ("es", "La puerta no será cerrada por el conserje."),
        ("es", "No corresponde al inquilino pagar la luz."),
        ("fr", "Aucune porte ne sera fermée par le gardien."),
        ("it", "Non spetta al conduttore pagare la luce."),
        ("pt", "Não compete ao inquilino pagar a luz."),
        ("en", "The form does not have to be sent by Friday."),
        ("en", "No documents need to be sent by Friday."),
        ("en", f"{MINUTES}No invoices will be paid by May."),
        ("en", f"{MINUTES}It was not agreed that Tom will paint the gate."),
        ("en", f"{MINUTES}The proposal that Tom will paint the gate was rejected."),
        ("en", "Action items:\n- Tom not to order paint\n- Cancelled: order rope\n"),
        ("en", "Action items:\n- Dropped: order rope\n"),
        ("de", f"{GERMAN}Herr Weber muss bis Freitag niemanden anrufen."),
    ],
)
def test_what_is_not_to_be_done_is_no_task(language, text):
    assert told(text, language) == []


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "Der Mieter verpflichtet sich, keine Haustiere zu halten."),
        ("de", f"{GERMAN}Frau Kern soll die nicht verkauften Karten zurückgeben."),
        ("de", f"{GERMAN}Herr Weber soll das Dach reparieren, nicht aber das Tor."),
        ("de", f"{GERMAN}Herr Weber muss nicht nur die Miete, sondern auch den Strom zahlen."),
        ("de", "Wenn der Mieter nicht zahlt, sind die Schlüssel zurückzugeben."),
        ("nl", "De huurder is verplicht geen huisdieren te houden."),
        ("nl", "De huurder moet de deur sluiten, maar niet op slot doen."),
        ("fr", "Le locataire s'engage à ne pas fumer."),
        ("fr", "N'oubliez pas d'envoyer les clés."),
        ("en", "Keys not returned by May must be sent to Anna."),
        ("en", "Nobody will be charged, and the form must be returned by Friday."),
        ("en", f"{MINUTES}It was proposed and agreed that Tom will paint the gate."),
        ("en", "Action items:\n- Do not order paint\n"),
    ],
)
def test_a_ban_is_a_duty_and_a_no_elsewhere_denies_nothing(language, text):
    assert len(told(text, language)) == 1


@pytest.mark.parametrize(
    "sentence",
    [
        "The water will be turned off on 18 May.",
        "You will be informed by Friday.",
        "The price will be raised by 5 percent on 1 June.",
        "The rent will be increased by 3 May.",
        "The road will be closed from 3 May.",
    ],
)
@pytest.mark.parametrize("opening", ["Dear Tom,\n\n", MINUTES])
def test_news_is_no_task(opening, sentence):
    assert told(opening + sentence) == []


@pytest.mark.parametrize(
    ("sentence", "due"),
    [
        ("All invoices will be paid by May.", "by May"),
        ("The form will be returned by each member by 3 May.", "by 3 May"),
        ("The hall will be painted within two weeks.", "within two weeks"),
    ],
)
def test_what_will_be_done_by_a_day_is_a_task_in_minutes_and_news_in_letters(sentence, due):
    ((_, _, found),) = told(MINUTES + sentence)
    assert found == due
    assert told(f"Dear Tom,\n\n{sentence}") == []


def test_a_letter_may_name_who_will_do_it():
    ((_, who, due),) = told("Dear Tom,\n\nThe hall will be painted by Anna by 3 May.")
    assert (who, due) == ("Anna", "by 3 May")


@pytest.mark.parametrize(
    ("language", "text", "task"),
    [
        (
            "en",
            f"{MINUTES}If the pump fails, Tom will call the plumber.",
            "Call the plumber if the pump fails",
        ),
        (
            "en",
            "Unless it rains, please water the plants by Friday.",
            "Water the plants unless it rains",
        ),
        (
            "de",
            "Falls es regnet, schließen Sie bitte die Fenster.",
            "Schließen Sie bitte die Fenster, falls es regnet",
        ),
        ("fr", "S'il pleut, veuillez fermer la porte.", "Fermer la porte s'il pleut"),
        ("es", "Si llueve, le rogamos que cierre la puerta.", "Cierre la puerta si llueve"),
        ("it", "Se piove, la preghiamo di chiudere la porta.", "Chiudere la porta se piove"),
        (
            "nl",
            "Als het regent, verzoeken wij u de deur te sluiten.",
            "De deur te sluiten als het regent",
        ),
        ("pt", "Se chover, por favor feche a porta.", "Feche a porta se chover"),
    ],
)
def test_a_task_keeps_its_condition(language, text, task):
    ((found, _, _),) = told(text, language)
    assert found == task


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "Der Bericht muss bis Freitag verschickt werden."),
        ("de", "Die Bücher müssen bis zum 3. Mai 2027 bezahlt werden."),
        ("fr", "Le rapport doit être envoyé avant vendredi."),
        ("it", "Il rapporto deve essere inviato entro venerdì."),
        ("it", "Il rapporto va inviato entro venerdì."),
        ("nl", "Het rapport moet voor vrijdag worden verstuurd."),
        ("nl", "De boeken moeten betaald worden vóór 3 mei 2027."),
        ("pt", "O relatório deve ser enviado até sexta-feira."),
        ("pt", "As chaves devem ser entregues até 3 de maio de 2027."),
        ("es", "El informe debe ser enviado antes del viernes."),
        ("en", "The report must be sent by Friday."),
    ],
)
def test_what_must_be_done_is_a_task_in_every_language(language, text):
    ((_, who, due),) = told(text, language)
    assert who is None
    assert due


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", f"{MINUTES}Tom was asked to send the report and did so."),
        ("en", "Please send the report (already done)."),
        ("en", "Action items:\n- Tom: send the report – done\n"),
        ("de", f"{GERMAN}Frau Kern sollte den Brief schicken, hat es aber schon getan."),
        ("fr", "À faire :\n- Envoyer le rapport (déjà fait)\n"),
        ("nl", "Actiepunten:\n- Rapport sturen – klaar\n"),
    ],
)
def test_what_was_done_is_no_task(language, text):
    assert told(text, language) == []


def test_the_status_of_a_row_may_say_since_when_it_is_done():
    table = (
        "Task   Who   Due   Status\n"
        "Send report   Tom   3 May   completed 3 March\n"
        "Complete the form   Tom   4 May   open\n"
        "Buy rope   Anna   5 May   done 50 %\n"
    )
    assert [task for task, _, _ in told(table)] == ["Complete the form", "Buy rope"]


@pytest.mark.parametrize(
    "text",
    [
        "To whom it may concern\n\nYour lease ends on 3 June 2027.",
        "Will Smith sends his regards.",
        "Must haves are listed below.",
        "Total to pay 100.00 EUR",
        "Balance due 0.00 EUR",
    ],
)
def test_words_that_only_look_like_an_order_are_none(text):
    assert told(text) == []
