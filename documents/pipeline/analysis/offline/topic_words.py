"""Words that name no topic: verbs of minutes, courtesies, days and months, in many languages."""

from __future__ import annotations

from documents.pipeline.analysis.offline.actions.due_patterns import MONTHS
from documents.pipeline.analysis.offline.words import listed

_DAYS = """
    monday tuesday wednesday thursday friday saturday sunday today tomorrow yesterday montag
    dienstag mittwoch donnerstag freitag samstag sonnabend sonntag heute morgen gestern lundi mardi
    mercredi jeudi vendredi samedi dimanche demain hier lunes martes miércoles jueves viernes sábado
    domingo mañana hoy ayer lunedì martedì mercoledì giovedì venerdì sabato domenica domani oggi
    ieri segunda-feira terça-feira quarta-feira quinta-feira sexta-feira hoje amanhã maandag dinsdag
    woensdag donderdag vrijdag zaterdag zondag vandaag poniedziałek wtorek środa czwartek piątek
    sobota niedziela pondělí úterý středa čtvrtek pátek neděle понедельник вторник среда четверг
    пятница суббота воскресенье måndag tisdag onsdag torsdag fredag lördag söndag
"""
_ENGLISH = """
    said says told asked agreed reported noted added made make makes making take takes taken going
    week weeks month months year years day days january february march april may june july august
    september october november december time times people thing things way lot minutes meeting page
    okay yeah um uh please thanks thank dear hello regards hi http https www com pdf percent euros
    dollars action actions item items todo asap discussed approved confirmed decided subject sent
    send sends cheers attached apologies attending received held morning afternoon evening from
    owns own tested rise rises sell sells need needs use used uses using find found keep keeps give
    gives call calls get gets put write wrote writes know known see seen mr mrs ms old new big small
    fig table chapter section
"""
_COURTESIES = """
    herr herrn frau bitte danke sehr geehrte geehrter geehrten hallo grüße gruß freundlichen
    möglicherweise vielleicht prüft wichtig woche wochen monat monate jahr jahre tag tage uhr euro
    betreff seite monsieur madame merci bonjour cordialement veuillez semaine mois année années jour
    jours objet page señor señora gracias hola saludos atentamente semana mes año años día días
    asunto signor signora gentile grazie cordiali saluti settimana mese anno anni giorno giorni
    oggetto pagina senhor senhora obrigado ano anos dia dias assunto mijnheer mevrouw dank groeten
    maand jaar dag dagen onderwerp pan pani dzień rok lat tydzień den týden года год день
"""
NEVER_ALONE = listed(f"{_ENGLISH} {_DAYS} {_COURTESIES}") | frozenset(
    month for months in MONTHS.values() for month in months
)
# Of Chinese and Japanese, where no stop word is set off by spaces.
UNSPACED_STOP_WORDS = listed(
    """
    如果 可能 没有 因为 所以 但是 我们 你们 他们 这个 那个 已经 可以 需要 进行 以及 就会 不能
    更多 开始 一个 通过 自己 什么 怎么 這個 那個 沒有 因為 今日 昨日 本日 場合 必要
    """
)
