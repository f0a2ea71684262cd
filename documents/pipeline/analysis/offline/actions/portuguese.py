"""Portuguese rules: obligations, requests and promises."""

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

_DO = r"(?P<verb>\w+[aeiô]r(?:-se|-lo|-la|-nos)?\b[^;]{0,400})"
_STATE = r"(?:ser|estar|haver|ter|poder|dispor)\b"

_DOES = (
    r"(?:traz|compra|envia|prepara|encomenda|escreve|organiza|reserva|contacta|imprime|verifica"
    r"|paga|entrega)"
)

PORTUGUESE = (
    rule(
        "pt",
        "must",
        rf"SUBJECT (?:deve|devem|deverá|deverão|tem de|têm de|tem que|têm que) {_DO}",
        Example("O inquilino deve fechar a porta", "fechar a porta", "O inquilino"),
        unless=_STATE,
    ),
    rule(
        "pt",
        "it falls to somebody",
        r"\b(?P<verb>[Cc](?:ompete|abe) (?:ao|à|aos|às) AGENT REST)",
        Example(
            "Compete ao inquilino pagar a luz", "Compete ao inquilino pagar a luz", "inquilino"
        ),
    ),
    rule(
        "pt",
        "at somebody's cost",
        r"^(?P<verb>[^.;]{3,100}? (?P<modal>é|são|será|serão|fica|ficam)"
        r" (?:a cargo|por conta) d[oae]s?"
        r" ?AGENT)",
        Example("A luz fica a cargo do inquilino", "A luz fica a cargo do inquilino", "inquilino"),
    ),
    rule(
        "pt",
        "does it",
        rf"SUBJECT (?P<verb>{_DOES} REST)",
        Example("O presidente traz as listas", "traz as listas", "O presidente"),
        worth=DOES,
    ),
    rule(
        "pt",
        "undertakes",
        r"SUBJECT (?:compromete-se a|obriga-se a|obrigam-se a|está obrigad[oa] a|fica"
        r" obrigad[oa] a)"
        r" (?P<verb>REST)",
        Example("O vendedor obriga-se a pagar", "pagar", "O vendedor"),
    ),
    rule(
        "pt",
        "will",
        r"SUBJECT (?P<verb>(?!ser|poder|ter|haver|estar|dever)[a-zãáéíóúç]{2,20}(?:rá|rão) REST)",
        Example("O presidente pagará a conta", "pagará a conta", "O presidente"),
        worth=FUTURE,
    ),
    rule(
        "pt",
        "must be done",
        r"^(?P<verb>[^.;]{3,80}? (?P<modal>deve|devem|deverá|deverão|tem de|têm de|tem que|têm que)"
        r" (?:\w{3,20} ){0,2}ser (?P<done>\w*(?:[aiu]d|feit|escrit|abert|cobert|pag|gast|ganh|vist"
        r"|post|impress|entregu)[oae]s?)\b[^;]{0,300})",
        Example("O relatório deve ser enviado", "O relatório deve ser enviado"),
        worth=YOU_MUST,
        who=Who.NOBODY,
        unless=r"[^.;]{0,100}? ser (?:considerad|entendid|vist|conhecid|tid|notad|situad)[oa]s?\b",
    ),
    rule(
        "pt",
        "please",
        r"\b(?:por favor,?|queira|queiram) (?P<verb>\w{4,20}(?: REST)?)",
        Example("Por favor, feche a porta", "feche a porta"),
        worth=PLEASE,
        who=Who.ADDRESSEE,
        unless=r"(?:leia|note|consulte|não)\b",
    ),
    rule(
        "pt",
        "we ask you",
        r"\b(?:solicitamos|pedimos|agradecemos)(?:-lhes?)?(?: ainda| também)? que"
        r" (?P<verb>\w{4,20}(?: REST)?)",
        Example("Solicitamos ainda que fechem a porta", "fechem a porta"),
        who=Who.ADDRESSEE,
    ),
    rule(
        "pt",
        "can you",
        rf"\b(?:podes|podias|pode|poderia|podem) {_DO}\?",
        Example("Podias fechar a porta?", "fechar a porta?"),
        worth=ASKED,
        who=Who.ADDRESSEE,
    ),
)
