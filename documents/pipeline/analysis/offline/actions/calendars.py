"""How languages say until when: months, words of a deadline, terms; a row each with its example."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


class DueExample(NamedTuple):
    sentence: str
    text: str
    date: str | None


@dataclass(frozen=True, slots=True)
class Calendar:
    """Phrases divided by commas; `within` stands before a number and one of the `units`.

    `loose` are moments without a number that stand behind a word of a deadline, `at_once` those
    that stand alone. Words of a month are divided by bars.
    """

    language: str
    months: str
    latest: str
    on: str
    of: str
    within: str
    units: str
    loose: str
    at_once: str
    example: DueExample


CALENDARS = (
    Calendar(
        language="de",
        months="""
            januar|jänner, februar, märz, april, mai, juni, juli, august, september, oktober,
            november, dezember
        """,
        latest="""
            bis spätestens zum, bis spätestens am, bis spätestens, spätestens bis zum,
            spätestens am, spätestens zum, spätestens bis, bis zum, bis, vor dem, zum, fällig am,
            frist:, termin:
        """,
        on="am, ab dem, ab",
        of="",
        within="innerhalb von, innerhalb, binnen, in spätestens",
        units="tagen, werktagen, wochen, monaten, stunden, tage, wochen",
        loose="""
            montag, dienstag, mittwoch, donnerstag, freitag, samstag, sonnabend, sonntag, morgen,
            heute, ende der woche, nächste woche, nächsten sitzung, monatsende, jahresende,
            ende des monats, ende des jahres
        """,
        at_once="heute, morgen, übermorgen, unverzüglich, umgehend, nächste woche, diese woche",
        example=DueExample("Er zahlt bis zum 3. März 2027.", "bis zum 3. März 2027", "2027-03-03"),
    ),
    Calendar(
        language="fr",
        months="""
            janvier, février, mars, avril, mai, juin, juillet, août, septembre, octobre, novembre,
            décembre
        """,
        latest="""
            avant le, avant, au plus tard le, au plus tard, d'ici le, d'ici au, d'ici, jusqu'au,
            pour le, pour, échéance :, échéance le
        """,
        on="le, à compter du, à partir du, dès le",
        of="",
        within="dans un délai de, sous, dans les, dans un délai maximum de",
        units="jours ouvrés, jours, semaines, mois, heures",
        loose="""
            lundi, mardi, mercredi, jeudi, vendredi, samedi, dimanche, demain, ce soir, la fin du
            mois, la fin de l'année, la prochaine réunion, la semaine prochaine
        """,
        at_once="""
            aujourd'hui, demain, immédiatement, sans délai, la semaine prochaine, cette semaine,
            dès que possible, lundi, mardi, mercredi, jeudi, vendredi
        """,
        example=DueExample("Payer avant le 1er mai 2027.", "avant le 1er mai 2027", "2027-05-01"),
    ),
    Calendar(
        language="es",
        months="""
            enero, febrero, marzo, abril, mayo, junio, julio, agosto, septiembre|setiembre,
            octubre, noviembre, diciembre
        """,
        latest="""
            antes del día, antes del, antes de, a más tardar el, como máximo el, hasta el día,
            hasta el, no más tarde del, para el, plazo:
        """,
        on="el día, el, a partir del",
        of="de, del",
        within="en un plazo máximo de, en un plazo de, en el plazo de, dentro de, en los",
        units="días hábiles, días naturales, días, semanas, meses, horas",
        loose="""
            lunes, martes, miércoles, jueves, viernes, sábado, domingo, mañana, fin de mes,
            fin de año, la próxima reunión, la semana que viene
        """,
        at_once="hoy, mañana, inmediatamente, cuanto antes, la semana que viene, esta semana",
        example=DueExample(
            "Pagar antes del 3 de mayo de 2027.", "antes del 3 de mayo de 2027", "2027-05-03"
        ),
    ),
    Calendar(
        language="it",
        months="""
            gennaio, febbraio, marzo, aprile, maggio, giugno, luglio, agosto, settembre, ottobre,
            novembre, dicembre
        """,
        latest="""
            entro e non oltre il, entro non oltre il, entro il giorno, entro il, entro, prima del,
            non oltre il, fino al, scadenza:, per il
        """,
        on="il giorno, il, dal, a partire dal",
        of="",
        within="entro, nel termine di, entro un termine di",
        units="giorni lavorativi, giorni, settimane, mesi, ore",
        loose="""
            lunedì, martedì, mercoledì, giovedì, venerdì, sabato, domenica, domani, oggi, fine mese,
            fine anno, la prossima riunione, la fine del mese
        """,
        at_once="oggi, domani, immediatamente, quanto prima, la prossima settimana",
        example=DueExample(
            "Pagare entro il 1° maggio 2027.", "entro il 1° maggio 2027", "2027-05-01"
        ),
    ),
    Calendar(
        language="pt",
        months="""
            janeiro, fevereiro, março, abril, maio, junho, julho, agosto, setembro, outubro,
            novembro, dezembro
        """,
        latest="até ao dia, até o dia, até ao, até, antes de, o mais tardar em, prazo:",
        on="no dia, em, a partir de",
        of="de",
        within="no prazo de, dentro de, em até",
        units="dias úteis, dias, semanas, meses, horas",
        loose="""
            segunda-feira, terça-feira, quarta-feira, quinta-feira, sexta-feira, sábado, domingo,
            amanhã, o fim do mês, ao fim do mês
        """,
        at_once="hoje, amanhã, imediatamente, o quanto antes",
        example=DueExample("Pagar até 3 de maio de 2027.", "até 3 de maio de 2027", "2027-05-03"),
    ),
    Calendar(
        language="nl",
        months="""
            januari, februari, maart, april, mei, juni, juli, augustus, september, oktober,
            november, december
        """,
        latest="uiterlijk op, uiterlijk, vóór, voor, tot en met, tot, deadline:",
        on="op, vanaf, met ingang van",
        of="",
        within="binnen",
        units="werkdagen, dagen, weken, maanden, uur",
        loose="""
            maandag, dinsdag, woensdag, donderdag, vrijdag, zaterdag, zondag, morgen, eind van de
            week, het eind van de maand, de volgende vergadering
        """,
        at_once="vandaag, morgen, onmiddellijk, volgende week, zo spoedig mogelijk",
        example=DueExample("Betalen vóór 3 mei 2027.", "vóór 3 mei 2027", "2027-05-03"),
    ),
    Calendar(
        language="pl",
        months="""
            stycznia, lutego, marca, kwietnia, maja, czerwca, lipca, sierpnia, września,
            października, listopada, grudnia
        """,
        latest="najpóźniej do, do dnia, do, przed, termin:",
        on="dnia, od",
        of="",
        within="w ciągu, w terminie",
        units="dni, tygodni, miesięcy, godzin",
        loose="""
            poniedziałku, wtorku, środy, czwartku, piątku, soboty, niedzieli, jutra, końca miesiąca
        """,
        at_once="dzisiaj, jutro, niezwłocznie",
        example=DueExample("Zapłacić do 3 maja 2027.", "do 3 maja 2027", "2027-05-03"),
    ),
    Calendar(
        language="cs",
        months="""
            ledna, února, března, dubna, května, června, července, srpna, září, října, listopadu,
            prosince
        """,
        latest="nejpozději do, do, před, termín:",
        on="dne, od",
        of="",
        within="do, během",
        units="dnů, dní, týdnů, měsíců, hodin",
        loose="pondělí, úterý, středy, čtvrtka, pátku, soboty, neděle, zítra, konce měsíce",
        at_once="dnes, zítra, neprodleně",
        example=DueExample("Zaplatit do 3. května 2027.", "do 3. května 2027", "2027-05-03"),
    ),
    Calendar(
        language="ru",
        months="""
            января, февраля, марта, апреля, мая, июня, июля, августа, сентября, октября, ноября,
            декабря
        """,
        latest="не позднее, до, к, срок:",
        on="с",
        of="",
        within="в течение",
        units="дней, недель, месяцев, часов",
        loose="понедельника, вторника, среды, четверга, пятницы, субботы, конца месяца, завтра",
        at_once="сегодня, завтра, немедленно",
        example=DueExample("Заплатить до 3 мая 2027 года.", "до 3 мая 2027", "2027-05-03"),
    ),
    Calendar(
        language="sv",
        months="""
            januari, februari, mars, april, maj, juni, juli, augusti, september, oktober,
            november, december
        """,
        latest="senast den, senast, före den, före, till den, deadline:",
        on="den, från och med",
        of="",
        within="inom",
        units="dagar, veckor, månader, timmar",
        loose="måndag, tisdag, onsdag, torsdag, fredag, lördag, söndag, imorgon, månadens slut",
        at_once="idag, imorgon, omgående",
        example=DueExample("Betala senast 3 maj 2027.", "senast 3 maj 2027", "2027-05-03"),
    ),
    Calendar(
        language="ar",
        months="""
            يناير|كانون الثاني, فبراير|شباط, مارس|آذار, أبريل|نيسان, مايو|أيار, يونيو|حزيران,
            يوليو|تموز, أغسطس|آب, سبتمبر|أيلول, أكتوبر|تشرين الأول, نوفمبر|تشرين الثاني,
            ديسمبر|كانون الأول
        """,
        latest="قبل يوم, قبل, حتى, في موعد أقصاه",
        on="يوم, في",
        of="",
        within="خلال",
        units="أيام, يوما, أسابيع, أشهر",
        loose="الأحد, الاثنين, الثلاثاء, الأربعاء, الخميس, الجمعة, السبت, نهاية الشهر",
        at_once="اليوم, غدا, فورا",
        example=DueExample("الدفع قبل 3 مايو 2027.", "قبل 3 مايو 2027", "2027-05-03"),
    ),
)
