"""Whatever names, texts and models say stays text: in answers, pages, exports, files and logs."""

from __future__ import annotations

import csv
import io
import json
import logging
import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from rest_framework.test import APIClient

from accounts.models import User
from atom_project import logs
from documents.models import Document
from tests.api.conftest import RESULT, finish
from tests.conftest import PASSWORD
from tests.dashboard.html import Html

ROOT = Path(settings.BASE_DIR)
HOSTILE = "<script>alert(1)</script>"
FORMULA = "=cmd|' /C calc'!A0"
SQL = ["'", "' OR 1=1 --", '" OR ""="', "1; DROP TABLE documents_document", "%27", "\\", "(", "a%"]


@pytest.fixture
def hostile(upload: Any, monkeypatch: pytest.MonkeyPatch) -> Document:
    """Everything a model can say is hostile; the name and the text as well."""
    result = json.loads(json.dumps(RESULT))

    def poison(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: poison(inner) for key, inner in value.items()}
        if isinstance(value, list):
            return [poison(inner) for inner in value]
        is_free_text = isinstance(value, str) and " " in value
        return HOSTILE + FORMULA if is_free_text else value

    monkeypatch.setattr("tests.api.conftest.analyzed.__defaults__", (poison(result),))
    return finish(upload(f"{HOSTILE.replace('/', '')}.txt", text=HOSTILE))


# The API and what can be taken away.


def test_answers_with_hostile_words_are_json_that_no_browser_takes_for_a_page(
    api: APIClient, hostile: Document
) -> None:
    for part in ("", "/status", "/pages", "/analyses"):
        response = api.get(f"/documents/{hostile.pk}{part}")
        assert response["Content-Type"] == "application/json", part
        assert response["X-Content-Type-Options"] == "nosniff", part
        json.loads(response.content)


@pytest.mark.parametrize("form", ["json", "md", "csv"])
def test_an_export_with_hostile_words_is_a_file_to_save(
    api: APIClient, hostile: Document, form: str
) -> None:
    response = api.get(f"/documents/{hostile.pk}/export?as={form}")
    assert response["Content-Disposition"].startswith("attachment")
    assert "sandbox" in response["Content-Security-Policy"]
    assert "\n" not in response["Content-Disposition"]
    if form == "csv":
        for row in csv.reader(io.StringIO(response.content.decode())):
            assert not [cell for cell in row if cell[:1] in {*"=+-@\t\r"}], row
    if form == "md":
        assert HOSTILE not in response.content.decode()


def test_the_browsable_pages_show_hostile_words_as_text(browser: Client, hostile: Document) -> None:
    for address in ("/documents", f"/documents/{hostile.pk}", f"/documents/{hostile.pk}/analyses"):
        page = browser.get(address, headers={"Accept": "text/html"}).content.decode()
        assert "alert(1)" in page, address
        assert "<script>alert" not in page, address


# The admin.


def test_the_admin_shows_hostile_words_as_text(staff: User, hostile: Document) -> None:
    desk = Client()
    desk.force_login(staff)
    analysis = hostile.analyses.get()
    item = analysis.action_items.first()
    assert item
    rows = {"document": hostile.pk, "analysis": analysis.pk, "actionitem": item.pk}
    for model, pk in rows.items():
        for address in (f"/admin/documents/{model}/", f"/admin/documents/{model}/{pk}/change/"):
            page = desk.get(address).content.decode()
            assert "alert(1)" in page or model == "analysis", address
            assert "<script>alert" not in page, address


# Queries.


@pytest.mark.parametrize("attempt", SQL)
def test_no_parameter_becomes_part_of_a_query(
    api: APIClient, browser: Client, upload: Any, bob: User, attempt: str
) -> None:
    upload("mine.txt")
    upload("his.txt", owner=bob)
    for name in ("status", "search", "ordering", "page", "page_size"):
        response = api.get("/documents", {name: attempt})
        assert response.status_code in {200, 400}, name
        assert "his.txt" not in response.content.decode(), name
        page = browser.get("/", {name: attempt})
        assert page.status_code == 200, name
        assert "his.txt" not in page.content.decode(), name
    assert Document.objects.count() == 2


