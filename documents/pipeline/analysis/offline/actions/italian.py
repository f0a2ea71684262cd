"""Italian rules: obligations, requests and promises."""

from __future__ import annotations

from documents.pipeline.analysis.offline.actions.foreign import (
    ASKED,
    DOES,
    FUTURE,
    PLEASE,
    YOU_MUST,
    rule,
)
from documents.pipeline.analysis.offline.actions.rule import Example, Who

_DO = r"(?P<verb>\w+(?:re|rsi|rlo|rla|rci|rmi|rle|rli)\b[^;]{0,400})"
_STATE = r"(?:essere|avere|potere|poter|disporre|notare|leggere|consultare)\b"

_DOES = (
    r"(?:porta|compra|invia|chiama|prepara|ordina|scrive|organizza|prenota|contatta|stampa|verifica"
    r"|paga|versa|consegna)"
)

ITALIAN = (
    rule(
        "it",
        "must",
        rf"SUBJECT (?:deve|devono|dovrà|dovranno) {_DO}",
        Example("Il conduttore deve chiudere la porta", "chiudere la porta", "Il conduttore"),
        unless=_STATE,
    ),
    rule(
        "it",
        "at somebody's cost",
        r"^(?P<verb>[^.;]{3,100}? (?P<modal>è|sono|sarà|saranno) a carico"
        r" de(?:l|llo|lla|i|gli|lle|ll['’])? ?AGENT)",
        Example(
            "La luce è a carico del conduttore", "La luce è a carico del conduttore", "conduttore"
        ),
    ),
    rule(
        "it",
        "it falls to somebody",
        r"\b(?P<verb>[Ss]pett(?:a|ano|erà) a(?:l|llo|lla|i|gli|lle)? AGENT REST)",
        Example(
            "Spetta al conduttore pagare la luce",
            "Spetta al conduttore pagare la luce",
            "conduttore",
        ),
    ),
    rule(
        "it",
        "does it",
        rf"SUBJECT (?P<verb>{_DOES} REST)",
        Example("Il presidente porta le liste", "porta le liste", "Il presidente"),
        worth=DOES,
    ),
    rule(
        "it",
        "undertakes",
        r"SUBJECT (?:si impegna(?:no)? a|si obbliga(?:no)? a|(?:è|sono) (?:tenut"
        r"|obbligat)[oaie] a(?:d)?)"
        r" (?P<verb>REST)",
        Example("Il venditore si impegna a pagare", "pagare", "Il venditore"),
    ),
    rule(
        "it",
        "takes care",
        r"SUBJECT (?:si occupa(?:no)? di|si occuperà di|si incarica di|è incaricat[oa] di)"
        r" (?P<verb>REST)",
        Example("Il presidente si occupa di pagare", "pagare", "Il presidente"),
    ),
    rule(
        "it",
        "will",
        r"SUBJECT (?P<verb>(?!sar|avr|potr|dovr)[a-zàèéìòù]{2,20}(?:rà|ranno) REST)",
        Example("Il presidente pagherà il conto", "pagherà il conto", "Il presidente"),
        worth=FUTURE,
    ),
    rule(
        "it",
        "to be done by somebody",
        r"^(?P<verb>[^.;]{3,120}? (?P<modal>sarà|saranno|dovrà essere|dovranno essere) \w+"
        r" da(?:l|lla|i|gli|lle)? AGENT[^;]{0,200})",
        Example(
            "La porta sarà chiusa dal portiere", "La porta sarà chiusa dal portiere", "portiere"
        ),
    ),
    rule(
        "it",
        "must be done",
        r"^(?P<verb>[^.;]{3,80}? (?P<modal>(?:deve|devono|dovrà|dovranno) (?:\w{3,20} ){0,2}essere"
        r"|va|vanno|andrà|andranno) (?P<done>\w+(?:[aiu]t|tt|rt|st|ss|es|us|is|int|ost|olt)[oaie])"
        r"\b[^;]{0,300})",
        Example("Il rapporto deve essere inviato", "Il rapporto deve essere inviato"),
        worth=YOU_MUST,
        who=Who.NOBODY,
        unless=r"[^.;]{0,100}? (?:considerat|intes|not|conosciut|vist|ritenut|lett|situat|previst"
        r"|inteso)[oaie]\b",
    ),
    rule(
        "it",
        "we ask you",
        rf"\b(?:la|vi|ti|le) (?:preghiamo|prego|chiediamo|chiedo|invitiamo) (?:di |a"
        rf" )(?:voler )?{_DO}",
        Example("La preghiamo di chiudere la porta", "chiudere la porta"),
        who=Who.ADDRESSEE,
        unless=_STATE,
    ),
    rule(
        "it",
        "please",
        rf"\b(?:si prega di|per favore,?|si richiede di) {_DO}",
        Example("Si prega di chiudere la porta", "chiudere la porta"),
        worth=PLEASE,
        who=Who.ADDRESSEE,
        unless=_STATE,
    ),
    rule(
        "it",
        "can you",
        rf"\b(?:puoi|potresti|può|potrebbe|potete|potreste) {_DO}\?",
        Example("Potresti chiudere la porta?", "chiudere la porta?"),
        worth=ASKED,
        who=Who.ADDRESSEE,
    ),
    rule(
        "it",
        "you must",
        rf"^(?:inoltre,? )?(?:lei )?(?:deve|dovrà|devi|dovete) {_DO}",
        Example("Lei deve chiudere la porta", "chiudere la porta"),
        worth=YOU_MUST,
        who=Who.ADDRESSEE,
        unless=_STATE,
    ),
    rule(
        "it",
        "I will",
        r"(?:^|\bio |\be )(?=(?!sar|potr|dovr|avr)\w+rò\b)(?P<verb>REST)",
        Example("Chiamerò il Comune", "Chiamerò il Comune", "I"),
        who=Who.WRITER,
    ),
)
