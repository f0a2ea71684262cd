"""The encodings that the owner of a text file can choose, by the names that people know."""

from __future__ import annotations

GROUPS: dict[str, dict[str, str]] = {
    "Unicode": {
        "utf-8": "UTF-8",
        "utf-16-le": "UTF-16, little endian",
        "utf-16-be": "UTF-16, big endian",
        "utf-7": "UTF-7",
    },
    "Western European": {
        "cp1252": "Windows-1252",
        "iso8859_15": "ISO 8859-15",
        "iso8859_14": "ISO 8859-14, Celtic",
        "iso8859_3": "ISO 8859-3, Maltese and Esperanto",
        "cp850": "DOS 850",
        "cp437": "DOS 437",
        "cp865": "DOS 865, Nordic",
        "mac_roman": "Macintosh",
    },
    "Central European": {
        "cp1250": "Windows-1250",
        "iso8859_2": "ISO 8859-2",
        "iso8859_16": "ISO 8859-16",
        "cp852": "DOS 852",
        "mac_latin2": "Macintosh, Central European",
        "mac_croatian": "Macintosh, Croatian",
        "mac_romanian": "Macintosh, Romanian",
    },
    "Baltic and Nordic": {
        "cp1257": "Windows-1257",
        "iso8859_13": "ISO 8859-13",
        "iso8859_4": "ISO 8859-4",
        "iso8859_10": "ISO 8859-10",
        "cp775": "DOS 775",
    },
    "Cyrillic": {
        "cp1251": "Windows-1251",
        "koi8_r": "KOI8-R",
        "koi8_u": "KOI8-U",
        "iso8859_5": "ISO 8859-5",
        "cp866": "DOS 866",
        "cp855": "DOS 855",
        "cp1125": "DOS 1125, Ukrainian",
        "mac_cyrillic": "Macintosh, Cyrillic",
    },
    "Greek and Turkish": {
        "cp1253": "Windows-1253, Greek",
        "iso8859_7": "ISO 8859-7, Greek",
        "cp737": "DOS 737, Greek",
        "mac_greek": "Macintosh, Greek",
        "cp1254": "Windows-1254, Turkish",
        "iso8859_9": "ISO 8859-9, Turkish",
        "cp857": "DOS 857, Turkish",
        "mac_turkish": "Macintosh, Turkish",
    },
    "Hebrew, Arabic, Thai and Vietnamese": {
        "cp1255": "Windows-1255, Hebrew",
        "iso8859_8": "ISO 8859-8, Hebrew",
        "cp862": "DOS 862, Hebrew",
        "cp1256": "Windows-1256, Arabic",
        "iso8859_6": "ISO 8859-6, Arabic",
        "cp874": "Windows-874, Thai",
        "cp1258": "Windows-1258, Vietnamese",
    },
    "Chinese, Japanese and Korean": {
        "gb18030": "GB 18030 and GBK, simplified Chinese",
        "hz": "HZ, simplified Chinese",
        "big5hkscs": "Big5, traditional Chinese",
        "cp932": "Shift JIS, Japanese",
        "euc_jp": "EUC-JP, Japanese",
        "iso2022_jp": "ISO-2022-JP, Japanese",
        "cp949": "EUC-KR, Korean",
        "johab": "Johab, Korean",
        "iso2022_kr": "ISO-2022-KR, Korean",
    },
    "Mainframe (EBCDIC)": {
        "cp037": "EBCDIC 037, North America",
        "cp500": "EBCDIC 500, international",
        "cp273": "EBCDIC 273, German",
        "cp1140": "EBCDIC 1140, with the euro sign",
        "cp1026": "EBCDIC 1026, Turkish",
        "cp875": "EBCDIC 875, Greek",
        "cp424": "EBCDIC 424, Hebrew",
    },
}
_NAMES = {encoding: name for group in GROUPS.values() for encoding, name in group.items()}


def can_be_chosen(encoding: str) -> bool:
    return encoding in _NAMES


def choices() -> list[str]:
    return list(_NAMES)


def name_of(encoding: str) -> str:
    """What people call it; of a mixed file, what they call its parts."""
    return " and ".join(_NAMES.get(part, part) for part in encoding.split("+"))
