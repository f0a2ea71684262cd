"""How the API behaves whatever it is asked: addresses, methods, forms of answer, headers."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client
from rest_framework.test import APIClient

from accounts.models import User
from documents.models import ActionItem, Document
from tests.api.test_owners import READS
from tests.conftest import PASSWORD

Uploader = Callable[..., Document]


@pytest.mark.parametrize(
    "address", ["/documents", "/upload", "/healthz", "/readyz", "/schema", "/docs"]
)
def test_a_slash_at_the_end_changes_nothing(api: APIClient, address: str) -> None:
    plain, slashed = api.get(address), api.get(f"{address}/")
    assert plain.status_code == slashed.status_code != 404
    assert not plain.has_header("Location")


def test_documents_have_addresses_with_and_without_a_slash(
    api: APIClient, completed: Document
) -> None:
    for path in ["", "/status", "/pages", "/file", "/export", "/analyses"]:
        assert api.get(f"/documents/{completed.pk}{path}/").status_code == 200, path
    item = ActionItem.objects.first()
    assert item
    ticked = api.patch(f"/action-items/{item.pk}/", {"done": True}, format="json")
    assert ticked.status_code == 200
    assert api.post(f"/documents/{completed.pk}/retry/").status_code == 202
    assert api.post(f"/documents/{completed.pk}/cancel/").status_code == 202
    assert api.delete(f"/documents/{completed.pk}/").status_code == 204


@pytest.mark.parametrize(
    ("method", "address", "allowed"),
    [
        ("post", "/documents", {"GET"}),
        ("get", "/upload", {"POST"}),
        ("put", "/documents/{id}", {"GET", "DELETE"}),
        ("patch", "/documents/{id}", {"GET", "DELETE"}),
        ("post", "/documents/{id}/status", {"GET"}),
        ("delete", "/documents/{id}/file", {"GET"}),
        ("get", "/documents/{id}/retry", {"POST"}),
        ("put", "/documents/{id}/cancel", {"POST"}),
        ("delete", "/action-items/{id}", {"GET", "PATCH"}),
    ],
)
def test_another_method_is_told_which_ones_there_are(
    api: APIClient, method: str, address: str, allowed: set[str]
) -> None:
    response = getattr(api, method)(address.format(id=uuid.uuid4()))
    assert (response.status_code, response.json()["code"]) == (405, "method_not_allowed")
    assert set(response["Allow"].split(", ")) - {"HEAD", "OPTIONS"} == allowed


@pytest.mark.parametrize("part", ["", "/retry", "/cancel", "/pages", "/file"])
def test_options_say_what_an_address_takes(api: APIClient, completed: Document, part: str) -> None:
    response = api.options(f"/documents/{completed.pk}{part}")
    assert response.status_code == 200
    assert response.json()["renders"]


@pytest.mark.parametrize("accept", ["application/json", "*/*", "application/*"])
def test_programs_get_json(api: APIClient, accept: str) -> None:
    response = api.get("/documents", headers={"Accept": accept})
    assert response["Content-Type"] == "application/json"


def test_what_cannot_be_had_is_said_as_a_problem(api: APIClient) -> None:
    response = api.get("/documents", headers={"Accept": "application/xml"})
    assert response.status_code == 406
    assert response["Content-Type"] == "application/problem+json"


def test_everything_about_a_document_is_kept_by_nobody(api: APIClient, completed: Document) -> None:
    addresses = ["/documents", "/documents/none", *(f"/documents/{completed.pk}{p}" for p in READS)]
    for address in addresses:
        assert api.get(address)["Cache-Control"] == "no-store, private", address


def test_a_head_request_has_no_body(api: APIClient, completed: Document) -> None:
    for path in ["", "/file", "/export"]:
        response = api.head(f"/documents/{completed.pk}{path}")
        assert (response.status_code, response.getvalue()) == (200, b"")


def test_a_token_opens_the_api(alice: User, upload: Uploader) -> None:
    upload()
    client = APIClient()
    login = client.post(
        "/auth/login", {"username": "alice", "password": PASSWORD}, format="json"
    ).json()
    headers = {"Authorization": f"Bearer {login['access_token']}"}
    assert client.get("/documents", headers=headers).json()["count"] == 1
    wrong = {"Authorization": "Bearer nonsense"}
    assert client.get("/documents", headers=wrong).status_code == 401


def test_a_session_opens_the_api(browser: Client, upload: Uploader) -> None:
    upload()
    assert browser.get("/documents").json()["count"] == 1


# The browsable pages.

HTML = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


def page(browser: Client, address: str) -> Any:
    return browser.get(address, headers=HTML)


def test_a_browser_gets_a_page_under_the_strict_policy(
    browser: Client, completed: Document
) -> None:
    response = page(browser, "/documents")
    assert response["Content-Type"].startswith("text/html")
    assert completed.filename in response.content.decode()
    policy = response["Content-Security-Policy"]
    assert "unsafe-inline" not in policy
    assert "script-src 'self';" in f"{policy};"


def test_the_upload_page_has_a_form_for_several_files(browser: Client) -> None:
    shown = page(browser, "/upload").content.decode()
    assert 'enctype="multipart/form-data"' in shown
    assert 'type="file" name="files" multiple' in " ".join(shown.split())
    assert 'name="language"' in shown


def test_a_document_page_can_delete(browser: Client, completed: Document) -> None:
    shown = page(browser, f"/documents/{completed.pk}").content.decode()
    assert 'data-method="DELETE"' in shown
    assert completed.filename in shown


def test_an_item_page_can_tick(browser: Client, completed: Document) -> None:
    item = ActionItem.objects.first()
    assert item
    shown = page(browser, f"/action-items/{item.pk}").content.decode()
    assert 'data-method="PATCH"' in shown
    assert "&quot;done&quot;: false" in shown


def test_no_browsable_page_needs_an_inline_script_or_the_network(
    browser: Client, completed: Document
) -> None:
    for address in ["/documents", f"/documents/{completed.pk}", "/upload"]:
        for source in _scripts(page(browser, address).content.decode()):
            assert finders.find(_served(source)), source


def _served(source: str) -> str:
    assert source.startswith(settings.STATIC_URL), source
    return source.removeprefix(settings.STATIC_URL)


def _scripts(shown: str) -> list[str]:
    tags = [tag.split(">", 1)[0] for tag in shown.split("<script")[1:]]
    # Data is not run; everything else must come from a file of ours.
    return [tag.split('src="')[1].split('"')[0] for tag in tags if "application/json" not in tag]


def test_a_problem_in_a_browser_is_a_page(browser: Client) -> None:
    response = page(browser, f"/documents/{uuid.uuid4()}")
    assert response.status_code == 404
    assert "not_found" in response.content.decode()


# Described.


def test_the_schema_is_public_and_json(db: None) -> None:
    response = Client().get("/schema")
    assert response["Content-Type"] == "application/json"
    assert response.json()["openapi"].startswith("3.1")


def test_the_schema_comes_as_yaml_when_asked_for(db: None) -> None:
    response = Client().get("/schema", headers={"Accept": "application/yaml"})
    assert response.content.startswith(b"openapi: 3.1")


def test_the_schema_describes_every_address_once(db: None) -> None:
    paths = Client().get("/schema").json()["paths"]
    assert {
        "/upload",
        "/documents",
        "/documents/{id}",
        "/documents/{id}/status",
        "/documents/{id}/pages",
        "/documents/{id}/file",
        "/documents/{id}/export",
        "/documents/{id}/analyses",
        "/documents/{id}/retry",
        "/documents/{id}/cancel",
        "/documents/stream",
        "/action-items/{id}",
        "/usage",
        "/auth/login",
        "/auth/refresh",
        "/auth/logout",
        "/healthz",
        "/readyz",
    } <= set(paths)
    assert not [path for path in paths if path.endswith("/")]


def test_the_schema_tells_how_to_upload(db: None) -> None:
    upload = Client().get("/schema").json()["paths"]["/upload"]["post"]
    form = upload["requestBody"]["content"]["multipart/form-data"]["schema"]
    assert form["properties"]["files"]["items"]["format"] == "binary"
    assert {"201", "207", "400", "413", "422", "507"} <= set(upload["responses"])
    assert "application/problem+json" in upload["responses"]["422"]["content"]
    assert "Idempotency-Key" in {parameter["name"] for parameter in upload["parameters"]}


def test_the_schema_has_nothing_to_warn_about(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    from django.core.management import call_command

    call_command("spectacular", "--validate", "--fail-on-warn")
    assert "application/octet-stream" in capsys.readouterr().out


def test_swagger_runs_from_our_own_files_without_inline_scripts(db: None) -> None:
    response = Client().get("/docs")
    policy = response["Content-Security-Policy"].split("; ")
    # Swagger UI's script sets style attributes; a style element is refused on its page, too.
    assert {"style-src 'self'", "style-src-attr 'unsafe-inline'"} <= set(policy)
    sources = _scripts(response.content.decode())
    own = [source for source in sources if source.startswith("/static/")]
    assert all(finders.find(_served(source)) for source in own)
    [start] = set(sources) - set(own)
    script = Client().get(start)
    assert script["Content-Type"].startswith("application/javascript")
    assert b"/schema" in script.content


# Health.


def test_the_process_is_healthy_without_a_database(
    django_assert_num_queries: Any, db: None
) -> None:
    with django_assert_num_queries(0):
        assert Client().get("/healthz").json() == {"status": "ok"}
