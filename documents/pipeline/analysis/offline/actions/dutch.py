"""Dutch rules: obligations, requests and promises."""

from __future__ import annotations

from documents.pipeline.analysis.offline.actions.foreign import (
    ASKED,
    DOES,
    FUTURE,
    PRESENT,
    YOU_MUST,
    rule,
)
from documents.pipeline.analysis.offline.actions.rule import Example, Who

_STATE = r"[^.]{0,400}?\b(?:zijn|hebben|blijven|kunnen|worden)\W{0,5}$"

_DOES = (
    r"brengt|haalt|koopt|stuurt|schrijft|belt|bestelt|organiseert|plant|boekt|controleert|drukt"
    r"|betaalt"
)

DUTCH = (
    rule(
        "nl",
        "must",
        r"SUBJECT (?:moet|moeten|dient|dienen) (?P<verb>REST)",
        Example("De huurder moet de deur sluiten", "de deur sluiten", "De huurder"),
        unless=_STATE,
    ),
    rule(
        "nl",
        "is bound",
        r"SUBJECT (?:is|zijn) verplicht (?:om )?(?P<verb>REST)",
        Example("De huurder is verplicht om te betalen", "te betalen", "De huurder"),
        unless=_STATE,
        forbids=True,
    ),
    rule(
        "nl",
        "will",
        r"SUBJECT (?:zal|zullen|gaat) (?P<verb>REST)",
        Example("De voorzitter zal de deur sluiten", "de deur sluiten", "De voorzitter"),
        worth=FUTURE,
        unless=_STATE,
    ),
    rule(
        "nl",
        "does it until then",
        r"SUBJECT (?P<verb>(?!moet |heeft |is |wordt |dient |gaat |huurt |verhuurt |mag |kan "
        r"|meldt |vraagt of )[a-z]{2,20}t REST)",
        Example("De voorzitter vraagt vóór mei geld", "vraagt vóór mei geld", "De voorzitter"),
        worth=PRESENT,
    ),
    rule(
        "nl",
        "takes care",
        rf"SUBJECT (?P<verb>(?:zorgt|zorgen|regelt|regelen|{_DOES}) REST)",
        Example("De voorzitter zorgt voor brood", "zorgt voor brood", "De voorzitter"),
        worth=DOES,
    ),
    rule(
        "nl",
        "to be done by somebody",
        r"^(?P<verb>[^.;]{3,80}? (?:moet|moeten|dient|dienen) door AGENT [^.;]{3,120})",
        Example(
            "Schade moet door de huurder worden gemeld",
            "Schade moet door de huurder worden gemeld",
            "de huurder",
        ),
    ),
    rule(
        "nl",
        "at somebody's cost",
        r"^(?P<verb>[^.;]{3,100}? (?:is|zijn|komt|komen) voor rekening van AGENT)",
        Example(
            "De energie is voor rekening van de huurder",
            "De energie is voor rekening van de huurder",
            "de huurder",
        ),
    ),
    rule(
        "nl",
        "must be done",
        r"^(?P<verb>[^.;]{3,80}? (?P<modal>moet|moeten|dient|dienen) (?:[^.;]{1,120}? )?"
        r"(?:(?:te )?worden (?P<done>\w+)|(?P<before>\w+(?:d|t|en)) (?:te )?worden))(?!\w)",
        Example("Het rapport moet worden verstuurd", "Het rapport moet worden verstuurd"),
        worth=YOU_MUST,
        who=Who.NOBODY,
        unless=r"[^.;]{0,300}? (?:opgemerkt|beschouwd|gezien|aangenomen|begrepen|vermeld|gezegd)\b",
    ),
    rule(
        "nl",
        "gladly",
        r"\b(?P<verb>graag [^.;]{3,120}? \w+en)\W{0,4}$",
        Example("De sleutel graag bij de buren brengen", "graag bij de buren brengen"),
        worth=1.0,
        who=Who.ADDRESSEE,
    ),
    rule(
        "nl",
        "let us know",
        r"\b(?P<verb>laat (?:het |dit )?(?:ons|mij|me) (?:even )?weten)\b",
        Example("Laat ons weten of het past", "Laat ons weten of het past"),
        worth=1.1,
        who=Who.ADDRESSEE,
    ),
    rule(
        "nl",
        "we ask you",
        r"\b(?:wij verzoeken u|verzoeken wij u|we vragen u|gelieve) (?P<verb>REST)",
        Example("Wij verzoeken u de deur te sluiten", "de deur te sluiten"),
        who=Who.ADDRESSEE,
    ),
    rule(
        "nl",
        "can you",
        r"\b(?:kunt u|kun je|kan je|wilt u|wil je) (?P<verb>[^;]{3,300}\?)",
        Example("Kun je de deur sluiten?", "de deur sluiten?"),
        worth=ASKED,
        who=Who.ADDRESSEE,
    ),
)
