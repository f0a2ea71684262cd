"""Ligatures at numbers instead of names, as in TeX's fonts: known by the words that they make.

The numbers alone are not enough. Two encodings of TeX and those of its programs give them
differently, and in formulas the same numbers are other signs.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_MARK = "[\U000f0000-\U000f001f]"
_FIRST_MARK = 0xF0000
# The mark is searched for alone, as trying each word of a page for one behind it takes long.
_FOUND = re.compile(f"{_MARK}(?=([^\\W\\d_]{{0,40}}))")
_BEFORE = re.compile(r"[^\W\d_]*\Z")
_LONGEST = 40
_ALONE_SHARE = 0.4  # of a number's places; with more of them outside of words it is another sign

_SHOWN_SHARE = 0.3  # of the words around a number have to be known ones

_FIVE = ("ff", "fi", "fl", "ffi", "ffl")
_OT1 = dict(zip(range(0x0B, 0x10), _FIVE, strict=True))
_T1 = dict(zip(range(0x1B, 0x20), _FIVE, strict=True))
_T1_SIGNS = {0x10: "“", 0x11: "”", 0x12: "„", 0x13: "«", 0x14: "»", 0x15: "–", 0x16: "—"}

# Ends of what stands before the ligature, and beginnings of what stands behind it, in some
# languages of Europe; ^ and $ are where the word begins and ends.
_STEMS = {
    "ff": "di_er e_ect ^o_$ o_er o_set a_ect sta_$ bu_er e_ort su_ix su_er a_air cuto_ stu_$ di_us "
    "ö_n o_en tre_en begri_ sto_ scha_en ho_en schi_ a_ich di_ér e_et chi_r a_aire e_ace tari_ "
    "cli_$ a_ord su_ra gri_en betri_t",
    "fi": "de_n speci_ modi_ identi_ con_ _le _nd _rst _eld signi_c _nal _nan _gur _x bene_t "
    "scienti_c certi_ noti_ pro_l quali_ veri_ speci_c classi_ justi_ _ve _ll _t _re _sh _ne _lter "
    "spezi_ _nden gra_k _rma _lm _ch _n dé_n o_c re_n pre_x in_n arti_ci clari_ simpli_ uni_ "
    "simpli_c satis_ed magni_ ampli_ rati_ pa_c",
    "fl": "_ow _ag re_ect in_uen _ex _oat _at con_ict _y _oor _uid _ash in_at _ux _ujo _ach "
    "p_icht p_ege ein_uss ein_uß _iegen _äche _eur _uss _uß _uch work_ow over_ow _oren _avor",
    "ffi": "o_c e_ci su_ci di_cul coe_ci tra_c o_zi e_zi a_rm a_x a_li su_x a_cher su_re o_ciel "
    "su_t a_n",
    "ffl": "ba_e shu_e o_ine a_uent so_e wa_e ra_e e_uent mu_ scu_e ru_e pantoffe_n a_ict",
}


def _split(stems: str) -> list[tuple[str, str]]:
    return [(stem.partition("_")[0], stem.partition("_")[2]) for stem in stems.split()]


_SPLIT = {ligature: _split(stems) for ligature, stems in _STEMS.items()}


def read(texts: Sequence[str]) -> dict[int, str]:
    """What the numbers below 32 stand for in this document; only those that are certain."""
    words = _words(texts)
    shown = {number: best for number, found in words.items() if (best := _best(found))}
    for table, signs in ((_OT1, {}), (_T1, _T1_SIGNS)):
        agreeing = [number for number, letters in shown.items() if table.get(number) == letters]
        if 1 < len(agreeing) == len(shown):
            return {number: table[number] for number in words if number in table} | signs
    return shown


def _words(texts: Sequence[str]) -> dict[int, set[tuple[str, str]]]:
    """For each number the words around it; none where it mostly stands alone."""
    inside: dict[int, list[tuple[str, str]]] = {}
    alone: dict[int, int] = {}
    for text in texts:
        for found in _FOUND.finditer(text):
            number, after = ord(found.group()) - _FIRST_MARK, found.group(1)
            before = _letters_before(text, found.start())
            if len(before) + len(after) > 1 or before == "o":
                inside.setdefault(number, []).append((before.casefold(), after.casefold()))
            else:
                alone[number] = alone.get(number, 0) + 1
    return {
        number: set(words)
        for number, words in inside.items()
        if alone.get(number, 0) <= _ALONE_SHARE * (len(words) + alone.get(number, 0))
    }


def _letters_before(text: str, place: int) -> str:
    letters = _BEFORE.search(text[max(0, place - _LONGEST) : place])
    return letters.group() if letters else ""


def _best(words: set[tuple[str, str]]) -> str:
    """The ligature with which most of the words begin or go on like words that are known."""
    scores = dict.fromkeys(_FIVE, 0)
    for before, after in words:
        for ligature, stems in _SPLIT.items():
            scores[ligature] += any(_fits(before, after, *stem) for stem in stems)
    *_, second, first = sorted(scores.values())
    # "Schri_", "so_ware": fonts have other ligatures, too.
    is_certain = first > 2 * second and first >= _SHOWN_SHARE * len(words)
    return max(scores, key=lambda each: scores[each]) if is_certain else ""


def _fits(before: str, after: str, left: str, right: str) -> bool:
    begins = before == left[1:] if left[:1] in ("", "^") else before.endswith(left)
    return begins and f"{after}$".startswith(right)
