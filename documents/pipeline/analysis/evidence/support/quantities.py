"""Units, currencies, sizes, months and weekdays, by what they mean in whatever language."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from documents.pipeline.analysis.evidence import dates
from documents.pipeline.analysis.evidence.memo import memoized

_UNITS = """
thousand thousand thousands tausend mille mil тысяч тысячи тысяча tisíc
million million millions millionen mio million millions millón millones миллион* milion* milión*
billion billion billions bn milliarde* mrd milliard milliards миллиард* miliard*
trillion trillion trillions billionen
euro euro euros eur евро eur
dollar dollar dollars usd dólar dólares доллар*
pound pound pounds gbp pfund livre livres libra libras фунт*
franc franc francs franken chf franco francos франк*
crown crown crowns krone* kronen korun koruna koruny kč крон* couronne* corona coronas krona kronor
yen yen иена иен
peso peso pesos
ruble ruble rubles rouble rubel руб рубл*
percent percent prozent procent процент* percentage
minute minute minutes minuten minuto minutos минут*
hour hour hours hourly stunde stunden stündlich heure heures hora horas час часа часов hodin*
day day days daily tag tage tagen täglich jour jours quotidien* día días diari* день дня дней dní
week week weeks weekly woche wochen wöchentlich semaine semaines hebdo* semana semanas semanal*
week неделя недели недель týdn*
month month months monthly monat monate monaten monatlich* mois mensuel* mes meses mensual*
month месяц месяца месяцев měsíc měsíce měsíců měsíčn*
year year years yearly annual annually jahr jahre jahren jährlich* jahres* an ans année années
year annuel* año años anual* год года лет rok roky let ročn*
millimeter millimeter millimeters millimetre millimetres mm millimètre* milímetro*
centimeter centimeter centimeters centimetre centimetres cm zentimeter centimètre* centímetro*
kilometer kilometer kilometers kilometre kilometres km kilomètre* kilómetro* километр*
meter meter meters metre metres metern mètre mètres metro metros метр метра метров
foot foot feet fuß pied pieds pie pies фут*
mile mile miles meile meilen milla millas
inch inch inches zoll pouce pouces pulgada*
gram gram grams gramm gramme grammes gramo gramos
kilogram kilogram kilograms kilo kilos kg kilogramm kilogramme* kilogramo*
ton ton tons tonne tonnes tonnen tonelada* тонн*
liter liter liters litre litres litern litro litros литр*
megabyte mb megabyte* mégaoctet*
gigabyte gb gigabyte* gigaoctet*
terabyte tb terabyte* téraoctet*
degree degree degrees grad degré degrés grado grados градус*
"""
_WHOLE: dict[str, str] = {}
_BEGUN: dict[str, str] = {}
for _line in _UNITS.split("\n"):
    for _word in _line.split():
        kept = _BEGUN if _word.endswith("*") else _WHOLE
        kept[_word.rstrip("*")] = _line.split()[0]
_BEGINNINGS = tuple(_BEGUN)
UNIT_WORDS = frozenset(_WHOLE) | frozenset(_BEGUN)
_SIGNS = {"€": "euro", "$": "dollar", "£": "pound", "¥": "yen", "₽": "ruble", "%": "percent",
          "por ciento": "percent", "por cento": "percent", "pour cent": "percent",
          "per cento": "percent", "per cent": "percent",
          "万": "万", "亿": "亿", "欧元": "euro", "美元": "dollar", "英镑": "pound",
          "日元": "yen"}  # fmt: skip
_SIGN = re.compile("|".join(sorted(map(re.escape, _SIGNS), key=len, reverse=True)))
SIZES = {"thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
MONEY = frozenset(["euro", "dollar", "pound", "franc", "crown", "yen", "peso", "ruble"])
_OFTEN = re.compile(r"(?:hour|dai|week|month|year|annual|täglich|wöchentlich|monatlich|jährlich"
                    r"|quotidien|hebdo|mensu|annuel|diari|semanal|anual|měsíčn|ročn)\w*"
                    )  # fmt: skip
_PLAIN_TIME = frozenset(["hour", "hours", "week", "weeks", "month", "months", "year", "years"])
# "The year before" is no number of years.
_POINTING = frozenset(
    [
        *("the", "that", "this", "last", "next", "each", "der", "dem", "den", "im", "letzten"),
        *("le", "la", "cette", "dernière", "el", "este"),
    ]
)
# Euros per month, pro Monat, par mois, al mes: a rate, with its number before.
_RATES = frozenset(
    ["per", "pro", "par", "por", "je", "al", "each", "every", "chaque", "cada", "jede", "jeden"]
)
_RATE_NEAR = 6  # words from the number
_WORD = re.compile(r"[^\W\d_]+")
_DAYS = """
monday montag lundi lunes понедельник
tuesday dienstag mardi martes вторник
wednesday mittwoch mercredi miércoles среда среду
thursday donnerstag jeudi jueves четверг
friday freitag vendredi viernes пятница пятницу
saturday samstag sonnabend samedi sábado суббота субботу
sunday sonntag dimanche domingo воскресенье
"""
WEEKDAYS = {
    word: number
    for number, line in enumerate(_DAYS.strip().splitlines())
    for word in line.split()
    for word in (word, f"{word}s")
}
# Also a verb, a number or half a word: months only with a capital and a word before.
_DOUBTFUL_MONTHS = frozenset(["march", "mars", *(name for name in dates.MONTHS if len(name) < 5)])
_CERTAIN_MONTHS = frozenset(["june", "july", "juin", "juni", "juli", "abril", "août", "mayo"])


def unsupported(claim: str, claimed: Sequence[str], texts: Sequence[str]) -> list[str]:
    """The words of the claim, given with its tokens, that name a unit or day no text has."""
    known = frozenset[str]().union(*map(_units, texts))
    words = [word for word, unit in _claimed_units(claim, claimed) if unit not in known]
    return list(dict.fromkeys([*words, *_other_months(claim, texts), *_other_days(claim, texts)]))


@memoized
def _units(text: str) -> frozenset[str]:
    named = map(unit_of, _WORD.findall(text.casefold()))
    return frozenset([*filter(None, named), *(_SIGNS[sign] for sign in _SIGN.findall(text))])


def unit_of(word: str) -> str:
    """The unit that a word names in any language; blank if it names none."""
    if word in _WHOLE:
        return _WHOLE[word]
    if not word.startswith(_BEGINNINGS):
        return ""
    return next(unit for begun, unit in _BEGUN.items() if word.startswith(begun))


def unit_named(word: str) -> str:
    """The unit that a word or sign names."""
    return _SIGNS.get(word) or unit_of(word.casefold())


def with_named_signs(text: str) -> str:
    """The text with words for the signs of currencies and shares: "20 %" is "20 percent"."""
    return _SIGN.sub(lambda sign: f" {_SIGNS[sign[0]]} ", text)


def _claimed_units(claim: str, claimed: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Money wherever it is named, the rest where a number stands before it."""
    plain = claim.casefold()
    for place, word in enumerate(claimed):
        unit = unit_of(word)
        if not unit or word not in plain:
            continue  # No word of the claim's own: a sign, or "fortnight" in days.
        counts = _is_counted(claimed, place)
        if counts or unit in MONEY or (_OFTEN.fullmatch(word) and word not in _PLAIN_TIME):
            yield word, unit
    for sign in _SIGN.findall(claim):
        yield sign, _SIGNS[sign]


