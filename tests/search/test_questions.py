"""The same questions find the same documents on every database."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from accounts.models import User
from documents import search
from documents.models import Document
from tests.search.conftest import Shelve

# Asked of the shelf below; this file runs on both databases (`make test-postgresql`).
QUESTIONS = {
    "quay": "minutes report",
    "QUAY": "minutes report",
    "quay wall": "minutes report",
    "wall quay": "minutes report",
    "survey insurer": "minutes",
    "sur": "minutes report",
    "su": "",
    "of": "report",
    "surveys": "report",
    "insurance": "report",
    "the quay wall": "minutes report",
    "quay bridge": "",
    "minutes.txt": "minutes",
    "annual report": "report",
    "harbor": "minutes",
    "crane": "minutes",
    "crane quay": "minutes",
    "maintenance": "minutes",
    "Muller": "brief",
    "müller": "brief",
    "MÜLLER STRASSE": "brief",
    "straße": "brief",
    "INV-2026-004": "brief",
    "2026": "brief RechnungMeier2026 kaigi huiyi",
    "004": "brief",
    "meier": "RechnungMeier2026",
    "rechnung": "brief RechnungMeier2026",
    "naive cafe": "french",
    "naïve": "french",
    "oeuvre": "french",
    "ёлка": "russian",
    "елк": "russian",
    "会": "kaigi huiyi",
    "会议": "huiyi",
    "会議": "kaigi",
    "会议记录": "huiyi",
    "录": "huiyi",
    "カメラ": "kaigi",
    "ｶﾒﾗ": "kaigi",
    "한국": "korean",
    "국어": "korean",
    "국": "korean",
    "ไทย": "thai",
    "%": "",
    "_": "",
    "' OR 1=1 --": "",
    '"quay': "minutes report",
    "quay*": "minutes report",
    "NOT quay": "",
    "quay\0wall": "minutes report",
    "name:minutes": "",
    "owner_id 1": "",
    "_1": "",
    "a:*|b & !c": "",
    "example": "report",
    "example.com": "report",
    "٣": "",
    "🌊": "",
}


@pytest.fixture
def shelf(shelve: Shelve, bob: User) -> None:
    shelve(
        "minutes.txt",
        "The quay wall needs a survey.",
        "Maria sends it to the insurer.",
        summary="The harbor waits.",
        topics=["Maintenance"],
        tasks=["Order the crane"],
    )
    shelve("annual report.txt", "Surveys of the quay-wall. See www.example.com/insur-\nance.")
    shelve("brief.txt", "Herr Müller, Große Straße 5. Rechnung-Nr. INV-2026-004")
    shelve("RechnungMeier2026.txt", "Betrag offen.")
    shelve("french.txt", "Un café naïve, hors d'œuvre.")
    shelve("russian.txt", "Ёлка стоит.")
    shelve("kaigi.txt", "会議は2026年、カメラで。")
    shelve("huiyi.txt", "会议记录，2026年5月。")
    shelve("korean.txt", "한국어 문서입니다.")
    shelve("thai.txt", "ภาษาไทยง่าย")
    shelve("bobs minutes.txt", "The quay wall, 会议, Müller.", owner=bob)


def test_each_question_finds_its_documents_and_no_others(shelf: None, alice: User) -> None:
    mine = Document.objects.visible_to(alice)
    found = {words: names(search.matching(mine, alice.pk, words)) for words in QUESTIONS}
    assert found == {words: set(wanted.split()) for words, wanted in QUESTIONS.items()}


def test_the_best_are_among_what_is_listed(shelf: None, alice: User) -> None:
    mine = Document.objects.visible_to(alice)
    for words in QUESTIONS:
        best = [hit.document for hit in search.find(alice.pk, words)]
        assert set(best) == set(search.matching(mine, alice.pk, words)), words


def names(found: Iterable[Document]) -> set[str]:
    return {document.filename.removesuffix(".txt").split()[-1] for document in found}
