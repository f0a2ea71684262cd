"""Words that frame a statement, by language: if, unless, only with, some claim that, is it so?"""

from __future__ import annotations

import re
from dataclasses import dataclass

_NEVER = r"(?!)"
# "Had the board approved", "should he leave": no question, but an "if" without its word.
_EN_SUBJECT = r"(?=\s+(?i:the|an?|any|he|she|it|they|you|we|i|this|that|these|those|no)\b|\s+[A-Z])"
_DE_SUBJECT = r"(?=\s+(?i:der|die|das|ein|eine|er|sie|es|ich|wir|man|kein|keine)\b|\s+[A-ZÄÖÜ])"
_FR_SUBJECT = (
    r"(?=\s*(?:l['’]|d['’]|j['’]|qu|le|la|les|une?|des|ce|cet|cette|ces|on|elles?|tu|vous|nous|je"
    r"|mon|ma|mes|votre|vos|notre|nos|son|sa|ses|leurs?|aucune?|personne|quelqu|tout|toute|tous"
    r"|chaque|celui|deux|plus|(?-i:[A-Z]))\b)"
)


@dataclass(frozen=True)
class FramingWords:
    """Patterns over plain text, whatever its capitals; `inverted` heed them."""

    conditions: str = _NEVER
    exceptions: str = _NEVER
    inverted: str = _NEVER  # an "if" by the place of its verb alone
    only: str = _NEVER  # in front of what it is bound to: with, after, on Mondays
    only_first: str = _NEVER  # only members of two years may
    reports: str = _NEVER
    asks_first: str = _NEVER  # ask if, see whether: that clause is what is asked
    depending: str = _NEVER  # a claim with one of these tells that it depends on something
    requests: str = _NEVER  # could you: an order in polite words
    asking: str = ""  # a claim with one of these tells that somebody asks; blank: not looked for
    yes: str = _NEVER
    few: str = _NEVER  # behind "only" they tell how many, not who
    joints: str = _NEVER  # behind a comma they begin a statement of its own


