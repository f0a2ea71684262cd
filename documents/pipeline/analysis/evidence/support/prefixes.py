"""Negative prefixes: "ineffective" is "not effective", where the other side has "effective".

"Invest" is not "not vest": what follows the prefix must look like an adjective or a participle.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from documents.pipeline.analysis.evidence.support.lexicon import Words


@dataclass(frozen=True)
class Prefixes:
    """`no` is the word that a prefix stands for; `endings` those of what may follow it."""

    no: str
    prefixes: dict[str, str]  # each with the endings it goes with
    inflections: str = ""
    never: Words = field(default_factory=Words)  # these mean something else without their prefix

    def apart(self, word: str, others: Collection[str]) -> list[str]:
        """The word, or its prefix as a no and the rest, where that stands among the others."""
        bare = self._bare(word)
        if bare in others or bare in self.never:
            return [word]
        for prefix, endings in self.prefixes.items():
            rest = word.removeprefix(prefix)
            forms = (rest, self._bare(rest))
            if rest == word or len(rest) < _FEWEST or any(form in self.never for form in forms):
                continue
            if forms[1] in others and any(re.search(f"(?:{endings})$", form) for form in forms):
                return [self.no, rest]
        return [word]

    def bare(self, words: Sequence[str]) -> frozenset[str]:
        return frozenset(map(self._bare, words))

    def _bare(self, word: str) -> str:
        if not self.inflections or len(word) <= _FEWEST:
            return word
        return re.sub(f"(?:{self.inflections})$", "", word)


_FEWEST = 3  # letters of what a prefix is before
_EN_ADJECTIVES = (
    "able|ible|al|ally|ive|ively|ant|ent|antly|ently|ete|etely|est|estly|ar|arly|ure|urely|ic|ous"
    "|ously|ful|ary|ate|ately|ain|ect|ectly|ite|ile|ial|ane|ature|erse|act|uble|ult|quate|cid"
)
_EN_UN = (
    f"{_EN_ADJECTIVES}|ed|en|ing|y|able|fair|safe|safely|just|true|kind|wise|equal|clear|clean"
    "|known|paid|sold|done|seen|hurt|used|fit|well|sure|lit|built|born|broken|open|real|aware"
    "|certain|like|made|met|spent|read|said|held|kept|bound|sound|even"
)
_DE_ADJECTIVES = (
    "ig|lich|sam|bar|haft|isch|ell|iv|al|ant|ent|tes?|t|är|klar|sicher|gleich|wahr|fair|rein|gern"
    "|wohl|wichtig|genau|schön|echt|reif|treu|bekannt|(?:ge|ver|be|ent|er|zer)[a-zäöüß]{3,}"
)
_FR_ADJECTIVES = (
    "abl|ibl|al|aux|il|if|iv|ant|ent|et|èt|act|ect|ain|eux|eus|ier|ièr|iqu|aire?|cac|ac|èl|el|ell"
    "|just|mobil|util|sûr|grat|cis|conn?u|cert|pur|apt|cult"
)
_ES_ADJECTIVES = (
    "abl|ibl|al|iv|ant|ent|et|act|ect|en|os|il|az|ur|lid|lar|ular|ado|id|ad|ces|az|caz|just|util"
    "|útil|ciert|cierto|cult|apt|moral|feliz|exact|digno|dign"
)
ENGLISH = Prefixes(
    no="not",
    prefixes={
        "un": _EN_UN,
        **dict.fromkeys(("in", "im", "il", "ir"), _EN_ADJECTIVES),
        "dis": "similar|honest|honestly|orderly|loyal|interested|satisfied|connected|allowed|allow"
        "|allows|approved|approve|approves|agreed|agree|agrees|qualified|organized|organised"
        "|continued|continues|continue|proved|proven|obeyed|liked|trusted|engaged|advantageous"
        "|courteous|respectful|abled|armed|assembled|believed|united|proportionate|passionate",
        "non": r"\w",
    },
    never=Words(
        "less like til tent tents vent vents vest vests dent dents intent invent indent tense"
        " intense valuable"
        " invaluable valuably flammable inflammable different indifferent famous infamous stance"
        " instance sight insight mediate immediate ternal ease creased pending stant instant"
        " habitable terminate press pressive port portant tern earthed earth derstand invoice"
        " ion ions iversal ified fold folded cover covered"
    ),
)
GERMAN = Prefixes(
    no="nicht",
    prefixes={"un": _DE_ADJECTIVES, "nicht": _DE_ADJECTIVES},
    inflections="en|em|er|es|e",
    never=Words("fall fäll kost wett wetter mut sinn ruhe glück geheuer unter ternehm"),
)
FRENCH = Prefixes(
    no="pas",
    prefixes=dict.fromkeys(("in", "im", "il", "ir", "mal", "non", "dés"), _FR_ADJECTIVES),
    inflections="ement|es|e|s",
    never=Words("portant port stant dividuel téress press différ vent tent"),
)
SPANISH = Prefixes(
    no="no",
    prefixes=dict.fromkeys(("in", "im", "i", "ir", "des", "no"), _ES_ADJECTIVES),
    inflections="amente|mente|es|as|os|a|o|e|s",
    never=Words("portant ten dividual stant form vent"),
)
CZECH = Prefixes(no="ne", prefixes={"ne": r"\w"}, inflections=r"(?<=\w{5})\w+")
BY_LANGUAGE = {"en": ENGLISH, "de": GERMAN, "fr": FRENCH, "es": SPANISH, "cs": CZECH}


def apart(words: Sequence[str], others: Sequence[str], code: str) -> list[str]:
    """The words with each that is an opposite of one of the others by its prefix as two."""
    if not (known := BY_LANGUAGE.get(code)):
        return list(words)
    bare = known.bare(others)
    found = [part for word in words for part in known.apart(word, bare)]
    if code == "en" and "non" in found and "non" not in others:
        # Written with a hyphen it is a word of its own.
        pairs = zip(found, [*found[1:], ""], strict=True)
        return [known.no if one == "non" and next_ in bare else one for one, next_ in pairs]
    return found
