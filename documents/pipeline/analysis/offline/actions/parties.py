"""Who may owe a duty: roles by language, parties that a contract defines, persons introduced."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from documents.pipeline.analysis.offline.actions.headings import PRESENT_LINE
from documents.pipeline.analysis.offline.actions.roles import ROLE_WORDS, TITLES
from documents.pipeline.analysis.offline.patterns import either, one_of, phrases
from documents.pipeline.analysis.offline.sentences import Sentences

# Parties are introduced early; later ones are not looked for.
FIRST_SENTENCES = 400

ARTICLES = {
    "de": "der, die, das, alle, jeder, jede, jedes, beide, unser, unsere, sämtliche",
    "fr": "le, la, les, l', chaque, tous les, toutes les, notre, nos",
    "es": "el, la, los, las, cada, todos los, todas las, ambas, nuestro, nuestra",
    "it": "il, lo, la, i, gli, le, l', ogni, tutti i, tutti gli, tutte le",
    "nl": "de, het, alle, elke, iedere, onze",
    "pt": "o, a, os, as, cada, todos os, todas as",
}
_OF_ENGLISH = ("the", "each", "both")
_AND = re.compile(r" (?:und|et|y|e|en|and) |, ")

_CAPITAL = r"[A-ZÀ-ÖØ-ÞŁŚŽČŘŠ][\w'’.-]{0,30}"
_NAMED = rf"(?:{one_of(TITLES)} )?{_CAPITAL}(?: {_CAPITAL})?"
NAMES = re.compile(rf"{_CAPITAL}(?: {_CAPITAL})?|[\u3400-\u9fff]{{2,4}}|[\u0620-\u064a]{{2,12}}")
CYRILLIC_NAMES = re.compile(r"[А-ЯЁ][а-яё-]{1,30}(?: [А-ЯЁ][а-яё-]{1,30})?")
TITLED = re.compile(rf"{one_of(TITLES)}\s", re.IGNORECASE)
# "Renter: Odile Barros.", (comodante): only at the head of a contract.
LABELLED = re.compile(rf"(?:^|(?<=[.;] ))(?P<term>[A-ZÀ-Þ][a-zß-ÿ]{{3,20}}): (?={_CAPITAL})")
IN_BRACKETS = re.compile(r"\((?P<term>[a-zß-ÿ]{5,24})\)")
CONTRACT_HEAD = 14
# ("the Supplier"), (Mieter), « le Prestataire », en adelante la Propietaria.
DEFINED = re.compile(
    r"(?:[(\"“„«]\s{0,2}|\b(?:en adelante|di seguito|ci-après|nachfolgend|hereinafter)\s)"
    r"[\"“„«]?\s?(?:(?i:the|der|die|le|la|les|el|il|lo|o|a)\s|[lL]['’])?"
    r"[\"“„«]?(?P<term>[A-ZÀ-Þ][a-zß-ÿ]{3,24})[\"”“»]?\s?[)\"”“»,.]"
)


def who(language: str) -> str:
    """The group `who`: an article and a word, or a name; `Parties` say whether it is somebody."""
    with_article = rf"(?i:{_articles(language)}) ?[\w-]{{3,30}}(?: {_CAPITAL})?"
    second = rf"(?: {one_of('und, et, y, e, en')} {_NAMED})?"
    return rf"(?P<who>{either(with_article, _NAMED)}{second})"


def agent(language: str) -> str:
    """The same behind a preposition, which may have swallowed the article."""
    return rf"(?P<who>(?:{_articles(language)} ?)?[\w-]{{3,30}})"


def _articles(language: str) -> str:
    return one_of(ARTICLES[language])


@dataclass(slots=True)
class Parties:
    """Who is introduced in this document: names and defined terms, in small letters."""

    language: str = "en"
    known: set[str] = field(default_factory=set)
    defined: set[str] = field(default_factory=set)

    def holds(self, words: str) -> bool:
        bare = self._without_article(" ".join(words.split()))
        if TITLED.match(bare):
            return True
        roles = ROLE_WORDS.get(self.language, frozenset())
        parts = [part.lower() for part in _AND.split(bare) if part]
        return bool(parts) and all(part in roles or part in self.known for part in parts)

    def is_party(self, words: str) -> bool:
        """Whether the contract defines it, or it is the usual word for one side."""
        bare = self._without_article(" ".join(words.split())).lower()
        return bare in self.defined or bare in ROLE_WORDS.get(self.language, ())

    def is_role(self, words: str) -> bool:
        """Whether it is a role with its article: "the bank"."""
        return self._without_article(words) != words

    def _without_article(self, words: str) -> str:
        lower = words.lower().replace("’", "'")
        for article in (*phrases(ARTICLES.get(self.language, "")), *_OF_ENGLISH):
            if article and lower.startswith(article if article.endswith("'") else f"{article} "):
                return words[len(article) :].strip()
        return words


def meet(sentences: Sentences, language: str | None, *, is_contract: bool = False) -> Parties:
    parties = Parties(language or "en")
    if is_contract:
        parties.defined.update(_at_the_head(sentences))
    for index in range(min(len(sentences), FIRST_SENTENCES)):
        text = sentences.text(index)[:2000]
        if present := PRESENT_LINE.match(text):
            for name in (
                *NAMES.findall(present["names"]),
                *CYRILLIC_NAMES.findall(present["names"]),
            ):
                parties.known.update(part.lower() for part in (name, *name.split()))
        parties.defined.update(match["term"].lower() for match in DEFINED.finditer(text))
    parties.known |= parties.defined
    return parties


def _at_the_head(sentences: Sentences) -> Iterator[str]:
    for index in range(min(len(sentences), CONTRACT_HEAD)):
        text = sentences.text(index)[:2000]
        for pattern in (LABELLED, IN_BRACKETS):
            yield from (match["term"].lower() for match in pattern.finditer(text))
