"""Texts in the encodings of before Unicode, short ones too, and what must not be taken for them."""

import pytest

from documents.pipeline.extraction import UnreadableFile
from documents.pipeline.extraction.encodings.decoding import decode, looks_like_text

from .conftest import TEXT

CZECH = "Paní Nováková připraví přehled nákladů do pátku. Příští schůze bude v úterý."
SERBIAN = "Gospođa Petrović će pripremiti pregled troškova do petka; sledeća je u četvrtak."
POLISH = "Rada przyjęła budżet; księgowość wyśle zestawienie do piątku, w źródłach są błędy."
HUNGARIAN = "A bizottság jóváhagyta a költségvetést; a következő ülés csütörtökön lesz, időben."
SLOVENE = "Odbor je potrdil proračun; naročilo še čaka na račun, žal brez podpisa."
ROMANIAN = "Comisia a aprobat bugetul; factura trebuie plătită până vineri, fără întârziere."
LITHUANIAN = "Valdyba patvirtino biudžetą; ataskaita turi būti parengta iki penktadienio, šįmet."
LATVIAN = "Valde apstiprināja budžetu; pārskats jāiesniedz līdz piektdienai, šogad vēl ātrāk."
ESTONIAN = "Nõukogu kinnitas eelarve; järgmine koosolek toimub teisipäeval, šefi büroos."
TURKISH = "Kurul bütçeyi onayladı; rapor cuma gününe kadar hazırlanmalı, şimdilik değişiklik yok."
RUSSIAN = "Совет директоров утвердил бюджет на третий квартал. Отчёт подготовит бухгалтерия."
UKRAINIAN = "Рада затвердила бюджет на третій квартал; звіт підготує бухгалтерія, є ще її лист."
BULGARIAN = "Съветът одобри бюджета за третото тримесечие; докладът трябва да е готов в петък."
GREEK = "Το συμβούλιο ενέκρινε τον προϋπολογισμό· η έκθεση πρέπει να είναι έτοιμη την Παρασκευή."
HEBREW = "הוועד אישר את התקציב לרבעון השלישי; הדוח צריך להיות מוכן עד יום שישי."
ARABIC = "وافق المجلس على ميزانية الربع الثالث، ويجب أن يكون التقرير جاهزا يوم الجمعة."
THAI = "คณะกรรมการอนุมัติงบประมาณแล้ว และรายงานต้องเสร็จภายในวันศุกร์"
GERMAN = "Die Geschäftsführung prüft die Größe der Räume; Frau Müller hört bis Freitag zu."
FRENCH = "Le comité a approuvé le budget; le rapport doit être prêt dès vendredi, à côté, où ça?"
DANISH = "Bestyrelsen godkendte budgettet; rapporten skal være færdig på fredag, også før påske."
CHINESE = "董事会批准了第三季度的预算。报告必须在星期五之前准备好，请大家注意时间。"
TAIWANESE = "董事會批准了第三季的預算。報告必須在星期五之前準備好，請大家注意時間。"
JAPANESE = "取締役会は第三四半期の予算を承認した。報告書は金曜日までに準備してください。"
KOREAN = "이사회는 삼분기 예산을 승인했습니다. 보고서는 금요일까지 준비해야 합니다."

WRITTEN = [
    *((CZECH, encoding) for encoding in ("iso8859_2", "cp1250", "cp852", "mac_latin2")),
    *((SERBIAN, encoding) for encoding in ("iso8859_2", "cp1250", "cp852")),
    *((POLISH, encoding) for encoding in ("iso8859_2", "cp1250", "cp852")),
    *((HUNGARIAN, encoding) for encoding in ("iso8859_2", "cp1250", "cp852")),
    *((SLOVENE, encoding) for encoding in ("iso8859_2", "cp1250")),
    *((ROMANIAN, encoding) for encoding in ("iso8859_2", "cp852")),
    *((LITHUANIAN, encoding) for encoding in ("cp1257", "iso8859_13", "iso8859_4")),
    *((LATVIAN, encoding) for encoding in ("cp1257", "iso8859_13", "iso8859_4")),
    *((ESTONIAN, encoding) for encoding in ("cp1257", "iso8859_15", "cp1252")),
    *((TURKISH, encoding) for encoding in ("cp1254", "iso8859_9", "cp857")),
    *((RUSSIAN, e) for e in ("cp1251", "koi8_r", "cp866", "iso8859_5", "mac_cyrillic", "cp855")),
    *((UKRAINIAN, encoding) for encoding in ("cp1251", "koi8_u", "cp1125", "iso8859_5")),
    *((BULGARIAN, encoding) for encoding in ("cp1251", "iso8859_5")),
    *((GREEK, encoding) for encoding in ("cp1253", "iso8859_7", "mac_greek")),
    *((HEBREW, encoding) for encoding in ("cp1255", "iso8859_8", "cp862")),
    *((ARABIC, encoding) for encoding in ("cp1256", "iso8859_6")),
    (THAI, "cp874"),
    *((GERMAN, e) for e in ("cp1252", "cp850", "cp437", "mac_roman", "cp037", "cp500", "cp273")),
    *((FRENCH, encoding) for encoding in ("cp1252", "cp850", "mac_roman", "cp500")),
    *((DANISH, encoding) for encoding in ("cp1252", "cp865", "cp850", "mac_roman")),
    *((CHINESE, encoding) for encoding in ("gb18030", "hz", "utf-7", "utf-16-le")),
    (TAIWANESE, "big5"),
    *((JAPANESE, e) for e in ("cp932", "euc_jp", "iso2022_jp", "utf-7", "utf-16-be")),
    *((KOREAN, encoding) for encoding in ("cp949", "iso2022_kr")),
    *((words, "utf-7") for words in (GERMAN, RUSSIAN, FRENCH)),
]


