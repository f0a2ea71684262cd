"""Which of the old one- and two-byte encodings a text was written in."""

from __future__ import annotations

import re

from charset_normalizer import from_bytes

_SAMPLE = 32_768
_FALLBACK = "cp1252"

# What charset-normalizer may answer; its rarer tables win by chance on short texts.
_KNOWN = [
    "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp1258", "cp874",
    "cp932", "euc_jp", "gb18030", "big5", "cp949", "koi8_r", "koi8_u", "cp866", "iso8859_2",
    "cp437", "cp850", "cp852", "mac_roman", "cp1252",
]  # fmt: skip

# The letters beyond ASCII that one language needs: together they would fit Czech or Turkish
# read wrongly, one by one they do not.
_WESTERN = [
    frozenset(letters + letters.upper())
    for letters in (
        "äöüß", "éèêëàâùûüçîïôœæÿ", "áéíóúñü", "ãõáéíóúâêôàçü", "àáèéìíîòóùú", "åäöé", "æøåéòóôü",
        "áðéíóúýþæö", "äöüõšž", "ëéèïöüáóê", "àèéíïòóúüç",
    )
]  # fmt: skip
_PUNCTUATION = "€‚„…†‰‹‘’“”•–—™›\xa0¡£¤¥§¨©«¬®¯°±²³´µ¶·¸¹º»¼½¾¿×÷ª"
_BEYOND_ASCII = re.compile(rb"[\x80-\xff]")
_LETTER = re.compile(r"[A-Za-zƒŠŒŽšœžŸÀ-ÖØ-öø-ÿ]")
_SIGN_INSIDE_WORD = re.compile(rf"[a-z][{re.escape(_PUNCTUATION.replace('’', ''))}][a-z]")


def detect(data: bytes) -> str:
    """The likeliest encoding of a text that is not Unicode; always one that can be decoded."""
    sample = _telling_lines(data)
    if _is_western(sample):
        return _FALLBACK
    best = from_bytes(sample, cp_isolation=_KNOWN).best()
    return best.encoding if best else _FALLBACK


def _telling_lines(data: bytes) -> bytes:
    """The lines with bytes beyond ASCII, as far as they tell; the others fit every encoding."""
    pieces, length, place = [], 0, 0
    while length < _SAMPLE and (found := _BEYOND_ASCII.search(data, place)):
        near = max(place, found.start() - 200)
        start = max(near, data.rfind(b"\n", near, found.start()) + 1)
        line_end = data.find(b"\n", found.start(), found.start() + 2_000)
        place = line_end if line_end >= 0 else found.start() + 2_000
        pieces.append(data[start:place])
        length += place - start
    return b"\n".join(pieces)


def _is_western(sample: bytes) -> bool:
    """Whether cp1252 shows words of one Western language.

    charset-normalizer takes Portuguese and Spanish for Central European too often. The signs of
    a wrong reading: mostly accented letters, letters of several languages, signs inside words.
    """
    text = sample.decode("cp1252", "replace")
    letters = _LETTER.findall(text)
    accented = [letter for letter in letters if letter > "\x7f"]
    signs = sum(text.count(sign) for sign in set(_PUNCTUATION))
    strange = sum(character > "\x7f" for character in text) - len(accented) - signs
    if len(accented) > 0.4 * len(letters) or strange > 0.02 * (len(accented) + signs):
        return False
    if len(_SIGN_INSIDE_WORD.findall(text)) > 0.05 * (len(accented) + signs):
        return False
    fitting = max(sum(letter in alphabet for letter in accented) for alphabet in _WESTERN)
    return fitting >= 0.95 * len(accented)
