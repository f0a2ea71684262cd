"""The API in a browser: ways in, ways on, filters by form, forms that offer what can be changed."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from django.test import Client
from rest_framework.test import APIClient

from accounts.models import User
from documents.api.document_filter import ApiDocumentFilter
from documents.models import ActionItem, Document, Status
from documents.todo.filters import TaskFilter
from tests.conftest import PASSWORD
from tests.security.addresses import addresses

Uploader = Callable[..., Document]
HTML = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
ITEMS = "/action-items"


def page(client: Client, address: str, **more: Any) -> Any:
    return client.get(address, headers=HTML, **more)


def shown(client: Client, address: str) -> str:
    response = page(client, address)
    assert response.status_code == 200, address
    return " ".join(response.content.decode().split())


def send(client: Client, address: str, **fields: str) -> Any:
    """As a form of HTML does it."""
    kind = "application/x-www-form-urlencoded"
    return client.post(address, urlencode(fields), content_type=kind, headers=HTML)


def links(text: str) -> set[str]:
    found = re.findall(r'href="([^"#]+)', text)
    return {urlsplit(each)._replace(scheme="", netloc="").geturl() for each in found}


# In and out.


def test_whoever_is_signed_out_is_led_back_to_where_he_was(alice: User) -> None:
    client = Client()
    refusal = page(client, "/documents?status=failed")
    assert refusal.status_code == 401
    text = refusal.content.decode()
    assert "You are not signed in." in text
    assert 'href="/login?next=%2Fdocuments%3Fstatus%3Dfailed"' in text
    form = {"username": "alice", "password": PASSWORD, "next": "/documents?status=failed"}
    assert client.post("/login", form)["Location"] == "/documents?status=failed"


def test_a_page_of_the_api_signs_out(browser: Client) -> None:
    text = shown(browser, "/documents")
    assert 'action="/logout"' in text
    assert "alice" in text


def test_a_signed_out_page_shows_no_filters_and_no_ways(upload: Uploader) -> None:
    text = page(Client(), f"/documents/{upload().pk}").content.decode()
    assert "api-more" not in text
    assert "api-filters" not in page(Client(), "/documents").content.decode()


# The first page.


def test_the_first_page_lists_every_address_that_needs_no_id(api: APIClient) -> None:
    listed = set(api.get("/api").json())
    views = [each for each in addresses() if hasattr(each.view, "cls") and not each.parameters]
    assert listed == {each.route for each in views} - {"api"}


def test_anybody_may_read_where_the_api_begins(db: None) -> None:
    text = shown(Client(), "/api")
    assert "Authorization: Bearer" in text
    assert 'href="/account/keys"' in text
    assert "http://testserver/auth/login" in text


# Ways on.


def test_a_document_leads_to_all_that_belongs_to_it(browser: Client, completed: Document) -> None:
    at = f"/documents/{completed.pk}"
    found = links(shown(browser, at))
    parts = ("status", "pages", "analyses", "file", "export", "export?as=md", "export?as=csv")
    assert {f"{at}/{part}" for part in parts} <= found
    moves = ("retry", "read-as", "recognize", "cancel")
    assert {f"{at}/{move}" for move in moves} <= found
    assert f"/d/{completed.pk}" in found
    assert f"{ITEMS}?state=all&amp;document={completed.pk}" in found


def test_a_page_says_what_it_shows(browser: Client, completed: Document) -> None:
    assert "Your documents, newest first." in shown(browser, "/documents")
    text = shown(browser, f"/documents/{completed.pk}")
    assert "A document, its history and what was found in it." in text


def test_every_way_on_leads_somewhere(browser: Client, completed: Document) -> None:
    at = f"/documents/{completed.pk}"
    for address in links(shown(browser, at)):
        if address.startswith((at, ITEMS, "/d/")):
            assert page(browser, address.replace("&amp;", "&")).status_code == 200, address


@pytest.mark.parametrize(
    ("part", "names"),
    [
        ("", ["API", "Documents", "Document"]),
        ("/pages", ["API", "Documents", "Document", "Pages"]),
        ("/retry", ["API", "Documents", "Document", "Retry"]),
    ],
)
def test_crumbs_lead_back(
    browser: Client, completed: Document, part: str, names: list[str]
) -> None:
    text = shown(browser, f"/documents/{completed.pk}{part}")
    crumbs = re.search(r'<nav class="crumbs".*?</nav>', text)
    assert crumbs
    assert re.findall(r">([^<>/]+)</a>", crumbs[0]) == names
    for address in links(crumbs[0]):
        assert page(browser, address).status_code == 200, address


# Filters.


@pytest.mark.parametrize(
    ("address", "filterset"), [("/documents", ApiDocumentFilter), (ITEMS, TaskFilter)]
)
def test_every_filter_of_a_list_has_a_control(
    browser: Client, address: str, filterset: Any
) -> None:
    text = shown(browser, address)
    form = re.search(r'<details class="card api-filters".*?</details>', text)
    assert form
    names = set(re.findall(r'name="(\w+)"', form[0]))
    assert names == set(filterset.base_filters)


def test_filters_come_back_filled_in_and_keep_the_size_of_pages(
    browser: Client, upload: Uploader
) -> None:
    upload("quay.txt")
    text = shown(browser, "/documents?status=pending&page_size=5&page=1&created_after=2020-01-01")
    assert '<option value="pending" selected>' in text
    assert 'value="2020-01-01"' in text
    assert '<input type="hidden" name="page_size" value="5">' in text
    assert 'name="page"' not in text
    assert '<option value="" selected>not set</option>' in text
    assert '<details class="card api-filters" id="filters" open>' in text


def test_a_filter_that_makes_no_sense_is_marked_and_can_be_mended(browser: Client) -> None:
    refusal = page(browser, "/documents?status=lost")
    assert refusal.status_code == 400
    text = refusal.content.decode()
    assert "unknown_status" in text
    assert "field__error" in text


def test_what_was_asked_for_is_only_text(browser: Client) -> None:
    text = page(browser, '/documents?search="><script>alert(1)</script>&x="><i>').content.decode()
    assert "<script>alert" not in text
    assert "<i>" not in text


def test_controls_say_what_the_description_says(browser: Client) -> None:
    assert "Whether any of its action items is not done." in shown(browser, "/documents")


# Forms.


def test_a_browser_that_opens_the_upload_gets_its_form(browser: Client) -> None:
    text = shown(browser, "/upload")
    assert 'type="file" name="files" multiple' in text
    assert "405" not in text


def test_programs_are_still_told_what_an_upload_takes(api: APIClient) -> None:
    for accept in ("application/json", "*/*"):
        refusal = api.get("/upload", headers={"Accept": accept})
        assert (refusal.status_code, refusal["Allow"]) == (405, "POST, OPTIONS")
        assert refusal.json()["code"] == "method_not_allowed"


def test_an_upload_by_form_works_without_a_script(browser: Client) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    files = [SimpleUploadedFile(name, b"The quay wall is safe.") for name in ("a.txt", "b.txt")]
    answer = browser.post("/upload", {"files": files, "language": ""}, headers=HTML)
    assert answer.status_code == 201
    assert Document.objects.count() == 2


@pytest.mark.parametrize("move", ["retry", "cancel", "recognize", "read-as"])
def test_the_form_of_a_move_is_for_its_owner_only(
    browser: Client, bob: User, completed: Document, move: str
) -> None:
    address = f"/documents/{completed.pk}/{move}"
    assert 'method="POST"' in shown(browser, address)
    stranger = Client()
    stranger.force_login(bob)
    unknown = f"/documents/{uuid.uuid4()}/{move}"
    assert page(stranger, address).status_code == page(stranger, unknown).status_code == 404
    assert page(Client(), address).status_code == 401


def test_moves_work_by_form_without_a_script(browser: Client, completed: Document) -> None:
    at = f"/documents/{completed.pk}"
    assert send(browser, f"{at}/retry", engine="").status_code == 202
    assert send(browser, f"{at}/cancel").status_code == 202
    assert Document.objects.get().status == Status.FAILED


def test_a_form_without_its_token_moves_nothing(alice: User, completed: Document) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(alice)
    answer = send(client, f"/documents/{completed.pk}/retry", engine="")
    assert answer.status_code == 403
    assert Document.objects.get().status == Status.COMPLETED


def test_the_form_to_tick_offers_the_tick_alone(browser: Client, completed: Document) -> None:
    item = ActionItem.objects.first()
    assert item
    text = page(browser, f"{ITEMS}/{item.pk}").content.decode()
    content = re.search(r"<textarea[^>]*>(.*?)</textarea>", text, re.DOTALL)
    assert content
    assert json.loads(content[1].replace("&quot;", '"')) == {"done": False}


def test_a_login_by_form_gives_a_token(alice: User) -> None:
    assert 'type="password"' in shown(Client(), "/auth/login")
    answer = send(Client(), "/auth/login", username="alice", password=PASSWORD)
    assert "access_token" in answer.content.decode()


def test_every_page_of_the_api_is_ours_and_under_the_strict_policy(
    browser: Client, completed: Document
) -> None:
    for address in ("/api", "/documents", ITEMS, "/upload", "/usage", "/auth/login"):
        response = page(browser, address)
        assert "Django REST framework" not in response.content.decode(), address
        assert "unsafe-inline" not in response["Content-Security-Policy"], address
        assert "style=" not in response.content.decode(), address


# Swagger UI.


def test_swagger_tells_how_to_get_in(db: None) -> None:
    schemes = Client().get("/schema").json()["components"]["securitySchemes"]
    assert "/account/keys" in schemes["bearer"]["description"]
    assert "/auth/login" in schemes["bearer"]["description"]
    assert b"window.swaggerPlugin" in Client().get("/docs?script=").content
    assert "js/swagger-plugin.js" in Client().get("/docs").content.decode()
