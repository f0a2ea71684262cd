"""Orders to say something: a document that asks for words has not said them itself."""

from __future__ import annotations

import re
from collections.abc import Sequence

from documents.pipeline.analysis.evidence import labels
from documents.pipeline.analysis.evidence.disguise import undisguised
from documents.pipeline.analysis.evidence.support.judge import Passage

_NEAR = r"[^.!?:。！？]{0,60}?"
# An order begins a sentence or part of one, or is said to "you": not "she will say that".
_START = r"(?:\A|[.;:!?,“”\"–—-] ?|\band |\bthen )"
_YOU = r"\b(?:please|kindly|(?:be|make) sure to|you (?:must|should|shall|will|have to|are to))\s+"
_ENGLISH = (
    rf"(?:{_START}|{_YOU})(?:only |just |always |also )?(?:say|write|state|report|answer|reply"
    rf"|claim|declare|add|mention|conclude|include|describe|repeat|output)\b{_NEAR}\bthat\b"
)
_ELSEWHERE = [
    rf"\b(?:schreib|sag|meld|behaupt|erwähn|antwort|ergänz)(?:e|en sie)\b{_NEAR}\bdass\b",
    rf"\b(?:écri(?:s|vez)|di(?:s|tes)|répond(?:s|ez)|mentionnez?|ajoutez?|signalez?)\b{_NEAR}"
    r"\bqu(?:e\b|')",
    rf"\b(?:escrib[ae]|dig[ae]|respond[ae]|mencion[ae]|añad[ae]|indiqu?[ae])\b{_NEAR}\bque\b",
    rf"\b(?:escreva|diga|responda|acrescente|mencione)\b{_NEAR}\bque\b",
    rf"\b(?:scriv(?:i|ete)|rispond(?:i|ete)|aggiung(?:i|ete)|dite)\b{_NEAR}\bche\b",
    rf"\b(?:напиши|скажи|сообщи|ответь|укажи|добавь)(?:те)?\b{_NEAR}\bчто\b",
    rf"\b(?:napisz|powiedz|odpowiedz|dodaj)(?:cie)?\b{_NEAR}\bże\b",
    rf"\b(?:napiš|řekni|uveď|odpověz|dodej)(?:te)?\b{_NEAR}\bže\b",
    rf"\b(?:schrijf|zeg|antwoord|vermeld)\b{_NEAR}\bdat\b",
    r"(?:请|請|必须|必須)[^。！？]{0,4}(?:说|說|写|寫|回答|报告|報告)",
]
_ORDER = re.compile("|".join([_ENGLISH, *_ELSEWHERE]))
# A claim that says who is to say it has understood the order.
_TOLD = re.compile(
    r"\b(?:say|said|writ|wrote|stat(?:e|es|ed|ing)\b|report|answer|repl(?:y|i)|claim|declar|add"
    r"|mention|conclu|includ|describ|repeat|output|ask|request|order|demand|instruct|schreib|sag"
    r"|meld|behaupt|erwähn|antwort|bitte|écri|dire|dit|répond|mentionn|ajout|demand|escrib|dig"
    r"|decir|respond|mencion|pide|escrev|scriv|rispond|chied|пис|напис|сказ|сообщ|прос|napis"
    r"|napiš|schrijf|zeg)|[说說写寫回报報告求要]"
)


def is_asked_for(claim: str, passages: Sequence[Passage]) -> bool:
    """Whether each quote only asks somebody to say what the claim says as if it were so."""
    if not passages or _TOLD.search(claim.lower()):
        return False
    stems = labels.stems(claim)
    return all(_only_asks(passage, stems) for passage in passages)


def _only_asks(passage: Passage, stems: set[str]) -> bool:
    sentence = " ".join(undisguised(passage.sentence)[0].split())
    order = _ORDER.search(sentence)
    if order is None:
        return False
    # What stands before the order is said plainly: "It rained; write that it was dry."
    before, behind = sentence[: order.start()], sentence[order.end() :]
    return len(stems & labels.stems(behind)) > len(stems & labels.stems(before))
