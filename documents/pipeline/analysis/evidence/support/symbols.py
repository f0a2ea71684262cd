"""Symbols of units: 5 mg are not 5 g, 5 V not 5 kV, and three in the night not in the afternoon.

They are compared as they are written, for in small letters a volt is no other than the end of a
word; and with the words that mean the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from documents.pipeline.analysis.evidence import normalization, numbers
from documents.pipeline.analysis.evidence.support import quantities

_NUMBER = r"(?<![\w.,:/])(?P<number>\d+(?:[.,:]\d+)*)"
_SYMBOL = re.compile(
    rf"{_NUMBER}[ \u00a0\u202f-]?(?:(?P<half>(?i:[ap]\.?\s?m\b\.?))|(?P<symbol>"
    r"km/h|m/s|°[CF]|[kMGTmµnc]?(?:V|A|W|Wh|Hz|Pa|g|J|N|mol|Ω|B)|[mcdh]?[lL]|[kmcdµn]?m|m?s|h|min"
    r"|m?bar|psi|lb|oz|ft|ppm|dB|ha|t|mph)(?![\w²³/]))"
)
_NAMED = re.compile(rf"{_NUMBER}[ \u00a0\u202f-]?(?P<word>[^\W\d_]{{3,}})")
# What the table of units has, or should be known by its symbol.
_UNITS = {
    "mm": "millimeter", "cm": "centimeter", "m": "meter", "km": "kilometer",
    "km/h": "kilometer", "g": "gram", "kg": "kilogram",
    "t": "ton", "l": "liter", "L": "liter", "h": "hour", "min": "minute",
    "MB": "megabyte", "GB": "gigabyte", "TB": "terabyte", "ft": "foot",
}  # fmt: skip
_ANY_DEGREE = "degree"  # of Celsius, mostly, and not said
_BEGUN = (
    ("milligram", "mg"), ("miligram", "mg"), ("mikrogram", "µg"), ("microgram", "µg"),
    ("kilovolt", "kV"), ("millivolt", "mV"), ("kilowattst", "kWh"), ("kilowatt-h", "kWh"),
    ("kilowatt", "kW"), ("kilovatio", "kW"), ("megawatt", "MW"), ("megavatio", "MW"),
    ("milliamp", "mA"), ("milliliter", "ml"), ("millilitr", "ml"), ("mililitr", "ml"),
    ("kilohertz", "kHz"), ("megahertz", "MHz"), ("hertz", "Hz"),
)  # fmt: skip
_WORDS = {
    word: symbol
    for symbol, words in {
        "V": "volt volts voltio voltios", "W": "watt watts vatio vatios",
        "A": "ampere amperes amp amps ampère ampères amperio amperios", "bar": "bar bars",
        "s": "second seconds sekunde sekunden seconde secondes segundo segundos secondo secondi",
    }.items()
    for word in words.split()
}  # fmt: skip


def unsupported(claim: str, texts: Sequence[str]) -> list[str]:
    """The symbols of the claim whose numbers have only other units in the texts."""
    claimed = list(_symbols(claim))
    if not claimed:
        return []
    known: dict[str, set[str]] = {}
    for text in texts:
        for number, _, unit in (*_symbols(text), *_named(text)):
            known.setdefault(number, set()).add(unit)
    return [
        written
        for number, written, unit in claimed
        if number in known and not known[number] & {unit, _ANY_DEGREE if "°" in unit else unit}
    ]


def _symbols(text: str) -> Iterator[tuple[str, str, str]]:
    """Each number with its symbol, as written and as compared."""
    for found in _SYMBOL.finditer(text.replace("μ", "µ")):
        number = numbers.plain(found["number"])
        if half := found["half"]:
            yield number, half.strip(), re.sub(r"[\W_]", "", half.casefold())
        else:
            yield number, found["symbol"], _UNITS.get(found["symbol"], found["symbol"])


def _named(text: str) -> Iterator[tuple[str, str, str]]:
    for found in _NAMED.finditer(normalization.with_whole_numbers(text)):
        word = found["word"].casefold()
        unit = _WORDS.get(word) or next(
            (symbol for begun, symbol in _BEGUN if word.startswith(begun)), ""
        )
        unit = unit or quantities.unit_of(word)
        # Five m people may be five million, and euros are looked at elsewhere.
        if unit and unit not in quantities.SIZES and unit not in quantities.MONEY:
            yield numbers.plain(found["number"]), word, unit