@pytest.mark.parametrize("search", ["%", "_", "[a-z]", ".*", "^", "(a+)+$"])
def test_a_search_finds_its_characters_and_no_pattern(
    api: APIClient, upload: Any, search: str
) -> None:
    upload("plain.txt", text="plain words")
    assert api.get("/documents", {"search": search}).json()["count"] == 0


def test_the_same_parameter_twice_means_its_last_and_is_judged(api: APIClient, upload: Any) -> None:
    upload()
    assert api.get("/documents?status=failed&status=pending").json()["count"] == 1
    assert api.get("/documents?status=pending&status=x").status_code == 400


def test_columns_that_are_no_parameters_are_refused(api: APIClient, bob: User) -> None:
    for name in ("owner", "owner_id", "owner__username", "user", "is_staff", "sha256"):
        answer = api.get("/documents", {name: bob.pk})
        assert (answer.status_code, answer.json()["code"]) == (400, "unknown_parameter"), name


def test_the_id_of_somebody_elses_document_finds_nothing(
    api: APIClient, upload: Any, bob: User
) -> None:
    his = upload("his.txt", owner=bob)
    assert api.get("/documents", {"id": his.pk}).json()["count"] == 0


# Columns nobody may set.


def test_an_upload_sets_no_column_but_those_meant(api: APIClient, bob: User) -> None:
    file = SimpleUploadedFile("notes.txt", b"words")
    form = {
        "files": [file],
        "owner": bob.pk,
        "status": "completed",
        "queue_number": 0,
        "sha256": "0",
        "filename": "other.txt",
        "created_at": "2001-01-01",
        "attempts": 9,
    }
    response = api.post("/upload", form, format="multipart")
    assert response.status_code == 201
    document = Document.objects.get()
    assert (document.owner.username, document.status) == ("alice", "pending")
    assert (document.filename, document.attempts) == ("notes.txt", 0)
    assert document.queue_number > 0
    assert document.created_at.year > 2001


def test_a_login_takes_no_role(alice: User) -> None:
    given = {"username": "alice", "password": PASSWORD, "is_staff": True, "user_id": 1, "sub": "1"}
    answer = APIClient().post("/auth/login", given, format="json").json()
    assert set(answer) == {"access", "refresh", "access_token", "token_type", "expires_in"}
    alice.refresh_from_db()
    assert not alice.is_staff


def test_an_answer_shows_no_column_but_those_meant(api: APIClient, upload: Any) -> None:
    shown = api.get(f"/documents/{upload().pk}").json()
    hidden = {"owner", "owner_id", "file", "claimed_by", "lease_expires_at", "lease_expirations"}
    assert not hidden & set(shown)
    assert str(settings.MEDIA_ROOT) not in json.dumps(shown)


# Deep and odd JSON.


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 200_000,
        b'{"a":' * 100_000,
        b'{"username": NaN, "password": Infinity}',
        b'{"username": 1e999, "password": {}}',
        b'{"username": "\\ud800", "password": "\\udfff"}',
        b'{"username": ["alice"], "password": null}',
        b'{"username": "a", "username": "b", "password": true}',
        b"\xff\xfe\x00",
        b'{"__proto__": {"is_staff": true}}',
        b"9" * 5000,
    ],
    ids=lambda body: body[:20].decode("latin-1"),
)
@pytest.mark.parametrize("path", ["/auth/login", "/auth/refresh", "/auth/logout"])
def test_json_of_any_shape_is_no_accident(db: None, path: str, body: bytes) -> None:
    response = APIClient().generic("POST", path, body, "application/json")
    assert response.status_code in {400, 401}
    assert response["Content-Type"] == "application/problem+json"


# Log lines.

FORGED = 'x"\n{"level": "info", "message": "User 1 logged in"}\r\x1b[31m\u2028\u202e.txt'