BY_LANGUAGE = {
    "en": FramingWords(
        conditions=(
            r"(?<!even )(?<!as )(?<!only )(?<!what )(?:only )?if"
            r"(?! any\b| anything\b| possible\b| you please\b| so\b| not,)"
            # Courtesy: whoever has no questions need not write, and the address is the same.
            r"(?! (?:you|there) (?:have|are) (?:any )?(?:further )?(?:questions|queries|concerns))"
            r"|on (?:the )?condition that|provid(?:ed|ing) that|(?<=, )provided|assuming"
            r"|(?<!is )(?<!are )(?<!be )(?<!was )(?<!were )(?<!been )(?<!has )(?<!have )provided"
            r"(?= (?:the|an?|all|no|you|he|she|it|they|we|profits|costs|members)\b)"
            r"|supposing|(?:as|so) long as(?! \d)|in case|in the event|subject to"
            r"|contingent (?:up)?on"
            r"|depending (?:up)?on"
        ),
        exceptions=r"unless|except|with the exception of|other than",
        inverted=rf"(?:\A\W*(?:Had|Should|Were)|(?<=, )(?:should|had|were)){_EN_SUBJECT}",
        only=(
            r"(?<!not )(?<!the )only(?= (?:when|with|after|by|for|until|in|on|from|at|upon|where"
            r"|during|between|before|as|under|through|while|because)\b)"
        ),
        only_first=r"\A\W*only(?= [a-z])",
        reports=(
            r"rumou?rs? (?:has|have|had) it|(?:according to|there (?:is|are)(?: a)?) (?:rumou?rs?"
            r"|hearsay)"
            r"|rumou?rs? (?:is|say|says|are going)|(?:is|are|was|were) (?:said|believed|alleged"
            r"|thought|rumou?red|claimed|feared|supposed|reputed) (?:to|that)"
            r"|(?:claim|allege|believe|think|suspect|assume|argue|insist|fear|pretend|imagine"
            r"|suppose|guess)(?:e?s|e?d)?,? that|thought that|supposedly"
        ),
        asks_first=(
            r"(?:ask|see|know|check|wonder|test|tell|say|clear|unclear|decid|find out|sure)\w*"
        ),
        depending=(
            r"if|when|whenever|once|where|case|cases|event|depend\w*|subject to|condition\w*|would"
            r"|unless|except|only|provided|otherwise|outside|apart|besides|others?|but|require\w*"
            r"|need\w*|until|without|whether"
        ),
        requests=r"(?:could|can|would|will) you|why not|how about|shall we|would you mind",
        asking=(
            r"ask\w*|questions?|questioned|request\w*|want\w*|wonder\w*|whether|inquir\w*|enquir\w*"
            r"|unclear|unknown|doubt\w*|queries|query|raises?"
        ),
        yes=r"yes|indeed|correct|that is so|true",
        few=r"one|an?|few|half|some|part|the",
        joints=r"and|but|or|while|whereas|which|who|so",
    ),
    "de": FramingWords(
        conditions=(
            r"(?<!auch )(?<!selbst )(?<!als )(?<!wie )(?<!nur )(?:nur )?wenn(?! möglich| auch)"
            r"(?! (?:sie|du) (?:noch )?fragen)|falls(?! möglich| (?:sie|du) (?:noch )?fragen)"
            r"|sofern|soweit|vorausgesetzt|(?:im|in dem) falle?"
            r"|unter der bedingung"
            r"|unter der voraussetzung|vorbehaltlich|je nach"
        ),
        exceptions=(
            r"es sei denn|außer(?! betrieb| dienst| kraft| acht| haus| sich)|ausgenommen"
            r"|mit ausnahme|abgesehen von"
        ),
        inverted=(
            r"\A\W*(?:Sollten?|Hätten?|Wären?|Würden?)(?= \w)"
            rf"|\A\W*[A-ZÄÖÜ]\w+(?:t|en){_DE_SUBJECT}(?=[^,;:]+, (?:so|dann)\b)"
        ),
        only=(
            r"(?<!nicht )nur(?= (?:mit|nach|für|bei|am|an|im|in|von|vom|durch|auf|gegen|unter"
            r"|zwischen|bis|ab|während|als|aus|zu|zum|zur|solange|dann)\b)"
        ),
        only_first=r"\A\W*nur(?= \w)",
        reports=(
            r"gerücht\w* zufolge|gerüchteweise|laut gerücht\w*|(?:es gibt|es geht das) gerücht\w*"
            r"|dem vernehmen nach|vom hörensagen"
            r"|(?:behaupte|glaub|vermute|mein|nimmt an|nehmen an|denk|fürchte|befürchte)(?:e?t"
            r"|e?n|te"
            r"|ten)?, (?:dass|daß)|(?:nimmt|nehmen) an, dass|soll(?:en)? angeblich"
        ),
        asks_first=r"(?:frag|prüf|weiß|wissen|klär|entscheid|seh|unklar)\w*,?",
        depending=(
            r"wenn|falls|sofern|soweit|bei|fall|fällen|nur|bedingung\w*|würden?|außer|es sei denn"
            r"|sonst|außerhalb|andere\w*|übrige\w*|abhäng\w*|hängt|erst|ohne|braucht|erforder\w*"
            r"|bedarf|ob|vorausgesetzt|sobald"
        ),
        requests=(
            r"(?:könn(?:t?en|test|tet)|würde[nt]?|kannst|wollen|würdest) (?:sie|du|ihr)|warum nicht"
        ),
        asking=r"\w*frag\w*|bitte\w*|möchte\w*|ob|will\w*|wollen|unklar|wissen",
        yes=r"ja|jawohl|richtig|stimmt",
        few=r"eine?[rs]?|einige|wenige|die hälfte|ein",
        joints=r"und|aber|oder|doch|während|welche[rs]?",
    ),
    "fr": FramingWords(
        conditions=(
            r"(?<!même )(?<!comme )(?<!sauf )(?<!seulement )(?:seulement )?si(?! bien)"
            r"(?! vous avez (?:des|d['’]autres) questions)"
            rf"{_FR_SUBJECT}"
            r"|(?<!même )(?<!comme )s['’](?=ils?\b)(?!il (?:vous|te) plaît)"
            r"|pourvu que?|à (?:la )?condition (?:que?|de?)|sous réserve|en cas (?:de?|du)"
            r"|au cas où"
            r"|à supposer|dans le cas où|à défaut|selon que"
        ),
        exceptions=r"sauf(?: si)?|à moins (?:que?|de?)|hormis|excepté|à l['’]exception",
        only=(
            r"(?:seulement|uniquement)(?= (?:avec|après|pour|par|en|dans|sur|à|au|aux|le|les"
            r"|pendant|quand|lorsqu|sous|entre|chez|du|de)\b)"
        ),
        only_first=r"\A\W*seuls?e?s?(?= \w)",
        reports=(
            r"(?:le )?bruit court|selon (?:la|une|des|les) rumeurs?|la rumeur (?:veut|dit)"
            r"|paraît-il|il paraît que|dit-on|on dit que"
            r"|(?:préten(?:d|dent|dait)|croi(?:t|ent)|pense(?:nt)?|suppose(?:nt)?|soupçonne(?:nt)?"
            r"|affirme(?:nt)?|crai(?:nt|gnent)) (?:que|qu)"
        ),
        asks_first=r"(?:demand|savoir|sait|sav|voir|vérifi|décid)\w*",
        depending=(
            r"si|s['’]ils?|cas|lorsqu\w*|quand|sauf|condition\w*|seulement|uniquement|seuls?"
            r"|seules?"
            r"|dépend\w*|sinon|sans|exig\w*|nécess\w*|pourvu|hormis|hors|autres?|excepté|moins que"
        ),
        requests=(
            r"(?:pouvez|pourriez|voulez|voudriez)-vous|(?:peux|pourrais|veux)-tu|pourquoi ne pas"
        ),
        asking=r"demand\w*|question\w*|souhait\w*|veut|veulent|si|interrog\w*|ignor\w*",
        yes=r"oui|en effet|exact",
        few=r"une?|quelques|peu|la moitié",
        joints=r"et|mais|ou|tandis|qui|dont|ce qui",
    ),
    "es": FramingWords(
        conditions=(
            r"(?<!como )(?<!incluso )(?<!aun )(?<!salvo )(?<!solo )(?<!sólo )(?:s[oó]lo )?si"
            r"(?! bien| es posible| tienes? (?:preguntas|dudas))|siempre (?:que|y cuando)"
            r"|a condición de|en (?:el )?caso de"
            r"|con tal (?:de )?que|bajo la condición|en el supuesto de|\Ade no"
        ),
        exceptions=(
            r"(?<!a )salvo(?: (?:que|si))?|excepto|a menos que|a no ser que|con (?:la )?excepción"
        ),
        only=(
            r"(?<!no )(?:solo|sólo|solamente|únicamente)(?= (?:con|para|después|tras|en|por|a|al|el"
            r"|los|las|cuando|durante|hasta|entre|bajo|de|del|desde|mediante|previa|previo)\b)"
        ),
        only_first=r"\A\W*(?:solo|sólo|solamente|únicamente)(?= \w)",
        reports=(
            r"corre el rumor|(?:según|hay) (?:los |unos )?rumor(?:es)?|se rumorea"
            r"|(?:se )?dicen? que|al parecer|según dicen"
            r"|(?:cree|creen|supone|suponen|sospecha|sospechan|piensa|piensan|pretende|pretenden"
            r"|teme|temen|afirma|afirman|alega|alegan) que"
        ),
        asks_first=r"(?:pregunt|sab|ver|comprob|decid)\w*",
        depending=(
            r"si|caso|casos|cuando|salvo|condici\w*|s[oó]lo|solamente|únicamente|depend\w*|sin"
            r"|excepto|siempre que|requier\w*|exig\w*|necesit\w*|fuera|demás|otr[oa]s?|resto"
            r"|menos que"
        ),
        requests=(
            r"(?:puede|podría|quiere|querría)[sn]?(?= usted| \w+[aei]r(?:\w{2,5})?\b)|por qué no"
        ),
        asking=r"pregunt\w*|pid\w*|pide\w*|solicit\w*|quier\w*|si|cuesti\w*|ignor\w*|desconoc\w*",
        yes=r"sí|en efecto|correcto",
        few=r"un[oa]?s?|algun[oa]s|poc[oa]s|la mitad",
        joints=r"y|e|pero|o|mientras|que|quien|lo que",
    ),
    "ru": FramingWords(conditions="если", depending=r"если|при|когда", joints="и|а|но"),
    "cs": FramingWords(
        conditions="pokud|jestliže|jestli|ledaže", depending=r"pokud|jestli\w*|při|když",
        joints="a|i|ale",
    ),
}  # fmt: skip


def whole(pattern: str, *, heed_capitals: bool = False) -> re.Pattern[str]:
    """The pattern as whole words."""
    flags = re.NOFLAG if heed_capitals else re.IGNORECASE
    return re.compile(rf"(?<!\w)(?:{pattern})(?!\w)", flags)
