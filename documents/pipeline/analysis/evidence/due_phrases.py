"""Deadlines in words (temporal expressions) of English, German, French and Spanish.

Each phrase stands for one reading; what people read in two ways is left out: "quinze jours" are
two weeks to some, "a finales de mes" is no day, working days hang on a calendar.
"""

from __future__ import annotations

import re

from documents.pipeline.analysis.evidence.dates import MONTHS

_WEEKDAYS = """
monday montag lundi lunes
tuesday dienstag mardi martes
wednesday mittwoch mercredi miércoles
thursday donnerstag jeudi jueves
friday freitag vendredi viernes
saturday samstag sonnabend samedi sábado
sunday sonntag dimanche domingo
"""
WEEKDAYS = {
    name: number
    for number, line in enumerate(_WEEKDAYS.strip().splitlines())
    for name in line.split()
}
_NUMBERS = """
1 a an one ein eine einem einer eines un une una
2 two zwei deux dos
3 three drei trois tres
4 four vier quatre cuatro
5 five fünf cinq cinco
6 six sechs seis
7 seven sieben sept siete
8 eight
9 nine neun neuf nueve
10 ten zehn dix diez
12 twelve zwölf douze doce
14 fourteen vierzehn quatorze catorce
15 fifteen fünfzehn
20 twenty zwanzig vingt veinte
21 twenty-one
28 twenty-eight
30 thirty dreißig trente treinta
60 sixty sechzig soixante sesenta
90 ninety neunzig noventa
"""
NUMBERS = {
    name: int(number)
    for number, *names in map(str.split, _NUMBERS.strip().splitlines())
    for name in names
}
DAYS = ["days?", "tage?n?", "jours?", "días?"]
WEEKS = ["weeks?", "wochen?", "semaines?", "semanas?"]
MONTH_UNITS = ["months?", "monate?n?", "mois", "mes(?:es)?"]


def _either(*phrases: str) -> str:
    return rf"(?:{'|'.join(phrases)})"


def _pattern(*phrases: str) -> re.Pattern[str]:
    day, month = (_either(*sorted(names, key=len, reverse=True)) for names in (WEEKDAYS, MONTHS))
    whole = (
        _either(*phrases).replace("WD", f"(?P<day>{day})").replace("MONTH", f"(?P<month>{month})")
    )
    return re.compile(whole)


def _weekdays(*phrases: str) -> list[re.Pattern[str]]:
    return [_pattern(phrase) for phrase in phrases]


# What may stand before and after a deadline without changing it.
LEAD = re.compile(
    r"(?:(?:no|not) later than|(?:at the latest )?by|until|till|before|due(?: by| on)?|on"
    r"|(?:bis |spätestens )*(?:bis|spätestens)(?: zum| am)?|am|vor(?: dem)?|zum"
    r"|avant(?: le| la)?|d'ici(?: à| au| le| la)?|pour(?: le)?|au plus tard(?: le)?|jusqu'(?:au|à)"
    r"|antes del?|para(?: el)?|hasta(?: el)?|a más tardar(?: el)?|el|le|à|a) "
)
TAIL = re.compile(r",? (?:at the latest|spätestens|au plus tard|a más tardar)$")

TODAY = re.compile(r"today|heute|aujourd'hui|hoy")
TOMORROW = re.compile(r"tomorrow|morgen|demain|mañana")
COMING = _weekdays("WD", "(?:the |this )?(?:up)?coming WD", "kommenden WD", "WD que viene")
THIS = _weekdays("this WD", "diesen WD", "ce WD", "este WD")
NEXT = _weekdays("next WD", "nächste[nr] WD", "WD prochain", "próximo WD", "WD próximo")
OF_NEXT_WEEK = _weekdays(
    "WD(?: of)? next week",
    "next week,? WD",
    "WD (?:der )?(?:nächste|kommende)[nr]? woche",
    "WD de la semaine prochaine",
    "WD de la (?:próxima semana|semana próxima|semana que viene)",
)
END_OF_MONTH = _pattern(
    r"(?:the )?end of (?:the |this |the current )?month|month[ -]end",
    r"ende (?:des|dieses|des laufenden) monats|monatsende",
    r"(?:la )?fin (?:du|de ce|de) mois",
    r"(?:el )?fin(?:al)? (?:del?|de este) mes",
)
END_OF_NEXT_MONTH = _pattern(
    r"(?:the )?end of next month",
    r"ende (?:des )?(?:nächsten|kommenden) monats",
    r"(?:la )?fin du mois prochain",
    r"(?:el )?fin(?:al)? del (?:próximo mes|mes próximo|mes que viene)",
)
END_OF_YEAR = _pattern(
    r"(?:the )?end of (?:the |this )?year|year[ -]end",
    r"ende (?:des|dieses) jahres|jahresende",
    r"(?:la )?fin (?:de l'|d'|de cette )année",
    r"(?:el )?fin(?:al)? del? año",
)
END_OF_NAMED = [
    _pattern(phrase + r"(?: (?:de )?(?P<year>\d{4}))?")
    for phrase in (
        "(?:the )?end of MONTH",
        "ende MONTH",
        "(?:la )?fin MONTH",
        "fin(?:al)? de MONTH",
    )
]
_WITHIN = _either(
    r"within(?: the next)?|in(?: the next)?",
    r"innerhalb(?: von| der nächsten)?|binnen|in den nächsten",
    r"sous|dans(?: les| un délai de)?|d'ici(?: à)?",
    r"en(?: un plazo de| el plazo de| los próximos)?|dentro de(?: los próximos)?",
)
_UNITS = _either(*(
    rf"(?P<{name}>{_either(*units)})"
    for name, units in (("days", DAYS), ("weeks", WEEKS), ("months", MONTH_UNITS))
))  # fmt: skip
WITHIN = re.compile(
    rf"{_WITHIN} (?P<number>\d{{1,3}}|[^\W\d_]+(?:-[^\W\d_]+)?)(?: \((?P<again>\d{{1,3}})\))? "
    rf"(?:calendar |kalender)?{_UNITS}(?: calendaires| naturales)?"
)

