"""Handing in files by a plain form."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from documents.models import Document
from tests.dashboard.html import Html
from tests.uploads.test_upload import multipart, part

See = Callable[[str], Html]


def send(browser: Client, *files: SimpleUploadedFile, **fields: str) -> Any:
    return browser.post("/d/upload", {"files": list(files), **fields})


def test_the_rules_are_said_before_the_choice(see: See) -> None:
    page = see("/")
    field = page.one("input", type="file")
    assert "multiple" in field.attributes
    assert ".pdf" in field["accept"]
    rules = page.one("p", id=field["aria-describedby"])
    assert rules.text == "PDF or plain text (.pdf, .txt), up to 10 MB each, 20 files at most."
    assert page.elements.index(rules) < page.elements.index(field)


def test_the_page_refuses_at_sight_in_the_words_of_the_server(browser: Client, see: See) -> None:
    page = see("/").one("upload-files")
    assert page["data-max-bytes"] == "10485760"
    send(browser, SimpleUploadedFile("empty.txt", b""), SimpleUploadedFile("program.exe", b"MZ"))
    refused = [verdict.text for verdict in see("/").all("li", class_="verdict--refused")]
    assert refused[0].endswith(page["data-empty"])
    assert refused[1].endswith(page["data-unsupported"])


def test_the_form_works_by_itself(
    strict_browser: Client, text_file: Callable[..., SimpleUploadedFile]
) -> None:
    page = Html(strict_browser.get("/").content)
    form = page.one("form", action="/d/upload")
    assert form["enctype"] == "multipart/form-data"
    sent = page.form("/d/upload") | {"files": [text_file("a.txt"), text_file("b.txt")]}
    assert strict_browser.post("/d/upload", sent).status_code == 302
    assert sorted(Document.objects.values_list("filename", flat=True)) == ["a.txt", "b.txt"]


def test_without_the_token_of_the_form_nothing_is_taken(
    strict_browser: Client, text_file: Callable[..., SimpleUploadedFile]
) -> None:
    assert send(strict_browser, text_file()).status_code == 403
    assert not Document.objects.exists()


def test_each_file_gets_its_verdict_beside_its_name(
    browser: Client, see: See, text_file: Callable[..., SimpleUploadedFile]
) -> None:
    bad = SimpleUploadedFile("program.exe", b"MZ")
    empty = SimpleUploadedFile("empty.txt", b"")
    response = send(browser, text_file("one.txt"), bad, text_file("two.txt"), empty)
    assert response.url == "/"
    page = see("/")
    assert page.one("h2", id="verdicts-heading").text == "2 uploaded, 2 refused"
    verdicts = [verdict.text for verdict in page.all("li", class_="verdict")]
    assert verdicts == [
        "program.exe Refused. Only PDF (.pdf) and plain text (.txt) files can be read. "
        "Save or export the document as PDF and upload that.",
        "empty.txt Refused. The file is empty. "
        "Check that it is the right file, then upload it again.",
        "one.txt Uploaded.",
        "two.txt Uploaded. The same file is here already: one.txt.",
    ]


@pytest.mark.parametrize("name", ["..", "", "   ", "folder/"])
def test_a_file_without_a_usable_name_is_listed_as_refused(
    browser: Client, see: See, name: str
) -> None:
    body = multipart(part("files", name), part("files", "good.txt"))
    response = browser.post("/d/upload", body, content_type="multipart/form-data; boundary=XyZ")
    assert response.status_code == 302
    page = see("/")
    assert page.one("h2", id="verdicts-heading").text == "1 uploaded, 1 refused"
    assert "no usable name" in page.one("li", class_="verdict--refused").text
    assert Document.objects.get().filename == "good.txt"


def test_where_nothing_was_chosen_the_page_asks_for_a_file(browser: Client, see: See) -> None:
    body = multipart(part("files", "", b""))
    browser.post("/d/upload", body, content_type="multipart/form-data; boundary=XyZ")
    page = see("/")
    assert "Choose at least one file" in page.text
    assert not page.all("h2", id="verdicts-heading")


def test_verdicts_are_shown_once(
    browser: Client, see: See, text_file: Callable[..., SimpleUploadedFile]
) -> None:
    send(browser, text_file())
    assert see("/").all("section", id="verdicts")
    assert not see("/").all("section", id="verdicts")


def test_an_upload_without_files_says_so(browser: Client, see: See) -> None:
    send(browser)
    assert (
        see("/").one("p", class_="notice--error").text == "Choose at least one file, then upload."
    )


@pytest.mark.parametrize(("asked", "kept"), [("German", "German"), ("Klingon", ""), ("", "")])
def test_the_language_of_the_analysis_can_be_chosen(
    browser: Client,
    text_file: Callable[..., SimpleUploadedFile],
    asked: str,
    kept: str,
) -> None:
    send(browser, text_file(), language=asked)
    assert Document.objects.get().output_language == kept


def test_a_login_during_the_upload_leads_back_to_the_list(browser: Client) -> None:
    assert browser.get("/d/upload").url == "/"  # type: ignore[attr-defined]
    assert browser.put("/d/upload").status_code == 405


# Where the text goes


@pytest.fixture
def model(settings: Any) -> Any:
    settings.ANALYSIS_ENGINE = "openai"
    settings.ATOM_MODEL = "gpt-4.1"
    settings.OPENAI_BASE_URL = ""
    return settings


def reader(page: Html) -> str:
    return page.one("section", id="reader").text


def test_the_built_in_engine_reads_on_this_machine_only(see: See) -> None:
    page = see("/")
    assert "This machine only. Built-in extractive engine, no AI model." in reader(page)
    assert not page.all("select", name="language")  # It cannot translate.


def test_a_model_is_named_with_its_server(see: See, model: Any) -> None:
    page = see("/")
    assert "The model gpt-4.1 at api.openai.com." in reader(page)
    assert "leaves this machine" in reader(page)
    assert page.one("select", name="language")


def test_a_server_of_ones_own_is_named_without_its_password(see: See, model: Any) -> None:
    model.OPENAI_BASE_URL = "https://me:secret@models.example:8443/v1"
    assert "at models.example:8443." in reader(see("/"))
    assert "secret" not in reader(see("/"))


def test_a_model_server_on_this_machine_is_told_as_such(see: See, model: Any) -> None:
    model.OPENAI_BASE_URL = "http://127.0.0.1:11434/v1"
    assert "127.0.0.1:11434, a model server on this machine" in reader(see("/"))
    assert "leaves this machine" not in reader(see("/"))


def paste(browser: Client, **fields: str) -> Any:
    return browser.post("/d/paste", fields)


def test_pasted_text_is_a_document_of_its_own(browser: Client, see: See) -> None:
    assert paste(browser, text="One line.\r\nAnother, né?", name="Notes").url == "/"
    document = Document.objects.get()
    assert document.filename == "Notes.txt"
    with document.file.open() as stored:
        assert stored.read().decode() == "One line.\nAnother, né?"
    assert see("/").one("li", class_="verdict").text == "Notes.txt Uploaded."


def test_pasted_text_without_a_name_gets_one(browser: Client) -> None:
    paste(browser, text="One line.")
    assert Document.objects.get().filename.startswith("Pasted text 20")


def test_nothing_pasted_is_refused_beside_its_name(browser: Client, see: See) -> None:
    paste(browser, text="", name="../Nothing.txt")
    assert (
        see("/")
        .one("li", class_="verdict--refused")
        .text.startswith("Nothing.txt Refused. The file is empty.")
    )


def test_what_others_uploaded_is_not_the_same_file(
    browser: Client, bobs_browser: Client, see: See, text_file: Callable[..., SimpleUploadedFile]
) -> None:
    send(bobs_browser, text_file("bobs.txt"))
    send(browser, text_file("mine.txt"))
    assert see("/").one("li", class_="verdict").text == "mine.txt Uploaded."
