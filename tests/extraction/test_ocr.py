"""Scans are read by whatever engine there is, which is watched, limited and not believed."""

import itertools
import sys
import textwrap
import threading

import pytest

from documents.failures import FailureCode
from documents.pipeline.extraction import OcrOptions, UnreadableFile, sandbox
from documents.pipeline.extraction.ocr import Recognizer, page_results, pictures, recognizer, scans
from tests.hostile_files import drawing, garbled, three_pages

from . import pdf_builders_ocr as builders
from .conftest import children

ROW = "5\\t1\\t1\\t1\\t{line}\\t{word}\\t9\\t9\\t9\\t9\\t{sure}\\t{text}"
SAY = f"""
import sys, time
picture = sys.stdin.buffer.read()
def say(text, sure=96):
    for n, word in enumerate(text.split()):
        print("{ROW}".format(line=1, word=n, sure=sure, text=word))
"""
AGREED = "The board agreed on the budget."


@pytest.fixture
def engine(tmp_path, monkeypatch):
    """Put a program of these lines in the place of tesseract."""

    def install(lines, **changes):
        program = tmp_path / "tesseract"
        program.write_text(f"#!{sys.executable} -I\n{SAY}{textwrap.dedent(lines)}")
        program.chmod(0o700)
        made = Recognizer(
            "tesseract", "5", ("eng",), program=str(program), readable=("/",), **changes
        )
        monkeypatch.setattr(scans, "installed", lambda: made)

    monkeypatch.setattr(pictures, "SIDE", 400)  # Such programs do not look at it.
    return install


@pytest.fixture
def recognize(read):
    def recognize_(data, seconds=600.0, **options):
        return read(data, ocr=OcrOptions(seconds=seconds), **options)

    return recognize_


def test_a_scan_is_read_with_a_confidence(engine, recognize):
    engine(f"say({AGREED!r}); say('perhaps', 40)")
    [page] = recognize(builders.scan()).pages
    assert (page.text, page.condition, page.engine) == (
        f"{AGREED} perhaps",
        "read_by_ocr",
        "ocr",
    )
    assert (page.ocr_confidence, page.ocr_poor_share) == (88, 0.143)


def test_pages_that_are_text_stay_as_they_are(engine, recognize):
    engine(f"say({AGREED!r})")
    first, second, third = recognize(builders.mixed()).pages
    assert first.text == "This is page 1, and it is printed as text."
    assert (first.condition, third.condition) == ("read", "read")
    assert (first.ocr_confidence, third.ocr_confidence) == (None, None)
    assert (second.text, second.condition) == (AGREED, "read_by_ocr")


def test_no_engine_is_asked_where_there_is_text(monkeypatch, recognize):
    monkeypatch.setattr(scans, "installed", lambda: pytest.fail("It was looked for"))
    assert len(recognize(three_pages()).pages) == 3


@pytest.mark.parametrize("data", [garbled(), drawing()], ids=["unknown letters", "outlines"])
def test_pages_whose_letters_nobody_knows_are_read_from_their_picture(engine, recognize, data):
    engine(f"say({AGREED!r})")
    assert recognize(data).pages[0].text == AGREED


def test_the_picture_is_gray_upright_and_within_bounds(engine, recognize, monkeypatch):
    monkeypatch.setattr(pictures, "SIDE", 4_500)
    engine("kind, size, depth, pixels = picture.split(b'\\n', 3); say('size ' + size.decode())")
    [page] = recognize(builders.scan()).pages
    width, height = map(int, page.text.split()[1:])
    assert (width, height) == (1653, 2339)


def test_words_too_pale_for_a_person_are_not_in_the_picture(engine, recognize):
    engine("tones = set(picture.split(b'\\n', 3)[3]); say('of ' + ' '.join(map(str, tones)))")
    scan = builders.of_pictures(builders.pictured(builders.printed(gray=0.95)))
    [page] = recognize(scan).pages
    assert page.text == "of 255"


def test_the_program_gets_no_environment_but_its_own(engine, recognize):
    engine(
        "import os; known = {k for k in os.environ if k != 'LC_CTYPE'}; say(' '.join(known))",
        tessdata="/usr/share",
    )
    [page] = recognize(builders.scan()).pages
    assert set(page.text.split()) == {"OMP_THREAD_LIMIT", "TESSDATA_PREFIX"}


@pytest.mark.parametrize(
    "lines",
    [
        "say('|')",
        "say('oie Ae', 20)",
        "pass",
        "print('5\\t1\\t1')",
        "sys.stdout.buffer.write(b'\\xff' * 100_000)",
    ],
    ids=["no word", "guesses", "nothing", "half a row", "rubbish"],
)
def test_a_picture_without_readable_text_stays_unread(engine, recognize, lines):
    engine(lines)
    with pytest.raises(UnreadableFile) as caught:
        recognize(builders.scan())
    assert caught.value.failure.code == FailureCode.NO_TEXT
    assert "found no text" in caught.value.failure.detail


@pytest.mark.parametrize(
    "lines",
    ["raise SystemExit(1)", "import os; os.abort()", "while True: print('x' * 100_000)"],
    ids=["fails", "dies", "floods"],
)
def test_an_engine_that_breaks_costs_its_page_only(engine, recognize, lines, monkeypatch):
    monkeypatch.setattr(pictures, "OUTPUT_BYTES", 1_000_000)
    engine(lines)
    reading = recognize(builders.mixed())
    assert [page.condition for page in reading.pages] == ["read", "empty", "read"]
    assert reading.unread == [{"from_page": 2, "to_page": 2, "reason": "ocr_failed"}]