@pytest.mark.parametrize("formatter", [logs.JSONLines(), logs.TextLines()], ids=["json", "text"])
def test_a_name_cannot_forge_a_line_or_steer_a_terminal(formatter: logging.Formatter) -> None:
    record = logging.LogRecord("documents", logging.INFO, "", 1, "Took %s", (FORGED,), None)
    record.facts = {"filename": FORGED}
    line = formatter.format(record)
    assert line.isprintable()
    assert len(line.splitlines()) == 1


def test_what_people_send_is_in_no_line(
    caplog: pytest.LogCaptureFixture, alice: User, hostile: Document
) -> None:
    caplog.set_level(logging.DEBUG, logger="atom_project")
    caplog.set_level(logging.DEBUG, logger="documents")
    caplog.set_level(logging.DEBUG, logger="accounts")
    client = APIClient()
    for password in (PASSWORD, "a password typed wrong"):
        client.post("/auth/login", {"username": "alice", "password": password}, format="json")
    pair = client.post(
        "/auth/login", {"username": "alice", "password": PASSWORD}, format="json"
    ).json()
    client.get(
        "/documents?search=secret+words", headers={"Authorization": f"Bearer {pair['access']}"}
    )
    client.get(f"/documents?token={pair['access']}")
    client.post("/auth/refresh", {"refresh": pair["refresh"]}, format="json")
    assert caplog.records
    for formatter in (logs.JSONLines(), logs.TextLines()):
        lines = "\n".join(formatter.format(record) for record in caplog.records)
        secrets = (PASSWORD, "typed wrong", pair["access"], pair["refresh"], "secret words")
        for secret in (*secrets, HOSTILE, "secret+words"):
            assert secret not in lines


def test_the_words_of_an_exception_are_in_no_line() -> None:
    try:
        raise ValueError(HOSTILE)
    except ValueError as error:
        caught = (type(error), error, error.__traceback__)
    record = logging.LogRecord("documents", logging.ERROR, "", 1, "Failed", (), caught)
    for formatter in (logs.JSONLines(), logs.TextLines()):
        line = formatter.format(record)
        assert "ValueError" in line
        assert HOSTILE not in line


# The code itself.

CODE = ("accounts", "atom_project", "documents")
MARKUP = r"innerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function"
RUN = r"\beval\(|\bexec\(|pickle|yaml\.load|shell=True|os\.system"
WEAK = r"\.extra\(|RawSQL|md5|sha1\b|verify=False"


# Where one of them is needed, and why.
NEEDED = {
    "documents/pipeline/extraction/text/elements.py": "an element in HTML mails; none is parsed",
    "documents/uploads/resumable/metadata.py": "the checksum of tus 1.0, against broken lines",
    "static/js/resumable-file.js": "where an upload goes on after a reload; signing out clears it",
}


@pytest.mark.parametrize(
    ("pattern", "folders", "suffix"),
    [
        (MARKUP, ["static/js"], "js"),
        (r"localStorage|sessionStorage|indexedDB", ["static/js"], "js"),
        (r"mark_safe|autoescape", CODE, "py"),
        (r"\|\s*safe\b|autoescape off", ["templates/documents"], "html"),
        (RUN, CODE, "py"),
        (WEAK, CODE, "py"),
        (r"(?<!svg\+)\bxml\b|lxml", CODE, "py"),
    ],
    ids=[
        "markup from script",
        "browser storage",
        "markup from Python",
        "unescaped templates",
        "running data",
        "weak calls",
        "XML",
    ],
)
def test_the_source_does_without(pattern: str, folders: list[str], suffix: str) -> None:
    found = [
        f"{path.relative_to(ROOT)}: {line.strip()}"
        for folder in folders
        for path in (ROOT / folder).rglob(f"*.{suffix}")
        if str(path.relative_to(ROOT)) not in NEEDED
        for line in path.read_text().splitlines()
        if re.search(pattern, line)
    ]
    assert found == []


def test_a_page_of_hostile_words_nests_as_it_should(browser: Client, hostile: Document) -> None:
    for address in ("/", f"/d/{hostile.pk}", f"/d/{hostile.pk}/pages/1"):
        page = Html(browser.get(address).content)
        assert not [tag for tag in page.all("script") if tag.raw.strip()], address
