"""Language of a single sentence, by its small words; None where it is none of those listed."""

from __future__ import annotations

import re

from documents.pipeline.analysis.evidence.memo import memoized
from documents.pipeline.analysis.evidence.support.english import ENGLISH
from documents.pipeline.analysis.evidence.support.french import FRENCH
from documents.pipeline.analysis.evidence.support.german import GERMAN
from documents.pipeline.analysis.evidence.support.lexicon import Lexicon
from documents.pipeline.analysis.evidence.support.others import CHINESE, CZECH, RUSSIAN
from documents.pipeline.analysis.evidence.support.spanish import SPANISH

_LATIN = (ENGLISH, GERMAN, FRENCH, SPANISH, CZECH)
_WORD = re.compile(r"[^\W\d_]+['’]?")
_CYRILLIC = re.compile("[а-яё]", re.IGNORECASE)
_NOT_RUSSIAN = re.compile("[іїєґўјљњћђџќѓѕ]", re.IGNORECASE)
_HAN = re.compile("[\u3400-\u9fff]")
_KANA_OR_HANGUL = re.compile("[\u3040-\u30ff\uac00-\ud7af]")
# Letters that none of those listed has: they tell its neighbors.
_NOT_LISTED = re.compile("[ãõşğőűąęłżćśńåøæđțșľĺŕāēģķļņ]", re.IGNORECASE)
_LONGEST = 2_000  # characters that are looked at


@memoized
def lexicon_of(text: str, preferred: Lexicon | None = None) -> Lexicon | None:
    """The words of the text's language; None where they are not listed or cannot be told.

    Of two languages that are equally likely it is the preferred one, if that is among them.
    """
    text = text[:_LONGEST]
    if _HAN.search(text):
        return None if _KANA_OR_HANGUL.search(text) else CHINESE
    if _CYRILLIC.search(text):
        return None if _NOT_RUSSIAN.search(text) else RUSSIAN
    if len(_NOT_LISTED.findall(text)) > 1:
        return None
    words = [word.replace("’", "'") for word in _WORD.findall(text.lower())]
    scores = [(sum(map(each.common.whole.__contains__, words)), each) for each in _LATIN]
    (most, best), (second, _) = sorted(scores, key=lambda score: -score[0])[:2]
    if 8 * most < max(len(words), 1):
        return None
    best = preferred if preferred and (most, preferred) in scores else best
    return best if most > second or best is preferred else None