@pytest.mark.parametrize(("words", "encoding"), WRITTEN)
def test_two_sentences_in_an_old_encoding_are_read_as_they_were_written(words, encoding):
    written = f"{words}\n"
    assert decode(written.encode(encoding)).text == written


def test_four_bytes_of_chinese_are_read_and_called_a_guess():
    decoded = decode("测试".encode("gbk"))
    assert (decoded.text, decoded.is_unsure) == ("测试", True)


@pytest.mark.parametrize("name", ["Zoë", "Dvořák", "Łukasz Żak", "Gospođa Petrović"])
def test_one_foreign_name_in_an_english_text_is_read(name):
    written = f"The quay wall was inspected on 12 March.\nThe report was written by {name}.\n" * 9
    encoding = "cp1252" if name == "Zoë" else "cp1250"
    assert decode(written.encode(encoding)).text == written


def test_a_text_of_many_languages_is_not_split_by_its_repetitions():
    once, often = decode(b"M\xe1j\n"), decode(b"M\xe1j\n" * 500)
    assert once.encoding == often.encoding


@pytest.mark.parametrize("words", [GERMAN, CZECH, RUSSIAN, CHINESE])
def test_two_sentences_are_enough_to_be_sure(words):
    encoding = {GERMAN: "cp1252", CZECH: "iso8859_2", RUSSIAN: "koi8_r", CHINESE: "gb18030"}[words]
    assert not decode(words.encode(encoding)).is_unsure


def test_a_reading_says_that_its_encoding_is_a_guess(read):
    assert read(b"\xe6\xf8", TEXT).encoding_is_unsure
    assert not read(GERMAN.encode("cp1252"), TEXT).encoding_is_unsure
    assert not read(GERMAN.encode(), TEXT).encoding_is_unsure


@pytest.mark.parametrize(
    ("words", "old", "encoding"),
    [
        (GERMAN, FRENCH, "cp1252"),
        (FRENCH, DANISH, "cp850"),
        (CZECH, CZECH, "iso8859_2"),
        (RUSSIAN, UKRAINIAN, "cp1251"),
        (CHINESE, CHINESE, "gb18030"),
        (DANISH, GREEK, "cp1253"),
    ],
)
def test_lines_in_utf8_and_lines_in_an_older_encoding_are_both_read(words, old, encoding):
    for lines in ([words, old], [old, words], [words, "plain", old, words]):
        written = "\n".join(lines)
        data = b"\n".join(line.encode(encoding if line == old else "utf-8") for line in lines)
        assert decode(data).text == written


def test_both_encodings_within_one_line_are_read_and_called_a_guess():
    decoded = decode("Prüfung der Räume, ".encode() + "Größe für Müller".encode("cp1252"))
    assert (decoded.text, decoded.is_unsure) == ("Prüfung der Räume, Größe für Müller", True)


def test_bytes_that_happen_to_be_valid_utf8_do_not_split_a_text():
    written = f"{CHINESE}\n联通\n{CHINESE}\n"
    assert decode(written.encode("gbk")).text == written


def test_letters_that_were_spoiled_before_are_called_a_guess():
    written = f"{GERMAN}\n“Ã¤” is what ä becomes.\n{GERMAN}\n"
    assert decode(written.encode("cp1252")).is_unsure


@pytest.mark.parametrize(
    "words",
    [
        "Call +49-30-1234567 or +1-800-555-0199 about C++ and 1+1=2.\n",
        "a+b-c, foo+bar-baz, +AB- and Zm9vYmFy+Zm9v/YmFy==\n",
        "The key is MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA+oKrYx+QIDAQAB.\n",
        '(format t "~{~a~^, ~}~%" items) and "~{~}" and ~{abcd~}\n',
        "Press ~ and { then ~}.\n",
        "@@@ A line of signs @@@ and @@ more @@\n" * 5,
    ],
)
def test_plain_ascii_stays_as_it_stands(words):
    decoded = decode(words.encode())
    assert (decoded.text, decoded.encoding) == (words, "utf-8")


def test_mainframe_text_with_its_own_line_ends_is_accepted_and_read():
    data = b"\x15".join(line.encode("cp037") for line in ("Total due", "Friday, 6 March", "ok") * 9)
    assert looks_like_text(data)
    assert decode(data).text == "\n".join(("Total due", "Friday, 6 March", "ok") * 9)


def test_what_only_looks_like_a_mainframe_text_is_refused():
    data = bytes([0x40, 0xE9, 0xA7, 0xF9, 0xD9, 0x98, 0x01, 0xE7]) * 40
    with pytest.raises(UnreadableFile):
        decode(data)


def test_a_byte_without_a_letter_leaves_a_mark():
    assert "\ufffd" in decode(GERMAN.encode("cp1252") + b" \x81\x81").text


def test_a_choice_is_obeyed_and_is_never_a_guess():
    data = SERBIAN.encode("cp1250")
    assert decode(data, "cp1250").text == SERBIAN
    assert decode(data, "cp1252") != decode(data, "cp1250")
    assert not decode(b"\xe6\xf8", "cp1252").is_unsure


def test_a_choice_that_fits_nowhere_is_garbled(read):
    with pytest.raises(UnreadableFile) as caught:
        read(RUSSIAN.encode("koi8_r"), TEXT, encoding="utf-8")
    assert caught.value.failure.code == "garbled"
