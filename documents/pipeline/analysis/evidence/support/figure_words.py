"""Words that stand for figures, by language: fractions, spans of time, and who has more."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from fractions import Fraction

from documents.pipeline.analysis.evidence.support.lexicon import Words

_HALF, _THIRD, _QUARTER, _FIFTH = (Fraction(1, number) for number in (2, 3, 4, 5))
_TENTH = Fraction(1, 10)
_WHOLE_WORDS = r"(?<!\w)(?:{})(?!\w)"


class Rules:
    """Words in the form of patterns, and what stands for them."""

    def __init__(self, *pairs: tuple[str, str]) -> None:
        self._pairs = [(_pattern(words), figure) for words, figure in pairs]
        # Most texts have none of them: one look is cheaper than one for each rule.
        self._any = _pattern("|".join(words for words, _ in pairs)) if pairs else None

    def apply(self, text: str) -> str:
        if self._any is None or not self._any.search(text):
            return text
        for pattern, figure in self._pairs:
            text = pattern.sub(figure, text)
        return text


def _pattern(words: str) -> re.Pattern[str]:
    return re.compile(_WHOLE_WORDS.format(words))


@dataclass(frozen=True)
class FigureWords:
    """`respelled` are put in figures before a text is cut into words."""

    fractions: dict[str, Fraction] = field(default_factory=dict)
    # A fraction only behind one of these: "a third of", not "the third tenant".
    counting: Words = field(default_factory=Words)
    # Not "the first half of the year".
    ordinals: Words = field(default_factory=Words)
    counted_one: Words = field(default_factory=Words)  # one lot; no language's article
    one: Words = field(default_factory=Words)
    more: Words = field(default_factory=Words)
    fewer: Words = field(default_factory=Words)
    than: Words = field(default_factory=Words)
    half_more: tuple[tuple[str, ...], ...] = ()
    times: Words = field(default_factory=Words)
    about: Words = field(default_factory=Words)
    of: Words = field(default_factory=Words)  # in front of a whole: two of nine
    of_which: Words = field(default_factory=Words)  # in front of a part: nine, of which two
    respelled: Rules = field(default_factory=Rules)


# Fifty-three; German writes such numbers as one word, and has them in its lexicon.
_TENS_AND_ONES = {
    "en": ("twenty thirty forty fifty sixty seventy eighty ninety", "-",
           "one two three four five six seven eight nine"),
    "fr": ("vingt trente quarante cinquante soixante", "-| et ",
           "un deux trois quatre cinq six sept huit neuf"),
    "es": ("veinte treinta cuarenta cincuenta sesenta setenta ochenta noventa", " y ",
           "uno dos tres cuatro cinco seis siete ocho nueve"),
}  # fmt: skip


def _compounds(code: str) -> tuple[re.Pattern[str], dict[str, int]]:
    tens, joint, ones = _TENS_AND_ONES[code]
    values = {word: 10 * number for number, word in enumerate(tens.split(), start=2)}
    values |= {word: number for number, word in enumerate(ones.split(), start=1)}
    first, last = ("|".join(words.split()) for words in (tens, ones))
    return re.compile(rf"(?<!\w)({first})(?:{joint})({last})(?!\w)"), values


_COMPOUNDS = {code: _compounds(code) for code in _TENS_AND_ONES}


_EN_UNITS = "one|two|three|four|five|six|seven|eight|nine"
_EN_SHARES = [
    (rf"{part} (?:in|out of) (?:every )?{whole}", f"{100 * first / second:g} percent")
    for whole, second in (("two", 2), ("four", 4), ("five", 5), ("ten", 10))
    for first, part in enumerate(_EN_UNITS.split("|"), start=1)
    if first < second
]
_DE_ORDINALS = {"zweite": 50, "vierte": 25, "fünfte": 20, "zehnte": 10}
_FR_WHOLES = {"deux": 50, "quatre": 25, "cinq": 20, "dix": 10}
_ES_WHOLES = {"dos": 50, "cuatro": 25, "cinco": 20, "diez": 10}

BY_LANGUAGE = {
    "en": FigureWords(
        fractions={"half": _HALF, "halves": _HALF, "third": _THIRD, "thirds": _THIRD}
        | {"quarter": _QUARTER, "quarters": _QUARTER, "fifth": _FIFTH, "fifths": _FIFTH}
        | {"tenth": _TENTH, "tenths": _TENTH, "halved": _HALF},
        counting=Words("a an one"),
        ordinals=Words("first second other latter former better"),
        counted_one=Words("one"),
        one=Words("a an one"),
        more=Words("more higher longer later older larger heavier ahead exceed* rose"),
        fewer=Words("fewer less lower shorter earlier younger smaller lighter cheaper behind"),
        than=Words("than"),
        times=Words("times"),
        half_more=(("and", "a", "half"),),
        about=Words("about around approximately roughly nearly almost some"),
        of=Words("of"),
        of_which=Words("which whom"),
        respelled=Rules(
            (r"(?:a|one) (hours?|days?|weeks?|months?|years?) and a half", r"1.5 \1"),
            (r"(?:one|a) and a half (\w+)", r"1.5 \1"),
            (r"half an? (hour|year|century)", r"0.5 \1"),
            (r"(?:a|one) fortnight", "14 days"),
            (r"(?:a|one) decade", "10 years"),
            (r"(?:a|one) dozen", "12"),
            (r"(one|two) (?:in|out of) (?:every )?three", r"\1 thirds of"),
            *_EN_SHARES,
        ),
    ),
    "de": FigureWords(
        fractions={"hälfte": _HALF, "drittel": _THIRD, "drittels": _THIRD, "viertel": _QUARTER}
        | {"fünftel": _FIFTH, "zehntel": _TENTH, "halbiert": _HALF, "halbierten": _HALF},
        counting=Words("ein einem eines die der"),
        ordinals=Words("ersten erste zweiten zweite anderen andere"),
        one=Words("ein eine einen einem einer eines"),
        more=Words("mehr höher* länger* später* älter* größer* teurer*"),
        fewer=Words("weniger niedriger* kürzer* früher* jünger* kleiner* billiger* günstiger*"),
        than=Words("als"),
        times=Words("mal"),
        about=Words("etwa rund ungefähr circa ca fast knapp"),
        of=Words("von der"),
        of_which=Words("davon darunter denen"),
        respelled=Rules(
            (r"(?:anderthalb|eineinhalb) (\w+)", r"1.5 \1"),
            (r"(?:ein|einem|eines) halbe[nms]? (jahr|jahres|tag|monat)", r"0.5 \1"),
            (r"halbjahr", "6 monate"),
            (r"ein dutzend", "12"),
            (r"je zur hälfte", "50 percent"),
            (r"jede[rs]? dritten?", "ein drittel der"),
            *(
                (rf"jede[rs]? {word}[rn]?", f"{share} percent")
                for word, share in _DE_ORDINALS.items()
            ),
        ),
    ),
    "fr": FigureWords(
        fractions={"moitié": _HALF, "tiers": _THIRD, "quart": _QUARTER, "quarts": _QUARTER}
        | {"cinquième": _FIFTH, "cinquièmes": _FIFTH, "dixième": _TENTH},
        counting=Words("un une la le"),
        ordinals=Words("première seconde deuxième autre"),
        one=Words("un une"),
        more=Words("plus tard davantage supérieur*"),
        fewer=Words("moins tôt inférieur*"),
        than=Words("que qu'"),
        times=Words("fois"),
        half_more=(("et", "demie"), ("et", "demi")),
        about=Words("environ près presque"),
        of=Words("sur parmi des"),
        of_which=Words("dont"),
        respelled=Rules(
            (r"une? (heure|jour|mois|an|année) et demie?", r"1.5 \1"),
            (r"(?:une )?demi-(heure|journée)", r"0.5 \1"),
            (r"quinze jours", "14 jours"),
            (r"huit jours", "7 jours"),
            (r"une quinzaine de jours", "14 jours"),
            (r"une douzaine", "12"),
            (r"une? (\w+) sur trois", r"un tiers des \1"),
            *(
                (rf"une? (\w+) sur {word}", rf"{share} percent \1")
                for word, share in _FR_WHOLES.items()
            ),
        ),
    ),
    "es": FigureWords(
        fractions={"mitad": _HALF, "tercio": _THIRD, "tercios": _THIRD, "cuarto": _QUARTER}
        | {"cuartos": _QUARTER},
        counting=Words("un una la el"),
        ordinals=Words("primera segunda otra"),
        one=Words("un una"),
        more=Words("más mayor* tarde"),
        fewer=Words("menos menor* antes"),
        than=Words("que"),
        times=Words("veces"),
        half_more=(("y", "media"), ("y", "medio")),
        about=Words("unos unas casi aproximadamente alrededor"),
        of=Words("de entre los las"),
        of_which=Words("cuales"),
        respelled=Rules(
            (r"una? (hora|día|semana|mes|año) y medi[oa]", r"1.5 \1"),
            (r"(?:medio (año)|media (hora))", r"0.5 \1\2"),
            (r"quince días", "14 días"),
            (r"una docena", "12"),
            (r"un[oa] de cada tres", "un tercio de los"),
            (r"(?:un|una|la) tercera parte", "un tercio"),
            (r"(?:un|una|la) cuarta parte", "25 percent"),
            (r"(?:un|una|la) quinta parte", "20 percent"),
            *(
                (rf"un[oa] de cada {word}", f"{share} percent")
                for word, share in _ES_WHOLES.items()
            ),
        ),
    ),
}  # fmt: skip
NONE = FigureWords()


def respelled(text: str, code: str) -> str:
    """A text in small letters with what its language writes in words in figures."""
    if code in _COMPOUNDS:
        pattern, values = _COMPOUNDS[code]
        text = pattern.sub(lambda found: str(values[found[1]] + values[found[2]]), text)
    return words_of(code).respelled.apply(text)


def words_of(code: str) -> FigureWords:
    return BY_LANGUAGE.get(code, NONE)
