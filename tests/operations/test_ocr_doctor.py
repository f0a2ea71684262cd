"""Doctor says which text recognition there is, or how to get one."""

import pytest

from documents.operations import ocr_doctor
from documents.operations.checks import Verdict
from documents.pipeline.extraction.ocr import Recognizer

ENGINE = Recognizer("tesseract", "5.3.0", ("deu", "eng"))


@pytest.fixture
def examine(monkeypatch):
    def examine_(engine, *, works=True):
        monkeypatch.setattr(ocr_doctor, "installed", lambda: engine)
        monkeypatch.setattr(ocr_doctor, "tries_out", lambda *arguments: works)
        return ocr_doctor.examine()

    return examine_


def test_engine_and_languages_are_told(examine):
    found = examine(ENGINE)
    assert found.verdict == Verdict.GOOD
    assert "tesseract 5.3.0 in eng, deu" in found.text
    assert "such as tesseract-ocr-pol for Polish" in found.text


def test_that_it_is_off_is_told(examine, settings):
    settings.ATOM_OCR = "off"
    assert "ATOM_OCR is off" in examine(None).text


@pytest.mark.parametrize(
    ("engine", "wanted", "works", "words"),
    [
        (None, (), True, "no text recognition"),
        (ENGINE, ("rus",), True, "lacks rus"),
        (ENGINE, (), False, "does not work in its sandbox"),
    ],
)
def test_what_is_amiss_comes_with_a_remedy(examine, settings, engine, wanted, works, words):
    settings.ATOM_OCR_LANGUAGES = wanted
    found = examine(engine, works=works)
    assert found.verdict == Verdict.WARNING
    assert words in found.text
    assert found.remedy


def test_languages_that_lie_idle_are_told(examine):
    many = ENGINE._replace(languages=("deu", "eng", "fra", "ita"))
    assert "3 more languages" in examine(many).text
