"""What was done already is no task: "Done: ...", "... – erledigt", "... and did so"."""

from __future__ import annotations

import re

from documents.pipeline.analysis.offline.actions.headings import FINISHED_WORDS
from documents.pipeline.analysis.offline.patterns import any_space, either, one_of

_ALREADY = one_of("already, since, schon, bereits, längst, déjà, ya, già, al, reeds, já, meanwhile")
_AT_THE_END = either(
    # "Send the list – done", "Send the list (already done, 3 May)"
    rf"[–—:-] (?:{_ALREADY} )?{FINISHED_WORDS}(?![\w-])[^.;]{{0,20}}",
    rf"[(\[](?:{_ALREADY} )?(?:{_ALREADY} )?{FINISHED_WORDS}(?![\w-])[^)\]]{{0,30}}[)\]]",
    rf"[,;] (?:which |this |dies |das |ce qui )?(?:is |was |has been |ist |wurde |est |è |is )?"
    rf"{_ALREADY} {FINISHED_WORDS}",
)
_GIVEN_UP = one_of(
    """
    dropped, withdrawn, rejected, obsolete, void, entfällt, entfallen, gestrichen, storniert,
    abgesagt, annulé, annulée, abandonné, cancelado, cancelada, anulado, annullato, annullata,
    geannuleerd, vervallen, anulado, anulada
    """
)
_IN_FRONT = rf"^\W{{0,6}}{either(FINISHED_WORDS, _GIVEN_UP)}\s?(?:[:–—]|-\s)"
_IN_BRACKETS = rf"^.{{0,30}}[(\[]{FINISHED_WORDS}[)\]]"
# Verbs that take up the task: "and did so", "hat es aber schon getan".
_DID_SO = either(
    r"\b(?:and|but|which|who) (?:he |she |they |it |we |I )?(?:has |have |had )?"
    r"(?:already |since |also |promptly |duly |now )?(?:did|done) (?:so|it|that|this)\b",
    r"\b(?:has|have|had) (?:already |since )?done (?:so|it|that|this)\b",
    r"\b(?:hat|haben|hatte|hatten) (?:es|das|dies) (?:\w+ ){0,3}(?:getan|erledigt|gemacht)\b",
    r"\b(?:l['’](?:a|ont|avait) (?:déjà )?fait|c['’]est (?:déjà )?fait)\b",
    r"\b(?:(?:ya )?lo (?:ha|han|había) hecho|(?:ya )?lo hizo|ya (?:lo )?hizo)\b",
    r"\b(?:l['’](?:ha|hanno|aveva) (?:già )?fatto)\b",
    r"\b(?:heeft|hebben|had) (?:dat|het|dit) (?:\w+ ){0,2}gedaan\b",
    r"\b(?:já o (?:fez|fizeram)|já (?:está |foi )?feito)\b",
)
_PATTERNS = (
    any_space(rf"(?:{_AT_THE_END})\W{{0,4}}$", re.IGNORECASE),
    any_space(either(_IN_FRONT, _IN_BRACKETS), re.IGNORECASE),
    any_space(_DID_SO, re.IGNORECASE),
)


def is_finished(sentence: str) -> bool:
    return any(pattern.search(sentence) for pattern in _PATTERNS)
