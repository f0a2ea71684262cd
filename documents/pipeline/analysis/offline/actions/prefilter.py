"""The pre-filter: one cheap look spares most sentences the rules, as they ask for nothing."""

from __future__ import annotations

import re

from documents.pipeline.analysis.offline.actions.marks import LABEL
from documents.pipeline.analysis.offline.actions.vocabulary import ORDERS, ORDERS_OR_NOUNS
from documents.pipeline.analysis.offline.layout import LEAD_IN
from documents.pipeline.analysis.offline.patterns import either, one_of

SHORTEST = 8  # In characters.

_HINTS = """
    please, kindly, you, will, shall, should, must, need, needs, to, agree, agreed, agrees,
    offered, promised, neither, somebody, someone, anyone,
    duty, borne, not, don't, if, responsible, charge, asked, let, make, be, ensure, owner, due,
    payable
"""
# What every rule of a language needs: a modal verb, a courtesy, a word of promise.
HINTS = {
    "en": re.compile(
        either(rf"\b{one_of(_HINTS)}\b", r"['’]ll\b", one_of("todo, action")), re.IGNORECASE
    ),
    "de": re.compile(
        r"\b(?:muss|müssen|müsst|musst|soll\w*|ha(?:t|ben)|verpflichte\w+|gebeten|aufgefordert|wird"
        r"|werden?|kümmer\w+|übern[ie]\w+|vo[mn]|bitten?|fordern|ersuchen?|k[aöo]nn\w*|würde\w*|bis"
        r"|ist|sind|bringt|holt|kauft|besorgt|organisiert|schickt|sendet|schreibt|ruft"
        r"|erstellt|bestellt|druckt|verteilt|räumt|repariert|plant|bucht|reserviert|prüft|klärt|sammelt"
        r"|lädt|informiert|backt|kontaktiert|erledigt|bereitet|\w+t|spätestens|binnen|innerhalb|am|ich)\b",
        re.IGNORECASE,
    ),
    "fr": re.compile(
        r"\b(?:doi\w+|dev\w+|engage\w*|oblige\w*|est|sont|sera|seront|occupe\w*|charge\w*"
        r"|accepté?e?"
        r"|\w+(?:ra|ront|rai)|prions|prie|demand\w+|invitons|mettons|veuillez|merci|prière"
        r"|pou[vr]\w+"
        r"|peux|vais|pren\w+|supporte\w*|oubli\w+|pense\w*|voudrez|apporte|achète|envoie|appelle"
        r"|prépare|commande|rédige|organise|réserve|contacte|imprime|vérifie|relance|paie|verse"
        r"|règle)\b",
        re.IGNORECASE,
    ),
    "es": re.compile(
        r"\b(?:deb\w+|ha|han|tien\w+|tendrá\w*|comprometen?|obliga\w*|encarga\w*|\w+r(?:á|án|é)"
        r"|será\w*|[Rr]og\w+|rueg\w+|pid\w+|ped\w+|solicit\w+|agradecer\w+|favor|pued\w+"
        r"|podr\w+|voy|corresponde|compete|cargo|cuenta|trae|compra|envía|llama|prepara|redacta"
        r"|organiza|reserva|contacta|imprime|revisa|paga|abona|entrega|recuerd\w+)\b",
        re.IGNORECASE,
    ),
    "it": re.compile(
        r"\b(?:dev\w+|dovr\w+|impegna\w*|obblig\w+|tenut\w|occup\w+|incaric\w+|\w+r(?:à|anno"
        r"|ò)|sarà"
        r"|pre(?:ga|go|ghiamo)|chied\w+|invitiamo|favore|richiede|pu(?:oi|ò)|pot\w+|carico|spett\w+|porta"
        r"|compra|invia|chiama|prepara|ordina|scrive|organizza|prenota|contatta|stampa|verifica"
        r"|paga|versa|consegna|vanno|va|andr\w+)\b",
        re.IGNORECASE,
    ),
    "nl": re.compile(
        r"\b(?:moet\w*|dien\w+|verplicht|zal|zullen|gaat|verzoeken|vragen|gelieve|k[au]nt?"
        r"|wilt?|vóór"
        r"|voor|uiterlijk|binnen|op|zorg\w+|regel\w+|graag|laat|rekening|\w+t)\b",
        re.IGNORECASE,
    ),
    "pt": re.compile(
        r"\b(?:dev\w+|tem|têm|compromete\w*|obriga\w*|fica|está|\w+r(?:á|ão)|favor|queira\w*"
        r"|solicitamos|pedimos|pod\w+|compete|cabe|cargo|conta|traz|compra|envia|prepara"
        r"|encomenda|escreve|organiza|reserva|contacta|imprime|verifica|paga|entrega)\b",
        re.IGNORECASE,
    ),
}
OPENING_VERBS = ORDERS | ORDERS_OR_NOUNS
FIRST_WORD = re.compile(r"[A-Za-z-]+")


def may_ask(source: str, language: str = "en") -> bool:
    if len(source) < SHORTEST:
        return False
    hint = HINTS.get(language)
    if (hint and hint.search(source)) or "[ ]" in source[:8] or "☐" in source[:8]:
        return True
    return language == "en" and _opens_with_an_order(source)


def _opens_with_an_order(source: str) -> bool:
    body = LEAD_IN.sub("", source[:120], count=1)
    label = LABEL.match(body)
    first = FIRST_WORD.match(body, label.end() if label else 0)
    return first is not None and first.group().lower() in OPENING_VERBS
