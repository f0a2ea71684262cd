"""Units and currencies: the number in front of one is no day, and with a unit no money."""

from __future__ import annotations

from documents.pipeline.analysis.offline.patterns import one_of

_MEASURES = """
    kilograms, kilogram, kilogrammes, kilo, kilos, kg, grams, gram, g, mg, tonnes, tonne, tonnen,
    tons, ton, toneladas, tonnellate, ton, t, lbs, lb, oz, km, kilometres, kilometers, kilometer,
    metres, meters, metre, meter, mètres, metros, metri, cm, mm, m², m³, qm, m, inches, inch, feet,
    ft, miles, mile, litres, liters, litre, liter, litros, litri, ml, cl, cups, cup, bar, kwh, kw,
    mw, watt, volts, volt, kv, mb, gb, tb, kb, hours, hour, hrs, hr, h, stunden, std, heures,
    horas, ore, uur, minutes, minute, min, minuten, days, day, tage, tagen, jours, días, giorni,
    dagen, dias, weeks, week, wochen, semaines, semanas, settimane, weken, months, monate, mois,
    meses, mesi, maanden, years, jahre, ans, años, anni, jaar, points, punkte, punkt, times, mal,
    fois, veces, volte, keer, pcs, pieces, stück, stk, percent, per cent, prozent, pour cent,
    por ciento, per cento, procent, degrees, grad, degrés, grados, gradi, graden, million, millions,
    millionen, mio, mrd, milliarden, billion
"""
_CURRENCIES = """
    eur, euros, euro, usd, dollars, dollar, gbp, pounds, pound, chf, franken, francs, sek, nok, dkk,
    kronor, pln, czk, aud, cad, cents, cent, ct
"""
MEASURE = rf"(?:[%°]|{one_of(_MEASURES)}(?!\w))"
# Any space stands between the number and what follows.
NO_UNIT = rf"(?!\s?(?:[%°€$£¥]|{one_of(f'{_MEASURES}, {_CURRENCIES}')}(?!\w)))"
