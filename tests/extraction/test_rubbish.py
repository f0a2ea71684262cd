"""Letters that make no words of any language are rubbish; data and rare languages are not."""

import base64
import random
import string

import pytest

from documents.pipeline.extraction.letters.rubbish import is_rubbish, is_rubbish_throughout
from tests.extraction.conftest import TEXT
from tests.hostile_files import CHINESE, CZECH, FRENCH, JAPANESE, PORTUGUESE, RUSSIAN, pages

ENGLISH = (
    "The harbor board approved the budget for the third quarter. Ms. Silva will send the report "
    "to the bank by Friday, and the contract with the second supplier ends in June and must be "
    "renewed. Nobody objected to the plan for the new quay in the north of the old town. "
)
GERMAN = (
    "Der Hafenausschuss hat den Haushalt für das dritte Quartal genehmigt. Frau Silva schickt den "
    "Bericht bis Freitag an die Bank; der Vertrag mit dem zweiten Lieferanten endet im Juni. "
)


def shifted(text, by):
    return "".join(letter if letter.isspace() else chr(ord(letter) - by) for letter in text)


def substituted(text):
    letters = list(string.ascii_lowercase)
    random.Random(4).shuffle(letters)
    return text.lower().translate(str.maketrans(string.ascii_lowercase, "".join(letters)))


def numbered(text, first=0x21):
    """Each character by the order in which it first appears, as subset fonts count them."""
    codes = {}
    return "".join(codes.setdefault(letter, chr(first + len(codes))) for letter in text)


RUBBISH = {
    "glyph numbers": shifted(ENGLISH, 29),
    "glyph numbers of German": shifted(GERMAN, 31),
    "one letter on": shifted(ENGLISH, -1),
    "other letters": substituted(ENGLISH),
    "other letters of Portuguese": substituted(PORTUGUESE * 4),
    "order of appearance": numbered(ENGLISH),
    "order of appearance in German": numbered(GERMAN),
    "EBCDIC as Windows": ENGLISH.encode("cp037").decode("cp1252", "replace"),
    "EBCDIC as Latin-1": ENGLISH.encode("cp500").decode("latin-1"),
    "capitals moved": shifted(ENGLISH.upper(), 3),
}


@pytest.mark.parametrize("name", RUBBISH)
def test_letters_that_make_no_words_are_rubbish(name):
    assert is_rubbish(RUBBISH[name])


_random = random.Random(7)


def _pick(alphabet, length):
    return "".join(_random.choices(alphabet, k=length))


CAPITALS = string.ascii_uppercase
SENSE = {
    "English": ENGLISH,
    "capitals": ENGLISH.upper(),
    "French": FRENCH * 4,
    "Czech": CZECH * 4,
    "Chinese": CHINESE * 9,
    "Japanese": JAPANESE * 9,
    "Russian": RUSSIAN * 4,
    "Welsh": "Mae'r bwrdd wedi cymeradwyo'r gyllideb ar gyfer y trydydd chwarter, ac mae'n rhaid "
    "adnewyddu'r cytundeb â'r ail gyflenwr cyn diwedd mis Mehefin yng Nghaerdydd. " * 2,
    "Vietnamese": "Hội đồng cảng đã phê duyệt ngân sách cho quý ba và sẽ gửi báo cáo cho ngân hàng "
    "trước thứ sáu; hợp đồng với nhà cung cấp thứ hai hết hạn vào tháng sáu. " * 2,
    "Hawaiian": "ʻO ka ʻōlelo Hawaiʻi ka ʻōlelo makuahine o nā kānaka ʻōiwi o Hawaiʻi. " * 5,
    "Polish names": "Brzęczyszczykiewicz, Szczebrzeszyn i Chrząszczyżewoszyce: źdźbła. " * 4,
    "base64": base64.encodebytes(_random.randbytes(900)).decode(),
    "hexadecimal": " ".join(_random.randbytes(4).hex() for _ in range(90)),
    "figures": "\n".join(f"{n}  {n * 7_919:,}.50  ({n}%)  ${n * 31}" for n in range(40)),
    "parts": "\n".join(f"BRKT ASSY, HSG LH 1/4-20 UNC Z{n}-00" for n in range(30)),
    "abbreviations": "BRKT SCR HEX HD MTG PLT WSHR GSKT LWR RH SPRG SST BLK " * 8,
    "airports": " ".join(_pick(CAPITALS, 3) for _ in range(120)),
    "protein": " ".join(_pick("ACDEFGHIKLMNPQRSTVWY", 10) for _ in range(60)),
    "chemical names": "6-methyl-5-hepten-2-one; (2S,3R)-2-amino-3-hydroxybutanoic acid\n" * 6,
    "structures": "C[C@@H](N)C(=O)O CC(=O)OC1=CC=CC=C1C(=O)O N#CC1=CC=[NH+]C=C1\n" * 8,
    "code": "if (x[i] != NULL && *p++ == '\\0') { return ~mask & (1 << n); } // done\n" * 8,
    "log": "2026-03-02T10:10:07Z host sshd[417]: Failed password for root from 192.0.2.7\n" * 6,
    "crossword": "\n".join(" ".join(_pick(f"{CAPITALS}##", 15)) for _ in range(15)),
    "drawing": "+------+  /\\_/\\ |####|\n|      | ( o.o )|@@@@|\n+------+  > ^ < *~~~~*\n" * 8,
    "chess": "1. e4 e5 2. Nf3 Nc6 3. Bb5 a6 4. Ba4 Nf6 5. O-O Be7 11. Qxg7# 1-0\n" * 6,
    "numerals": "MCMXCIV XLII CDXLIV MMXXVI DCLXVI XVIII CCCLXXXIX " * 8,
    "spaced": " ".join(ENGLISH),
    "short": shifted(ENGLISH, 29)[:120],
}  # fmt: skip


@pytest.mark.parametrize("name", SENSE)
def test_language_and_data_are_no_rubbish(name):
    assert not is_rubbish(SENSE[name])


def test_one_sensible_part_saves_a_text():
    nonsense = shifted(ENGLISH, 29)
    assert is_rubbish_throughout([nonsense] * 7)
    assert not is_rubbish_throughout([nonsense] * 5 + [ENGLISH] * 5)


def test_a_document_of_rubbish_letters_is_garbled(outcome):
    words = shifted(ENGLISH, 29).split()
    lines = "\n".join(" ".join(words[at : at + 8]) for at in range(0, len(words), 8))
    assert outcome(pages(lines, lines)) == "garbled"


def test_a_page_of_rubbish_among_good_ones_is_named(read):
    good = "\n".join(ENGLISH[at : at + 90] for at in range(0, len(ENGLISH), 90))
    reading = read(pages(good, "\n".join(substituted(good).splitlines())))
    assert [page.condition for page in reading.pages] == ["read", "garbled"]


def test_a_text_file_in_an_unknown_encoding_is_refused(outcome):
    assert outcome(shifted(ENGLISH * 3, 29).encode(), TEXT) == "not_text"
    assert outcome(SENSE["base64"].encode(), TEXT) is None