def _is_counted(claimed: Sequence[str], place: int) -> bool:
    """Two weeks, two whole weeks; not "up from 41,200 the year before"."""
    before = claimed[max(0, place - 2) : place]
    if before[-1:] and before[-1] in _RATES:
        before = claimed[max(0, place - _RATE_NEAR) : place]
    return any(word[0].isdigit() for word in before) and before[-1] not in _POINTING


def _other_months(claim: str, texts: Sequence[str]) -> list[str]:
    named = dict(_months(claim))
    if not named:
        return []
    known = {month for text in texts for month, _ in _months(text)}
    known |= {
        month
        for text in texts
        for day in dates.find(text)
        for month in ((day.month, day.day) if day.is_ambiguous else (day.month,))
    }
    return [word for month, word in named.items() if month not in known]


def _months(text: str) -> Iterator[tuple[int, str]]:
    for found in _WORD.finditer(text):
        word = found[0].lower()
        month = dates.MONTHS.get(word)
        is_capital = found.start() > 0 and found[0][0].isupper()
        is_sure = is_capital or word not in _DOUBTFUL_MONTHS or word in _CERTAIN_MONTHS
        if month and is_sure:
            yield month, found[0]
    for day in dates.find(text):
        yield day.month, text[day.start : day.end]


def _other_days(claim: str, texts: Sequence[str]) -> list[str]:
    named = dict(_weekdays(claim))
    if not named:
        return []
    known = {day for text in [*texts, claim] for day in _days_of_dates(text)}
    known |= {day for text in texts for day, _ in _weekdays(text)}
    return [word for day, word in named.items() if day not in known]


def _weekdays(text: str) -> Iterable[tuple[int, str]]:
    return ((WEEKDAYS[w.lower()], w) for w in _WORD.findall(text) if w.lower() in WEEKDAYS)


def _days_of_dates(text: str) -> Iterator[int]:
    for day in dates.find(text):
        if day.year and day.year > 99:
            try:
                yield date(day.year, day.month, day.day).weekday()
            except ValueError:
                continue