# In the sentence of a deadline: it comes again and again, or is counted from another day.
RECURRING = re.compile(
    r"\b(?:every|each|daily|weekly|monthly|quarterly|yearly|annual(?:ly)?|jede[mnrs]?|täglich"
    r"|wöchentlich|monatlich|jährlich|jeweils|chaque|tou(?:s|tes) les|mensuel\w*|hebdomadaire"
    r"|annuel\w*|cada|tod[oa]s l[oa]s|mensual\w*|semanal\w*|anual\w*)\b"
)
EVENT = re.compile(
    r"\b(?:after|once|upon|following|if|when|whenever|as soon as|unless|receipt|receiv\w+|from"
    r"|in case|in the event|nach|sobald|wenn|falls|sofern|ab|seit|bei|erhalt|zugang|eingang"
    r"|zustellung|après|dès|lorsque?|quand|si|s'il|suivant|réception|compter|partir|en cas"
    r"|después|tras|cuando|desde|recepción|una vez|en caso|contados)\b"
)
# In the sentence before that of a deadline, which may be counted from it.
HAPPENS = re.compile(
    r"\b(?:hearing|meeting|takes? place|will be held|deliver\w*|arriv\w+|receipt|receiv\w+"
    r"|serv(?:ed|ice)"
    r"|verhandlung|termin|sitzung|findet statt|liefer\w+|zugang|zugestellt|zustellung|erhalten"
    r"|audience|réunion|aura lieu|livr\w+|réception|recevrez|audiencia|reunión|tendrá lugar"
    r"|entrega\w*|recepción|recibirá)\b"
)
COUNTED_FROM_HERE = re.compile(
    r"\b(?:of|from|after) (?:today|the date hereof|this date|the date (?:of|on) this \w+)"
    r"|\b(?:ab|nach|von) (?:heute|(?:dem )?datum dieses \w+)"
    r"|\bà compter (?:d'aujourd'hui|de ce jour|de la date de (?:la présente|ce \w+|cette \w+))"
    r"|\b(?:a partir de|desde) (?:hoy|la fecha de est[ae] \w+)"
)
OF_SOMETHING = re.compile(r",? (?:of|del?|d[ue]s?|von|vom|vor|before|prior|avant|antes)\b")
YEAR = re.compile(r"\b(?:19|20)\d\d\b")
# Beside a written date: what is due is counted from it, or comes after it.
NOT_THAT_DAY = re.compile(
    r"\b(?:days?|weeks?|months?|years?|hours?|tage?n?|wochen?|monate?n?|jahre?n?|stunden?"
    r"|jours?|semaines?|mois|ans?|heures|d[ií]as?|semanas?|mes(?:es)?|años?|horas"
    r"|giorn[io]|settiman[ae]|mes[ei]|ann[io]|dagen|we(?:ek|ken)|maand(?:en)?"
    r"|dni|tygodni\w*|miesi[ąę]c\w*|dnů|dní|týdn\w*|měsíc\w*|дн(?:ей|я)|недел\w*|месяц\w*"
    r"|(?:not|never) (?:before|until)|(?:no|not) (?:earlier|sooner)|(?:at the )?earliest|as of"
    r"|effective|since|agreed|signed|dated"
    r"|frühestens|nicht (?:vor|eher|früher)|seit|mit wirkung|vereinbart|unterzeichnet|datiert"
    r"|(?:au plus )?tôt|pas avant|depuis|à compter|convenu|signé|daté"
    r"|no antes|desde|acordad[oa]|firmad[oa]|fechad[oa]"
    r"|non prima|a decorrere|concordat[oa]|firmat[oa]|datat[oa]"
    r"|niet (?:vóór|voor|eerder)|met ingang|sinds|afgesproken|overeengekomen|ondertekend"
    r"|não antes|assinad[oa]|datad[oa]"
    r"|dopo|da[li]|dalla|após|vanaf|od|после|не ранее)\b"
)
# Before a date that is not the document's own.
NOT_ITS_OWN = re.compile(
    r"\b(?:by|until|till|before|due|since|from|bis|bis zum|vor dem|seit|seit dem|ab|ab dem"
    r"|fällig am|avant le|jusqu'au|d'ici le|depuis le|à partir du|antes del|hasta el|desde el"
    r"|a partir del|para el|vence el|your [\w-]{1,20}(?: dated)?(?: of)?|born|births?"
    r"|geboren(?: am)?|geburtsdatum|né(?:e)? le|naissance|nacid[oa] el|nacimiento"
    r"|(?:due|delivery|expiry) date"
    r"|(?:fälligkeits|liefer)datum|ihr(?:e[mrns]?)? \w{1,20} vom|votre \w{1,20} du|su \w{1,20} del"
    r"|version)(?: of| on| the)?\W*$"
)
DATELINE = re.compile(
    r"^[ \t>]{0,20}((?:date|sent|datum|gesendet|envoyé|fecha|enviado)[ \t]{0,9}:[^\n]{0,100}"
    r"|(?:on|am|le|el) [^\n]{0,100}(?:wrote|schrieb|a écrit|escribió))",
    re.IGNORECASE | re.MULTILINE,
)
