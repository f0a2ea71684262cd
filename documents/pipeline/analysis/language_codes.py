"""Language codes: what a model may call the language of a document (ISO 639-1 and 639-3)."""

from __future__ import annotations

import re

_CODE = re.compile(r"[a-z]{2,3}(?![a-z])")

_TWO_LETTERS = """
aa ab ae af ak am an ar as av ay az ba be bg bi bm bn bo br bs ca ce ch co cr cs cu cv cy
da de dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht
hu hy hz ia id ie ig ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky
la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny
oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss
st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo
za zh zu
"""
# The codes of three letters that models give for a language that has one of two.
_SHORTER = """
afr:af alb:sq amh:am ara:ar arm:hy aze:az baq:eu bel:be ben:bn bod:bo bos:bs bul:bg bur:my
cat:ca ces:cs chi:zh cym:cy cze:cs dan:da deu:de dut:nl ell:el eng:en epo:eo est:et eus:eu
fas:fa fin:fi fra:fr fre:fr fry:fy geo:ka ger:de gla:gd gle:ga glg:gl gre:el guj:gu hat:ht
hau:ha heb:he hin:hi hrv:hr hun:hu hye:hy ibo:ig ice:is ind:id isl:is ita:it jav:jv jpn:ja
kan:kn kat:ka kaz:kk khm:km kin:rw kir:ky kor:ko kur:ku lao:lo lat:la lav:lv lit:lt ltz:lb
mac:mk mal:ml mar:mr may:ms mkd:mk mlg:mg mlt:mt mon:mn mri:mi msa:ms mya:my nep:ne nld:nl
nno:nn nob:nb nor:no nya:ny oci:oc ori:or orm:om pan:pa per:fa pol:pl por:pt pus:ps ron:ro
rum:ro run:rn rus:ru san:sa sin:si slk:sk slo:sk slv:sl smo:sm sna:sn snd:sd som:so sot:st
spa:es sqi:sq srp:sr sun:su swa:sw swe:sv tam:ta tat:tt tel:te tgk:tg tha:th tib:bo tir:ti
ton:to tsn:tn tuk:tk tur:tr uig:ug ukr:uk urd:ur uzb:uz vie:vi wel:cy wol:wo xho:xh yid:yi
yor:yo zho:zh zul:zu
"""
# Written languages that have a code of three letters only. Not all seven thousand: most of those
# spell a word ("iso", "doc", "new"), and who answers so has not named a language.
_THREE_LETTERS = """
ace arz ast awa bal ban bcl bem bho bik bjn bug cdo ceb cgg chr ckb cmn crh csb dsb dyu
ewo fil frp fur gag gom gsw guz hak haw hif hil hmn hsb ilo jbo kab kam kbd kbp khw kln
kmb kmr kok kon krc ksh lad lez lij lmo ltg lus luo mad mag mai mas mdf mer mfe min mni
mos mwl myv nan nap nds nov nqo nso nyn olo pag pam pap pcd pcm pdc pfl pms pnb prs quc
rue sah sat scn sco sgs shi skr smj smn sms srn stq szl teo tet tok tpi tum tyv tzm udm
umb vec vep vls vmf vot vro war wuu xal xmf yue zea
"""


CODES = frozenset((_TWO_LETTERS + _THREE_LETTERS).split())
_TO_TWO_LETTERS = dict(pair.split(":") for pair in _SHORTER.split())


def known(answer: str) -> str | None:
    """The language that an answer such as "de", "deu" or "pt-BR" names, or None."""
    found = _CODE.match(answer.strip().lower())
    if found is None:
        return None
    code = _TO_TWO_LETTERS.get(found[0], found[0])
    return code if code in CODES else None
