"""Amounts of money as papers write them, with their currency."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from documents.pipeline.analysis.offline.patterns import one_of

_CURRENCIES = {
    "€": "EUR", "eur": "EUR", "euro": "EUR", "euros": "EUR", "£": "GBP", "gbp": "GBP",
    "usd": "USD", "us$": "USD", "us $": "USD", "ca$": "CAD", "can$": "CAD", "c$": "CAD",
    "a$": "AUD", "au$": "AUD", "nz$": "NZD", "nzd": "NZD", "hk$": "HKD", "hkd": "HKD",
    "s$": "SGD", "sgd": "SGD", "mx$": "MXN", "mxn": "MXN", "zar": "ZAR",
    "zł": "PLN", "pln": "PLN", "kč": "CZK", "czk": "CZK",
    "chf": "CHF", "fr.": "CHF", "sek": "SEK", "nok": "NOK", "dkk": "DKK", "ft": "HUF",
    "huf": "HUF", "₽": "RUB", "руб": "RUB", "₴": "UAH", "грн": "UAH", "jpy": "JPY",
    "円": "JPY", "元": "CNY", "cny": "CNY", "rmb": "CNY",
    "₹": "INR", "inr": "INR", "₺": "TRY", "lei": "RON", "ron": "RON", "r$": "BRL", "brl": "BRL",
    "cad": "CAD", "aud": "AUD", "pounds": "GBP",
}  # fmt: skip
# Signs of several currencies: the language of the paper tells which.
_SHARED: dict[str, dict[str, str]] = {
    "$": {},
    "¥": {"ja": "JPY", "zh": "CNY"},
    "￥": {"ja": "JPY", "zh": "CNY"},
    "kr": {"sv": "SEK", "da": "DKK", "no": "NOK"},
}
_SIGN = "|".join(sorted(map(re.escape, [*_CURRENCIES, *_SHARED]), key=len, reverse=True))
_NUMBER = r"\d{1,3}(?:[.,'’\u00a0\u202f ]\d{3}){1,4}(?:[.,]\d{1,2})?|\d{1,9}(?:[.,]\d{1,2})?"
_CODES = sorted(set(_CURRENCIES.values()))
_CODE = "|".join(_CODES)
_MINUS = r"[-−–]"
# "1.5 million", "2,5 Mio.": a number of these is as many; letters alone stand at the number.
_SIZES = {
    "thousand": 3, "tausend": 3, "tsd": 3, "mille": 3, "mila": 3, "mil": 3, "duizend": 3,
    "million": 6, "millions": 6, "millionen": 6, "mio": 6, "mill": 6, "mln": 6, "millones": 6,
    "millón": 6, "milioni": 6, "milione": 6, "miljoen": 6, "milhão": 6, "milhões": 6, "mn": 6,
    "milliarden": 9, "milliarde": 9, "mrd": 9, "mia": 9, "milliard": 9, "milliards": 9,
    "miliardi": 9, "miliardo": 9, "miljard": 9, "bn": 9, "mld": 9, "k": 3, "m": 6,
    "mil millones": 9, "mil milhões": 9, "bilhão": 9, "bilhões": 9, "billion": 9, "billions": 9,
    "billionen": 12, "billones": 12, "biljoen": 12, "trillion": 12,
}  # fmt: skip
# A thousand times as many as in English.
_LONG_SCALE = {"de": {"billion": 12}, "nl": {"billion": 12}, "fr": {"billion": 12, "billions": 12}}
_SIZE = "|".join(sorted(map(re.escape, _SIZES), key=len, reverse=True))
# A bill sets the currency in a column of its own: "EUR      23.80".
AMOUNT = re.compile(
    rf"(?<![\w.,/-])(?P<minus>{_MINUS}[ \u00a0]?|\([ ]?)?"
    rf"(?:(?:(?P<code>{_CODE})[ \u00a0]?)?(?P<before>{_SIGN})[ \u00a0\u202f\t]{{0,40}})?"
    rf"(?P<inner>{_MINUS}[ \u00a0]?)?"
    rf"(?P<number>{_NUMBER})(?:,-|\.-|(?P<behind>{_MINUS})(?![\w-]))?"
    rf"(?:[ \u00a0]?(?P<size>{_SIZE})(?![\w/])(?:(?<=mio|mrd|mln|tsd|mld|mia)\.)?)?"
    rf"(?![\w/]|[.,]\d)(?:[ \u00a0]?(?:de |d['’])?(?P<after>{_SIGN})(?!\w))?(?P<close>[ ]?\))?",
    re.IGNORECASE,
)
# Where a dash with a blank behind it can be no divider: "Total:   - 23.80".
_COLUMN = re.compile(r"(?:^|[\t:\n]|[ \u00a0]{2}|[€$£])[ \u00a0]*\Z")
# In the head of a column, or behind a label: "Betrag CHF", "Total (EUR)".
ALONE = re.compile(rf"(?<!\w)(?:{_CODE})(?!\w)")
_DOLLARS = re.compile(r"(?<!\w)(?:USD|AUD|CAD|NZD|HKD|SGD|MXN)(?!\w)")
CREDIT = re.compile(
    rf"""(?<!\w){
        one_of(
            '''
        credit note, credit memo, refund, gutschrift, stornorechnung, avoir, note de crédit,
        nota de crédito, factura rectificativa, nota di credito, creditnota, creditfactuur
        '''
        )
    }(?!\w)""",
    re.IGNORECASE,
)
# Whose dollars they are: a paper of the United States says so somewhere.
_STATES = (
    "AL|AK|AZ|AR|CA|CO|CT|DE|DC|FL|GA|HI|ID|IL|IN|IA|KS|KY|LA|ME|MD|MA|MI|MN|MS|MO|MT|NE|NV|NH|NJ"
    "|NM|NY|NC|ND|OH|OK|OR|PA|RI|SC|SD|TN|TX|UT|VT|VA|WA|WV|WI|WY"
)
AMERICAN = re.compile(
    rf"\b(?:{_STATES}),? \d{{5}}(?:-\d{{4}})?\b|\bUSA\b|\bU\.S\.|\bUnited States\b|\bIRS\b|\bEIN\b"
    r"|\b[Ss]ales [Tt]ax\b|\bSALES TAX\b"
)


@dataclass(frozen=True, slots=True)
class Amount:
    start: int
    end: int
    number: Decimal
    currency: str | None
    has_cents: bool
    sign: str | None = None

    @property
    def is_money(self) -> bool:
        return self.has_cents or self.sign is not None

    def normalized(self, usual: str | None) -> str | None:
        """`usual` is the currency of the paper, for amounts that name none."""
        # Nor does a paper in euros say whose dollars these are.
        currency = self.currency or (None if self.sign == "$" else usual)
        return f"{self.number:.2f} {currency}" if currency else None


class Paper(NamedTuple):
    """What the whole paper says of its amounts: whose "$" they are, and whether it gives back."""

    language: str | None = None
    dollars: str | None = None
    is_credit: bool = False


def of_paper(text: str, language: str | None) -> Paper:
    named = set(_DOLLARS.findall(text))
    if len(named) == 1:
        dollars: str | None = named.pop()
    else:
        dollars = "USD" if not named and AMERICAN.search(text) else None
    return Paper(language, dollars, CREDIT.search(text) is not None)


def find(text: str, start: int, end: int, paper: Paper) -> Iterator[Amount]:
    """Amounts between the offsets; in a credit note a column begins at `start`."""

    for match in AMOUNT.finditer(text, start, end):
        sign = _sign(match)
        size = (match["size"] or "").lower()
        if size and len(size) == 1 and not sign:
            continue  # "1.5 m" is a length, "1.5 k" no money.
        number = match["number"]
        currency = paper.dollars if sign == "$" else _CURRENCIES.get((sign or "").lower())
        has_cents = not size and number[-3:-2] in (".", ",")
        is_negative = _is_negative(match, start if paper.is_credit else None)
        value = _decimal(number, size, paper.language)
        first = match.start() if is_negative or not match["minus"] else match.end("minus")
        last = match.end() if is_negative or not match["close"] else match.start("close")
        yield Amount(first, last, -value if is_negative else value, currency, has_cents, sign)


def _sign(match: re.Match[str]) -> str | None:
    """A code says more than a sign: "$110.00 AUD", "AUD $110.00"."""
    after = match["after"]
    is_code = after is not None and after.upper() in _CODES
    return match["code"] or (after if is_code else match["before"] or after)


def _is_negative(match: re.Match[str], column: int | None) -> bool:
    if match["behind"]:
        return True
    minus = match["minus"] or match["inner"]
    if not minus:
        return False
    is_in_column = _COLUMN.search(match.string, 0, match.start()) is not None or (
        column is not None and not match.string[column : match.start()].strip(" \t:")
    )
    if minus.startswith("("):
        # "(23.80)" in a column; "a fee (of 20 EUR)" is only explained.
        return bool(match["close"]) and is_in_column and match["number"][-3:-2] in (".", ",")
    # "Total - 23.80" may have a dash between them.
    return bool(match["inner"]) or not minus[-1].isspace() or is_in_column


def currency_of(text: str, language: str | None = None) -> str | None:
    """The one currency that a paper names; none where it names several."""
    found = list(find(text, 0, len(text), of_paper(text, language)))
    named = {each.currency for each in found if each.currency} | set(ALONE.findall(text))
    shared = [_SHARED[sign] for each in found if (sign := (each.sign or "").lower()) in _SHARED]
    if not named and shared and language:
        return shared[0].get(language)
    return named.pop() if len(named) == 1 else None


def _decimal(number: str, size: str = "", language: str | None = None) -> Decimal:
    power = _LONG_SCALE.get(language or "", {}).get(size) or _SIZES.get(size, 0)
    decimals = "." if language in (None, "en", "zh", "ja") else ","
    if power and re.fullmatch(rf"\d{{1,3}}[{decimals}]\d{{3}}", number):
        # "1.125 million" has no thousands.
        return Decimal(number.replace(",", ".")).scaleb(power)
    return _as_written(number).scaleb(power) if power else _as_written(number)


def _as_written(number: str) -> Decimal:
    # A mark before three digits divides thousands, before one or two the cents.
    whole, cents = number, ""
    if len(number) > 2 and number[-3] in ".,":
        whole, cents = number[:-3], number[-2:]
    elif len(number) > 1 and number[-2] in ".,":
        whole, cents = number[:-2], number[-1:]
    digits = "".join(filter(str.isdigit, whole)) or "0"
    return Decimal(f"{digits}.{cents or '00'}")
