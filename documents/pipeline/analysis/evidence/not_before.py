"""Days that are no deadline: "not before 3 May", "as of 3 May", "as agreed on 3 May".

The words in front of the day tell, as far back as its clause goes. Both engines ask here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_FLAGS = re.IGNORECASE


@dataclass(frozen=True, slots=True)
class Words:
    """`sooner` and `since` stand right before the day, `agreed` before what is written on it.

    Behind a `no` a deadline that begins with `until` forbids, unless the clause says `forget`,
    "Do not forget to pay before 3 May", or another verb in `modal` comes between.
    """

    sooner: str
    since: str
    agreed: str
    no: str
    until: str
    forget: str
    modal: str


_ROWS = {
    "en": Words(
        sooner=r"(?:no|not) (?:earlier|sooner|before)(?: than)?|not until|only (?:after|from)"
        r"|(?:at the )?earliest(?: on)?|never|not",
        since=r"as (?:of|from)|effective(?: (?:from|as of|on))?|with effect (?:from|on)|since"
        r"|starting|beginning",
        agreed=r"agreed|signed|dated|concluded|entered into"
        r"|(?:letter|mail|email|e-mail|notice|invoice|order) of",
        no=r"not|cannot|\w+n['’]t|never|nobody|no(?! \d)|nothing|none",
        until=r"before|until|till",
        forget=r"forget|fail|hesitate|delay|wait|neglect|omit|miss|later",
        modal=r"must|shall|should|will|needs?|has|have|please|are to|is to",
    ),
    "de": Words(
        sooner=r"frühestens|nicht (?:vor|eher als|früher als)|keinesfalls|erst|nicht|nie",
        since=r"seit|mit wirkung|gültig|wirksam|beginnend",
        agreed=r"vereinbart\w*|besprochen\w*|unterzeichnet\w*|unterschrieben\w*|geschlossen\w*|datiert"
        r"|beschlossen\w*|(?:schreiben|brief|mail|rechnung|vertrag|auftrag) vom",
        no=r"nicht|nichts|kein(?:e[nmrs]?)?|nie|niemals|niemand",
        until=r"vor",
        forget=r"verg[ei][sß]\w*|versäum\w*|zöger\w*|warte\w*|später",
        modal=r"muss|müssen|soll|sollen|sind|ist|bitte|wird|werden|hat|haben",
    ),
    "fr": Words(
        sooner=r"(?:au )?plus tôt|pas|jamais|seulement|ne|pas avant",
        since=r"depuis|à compter|à partir|en vigueur|avec effet",
        agreed=r"convenue?s?|signée?s?|datée?s?|décidée?s?|conclue?s?|(?:lettre|courrier|contrat"
        r"|facture) du",
        no=r"ne|n['’]\w+|pas|jamais|aucune?|rien|personne",
        until=r"avant|jusqu",
        forget=r"oubli\w*|manqu\w*|tard\w*|hésit\w*|omett\w*",
        modal=r"doit|doivent|devra|devront|veuillez|est|sont|sera|seront|merci",
    ),
    "es": Words(
        sooner=r"no antes|nunca|no|como (?:muy )?pronto|sólo|solo|a partir",
        since=r"desde|con efectos?|vigente|a contar",
        agreed=r"acordad[oa]s?|firmad[oa]s?|fechad[oa]s?|celebrad[oa]s?|decidid[oa]s?"
        r"|(?:carta|correo|contrato|factura) del?",
        no=r"no|nunca|jamás|ning[uú]n[oa]?|nadie|nada|tampoco",
        until=r"antes|hasta",
        forget=r"olvid\w*|dud\w*|tard\w*|dej\w*|falt\w*|omit\w*",
        modal=r"debe|deben|deberá|deberán|tiene|tienen|favor|será|serán|ha|han",
    ),
    "it": Words(
        sooner=r"non|mai|non prima|al più presto|solo|soltanto",
        since=r"a partire|decorrenza|valido|dal",
        agreed=r"concordat[oaie]|firmat[oaie]|datat[oaie]|stipulat[oaie]|decis[oaie]"
        r"|(?:lettera|contratto|fattura) del",
        no=r"non|mai|nessun[oa]?|niente|nulla",
        until=r"prima|fino",
        forget=r"dimentic\w*|scord\w*|esit\w*|manc\w*|tard\w*|oltre",
        modal=r"deve|devono|dovrà|dovranno|prega|è|sono|sarà|saranno|va|vanno",
    ),
    "nl": Words(
        sooner=r"niet(?: eerder dan)?|nooit|pas|op zijn vroegst|vroegst|geenszins",
        since=r"sinds|met ingang|geldig|ingaand",
        agreed=r"afgesproken|overeengekomen|ondertekende?|gedateerde?|besproken|gesloten"
        r"|(?:brief|contract|factuur) van",
        no=r"niet|niets|geen|nooit|niemand",
        until=r"voor|vóór|tot",
        forget=r"verge\w+|aarzel\w*|wacht\w*|verzuim\w*|later",
        modal=r"moet|moeten|dient|dienen|is|zijn|zal|zullen|graag",
    ),
    "pt": Words(
        sooner=r"não|nunca|não antes|no mínimo|só|somente",
        since=r"desde|a partir|com efeitos?|vigente|a contar",
        agreed=r"acordad[oa]s?|combinad[oa]s?|assinad[oa]s?|datad[oa]s?|celebrad[oa]s?|decidid[oa]s?"
        r"|(?:carta|contrato|fatura) de",
        no=r"não|nunca|jamais|nenhuma?|ninguém|nada",
        until=r"antes|até",
        forget=r"esque\w*|deix\w*|hesit\w*|tard\w*|falt\w*",
        modal=r"deve|devem|deverá|deverão|tem|têm|favor|é|são|será|serão",
    ),
}
# "3. Mai" and "z. B." end no clause.
_CLAUSE_ENDS = re.compile(
    r"[;:!?,]\s|(?<!\d)\.\s|\n\s*\n"
    r"|\s(?:and|so|but|und|aber|et|mais|y|pero|ma|maar|mas)\s",
    _FLAGS,
)
_TOLD = r"(?:as|was|were|been|we|is|wie|wurde|wurden|haben|comme|été|como|se|come|è|zoals|werd)"
_DONE_THEN = "sent|received|discussed|decided|made|issued|announced|written|promised|told"
# "must be signed on 3 May" is due then.
_NOT_TO_BE = r"(?<!\bbe\s)(?<!\bêtre\s)(?<!\bser\s)(?<!\bessere\s)"
# Prepositions of the day on which something was written.
_ON_THAT_DAY = re.compile(
    r"(?:on|at|am|vom|den|le|du|el|del|il|op|van|em|no dia|\d|[^\W\d_]+day)\b|\d", _FLAGS
)


@dataclass(frozen=True, slots=True)
class _Patterns:
    sooner: re.Pattern[str]
    agreed: re.Pattern[str]
    forbids: re.Pattern[str]
    until: re.Pattern[str]
    forget: re.Pattern[str]


def _compiled(row: Words) -> _Patterns:
    between = rf"(?:(?!\b(?:{row.modal})\b).)*"
    return _Patterns(
        sooner=_pattern(rf"(?:^|\s)(?:{row.sooner}|{row.since})\s*$"),
        agreed=_pattern(
            rf"(?:^|\s){_NOT_TO_BE}(?:{row.agreed})\s*$"
            rf"|\b{_TOLD} (?:{row.agreed}|{_DONE_THEN})(?: [\w'’-]+){{0,4}}\s*$"
        ),
        forbids=_pattern(rf"(?:^|[\s'’])(?:{row.no})\b{between}$"),
        until=_pattern(rf"(?:{row.until})\b"),
        forget=_pattern(rf"\b(?:{row.forget})\b|['’](?:{row.forget})\b"),
    )


def _pattern(words: str) -> re.Pattern[str]:
    return re.compile(words.replace(" ", r"\s+"), _FLAGS | re.DOTALL)


PATTERNS = {language: _compiled(row) for language, row in _ROWS.items()}


def is_no_deadline(before: str, due: str, language: str | None) -> bool:
    """Whether the words of a passage in front of `due` say that it is none."""
    known = PATTERNS.get(language or "en")
    if known is None:
        return False
    clause = _CLAUSE_ENDS.split(before[-200:])[-1]
    return bool(
        known.sooner.search(clause)
        or (_ON_THAT_DAY.match(due) and known.agreed.search(clause))
        or (
            known.until.match(due)
            and known.forbids.search(clause)
            and not known.forget.search(clause)
        )
    )
