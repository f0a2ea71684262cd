"""German rules: obligations, requests and promises."""

from __future__ import annotations

from documents.pipeline.analysis.offline.actions.foreign import (
    ASKED,
    DOES,
    FUTURE,
    PLEASE,
    PRESENT,
    YOU_MUST,
    rule,
)
from documents.pipeline.analysis.offline.actions.rule import Example, Who

_STATE = r"[^.]{0,400}?\b(?:sein|haben|bleiben|gehören|können|dürfen|worden)\b\s?[.,]?\s?$"
# What "must be" said of something asks nobody to do it.
_SAID = (
    r"\b(?:beachtet|berücksichtigt|bemerkt|erwähnt|gesagt|betont|verstanden|angenommen|angesehen"
    r"|gesehen|betrachtet|gewertet|befürchtet|gerechnet|ausgegangen|hingewiesen|bedacht|vermutet)"
)
# The dot of "3. Mai" ends no sentence.
_WITH_DATES = r"(?:[^.;]|(?<=\d)\.)"
# "Das Wetter soll gut werden": only a participle is done by somebody.
_DONE = (
    r"(?:\w{0,12}ge\w{2,20}(?:t|en)|\w{2,20}iert"
    r"|(?:be|ver|zer|ent|emp|er|miss|über|unter|um|durch|wider|voll)(?!kannt)\w{3,20}(?:t|en))"
)
_NOTHING = r"[^.]{0,400}?\b(?:nichts|nicht|keine?n?)\b"
_TO = r"(?:zu \w+n|\w+zu\w+n)\b"

# Verbs of doing, as minutes share out work.
_DOES = (
    r"(?:bringt|holt|kauft|besorgt|organisiert|schickt|sendet|schreibt|ruft|erstellt|bestellt|druckt"
    r"|verteilt|räumt|repariert|plant|bucht|reserviert|prüft|klärt|sammelt|lädt|informiert|backt"
    r"|kontaktiert|erledigt|bereitet)"
)

