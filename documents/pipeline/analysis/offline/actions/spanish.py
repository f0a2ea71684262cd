"""Spanish rules: obligations, requests and promises."""

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

_DO = r"(?P<verb>\w+[aeií]r(?:se|lo|la|los|las|le|les|nos|me)?\b[^;]{0,400})"
_STATE = r"(?:ser|estar|haber|tener|poder|disponer|existir)\b"

_DOES = (
    r"(?:trae|compra|envía|llama|prepara|encarga|redacta|organiza|reserva|contacta|imprime|revisa"
    r"|paga|abona|entrega)"
)

SPANISH = (
    rule(
        "es",
        "must",
        rf"SUBJECT (?:debe|deben|deberá|deberán|tienen? que|tendrán? que|ha de|han de) {_DO}",
        Example("El inquilino debe cerrar la puerta", "cerrar la puerta", "El inquilino"),
        unless=_STATE,
    ),
    rule(
        "es",
        "it falls to somebody",
        r"\b(?P<verb>[Cc](?:orresponde|ompete) a(?:l| la| los| las)? AGENT REST)",
        Example(
            "Corresponde al inquilino pagar la luz",
            "Corresponde al inquilino pagar la luz",
            "inquilino",
        ),
    ),
    rule(
        "es",
        "at somebody's cost",
        r"^(?P<verb>[^.;]{3,100}? (?P<modal>es|son|será|serán|correrán?|corren?)"
        r" (?:a cargo|por cuenta)"
        r" del? AGENT)",
        Example(
            "La luz será a cargo del inquilino", "La luz será a cargo del inquilino", "inquilino"
        ),
    ),
    rule(
        "es",
        "does it",
        rf"SUBJECT (?P<verb>{_DOES} REST)",
        Example("La presidenta trae las listas", "trae las listas", "La presidenta"),
        worth=DOES,
    ),
    rule(
        "es",
        "please, behind the verb",
        r"^(?P<verb>\w{3,20}(?:lo|la|los|las|me|nos|le|les|se),? por favor\b[^;]{0,300})",
        Example("Devuélvalos, por favor, hoy", "Devuélvalos, por favor, hoy"),
        worth=PLEASE,
        who=Who.ADDRESSEE,
    ),
    rule(
        "es",
        "remember that you must",
        rf"\b(?:recuerd[ea]n?|recordad)(?: también)? que (?:debe[ns]?|tienen?s? que) {_DO}",
        Example("Recuerde que debe cerrar la puerta", "cerrar la puerta"),
        worth=PLEASE,
        who=Who.ADDRESSEE,
        unless=_STATE,
    ),
    rule(
        "es",
        "undertakes",
        r"SUBJECT (?:se comprometen? a|se obligan? a|están? obligad[oa]s? a|quedan?"
        r" obligad[oa]s? a)"
        r" (?P<verb>REST)",
        Example("El vendedor se obliga a pagar", "pagar", "El vendedor"),
    ),
    rule(
        "es",
        "takes care",
        r"SUBJECT (?:se encargan? de|se encargarán? de) (?P<verb>REST)",
        Example("La presidenta se encarga de pagar", "pagar", "La presidenta"),
    ),
    rule(
        "es",
        "will",
        r"SUBJECT (?P<verb>(?!ser|podr|tendr|habr|estar|deber)[a-záéíóúñ]{2,20}(?:rá|rán) REST)",
        Example("La presidenta pagará el seguro", "pagará el seguro", "La presidenta"),
        worth=FUTURE,
    ),
    rule(
        "es",
        "to be done by somebody",
        r"^(?P<verb>[^.;]{3,120}? (?P<modal>será|serán|deberá ser|deberán ser) \w+"
        r" por AGENT[^;]{0,200})",
        Example(
            "La puerta será cerrada por el conserje",
            "La puerta será cerrada por el conserje",
            "el conserje",
        ),
    ),
    rule(
        "es",
        "to be done",
        r"^(?P<verb>[^.;]{3,60}? (?P<modal>debe|deben|deberá|deberán)"
        r" (?:\w+rse|ser \w+)\b[^;]{0,300})",
        Example("El pago deberá hacerse", "El pago deberá hacerse"),
        worth=YOU_MUST,
        who=Who.NOBODY,
    ),
    rule(
        "es",
        "we ask somebody",
        r"\b[Rr]ogamos a AGENT que (?P<verb>REST)",
        Example("Rogamos a los socios que paguen", "paguen", "los socios"),
    ),
    rule(
        "es",
        "we ask you",
        r"\b(?:les?|te|os) (?:rogamos|ruego|pedimos|pido|solicitamos|agradeceríamos"
        r"|agradecería) que"
        r" (?P<verb>REST)",
        Example("Le rogamos que pague", "pague"),
        who=Who.ADDRESSEE,
    ),
    rule(
        "es",
        "please",
        r"\bpor favor,? (?P<verb>\w{4,20}(?: REST)?)",
        Example("Por favor, cierra la puerta", "cierra la puerta"),
        worth=PLEASE,
        who=Who.ADDRESSEE,
        unless=r"(?:lea|note|tenga|consulte|visite|no)\b",
    ),
    rule(
        "es",
        "can you",
        rf"\b(?:puedes|podrías|puede|podría|podéis|pueden|podrían) {_DO}\?",
        Example("¿Podrías cerrar la puerta?", "cerrar la puerta?"),
        worth=ASKED,
        who=Who.ADDRESSEE,
    ),
    rule(
        "es",
        "you must",
        rf"^(?:asimismo,? |también |además,? )?(?:usted |ustedes )?(?:debe|deben|deberá"
        rf"|deberán|debes)"
        rf" {_DO}",
        Example("Asimismo, deberá cerrar la puerta", "cerrar la puerta"),
        worth=YOU_MUST,
        who=Who.ADDRESSEE,
        unless=_STATE,
    ),
    rule(
        "es",
        "I will",
        r"(?:\bvoy a |(?:^|\byo |\by )(?=(?!ser|podr|tendr|estar|habr)\w+ré\b))(?P<verb>REST)",
        Example("Voy a llamar a Tom", "llamar a Tom", "I"),
        who=Who.WRITER,
    ),
)