def test_an_engine_that_hangs_is_killed_and_its_page_told(engine, recognize, monkeypatch):
    monkeypatch.setattr(pictures, "SECONDS", 1.0)
    engine("time.sleep(60)")
    reading = recognize(builders.mixed())
    assert reading.unread == [{"from_page": 2, "to_page": 2, "reason": "ocr_timed_out"}]


def test_pages_without_time_are_told(engine, recognize, monkeypatch):
    monkeypatch.setattr(sandbox, "CORES", 1)
    minutes = itertools.count(step=60)  # Each page takes one, between two looks at the clock.
    monkeypatch.setattr(scans, "_CLOCK", lambda: next(minutes))
    engine(f"say({AGREED!r})")
    reading = recognize(builders.scan(5), seconds=100.0)
    assert [page.condition for page in reading.pages] == ["read_by_ocr"] * 2 + ["empty"] * 3
    assert reading.unread == [{"from_page": 3, "to_page": 5, "reason": "ocr_limit"}]


def test_text_beyond_the_limit_of_a_document_is_told(engine, recognize, monkeypatch):
    monkeypatch.setattr(page_results, "MAX_CHARACTERS", len(AGREED))
    engine(f"say({AGREED!r})")
    reading = recognize(builders.scan(2))
    assert [page.text for page in reading.pages] == [AGREED, ""]
    assert reading.unread == [{"from_page": 2, "to_page": 2, "reason": "character_limit"}]


def test_progress_is_told_page_by_page(engine, recognize):
    engine(f"say({AGREED!r})")
    told = []
    recognize(builders.scan(3), on_page=lambda *progress: told.append(progress))
    assert told[-1] == (3, 3)
    assert {(0, 3), (1, 3), (2, 3)} & set(told[3:])


def test_whoever_loses_the_claim_ends_all_work(engine, recognize):
    class Lost(Exception):
        pass

    engine("time.sleep(60)")
    calls = []

    def on_page(done, total):
        calls.append(done)
        if len(calls) > 4:
            raise Lost

    with pytest.raises(Lost):
        recognize(builders.scan(2), on_page=on_page)
    assert children() == []
    assert not [thread for thread in threading.enumerate() if thread.name == "ocr"]


def test_a_lost_claim_is_told_to_whoever_is_at_work(engine, recognize, monkeypatch):
    began, was_told = threading.Event(), []

    def work(picture, desk):
        began.set()
        was_told.append(desk.stop.wait(20))
        return []

    def on_page(done, total):
        if began.is_set():
            raise InterruptedError

    engine("pass")
    monkeypatch.setattr(scans, "words_on", work)
    with pytest.raises(InterruptedError):
        recognize(builders.scan(), on_page=on_page)
    assert was_told == [True]


def test_an_accident_in_a_thread_is_no_secret(engine, recognize, monkeypatch):
    def broken(*arguments):
        raise OSError(11, "Resource temporarily unavailable")

    engine("pass")
    monkeypatch.setattr(scans, "drawn", broken)
    with pytest.raises(OSError, match="temporarily"):
        recognize(builders.scan())


def test_pages_are_read_side_by_side_and_told_in_order(engine, recognize, monkeypatch):
    monkeypatch.setattr(sandbox, "CORES", 2)
    engine("say('page one ' + str(len(picture)))")
    assert [page.number for page in recognize(builders.scan(4)).pages] == [1, 2, 3, 4]


@pytest.mark.parametrize(
    ("available", "options", "advice"),
    [
        (None, OcrOptions(), "tesseract-ocr"),
        (Recognizer("tesseract", "5", ("eng",)), OcrOptions(("rus",)), "ATOM_OCR_LANGUAGES"),
        (None, None, "run text recognition"),
    ],
    ids=["no engine", "no language", "off"],
)
def test_a_scan_that_nobody_can_read_ends_with_advice(
    read, monkeypatch, available, options, advice
):
    monkeypatch.setattr(scans, "installed", lambda: available)
    with pytest.raises(UnreadableFile) as caught:
        read(builders.scan(), ocr=options)
    assert caught.value.failure.code == FailureCode.NO_TEXT
    assert advice in caught.value.failure.advice


@pytest.mark.parametrize(
    "message",
    [
        {},
        {"width": 2, "height": 2, "pixels": "AAAA"},
        {"width": 2, "height": 2, "pixels": "no base64!"},
        {"width": 0, "height": 0, "pixels": ""},
        {"width": 10**9, "height": 1, "pixels": ""},
        {"width": "2", "height": 2, "pixels": "AAAAAA=="},
        {"width": 2, "height": 2, "pixels": None},
        {"width": 2, "height": 2, "pixels": "é" * 8},
    ],
)
def test_a_picture_that_cannot_be_is_refused(message):
    with pytest.raises(sandbox.ChildCrashed):
        pictures._as_pgm({"page": 1, **message})


def test_an_engine_that_tells_nothing_of_itself_is_none(monkeypatch, tmp_path):
    program = tmp_path / "tesseract"
    program.write_text("#!/bin/sh\nexit 1\n")
    program.chmod(0o700)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(recognizer.importlib.util, "find_spec", lambda name: None)
    recognizer.installed.cache_clear()
    assert recognizer.installed() is None
    recognizer.installed.cache_clear()


@pytest.mark.parametrize("available", [None, Recognizer("tesseract", "5", ("rus",))])
def test_pictures_that_nobody_was_there_to_read_are_told(read, monkeypatch, available):
    monkeypatch.setattr(scans, "installed", lambda: available)
    reading = read(builders.mixed(), ocr=OcrOptions(("eng",)))
    assert [page.condition for page in reading.pages] == ["read", "empty", "read"]
    assert reading.unread == [{"from_page": 2, "to_page": 2, "reason": "ocr_missing"}]


def test_where_recognition_is_off_pictures_are_just_pictures(read):
    assert read(builders.mixed()).unread == [{"page": 2, "reason": "scan"}]
