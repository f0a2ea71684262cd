"""Amounts of money as papers write them, with their currency."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

_CURRENCIES = {
    "€": "EUR", "eur": "EUR", "euro": "EUR", "euros": "EUR", "£": "GBP", "gbp": "GBP",
    "$": "USD", "usd": "USD", "us$": "USD", "zł": "PLN", "pln": "PLN", "kč": "CZK", "czk": "CZK",
    "chf": "CHF", "fr.": "CHF", "sek": "SEK", "nok": "NOK", "dkk": "DKK", "ft": "HUF",
    "huf": "HUF", "₽": "RUB", "руб": "RUB", "₴": "UAH", "грн": "UAH", "jpy": "JPY",
    "円": "JPY", "元": "CNY", "cny": "CNY", "rmb": "CNY",
    "₹": "INR", "inr": "INR", "₺": "TRY", "lei": "RON", "ron": "RON", "r$": "BRL", "brl": "BRL",
    "cad": "CAD", "aud": "AUD", "pounds": "GBP",
}  # fmt: skip
# Signs of several currencies: the language of the paper tells which.
_SHARED = {
    "¥": {"ja": "JPY", "zh": "CNY"},
    "￥": {"ja": "JPY", "zh": "CNY"},
    "kr": {"sv": "SEK", "da": "DKK", "no": "NOK"},
}
_SIGN = "|".join(sorted(map(re.escape, [*_CURRENCIES, *_SHARED]), key=len, reverse=True))
_NUMBER = r"\d{1,3}(?:[.,'’\u00a0\u202f ]\d{3}){1,4}(?:[.,]\d{1,2})?|\d{1,9}(?:[.,]\d{1,2})?"
# A bill sets the currency in a column of its own: "EUR      23.80".
AMOUNT = re.compile(
    rf"(?<![\w.,/-])(?:(?P<before>{_SIGN})[ \u00a0\u202f\t]{{0,40}})?"
    rf"(?P<number>{_NUMBER})(?:,-|\.-)?"
    rf"(?![\w/]|[.,]\d)(?:[ \u00a0]?(?P<after>{_SIGN})(?!\w))?",
    re.IGNORECASE,
)
# In the head of a column, or behind a label: "Betrag CHF", "Total (EUR)".
ALONE = re.compile(
    r"(?<!\w)(?:EUR|GBP|USD|PLN|CZK|CHF|SEK|NOK|DKK|HUF|RUB|UAH|JPY|INR|TRY|RON|BRL|CAD|AUD)(?!\w)"
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
        currency = self.currency or usual
        return f"{self.number:.2f} {currency}" if currency else None


def find(text: str, start: int, end: int) -> Iterator[Amount]:
    for match in AMOUNT.finditer(text, start, end):
        sign = match["before"] or match["after"]
        number = match["number"]
        currency = _CURRENCIES.get(sign.lower()) if sign else None
        has_cents = number[-3:-2] in (".", ",")
        yield Amount(match.start(), match.end(), _decimal(number), currency, has_cents, sign)


def currency_of(text: str, language: str | None = None) -> str | None:
    """The one currency that a paper names; none where it names several."""
    found = list(find(text, 0, len(text)))
    named = {each.currency for each in found if each.currency} | set(ALONE.findall(text))
    shared = [_SHARED[sign] for each in found if (sign := (each.sign or "").lower()) in _SHARED]
    if not named and shared and language:
        return shared[0].get(language)
    return named.pop() if len(named) == 1 else None


def _decimal(number: str) -> Decimal:
    # A mark before three digits divides thousands, before one or two the cents.
    whole, cents = number, ""
    if len(number) > 2 and number[-3] in ".,":
        whole, cents = number[:-3], number[-2:]
    elif len(number) > 1 and number[-2] in ".,":
        whole, cents = number[:-2], number[-1:]
    digits = "".join(filter(str.isdigit, whole)) or "0"
    return Decimal(f"{digits}.{cents or '00'}")
