"""Abbreviations whose dot ends no sentence, by language; with examples in the labelled papers."""

from __future__ import annotations

import re
from functools import cache

from documents.pipeline.analysis.offline.words import listed

# Before whatever stands behind them: titles, streets, "that is".
_ALWAYS = {
    "en": """mr mrs ms dr prof st jr sr rev hon gov gen sen rep lt col capt sgt vs etc al inc ltd co
        corp dept est approx cf eg ie e.g i.e jan feb mar apr jun jul aug sep sept oct nov dec cllr
        incl excl""",
    "de": """s bzw z.b u.a d.h hr fr dr prof ca evtl ggf gem vgl sog bspw usw inkl exkl resp zzgl
        abzgl str hauptstr dipl ing mag geb verh ev kath m.e z.t i.d.r o.g u.u z.zt i.a i.v vors
        sen jun sept okt nov dez jan feb tzn""",
    "fr": "m mme mlle mm me dr pr av bd cf ex env st ste janv févr avr juil sept oct nov déc",
    "es": """sr sra sres sras srta d dña dr dra av avda bd ud uds vd cf ss ee ilmo ilma excmo excma
        lic ing arq prof gral""",
    "it": """sig sigg sig.ra dott dott.ssa prof prof.ssa ing avv geom arch rag on spett spett.le egr
        gent gent.ma ca cfr ecc""",
    "pt": """sr sra srs sras dr dra exmo exma eng prof profa av r lda ltda cf etc d dom""",
    "nl": """dhr mevr mw mej drs dr ir ing mr prof bv nv o.a d.w.z bijv m.n t.a.v a.s jl ca evt resp
        incl excl""",
    "pl": """inż mgr dr prof hab np tzn tj tzw m.in ul al pl os im św ks por zob wg ok woj pow
        ww pt dn""",
    "cs": """ing mgr bc mudr judr phdr rndr doc prof dr ul nám tř sv p pí např tj tzv tzn popř viz
        dne atd apod kpt r mil mld tis""",
    "ru": """г гг ул пл пр пер просп им проф акад доц инж тов см ср напр т.е т.к т.д т.п др руб
        тыс млн млрд""",
    "sv": "bl.a t.ex s.k d.v.s m.m dr prof kl ca",
    "da": "bl.a f.eks hr fr dr prof kl ca",
    "hu": "dr ifj id özv kb pl ún",
}  # fmt: skip

# What counts as one: "4", "II", "G-1187".
_NUMBERED = re.compile(r"[A-Z]{0,4}[-/]?\d|[IVXLC]{2,6}\b")

# Only before a number: "no. 4" ends nothing, "he said no." does.
_BEFORE_NUMBERS = listed(
    """
    no nos nr nrn godz tom bk fig figs art arts sec secs pub p pp vol ed eds ch para ext tel
    abs s abb anl anm
    bd kap ziff rn rz hs urt az pl pos tab chap al n núm pág págs pag pagg cap cap.lo c lett tav
    núms blz bl lid nrs hfd afb ust poz rozdz str strona rys lp zał par č čl čp odst písm obr st
    кн рис стр гл п пп ст табл абз кв д оф тел § kl pkt liv app
    """
)


@cache
def never_enders(language: str | None) -> frozenset[str]:
    """Lower-case words; of all the languages where it is not known which."""
    if language in _ALWAYS:
        return listed(_ALWAYS[language]) | _COMMON
    return frozenset().union(*map(listed, _ALWAYS.values()))


def is_before_number(word: str, following: str) -> bool:
    return word in _BEFORE_NUMBERS and _NUMBERED.match(following) is not None


_COMMON = listed("dr prof st etc ca jr sr mr mrs ms inc ltd co corp vs al cf")
