"""The words that name a fact on a form, in a dozen languages; one row a fact, best words first."""

from __future__ import annotations

import re

from documents.pipeline.analysis.offline.patterns import one_of


def _label(words: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){one_of(words)}(?!\w)", re.IGNORECASE)


# What is still to pay goes before what it all came to, that before any other total.
TOTALS = (
    _label(
        """
        amount due, amount payable, balance due, total due, total to pay, to pay, total payable,
        noch zu zahlen, zu zahlen, zahlbetrag, zahlungsbetrag, net à payer, reste à payer,
        total à payer, total a pagar, importe a pagar, totale da pagare, totale a pagare,
        netto a pagare, te betalen bedrag, totaal te betalen, valor a pagar, razem do zapłaty,
        do zapłaty, celkem k úhradě, k úhradě, к оплате, att betala, at betale, maksettava,
        fizetendő, te betalen, amount credited, amount refunded, total credit, total refund,
        gutschriftsbetrag, ご請求金額, 請求金額, 应付金额
        """
    ),
    _label(
        """
        grand total, total incl, invoice total, total paid, amount paid, you paid, order total,
        rechnungsbetrag, gesamtbetrag,
        endbetrag, bruttobetrag, summe brutto, total ttc, montant total, montant ttc,
        total factura, importe total, totale fattura, totale documento, totaalbedrag,
        total fatura, razem brutto, celkem s dph, всего, итого с ндс
        """
    ),
    _label(
        """
        total, gesamt, gesamtsumme, summe, totale, totaal, razem, suma, celkem, итого, summa,
        i alt, yhteensä, összesen, 合計, 合计, 总计, 總計
        """
    ),
    # On a receipt that has but one sum; anywhere else it heads a column.
    re.compile(
        rf"^{one_of('betrag, montant, importe, importo, bedrag, amount, kwota, částka, valor')}"
        r"(?:\s*:|[ \t]{2,}(?=\S{0,3}\s?\d))",
        re.IGNORECASE,
    ),
)
NO_TOTAL = _label(
    """
    subtotal, sub-total, sub total, zwischensumme, sous-total, total ht, total net, total hours,
    netto, nettobetrag, total excl, base imponible, imponibile, subtotaal, razem netto,
    total vat, before tax, p.u. ht, gesamtpreis, 小計, 小计, zwischentotal
    """
)
# "Total savings", "Total weight": between "total" and its sum stands nothing but this.
_BESIDE_TOTAL = one_of(
    """
    incl., incl, including, inclusive, inkl., inkl, inklusive, inclusief, inc., gross, brutto, due,
    net, payable, to pay, amount, price, sum, invoice, order, eur, euro, euros, ttc, tvac, btw, vat,
    tax, taxes, gst, mwst., mwst, ust., ust, tva, iva, moms, dph, of, in, all, général, general,
    générale, generale, geral, factura, facture, fattura, fatura, rechnung, documento, documenti,
    final, cost, costs, charges, bedrag, betrag, für, items, item, artikel, articles, artículos,
    articoli, artigos, pos., positionen, und, and, y, et, e, de, la, du, con, mit, avec, with, s,
    montant, importe, importo, valor, ogółem, à, a, pagar, payer, pagare, zu, zahlen,
    zahlbar, betalen, te, do, zapłaty
    """
)
# Possessive: a line of a thousand such words is given up at once.
BESIDE_TOTAL = re.compile(
    rf"(?:[\W_]|\d|(?<![^\W\d_])(?:{_BESIDE_TOTAL}|(?-i:[A-Z]{{3}})|fr|kč|zł|kr|руб|ft|lei)"
    r"(?![^\W\d_]))*+",
    re.IGNORECASE,
)
# "If paid by 10 March you only have to pay 98.00" is an offer.
CONDITIONAL = {
    "en": _label("if, when, unless, should you"),
    "de": _label("wenn, falls, sofern, bei zahlung, sollten"),
    "fr": _label("si, s'il, en cas de, lorsque"),
    "es": _label("si, en caso de, cuando"),
    "it": _label("se, in caso di, qualora"),
    "nl": _label("als, indien, wanneer, bij betaling"),
    "pt": _label("se, em caso de, caso, quando"),
}
# "Your last payment was due on 3 January": that day has passed.
PAST = re.compile(
    r"(?<!\w)(?:was|were|had been|has been|previously|last|war|waren|était|étaient|vencía|venció"
    r"|era|erano|verviel|venceu)\W{1,3}(?:\w+\W{1,3}){0,2}\Z",
    re.IGNORECASE,
)
DUE = _label(
    """
    payment due, settle by, to be paid by, due date, due by, due on, due,
    pay by, payable by, payable before, please pay by,
    zahlbar bis zum, zahlbar bis, fällig am, fälligkeit, fälligkeitsdatum, zahlungsziel,
    überweisen sie, buchen wir, bitte zahlen sie, échéance, date d'échéance,
    date limite de paiement,
    à régler avant le, à régler avant, à payer avant le, payable avant le, vencimiento,
    fecha de vencimiento, fecha límite de pago, scadenza, scadenza pagamento, data di scadenza,
    da pagare entro, vervaldatum, te betalen vóór, te betalen voor, uiterste betaaldatum,
    vencimento, data de vencimento, data limite de pagamento, pagar até, termin płatności,
    zapłacić do, datum splatnosti, splatnost, срок оплаты, оплатить до, förfallodatum,
    forfaldsdato, forfallsdato, eräpäivä, fizetési határidő, fecha de cargo, cargo en cuenta,
    domiciliación,
    direct debit on, will be debited on, will be collected on, wird abgebucht am, abgebucht am,
    prélèvement le, prélevé le, date de prélèvement, addebito il, data addebito, お支払期限,
    支払期限, 支払期日, 付款期限, 付款截止日期
    """
)
DATED = _label(
    """
    invoice date, date of issue, issue date, tax point, order date, date of invoice, date,
    rechnungsdatum, datum, ausstellungsdatum, date de facture, date de facturation,
    fecha de factura, fecha de emisión, fecha, data fattura, data di emissione, data emissione,
    factuurdatum, data de emissão, data da fatura, data wystawienia, data, datum vystavení, дата,
    fakturadatum, fakturadato, laskun päivä, kelt, 発行日, 請求日, 开票日期, 開票日期, 日期
    """
)
OTHER_DATES = _label(
    """
    date of work, date of birth, delivery date, period, lieferdatum, leistungszeitraum, verbrauch,
    date de naissance, date de livraison, periodo, période, ausgeführten, geburtsdatum
    """
)
_NUMBER_SIGN = one_of("number, nummer, numer, no., no, nr., nr, n°, nº, n.º, n., #, č., č, №, num.")
_PAPER = one_of(
    """
    invoice, receipt, bill, beitragsrechnung, honorarrechnung,
    note d'honoraires, receipt for order, rechnungs, rechnung, rechnungsnr, liquidation,
    facture, facture d'eau, reçu, factura, recibo, fattura, ricevuta, parcella, factuur,
    fatura, fatura-recibo, faktura vat, faktura, rachunek, daňový doklad, счёт, счет, lasku,
    kvittering, kvitto, számla, credit note, gutschrift, gutschrifts, avoir, nota de crédito,
    nota di credito, creditnota, 請求書番号, 請求番号, 领収書番号, 发票号码, 發票號碼
    """
)
# "Rechnungsnummer: 4", "Facture n° 4", "FACTURA A/4", "Invoice #: 4", "N° 4" on a line of its own.
NUMBER = re.compile(
    rf"(?:(?<!\w){_PAPER}[- ]?{_NUMBER_SIGN}?|^{_NUMBER_SIGN})[ :.#]{{0,12}}"
    r"(?P<value>(?:[A-Z]{1,4}[ -])?[A-Z]{0,6}[-/]?\d[\w/-]{0,24}(?: \d{3}){0,3}"
    r"|[A-Z]{1,4}[-/][A-Z\d/-]{0,24}\d)(?![\w.])",
    re.IGNORECASE,
)
TITLE = re.compile(rf"\W*{_PAPER}(?!\w)", re.IGNORECASE)
_SELLERS = one_of(
    """
    from, seller, supplier, verkäufer, vendeur, vendedor, venditore, sprzedawca, dodavatel,
    verkoper, продавец, leverantör, säljare, sælger, myyjä
    """
)
FROM = re.compile(rf"{_SELLERS}(?!\w)\s*:?\s*", re.IGNORECASE)