GERMAN = (
    rule(
        "de",
        "must",
        r"SUBJECT (?:muss|müssen|soll|sollen|sollte|sollten) (?P<verb>REST)",
        Example("Der Mieter muss die Treppe fegen", "die Treppe fegen", "Der Mieter"),
        unless=_STATE,
    ),
    rule(
        "de",
        "has to",
        rf"SUBJECT (?:hat|haben) (?P<verb>[^;]{{3,300}}? {_TO})",
        Example("Der Käufer hat den Preis zu zahlen", "den Preis zu zahlen", "Der Käufer"),
    ),
    rule(
        "de",
        "has to, the verb first",
        rf"\b(?:hat|haben) SOMEBODY (?P<verb>[^;]{{3,200}}? {_TO})",
        Example("Schäden hat der Mieter sofort zu melden", "sofort zu melden", "der Mieter"),
    ),
    rule(
        "de",
        "does it",
        rf"SUBJECT (?P<verb>{_DOES} REST)",
        Example("Frau Kern bringt die Listen mit", "bringt die Listen mit", "Frau Kern"),
        worth=DOES,
        unless=r"\w+ (?:seit|wie immer|jedes Jahr)\b",
    ),
    rule(
        "de",
        "to be done",
        rf"^(?P<verb>[A-ZÄÖÜ][^.;]{{3,120}}? (?:ist|sind) {_WITH_DATES}{{0,120}}?{_TO})\W{{0,4}}$",
        Example("Schäden sind sofort zu melden", "Schäden sind sofort zu melden"),
        worth=YOU_MUST,
        who=Who.NOBODY,
    ),
    rule(
        "de",
        "must be done",
        r"^(?P<verb>[A-ZÄÖÜ][^.;]{2,120}? (?P<modal>muss|müssen|soll|sollen|sollte|sollten)"
        rf" (?:{_WITH_DATES}{{1,160}}? )?(?P<done>{_DONE}) werden)(?!\w)",
        Example("Der Bericht muss verschickt werden", "Der Bericht muss verschickt werden"),
        worth=YOU_MUST,
        who=Who.NOBODY,
        unless=rf"{_WITH_DATES}{{0,400}}?{_SAID} werden\b",
    ),
    rule(
        "de",
        "you please",
        r"\b(?P<verb>[a-zäöü]\w*n Sie (?:(?:uns|mir|ihm|ihr|den|die|das) )?bitte REST)",
        Example("Schäden melden Sie bitte sofort", "melden Sie bitte sofort"),
        worth=PLEASE,
        who=Who.ADDRESSEE,
        unless=r"\w+ Sie (?:uns )?bitte (?:nicht|Ihre?m? Verständnis)"
        r"|(?:wenden|beachten|entnehmen|haben)\b",
    ),
    rule(
        "de",
        "whoever it is, please",
        r"^[Ww]er [^,;.]{3,80}, (?P<verb>\w+t [^.;]{2,80}bitte REST)",
        Example("Wer fehlt, gibt den Schlüssel bitte ab.", "gibt den Schlüssel bitte ab."),
        worth=PLEASE,
        who=Who.ADDRESSEE,
    ),
    rule(
        "de",
        "undertakes",
        r"SUBJECT (?:verpflichtet sich|verpflichten sich|(?:ist|sind) verpflichtet),?"
        r" (?P<verb>REST)",
        Example("Die Bank verpflichtet sich, zu warten", "zu warten", "Die Bank"),
        forbids=True,
    ),
    rule(
        "de",
        "is asked",
        r"SUBJECT (?:wird|werden) (?:dringend |höflich |hiermit )?(?:gebeten|aufgefordert),?"
        r" (?P<verb>REST)",
        Example("Die Eltern werden gebeten, zu warten", "zu warten", "Die Eltern"),
        forbids=True,
    ),
    rule(
        "de",
        "will",
        r"SUBJECT (?:wird|werden) (?P<verb>(?!gebeten|aufgefordert)REST?\b(?!ge)\w+(?:en|ern"
        r"|eln))\W{0,5}$",
        Example("Frau Kern wird alle fragen", "alle fragen", "Frau Kern"),
        worth=FUTURE,
        unless=_STATE + r"|[^.]{0,400}\b(?:werden|sein)\W{0,5}$",
    ),
    rule(
        "de",
        "takes care",
        r"SUBJECT (?P<verb>(?:kümmert sich|kümmern sich|übernimmt|übernehmen) REST)",
        Example("Frau Kern kümmert sich um Brot", "kümmert sich um Brot", "Frau Kern"),
    ),
    rule(
        "de",
        "does it until then",
        r"SUBJECT (?P<verb>(?!hat |ist |wird |muss |soll |endet |gilt |beträgt |berichtet "
        r"|bleibt |darf |mietet |vermietet |pachtet |verpachtet |verkauft |erhält |haftet "
        r"|begrüßt |meldet |meint |schlägt )"
        r"[a-zäöüß]{2,20}t REST)",
        Example("Frau Kern liest bis Mai den Plan", "liest bis Mai den Plan", "Frau Kern"),
        worth=PRESENT,
    ),
    rule(
        "de",
        "to be done by somebody",
        rf"^(?P<verb>[A-ZÄÖÜ][^.;]{{3,120}}? vo(?:n de[rn]|m|n) AGENT(?: [^.;]{{0,80}}?)? {_TO})",
        Example("Die Wege sind vom Mieter zu fegen", "Die Wege sind vom Mieter zu fegen", "Mieter"),
    ),
    rule(
        "de",
        "to be done by somebody, the verb first",
        rf"^(?P<verb>[^.;]{{3,60}}?\b(?:ist|sind) [^.;]{{3,60}}? vo(?:n de[rn]|m|n) AGENT {_TO})",
        Example(
            "bei Regen sind die Tore vom Hausmeister zu schließen",
            "bei Regen sind die Tore vom Hausmeister zu schließen",
            "Hausmeister",
        ),
    ),
    rule(
        "de",
        "we ask you",
        r"\b(?:wir|ich) (?:bitten?|fordern|ersuchen?) (?:Sie|dich|euch)(?: hiermit| daher| auf)?,?"
        r" (?P<verb>REST)",
        Example("Wir bitten Sie, zu warten", "zu warten"),
        who=Who.ADDRESSEE,
        unless=r"um (?:Verständnis|Entschuldigung|Geduld|Nachsicht)",
    ),
    rule(
        "de",
        "please",
        r"\bbitte (?P<verb>[a-zäöüß]\w+ REST)",
        Example("Bitte prüfen Sie das Dach", "prüfen Sie das Dach"),
        worth=PLEASE,
        who=Who.ADDRESSEE,
        unless=r"(?:lesen|beachten|denken|wenden|entnehmen|haben|nehmen|nicht|zögern|kontaktieren)\b",
    ),
    rule(
        "de",
        "please, behind the verb",
        r"^(?P<verb>[a-zäöü]\w+ (?:mir|uns|ihm|ihr|ihnen|Sie) bitte REST)",
        Example("Schick uns bitte den Plan", "Schick uns bitte den Plan"),
        worth=PLEASE,
        who=Who.ADDRESSEE,
        unless=r"(?:wenden|beachten|entnehmen|haben|nehmen)\b",
    ),
    rule(
        "de",
        "can you",
        r"\b(?:kannst|könntest|können|könnten|könnt|würden|würdest) (?:du|ihr|Sie) (?:bitte )?"
        r"(?P<verb>[^;]{3,300}\?)",
        Example("Könnten Sie bitte das Dach prüfen?", "das Dach prüfen?"),
        worth=ASKED,
        who=Who.ADDRESSEE,
    ),
    rule(
        "de",
        "you must",
        r"\b(?:Sie müssen|du musst|ihr müsst) (?:noch |auch |dann )?(?P<verb>REST)",
        Example("Sie müssen das Dach prüfen", "das Dach prüfen"),
        worth=YOU_MUST,
        who=Who.ADDRESSEE,
        unless=f"{_NOTHING}|{_STATE}",
    ),
    rule(
        "de",
        "I will",
        r"\bich (?:(?:werde|muss) |(?=kümmere mich um ))(?P<verb>REST)",
        Example("Ich werde Tom fragen", "Tom fragen", "I"),
        who=Who.WRITER,
        unless=_NOTHING,
    ),
    rule(
        "de",
        "I do it then",
        r"\bich (?P<verb>(?!habe |hatte |freue |hoffe |danke |denke |glaube |finde |würde "
        r"|wünsche |sende )"
        r"\w{3,20}e REST)",
        Example("Ich rufe Tom an", "rufe Tom an", "I"),
        worth=0.6,
        who=Who.WRITER,
    ),
)
