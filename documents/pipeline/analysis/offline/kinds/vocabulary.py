"""What each kind of paper says of itself, in a dozen languages; one row a sign."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from documents.pipeline.analysis.offline.patterns import one_of

Where = Literal["title", "line", "anywhere"]


@dataclass(frozen=True, slots=True)
class Sign:
    """`points` are added where the pattern is found; `example` is a line that has it."""

    kind: str
    points: float
    where: Where
    pattern: re.Pattern[str]
    example: str


def _sign(kind: str, points: float, where: Where, words: str, example: str) -> Sign:
    begin = "" if where == "line" else r"(?<![^\W぀-ヿ㐀-鿿가-힣])"
    # "Thanks" ends a letter, "Thanks to Maria for the patch" is news.
    end = r"(?![^\W぀-ヿ㐀-鿿가-힣]| to \w)" if where == "line" else r"(?![^\W぀-ヿ㐀-鿿가-힣])"
    pattern = re.compile(rf"{begin}{one_of(words)}{end}", re.IGNORECASE)
    return Sign(kind, points, where, pattern, example)


def _compound(kind: str, points: float, words: str, example: str) -> Sign:
    """Germanic titles are often the second half of a word."""
    pattern = re.compile(rf"\w{{3}}{one_of(words)}(?!\w)", re.IGNORECASE)
    return Sign(kind, points, "title", pattern, example)


_MINUTES = (
    _sign(
        "minutes",
        3,
        "title",
        "minutes of, minutes, board meeting, committee meeting, council meeting, meeting notes,"
        "protokoll, protokoll der, niederschrift, compte rendu de la réunion, compte-rendu,"
        "compte rendu, procès-verbal, acta de la, acta de, verbale della, verbale di, ata da,"
        "ata de,"
        "notulen, verslag van de vergadering, protokół z, zápis z, zápis ze, протокол, mødereferat,"
        "pöytäkirja, jegyzőkönyv",
        "Protokoll der Mitgliederversammlung",
    ),
    _sign(
        "minutes",
        3,
        "line",
        "present:, in attendance:, attendees:, attending:, apologies:, apologies for absence,"
        "in the chair, anwesend:, anwesende:, entschuldigt:, présents :, présents:, excusés :,"
        "absente excusée :, asistentes:, presenti:, presentes:, aanwezig:, afwezig:, obecni:,"
        "přítomni:, присутствовали:, närvarande:, til stede:, läsnä:, jelen vannak:",
        "Anwesend: Herr Dahmen, Frau Reinders",
    ),
    _sign(
        "minutes",
        1.5,
        "anywhere",
        "next meeting, meeting closed, meeting was closed, meeting opened, nächste sitzung,"
        "prochaine réunion, séance est levée, próxima reunión, levanta la sesión,"
        "prossima riunione,"
        "próxima reunião, volgende vergadering, następne zebranie, příští schůze,"
        "order of business,"
        "matters arising, any other business, verschiedenes, ordre du jour, orden del día",
        "Se levanta la sesión a las 20:30.",
    ),
    _sign(
        "minutes",
        1.5,
        "anywhere",
        "resolved that, resolved:, was agreed, agreed to, agreed without, it was decided,"
        "reported that, beschließt einstimmig, wird beschlossen, einstimmig, il est décidé,"
        "se acuerda, se aprueba, si approva, all'unanimità, foi deliberado, uchwalono, schvaluje",
        "Se acuerda pedir tres presupuestos.",
    ),
)
_LETTER = (
    _sign(
        "letter",
        3,
        "line",
        "from:, von:, de :, de:, da:, van:, od:, от кого:",
        "From: Ines Caldwell <ines@example.org>",
    ),
    _sign(
        "letter",
        2,
        "line",
        "subject:, betreff:, objet :, objet:, asunto:, oggetto:, assunto:, onderwerp:, betreft:,"
        "temat:, předmět:, věc:, тема:, re:",
        "Betreff: Schlüssel",
    ),
    _sign(
        "letter",
        4,
        "line",
        "dear, sehr geehrte, sehr geehrter, liebe, lieber, hallo, guten tag, madame, monsieur,"
        "cher,"
        "chère, bonjour, estimado, estimada, estimados, estimadas,"
        "queridos, queridas, apreciados, chers,"
        "chères, gentili, querido, querida, apreciado, muy señor mío, gentile,"
        "egregio, egregia, spettabile, caro, cara, prezado, prezada, olá, exmo senhor, beste,"
        "geachte, szanowny, szanowna, szanowni, vážený, vážená, dobrý den, уважаемый, уважаемая,"
        "hi, hello, bästa, hej, kära, kære, hyvä",
        "Sehr geehrte Frau Claasen,",
    ),
    _sign(
        "letter",
        4,
        "line",
        "yours sincerely, yours faithfully, yours truly, sincerely, kind regards, best regards,"
        "regards, best wishes, with love, thanks, cheers, mit freundlichen grüßen,"
        "mit freundlichem gruß, viele grüße, herzliche grüße, hochachtungsvoll, liebe grüße,"
        "cordialement, bien cordialement, veuillez agréer, salutations, atentamente, un saludo,"
        "un cordial saludo, reciba un, reciban un, saludos, cordiali saluti,"
        "distinti saluti, un caro saluto,"
        "atenciosamente, com os melhores cumprimentos, cumprimentos, abraço, um abraço,"
        "met vriendelijke groet, hoogachtend, groeten, z poważaniem, z wyrazami szacunku,"
        "pozdrawiam, s pozdravem, с уважением, med vänlig hälsning, venlig hilsen",
        "Met vriendelijke groet,",
    ),
)
_CONTRACT = (
    _sign(
        "contract",
        4,
        "title",
        "agreement, tenancy agreement, contract, lease, undertaking, deed of, terms and conditions,"
        "vertrag, vereinbarung, contrat de, contrat, convention de, bail, contrato, contrato de,"
        "contratto di, contratto, overeenkomst, umowa, smlouva, договор, sopimus, avtal, aftale,"
        "kontrakt, szerződés",
        "CONTRAT DE PRESTATION DE SERVICES",
    ),
    _sign(
        "contract",
        3,
        "title",
        "notice of, notice to, kündigung, kündigung des, mitteilung über, bekanntmachung,"
        "mise en demeure, préavis, avis de, convocation, aviso de, notificación, convocazione,"
        "convocatoria, avviso, avviso di, ogłoszenie, zawiadomienie, oznámení, mededeling,"
        "kennisgeving, объявление, уведомление, disdetta, aviso, opzegging, wypowiedzenie, výpověď",
        "NOTICE OF RENT INCREASE",
    ),
    _sign(
        "contract",
        3,
        "anywhere",
        "hereinafter, whereas, hereby agree, is made on, is made between, is made by and between,"
        "the parties agree, notice is hereby given, hereby gives notice, nachstehend, nachfolgend,"
        "wird folgender, im folgenden, ci-après, entre les soussignés, il a été convenu,"
        "en adelante, reunidos, de una parte, di seguito, si conviene, adiante designado,"
        "primeiro outorgante, hierna te noemen, verder te noemen, zwany dalej, zwaną dalej,"
        "zwanym dalej, zawarta w, dále jen, uzavřená mezi, именуемый, заключили",
        'Elio Fabbri, di seguito "locatore"',
    ),
    _sign(
        "contract",
        2,
        "anywhere",
        "party shall, shall pay, shall not, either party, governed by, third party, in force for,"
        "die parteien, laufzeit, kündigungsfrist, verpflichtet sich, le présent contrat,"
        "chacune des parties, s'engage, las partes, cláusula, cláusulas, le parti, si impegna,"
        "as partes, partijen, strony, zobowiązuje się, smluvní strany, je povinen,"
        "стороны обязуются",
        "Either party may end this agreement.",
    ),
)
_INVOICE = (
    _sign(
        "invoice",
        4,
        "title",
        "invoice, tax invoice, receipt, bill, credit note, rechnung, rechnungsnummer, quittung,"
        "gutschrift, kassenbon, liquidation, jahresabrechnung, abrechnung, facture, reçu,"
        "ticket de caisse, note d'honoraires, avoir, factura, recibo, fattura, ricevuta, parcella,"
        "factuur, kassabon, fatura, fatura-recibo, faktura, paragon, rachunek, účtenka, счёт,"
        "счет-фактура, kvitto, kvittering, lasku, kuitti, számla,"
        "order confirmation, auftragsbestätigung, bestellbestätigung, confirmation de commande,"
        "confirmación de pedido, conferma d'ordine,"
        "請求書, 領収書, 納品書, 发票, 發票, 收据, 收據, 청구서, 영수증",
        "FACTURA A/2026/214",
    ),
    _sign(
        "invoice",
        3,
        "title",
        "application form, claim form, registration form, order form, form, antragsformular,"
        "anmeldeformular, formular, fragebogen, antrag auf, formulaire, bulletin d'inscription,"
        "formulario, solicitud de, modulo di, formulário, formulier, formularz, formulář, анкета",
        "Membership application form",
    ),
    _sign(
        "invoice",
        2,
        "anywhere",
        "vat, vat reg, sales tax, mwst, ust, umsatzsteuer, tva, iva, btw, dph, ндс, moms, alv, áfa,"
        "total ttc, total ht, p.iva, p. iva, nip, siret, cif, nif",
        "19 % USt.  199,50 €",
    ),
    _sign(
        "invoice",
        2,
        "line",
        "total, totals, subtotal, amount due, amount payable, balance due, bill to, billed to,"
        "gesamt, gesamtbetrag, summe, rechnungsbetrag, noch zu zahlen, zahlbetrag, net à payer,"
        "montant total, total a pagar, total factura, totale, totale fattura, totaal, totaalbedrag,"
        "razem, do zapłaty, celkem, celkem k úhradě, итого, summa, yhteensä, összesen, a pagar,"
        "合計, 合计, 总计, 總計, 小計",
        "Net à payer  94,18 €",
    ),
    _sign(
        "invoice",
        3,
        "anywhere",
        "berechne ich ihnen, berechnen wir ihnen, stelle ich ihnen in rechnung, stellen wir ihnen"
        " in rechnung, umsatzsteuerfrei, zahlbar bis, zahlbar innerhalb, gesamtsumme,"
        " amount credited, please remit, kindly settle, nous vous facturons, le facturamos",
        "Zahlbar bis 20.04.2028.",
    ),
    _sign(
        "invoice",
        2,
        "line",
        "cash, change, paid by card, card payment, bar, rückgeld, ec-karte, carte bancaire,"
        "espèces,"
        "efectivo, tarjeta, contanti, resto, contant, pin, gotówka, reszta, hotově, наличными",
        "Rückgeld         EUR      8,73",
    ),
)
_MANUAL = (
    _sign(
        "manual",
        4,
        "title",
        "manual, user manual, user guide, guide, handbook, howto, how-to, faq,"
        "frequently asked questions, instructions for use, instructions, reference, tutorial,"
        "anleitung, bedienungsanleitung, handbuch, leitfaden, häufig gestellte fragen,"
        "guide d'installation, guide, manuel, mode d'emploi, foire aux questions, guía, manual de,"
        "guida, manuale, guia, handleiding, gids, podręcznik, instrukcja, příručka, návod,"
        "руководство, инструкция, faq debian, opas, manuál, policy, specification,"
        "developer's reference, questions fréquentes,"
        "preguntas frecuentes, domande frequenti, perguntas frequentes, veelgestelde vragen,"
        "często zadawane pytania, často kladené otázky, часто задаваемые вопросы,"
        "fragen und antworten, questions and answers,"
        "说明书, 說明書, マニュアル, 手引き, 説明書, インストールガイド,"
        "手册, 指南, 常见问题, 手冊,"
        "常見問題, 설명서, 안내서, εγχειρίδιο, οδηγός, οδηγίες,"
        "panduan, referensi, petunjuk, hướng dẫn,"
        "manualen, kılavuz, ghid, посібник, vodič, priručnik, guía de, rehber, käsikirja",
        "Bedienungsanleitung Wasserkocher WK 12",
    ),
    _sign(
        "manual",
        3,
        "line",
        "synopsis, options, files, see also, usage, table of contents, inhaltsverzeichnis,"
        "table des matières, índice, indice, inhoudsopgave, spis treści, obsah, содержание,"
        "sisällysluettelo, q:, getting started, installation, configuration",
        "SYNOPSIS",
    ),
    _sign(
        "manual",
        1.5,
        "anywhere",
        "click, run the, run the following, the following command, command line, edit the file,"
        "to install, unplug, press, klicken sie, drücken sie, führen sie, schließen sie,"
        "lassen sie, cliquez, lancez, ouvrez, téléchargez, haga clic, ejecute, pulse, fare clic,"
        "premere, eseguire, clique, execute, klik, druk op, kliknij, uruchom, klikněte, нажмите,"
        "do not run, wipe, if the",
        "Cliquez sur « Nouveau projet »",
    ),
)
_REPORT = (
    _sign("report", 3, "title",
        "report, annual report, study, survey, analysis, white paper, bericht, jahresbericht,"
        "studie, rapport, informe, relazione, relatório, verslag, raport, zpráva, отчёт, отчет",
        "Annual report of the museum 2026"),
    _sign("report", 2, "line",
        "abstract, introduction, 1 introduction, 1. introduction, references, conclusion,"
        "conclusions, summary, zusammenfassung, einleitung, résumé, introduction, resumen,"
        "introducción, conclusiones, riassunto, introduzione, resumo, introdução, samenvatting,"
        "streszczenie, wstęp, souhrn, úvod, аннотация, введение",
        "Abstract"),
)  # fmt: skip
_COMPOUNDS = (
    _compound("minutes", 3, "protokoll, referat, protokoll der", "Ergebnisprotokoll"),
    _compound("contract", 4, "vertrag, vereinbarung, overeenkomst, avtal", "Wartungsvertrag"),
    _compound("invoice", 4, "rechnung, abrechnung, quittung", "Ihre Jahresabrechnung Strom"),
    _compound("invoice", 3, "formular, formulier, bogen", "Anmeldeformular Ferienbetreuung"),
    _compound(
        "manual", 4, "anleitung, handbuch, handleiding, leitfaden, referenz", "Gebrauchsanleitung"
    ),
    _compound("report", 3, "bericht, verslag, studie", "Jahresbericht 2026"),
)
SIGNS = (*_COMPOUNDS, *_MINUTES, *_LETTER, *_CONTRACT, *_INVOICE, *_MANUAL, *_REPORT)
