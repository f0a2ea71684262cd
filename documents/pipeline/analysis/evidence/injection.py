"""Prompt injection detection: passages that speak to the model instead of the reader.

They are reported to the owner and can never be evidence. Nothing is blocked: a text about
such attacks is read like any other, only its examples cannot be quoted as evidence.
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from collections.abc import Iterator, Sequence

from documents.pipeline.analysis.schema import Flagged, SourcePage

LONGEST = 1_200  # characters that one passage may take with it
MOST_PASSAGES = 200
_BEFORE, _AFTER = 120, 160  # characters around a telling word in which a pattern is looked for

_MODEL = (
    r"(?:a\.?i\.?|artificial intelligence|llms?|(?:large )?language models?|chat ?bots?"
    r"|chat ?gpt|gpt-?\d\S{0,9}|(?:a\.?i\.?|virtual|digital) (?:assistant|summari[sz]er|model)s?)"
)
_EARLIER = (
    r"(?:previous|prior|above|earlier|preceding|foregoing|existing|original|initial|system|other"
    r"|your|these|those)"
)
_TAIL = r"(?: \w+){0,2}? (?:instruction|prompt|direction|directive|command)s?"

# What only a text that means the model says: the words it cannot do without, and the pattern
# around them. The words are looked for first, because that takes no time.
_ADDRESSES: list[tuple[tuple[str, ...], str]] = [
    (
        ("instruction", "prompt", "direction", "directive", "command"),
        r"(?:ignor(?:e|ing)|disregard(?:ing)?|forget|overrid(?:e|ing)|bypass) "
        rf"(?:\w+ ){{0,3}}?{_EARLIER}{_TAIL}"
        r"|(?:ignore|disregard|forget) (?:all |any )?(?:instruction|prompt)s? "
        r"(?:above|before|given)"
        r"|ignor(?:e|er|ez|ons) (?:toutes )?(?:les|vos|tes) (?:\w+ )?instructions"
        r"|(?:your|hidden|secret|updated|new) system (?:prompt|message|instruction)s?"
        r"|(?:reveal|print|repeat|output|leak) (?:\w+ ){0,2}?(?:system|initial|hidden) "
        r"(?:prompt|instructions?)"
        r"|(?:begin|start|end)(?: of)? (?:system|hidden|secret|new) (?:prompt|instructions?)"
        r"|#{2,} ?(?:system|new) ?(?:prompt|instructions?) ?:",
    ),
    (
        ("before", "above", "so far", "told"),
        r"(?:ignore|disregard|forget) (?:everything|all|anything)(?: that)?(?: was| is"
        r"| you(?: were| have been))? (?:above|before this|said before|told|written above|so far)",
    ),
    (
        ("anweisung", "instruktion", "befehl", "vorgabe"),
        r"(?:ignorier(?:e|en sie|t)|vergi(?:ss|ß)|vergessen sie) (?:bitte )?(?:alle )?(?:vorherigen"
        r"|bisherigen|obigen|vorigen|früheren|deine|ihre) (?:\w+ )?(?:anweisungen|instruktionen"
        r"|befehle|vorgaben)",
    ),
    (
        ("instruc", "istruzion", "instruç"),
        r"(?:ignor[ae]n?|olvid[ae]n?) (?:todas )?(?:las|tus|sus) (?:\w+ )?instrucciones"
        r"|(?:ignora|ignori|ignorate|dimentica) (?:tutte )?le (?:\w+ )?istruzioni"
        r"|(?:ignore|ignorem|esqueça|esqueca) (?:todas )?as (?:\w+ )?instru[cç][oõ]es"
        r"|negeer (?:alle )?(?:vorige|bovenstaande|eerdere|voorgaande) instructies",
    ),
    (
        ("instrukcj", "polece"),
        r"(?:z?ignoruj|pomiń|zapomnij)(?:cie)? (?:o )?(?:wszystki\w+ )?(?:poprzedni|powyższ"
        r"|wcześniejsz)\w+ (?:instrukcj|polece)\w+",
    ),
    (
        ("инструкци", "указани"),
        r"(?:про)?(?:игнорируй|забудь)(?:те)? (?:все )?(?:предыдущие|вышеуказанные|прежние) "
        r"(?:инструкции|указания)",
    ),
    (
        ("指令", "指示", "命令", "说明", "說明", "提示"),
        r"(?:忽略|无视|忘记|忽視|無視)[^。！？\n]{0,12}(?:指令|指示|说明|說明|提示)"
        r"|(?:以前|上記|これまで|前)の[^。！？\n]{0,6}(?:指示|命令)[^。！？\n]{0,4}無視",
    ),
    (
        (
            " ai",
            "a.i.",
            "llm",
            "language model",
            "chatbot",
            "chat bot",
            "chatgpt",
            "gpt-",
            "artific",
        ),
        rf"(?:(?:note|message|notice|instructions?|reminder|memo)(?: to| for)|attention|dear|hello"
        rf"|hey|hi|important),? (?:the |any |all |an |every )?{_MODEL} ?(?:[:,!—–-]|\.(?!\w))"
        rf"|if you are (?:an? |the |any )?(?:\w+ )?{_MODEL}(?!\w)"
        rf"|{_MODEL} (?:\w+ ){{0,4}}?(?:reading|processing|analy[sz]ing|summari[sz]ing) this"
        rf"|you are (?:now |no longer |henceforth )(?:an? |the )?(?:\w+ ){{0,2}}?{_MODEL}(?!\w)"
        rf"|as an? (?:\w+ )?{_MODEL},? you (?:must|should|will|are)",
    ),
    (
        (" mode", "jailb"),
        r"you are (?:now |henceforth )in (?:\w+ )?(?:developer|admin|debug|god|jailbreak"
        r"|unrestricted|maintenance) mode",
    ),
    (
        ("your summary", "your analysis", "your output", "your answer", "your reply"),
        r"(?:in|into|to|of|from) your (?:summary|analysis|output) of (?:this|the) (?:document|text"
        r"|file|page)"
        r"|your (?:summary|analysis|output|answer|reply) (?:must|should|shall) "
        r"(?:only |just |always )?(?:say|state|read|begin with|end with"
        r"|consist of|be (?:exactly|only))",
    ),
    (
        ("your summary", "your analysis"),
        r"(?:do not|don't|never|must not) (?:mention|reveal|report|disclose|summari[sz]e|include) "
        r"(?:\w+ ){0,6}?in your (?:summary|analysis)",
    ),
    (
        ("this document", "this text", "this file", "this paper"),
        r"(?:summari[sz]e|rate|evaluate) this (?:document|text|file|paper) (?:only )?as(?!\w)"
        r"|instead of (?:summari[sz]ing|analy[sz]ing) this (?:document|text|file|paper)",
    ),
    (
        ("inst]", "sys>", "system>", "assistant>", "|>", "<doc-", "</doc-", "[[page", "[[ page"),
        r"\[/?inst\]|<</?sys>>|<\|(?:im_start|im_end|system|user|assistant|endoftext)\|>"
        r"|</?(?:system|assistant)>|</?doc-\w+>|\[\[ ?page \d+ ?\]\]",
    ),
]


def _spaced(pattern: str) -> str:
    """The pattern for a text in which any white space may stand between two words."""
    return pattern.replace(" ?", r"\s*").replace(" ", r"\s+")


_COMPILED = [
    (words, re.compile(r"(?<![a-zà-ÿ])(?:" + _spaced(pattern) + ")"))
    for words, pattern in _ADDRESSES
]

_UNSEEN = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\ufe00-\ufe0f\ufeff\U000e0000-\U000e01ef"
)
# What looks like nothing, or like another letter than it is.
_DISGUISE = re.compile(f"[{_UNSEEN}\u2100-\u214f\u2460-\u24ff\uff01-\uff5e\U0001d400-\U0001d7ff’İ]")
_UNSEEN_ONE = re.compile(f"[{_UNSEEN}]")
_SENTENCE_ENDS = re.compile(r"[.!?…][\"'”’»)\]]*(?=\s|$)|[。！？]")
_PARAGRAPH_ENDS = re.compile(r"\n[^\S\n]*\n")


def find(pages: Sequence[SourcePage]) -> list[Flagged]:
    """The passages in the order of the document, none touching another."""
    found = []
    for page in pages:
        for start, end in _united(_passages(page.text)):
            found.append(Flagged(page.number, start, end, page.text[start:end]))
            if len(found) == MOST_PASSAGES:
                return found
    return found


def without(pages: Sequence[SourcePage], flagged: Sequence[Flagged]) -> list[SourcePage]:
    """The pages with blank lines in place of the passages, so that all else stays in its place."""
    blanked = {page.number: page.text for page in pages}
    for passage in flagged:
        text = blanked[passage.page]
        blank = "\n" * (passage.end - passage.start)
        blanked[passage.page] = text[: passage.start] + blank + text[passage.end :]
    return [SourcePage(page.number, blanked[page.number]) for page in pages]


def _passages(text: str) -> Iterator[tuple[int, int]]:
    plain, offsets = _undisguised(text)
    for words, pattern in _COMPILED:
        for start in _addresses(plain, words, pattern):
            yield _whole_passage(text, offsets[start] if offsets else start)


def _undisguised(text: str) -> tuple[str, array[int] | None]:
    """The text in small letters as its reader sees it, and where its characters came from."""
    if not _DISGUISE.search(text):
        return text.lower(), None
    seen, offsets = [], array("I")
    for place, character in enumerate(text):
        if not _UNSEEN_ONE.match(character):
            shown = unicodedata.normalize("NFKC", character).replace("’", "'").lower()
            seen.append(shown)
            offsets.extend([place] * len(shown))
    return "".join(seen), offsets


def _addresses(text: str, words: Sequence[str], pattern: re.Pattern[str]) -> Iterator[int]:
    for word in words:
        searched = place = 0
        while (place := text.find(word, place)) >= 0:
            begin = max(searched, place - _BEFORE)
            found = pattern.search(text, begin, place + _AFTER)
            if found:
                yield found.start()
                searched = found.end()
            place += len(word)


def _whole_passage(text: str, place: int) -> tuple[int, int]:
    """From the beginning of the sentence to the end of the paragraph: what follows an order
    to the model is most often the order itself."""
    before = text[max(0, place - LONGEST // 2) : place]
    begin = place - len(before) + _last_end(before)
    begin += len(text[begin:place]) - len(text[begin:place].lstrip())
    after = text[place : place + LONGEST]
    paragraph = _PARAGRAPH_ENDS.search(after)
    if paragraph:
        return begin, place + paragraph.start()
    is_whole = place + len(after) == len(text)
    return begin, place + (len(after.rstrip()) if is_whole else _last_end(after) or len(after))


def _last_end(text: str) -> int:
    """Where the last sentence or paragraph of the text ends; 0 where none does."""
    sentences = [found.end() for found in _SENTENCE_ENDS.finditer(text)]
    paragraphs = [found.end() for found in _PARAGRAPH_ENDS.finditer(text)]
    return max([0, *sentences[-1:], *paragraphs[-1:]])


def _united(spans: Iterator[tuple[int, int]]) -> list[tuple[int, int]]:
    united: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if united and start <= united[-1][1]:
            united[-1] = united[-1][0], max(end, united[-1][1])
        else:
            united.append((start, end))
    return united
