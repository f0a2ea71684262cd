"""French rules: obligations, requests and promises."""

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

_DO = (
    r"(?P<verb>(?:(?:nous|me|te|lui|leur) )?"
    r"(?:(?:se|y|en|lui|nous|leur|me|le|la|les) |s['’]|m['’]|l['’])?[\w-]+(?:er"
    r"|ir|re|oir)\b[^;]{0,400})"
)
_STATE = r"(?:être|avoir|rester|disposer|pouvoir|noter|croire|agréer|trouver|excuser|recevoir)\b"
_ALSO = "(?:également |aussi |donc |alors )?"

_DOES = (
    r"(?:apporte|achète|envoie|appelle|prépare|commande|rédige|organise|réserve|contacte|imprime"
    r"|vérifie|relance|paie|verse|règle)"
)

FRENCH = (
    rule(
        "fr",
        "must",
        rf"SUBJECT (?:doit|doivent|devra|devront|devrait|devraient) {_ALSO}{_DO}",
        Example("Le locataire doit fermer la porte", "fermer la porte", "Le locataire"),
        unless=_STATE,
    ),
    rule(
        "fr",
        "pays for it",
        r"SUBJECT (?P<verb>(?:prend|prennent|prendra|supporte|supportera)"
        r" (?:à (?:sa|leur) charge REST"
        r"|(?:le|la|les) (?:frais|coût|coûts) REST))",
        Example(
            "Le vendeur prend à sa charge la porte", "prend à sa charge la porte", "Le vendeur"
        ),
    ),
    rule(
        "fr",
        "do not forget",
        rf"^(?:n['’]oubliez pas d(?:['’]|e )|n['’]oublie pas d(?:['’]|e )|pensez à |pense à ){_DO}",
        Example("Pensez à fermer la porte", "fermer la porte"),
        worth=PLEASE,
        who=Who.ADDRESSEE,
        unless=_STATE,
    ),
    rule(
        "fr",
        "you will kindly",
        rf"\b(?:vous voudrez bien|vous êtes priée?s? de|vous êtes invitée?s? à) {_DO}",
        Example("Vous voudrez bien fermer la porte", "fermer la porte"),
        who=Who.ADDRESSEE,
        unless=_STATE,
    ),
    rule(
        "fr",
        "does it",
        rf"SUBJECT (?P<verb>{_DOES} REST)",
        Example("Mme Petit apporte les listes", "apporte les listes", "Mme Petit"),
        worth=DOES,
    ),
    rule(
        "fr",
        "undertakes",
        r"SUBJECT (?:s['’]engage(?:nt)?|s['’]oblige(?:nt)?) (?:à |d['’]|de )(?P<verb>REST)",
        Example("Le vendeur s'engage à livrer le bois", "livrer le bois", "Le vendeur"),
    ),
    rule(
        "fr",
        "is bound, asked or in charge",
        r"SUBJECT (?:est|sont|sera|seront) (?:tenu|prié|chargé|invité|obligé)e?s? (?:de "
        r"|d['’]|à )(?P<verb>REST)",
        Example("Les élèves sont priés de lire le plan", "lire le plan", "Les élèves"),
        unless=_STATE,
    ),
    rule(
        "fr",
        "takes care",
        r"SUBJECT (?:s['’]occupe(?:nt)?|se charge(?:nt)?|accepte|a accepté) (?:de "
        r"|d['’])(?P<verb>REST)",
        Example("Mme Petit s’occupe de louer la salle", "louer la salle", "Mme Petit"),
    ),
    rule(
        "fr",
        "will",
        r"SUBJECT (?P<verb>(?!ser|aur|pour|devr|faudr)[a-zéèêçàîûô]{2,20}(?:ra|ront) REST)",
        Example("Mme Petit louera la salle", "louera la salle", "Mme Petit"),
        worth=FUTURE,
    ),
    rule(
        "fr",
        "to be done by somebody",
        r"^(?P<verb>[^.;]{3,120}? (?P<modal>doit|doivent|devra|devront|sera|seront) (?:être"
        r" )?[\wéè]+s? par AGENT[^;]{0,200})",
        Example(
            "La porte sera fermée par le gardien",
            "La porte sera fermée par le gardien",
            "le gardien",
        ),
    ),
    rule(
        "fr",
        "must be done",
        r"^(?P<verb>[^.;]{3,80}? (?P<modal>doit|doivent|devra|devront) (?:\w{3,20} ){0,2}être"
        r" (?:\w+ment )?(?P<done>\w+(?:é|i|u|is|it|ert|aint)e?s?)\b[^;]{0,300})",
        Example("Le rapport doit être envoyé", "Le rapport doit être envoyé"),
        worth=YOU_MUST,
        who=Who.NOBODY,
        unless=r"[^.;]{0,100}? être (?:considéré|noté|connu|vu|compris|entendu|lu|situé|âgé|réputé"
        r"|précis|gratuit|pris en compte)e?s?\b",
    ),
    rule(
        "fr",
        "we ask you",
        rf"\b(?:nous vous|je vous|je te) (?:prions|prie|demandons|demande|invitons|mettons"
        rf" en demeure)"
        rf" (?:de |d['’]|à )(?:bien vouloir )?{_DO}",
        Example("Nous vous prions de fermer la porte", "fermer la porte"),
        who=Who.ADDRESSEE,
        unless=_STATE,
    ),
    rule(
        "fr",
        "please",
        rf"\b(?:veuillez |merci de |merci d['’]|prière d(?:['’]|e )){_DO}",
        Example("Veuillez fermer la porte", "fermer la porte"),
        worth=PLEASE,
        who=Who.ADDRESSEE,
        unless=_STATE + r"|(?:patienter|consulter|lire|vous référer)\b",
    ),
    rule(
        "fr",
        "can you",
        rf"\b(?:pouvez-vous|pourriez-vous|peux-tu|pourrais-tu) {_DO}",
        Example("Pourriez-vous fermer la porte", "fermer la porte"),
        worth=ASKED,
        who=Who.ADDRESSEE,
    ),
    rule(
        "fr",
        "you must",
        rf"\b(?:vous devez|vous devrez|tu dois|vous êtes tenue?s? de) {_ALSO}{_DO}",
        Example("Vous devez fermer la porte", "fermer la porte"),
        worth=YOU_MUST,
        who=Who.ADDRESSEE,
        unless=_STATE,
    ),
    rule(
        "fr",
        "I will",
        r"\bje (?:vais (?!être |avoir )|(?=(?:vous |te |le |la |l['’])?(?!ser|aur|pour"
        r"|voud)\w+rai\b))(?P<verb>REST)",
        Example("Je vais louer la salle", "louer la salle", "I"),
        who=Who.WRITER,
    ),
)
