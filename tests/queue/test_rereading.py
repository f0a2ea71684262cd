"""A text file is read again in an encoding that its owner chose."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from rest_framework.test import APIClient

from accounts.models import User
from documents import queue, quotas
from documents.models import Document, Page, Status
from documents.pipeline.extraction.encodings import CANDIDATES, encoding_names
from documents.uploads import intake
from documents.worker import Worker
from tests.engines import OneCall

SERBIAN = "Gospođa Petrović će pripremiti pregled troškova do petka."
Send = Callable[..., Document]


@pytest.fixture
def serbian(alice: User) -> Send:
    def send(data: bytes = SERBIAN.encode("cp1250")) -> Document:
        received = intake.receive(alice, [SimpleUploadedFile("odbor.txt", data)])
        document: Document = received.documents[0]
        return document

    return send


def work() -> None:
    assert Worker(slots=1, engine=OneCall()).work_once()


def read_as(api: APIClient, document: Document, encoding: Any) -> Any:
    return api.post(f"/documents/{document.pk}/read-as", {"encoding": encoding}, format="json")


def text_of(document: Document) -> str:
    return "".join(document.pages.order_by("number").values_list("text", flat=True))


def test_the_choice_replaces_the_text_and_adds_an_analysis(api: APIClient, serbian: Send) -> None:
    document = serbian()
    work()
    assert text_of(document) == SERBIAN
    response = read_as(api, document, "cp1252")
    assert (response.status_code, response.json()["status"]) == (202, "pending")
    assert not document.pages.exists()
    work()
    shown = api.get(f"/documents/{document.pk}").json()
    assert (shown["encoding"], shown["encoding_is_unsure"]) == ("cp1252", False)
    assert text_of(document) == SERBIAN.encode("cp1250").decode("cp1252")
    assert document.analyses.count() == 2


def test_auto_takes_the_choice_back(api: APIClient, serbian: Send) -> None:
    document = serbian()
    work()
    for encoding, expected in [("cp1252", "cp1252"), ("auto", "cp1250")]:
        assert read_as(api, document, encoding).status_code == 202
        work()
        document.refresh_from_db()
        assert document.encoding == expected


def test_what_is_stored_is_counted_once(api: APIClient, serbian: Send) -> None:
    document = serbian()
    work()
    read_as(api, document, "cp1252")
    work()
    document.refresh_from_db()
    counted = document.stored_bytes
    quotas.count_stored([document])
    document.refresh_from_db()
    assert counted is not None
    assert document.stored_bytes is not None
    # The recount knows no allowance for the history of a retry.
    assert abs(counted - document.stored_bytes) <= 2 * quotas.HISTORY_BYTES


def test_a_choice_without_letters_for_the_bytes_fails_as_garbled(
    api: APIClient, serbian: Send
) -> None:
    document = serbian("Совет директоров утвердил бюджет.".encode("koi8_r"))
    work()
    read_as(api, document, "utf-8")
    work()
    document.refresh_from_db()
    assert document.status == Status.FAILED
    assert (document.failure or {})["code"] == "garbled"


@pytest.mark.parametrize("encoding", ["latin-2", "rot13", "zip", "", "utf-8+cp1252", None, 7, []])
def test_an_unknown_encoding_is_refused_and_changes_nothing(
    api: APIClient, serbian: Send, encoding: Any
) -> None:
    document = serbian()
    work()
    response = read_as(api, document, encoding)
    assert response.status_code == 400
    document.refresh_from_db()
    assert (document.status, document.pages.count()) == (Status.COMPLETED, 1)


def test_the_refusal_lists_what_can_be_chosen(api: APIClient, serbian: Send) -> None:
    document = serbian()
    work()
    problem = read_as(api, document, "latin-2").json()
    assert problem["code"] == "unknown_encoding"
    assert "iso8859_2" in problem["detail"]


def test_a_pdf_has_no_encoding_to_choose(api: APIClient, upload: Send) -> None:
    document = upload()
    Document.objects.update(content_type="application/pdf")
    queue.cancel(document)
    response = read_as(api, document, "cp1250")
    assert (response.status_code, response.json()["code"]) == (409, "not_a_text_file")


def test_an_unfinished_document_is_left_alone(api: APIClient, serbian: Send) -> None:
    document = serbian()
    response = read_as(api, document, "cp1250")
    assert (response.status_code, response.json()["code"]) == (409, "not_finished")
    document.refresh_from_db()
    assert document.chosen_encoding == ""


def test_bob_gets_404(bobs_api: APIClient, bob: User, serbian: Send) -> None:
    document = serbian()
    work()
    assert read_as(bobs_api, document, "cp1252").status_code == 404
    browser = Client()
    browser.force_login(bob)
    form = {"encoding": "cp1252"}
    assert browser.post(f"/d/{document.pk}/read-as", form).status_code == 404
    document.refresh_from_db()
    assert document.status == Status.COMPLETED


def test_a_full_line_keeps_the_text(api: APIClient, serbian: Send, settings: Any) -> None:
    document = serbian()
    work()
    settings.ATOM_MAX_QUEUED_PER_USER = 1
    serbian(b"Something else.")
    assert read_as(api, document, "cp1252").status_code == 429
    document.refresh_from_db()
    assert (document.chosen_encoding, text_of(document)) == ("", SERBIAN)


def test_an_identical_file_takes_over_no_analysis_of_another_reading(
    api: APIClient, serbian: Send
) -> None:
    first = serbian()
    work()
    read_as(api, first, "cp1252")
    second = serbian()
    work()
    work()
    assert first.analyses.count() == 2
    assert text_of(second) == SERBIAN
    assert second.analyses.get().result["provenance"]["reused_from"] is None


def test_a_copy_is_as_unsure_as_the_first(serbian: Send) -> None:
    documents = []
    for _ in range(2):
        documents.append(serbian("测试".encode("gbk")))
        work()
    for document in documents:
        document.refresh_from_db()
        assert (document.encoding, document.encoding_is_unsure) == ("gb18030", True)
    assert documents[1].analyses.get().result["provenance"]["reused_from"] is not None


def test_the_page_says_that_it_is_a_guess_and_offers_others(browser: Client, serbian: Send) -> None:
    document = serbian("测试".encode("gbk"))
    work()
    shown = browser.get(f"/d/{document.pk}").content.decode()
    assert "The encoding of this file is a guess (GB 18030 and GBK, simplified Chinese)" in shown
    assert '<option value="gb18030" selected>' in shown
    response = browser.post(f"/d/{document.pk}/read-as", {"encoding": "big5hkscs"})
    assert response.status_code == 302
    document.refresh_from_db()
    assert (document.status, document.chosen_encoding) == (Status.PENDING, "big5hkscs")


def test_a_sure_encoding_is_told_without_a_warning(browser: Client, serbian: Send) -> None:
    document = serbian()
    work()
    shown = browser.get(f"/d/{document.pk}").content.decode()
    assert "Windows-1250" in shown
    assert "is a guess" not in shown


def test_a_made_up_choice_on_the_page_is_not_found(browser: Client, serbian: Send) -> None:
    document = serbian()
    work()
    form = {"encoding": "latin-2"}
    assert browser.post(f"/d/{document.pk}/read-as", form).status_code == 404
    assert Page.objects.filter(document=document).exists()


@pytest.mark.parametrize("encoding", encoding_names.choices())
def test_every_choice_can_be_decoded_and_stored(encoding: str) -> None:
    b"\x41\x42".decode(encoding, "replace")
    assert len(encoding) <= 40


def test_whatever_is_detected_can_be_chosen_too() -> None:
    assert set(CANDIDATES) <= set(encoding_names.choices())
