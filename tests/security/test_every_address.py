"""What holds at every address there is: a new one is in these tests without being asked."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from accounts.keys import api_keys
from accounts.models import ApiKey, User
from documents.models import ActionItem, Analysis, Document, StatusEvent, Webhook, WebhookDelivery
from documents.uploads.resumable import creation
from documents.webhooks import subscriptions
from tests.api.conftest import finish
from tests.conftest import PASSWORD
from tests.security.addresses import Address, addresses

ALL = addresses()
TUS = {"Tus-Resumable": "1.0.0"}
# Whoever has the secret in such an address may read there; see tests/todo/test_feed.py.
BY_SECRET = {"todo/feed/{secret}.ics"}
OF_OBJECTS = [
    each for each in ALL if each.parameters and each.room != "admin" and each.route not in BY_SECRET
]
UNSAFE = ("post", "put", "patch", "delete")
ADMINS = {"object_id": 1, "content_type_id": 1, "app_label": "documents", "url": "nothing"}

# Whoever is not signed in may come here; everywhere else he is asked who he is.
PUBLIC = {
    "admin/login",
    "api",
    "auth/login",
    "auth/logout",
    "auth/refresh",
    "docs",
    "healthz",
    "login",
    "logout",
    "readyz",
    "schema",
    *BY_SECRET,
}
# These look at a token or a password in the request and at no cookie, so nobody can be
# brought to send what they need.
WITHOUT_COOKIES = {"auth/login", "auth/logout", "auth/refresh"}
PAGE_POLICY = {
    "default-src": "'none'",
    "base-uri": "'none'",
    "object-src": "'none'",
    "frame-ancestors": "'none'",
    "form-action": "'self'",
    "connect-src": "'self'",
    "script-src": "'self'",
    "style-src": "'self'",
    "font-src": "'self'",
    "worker-src": "'self'",
    "img-src": "'self' data:",
}
FILE_POLICY = "default-src 'none'; frame-ancestors 'none'; sandbox"
# Everywhere else are pages of the frameworks, which style themselves inside the page.
OUR_PAGES = {"", "login", "logout", "password", "static"}
# The browsable page of the stream is meant for browsers; the stream itself never ends.
ENDLESS = {"documents/stream"}
# Of documents that can be looked at; that this one is no real PDF is told to its owner.
LOOKS = ("/image", "/boxes", "/marks.svg")
# The translations of the admin's scripts.
NOBODYS = {"admin/jsi18n"}


@pytest.fixture
def read(upload: Any) -> Document:
    """Alice's, with everything there can be."""
    document = finish(upload("quay wall.txt"))
    api_keys.make(document.owner, "script", ["all"])
    _delivery(document.owner)
    return document


def _key(owner: User) -> ApiKey:
    return owner.api_keys.first() or api_keys.make(owner, "script", ["all"])[0]


def _delivery(owner: User) -> WebhookDelivery:
    webhook = owner.webhooks.first() or subscriptions.make(owner, "https://hooks.example.com/")
    return webhook.deliveries.last() or subscriptions.send_test(webhook)


def values(address: Address, document: Document) -> dict[str, Any]:
    analysis = document.analyses.get()
    item = analysis.action_items.first()
    assert item
    return {
        **ADMINS,
        "document_id": document.pk,
        "analysis_id": analysis.pk,
        "item_id": item.pk,
        "number": 1,
        "secret": "x" * 43,
        "pk": _key(document.owner).pk,
        "webhook_id": _delivery(document.owner).webhook_id,
        "delivery_id": _delivery(document.owner).pk,
        "delivery": _delivery(document.owner).pk,
        "id": _own_id(address, document, item.pk),
    }


def _own_id(address: Address, document: Document, item: int) -> Any:
    if address.room == "uploads":
        return creation.begin(document.owner, "unfinished.pdf", 5).pk
    if address.room == "webhooks":
        return _delivery(document.owner).webhook_id
    return item if address.room == "action-items" else document.pk


def nobodys(address: Address) -> dict[str, Any]:
    return {
        "document_id": uuid.uuid4(),
        "analysis_id": 10**9,
        "item_id": 10**9,
        "number": 1,
        "secret": "x" * 43,
        "pk": uuid.uuid4(),
        "webhook_id": uuid.uuid4(),
        "delivery_id": 10**9,
        "delivery": 10**9,
        "id": 10**9 if address.room == "action-items" else uuid.uuid4(),
    }


def state() -> list[Any]:
    """What a request could have changed."""
    rows = (Document, ActionItem, Analysis, StatusEvent, User, Webhook, WebhookDelivery)
    keys = ApiKey.objects.order_by("pk").values("pk", "ended_at")  # Its use is noted.
    return [*(list(model.objects.order_by("pk").values()) for model in rows), list(keys)]


def everything(client: Client, document: Document) -> Iterator[tuple[Address, str]]:
    for address in ALL:
        if address.route not in ENDLESS:
            yield address, address.filled(**values(address, document))


def answer(client: Client, method: str, path: str, **more: Any) -> Any:
    return client.generic(method.upper(), path, **more)


# Objects of others.


@pytest.mark.parametrize("address", OF_OBJECTS, ids=lambda address: address.route)
def test_a_second_user_gets_what_an_id_gets_that_nobody_has(
    address: Address, bob: User, read: Document
) -> None:
    client = Client()
    client.force_login(bob)
    his, hers = nobodys(address), values(address, read)
    before = state()
    for method in ("get", *UNSAFE):
        refusal = answer(client, method, address.filled(**hers))
        unknown = answer(client, method, address.filled(**his))
        assert refusal.status_code in {302, 404, 405}, method
        assert _without(refusal, hers) == _without(unknown, his), method
    assert state() == before


def _without(response: Any, ids: dict[str, Any]) -> tuple[int, str, str]:
    content, location = response.content.decode(), response.get("Location", "")
    for value in ids.values():
        if isinstance(value, uuid.UUID):
            content, location = (text.replace(str(value), "ID") for text in (content, location))
    return response.status_code, content, location


@pytest.mark.parametrize("address", OF_OBJECTS, ids=lambda address: address.route)
def test_their_owner_does_get_them(address: Address, alice: User, read: Document) -> None:
    if address.route.endswith(LOOKS):
        Document.objects.update(content_type="application/pdf")
    client = Client()
    client.force_login(alice)
    found = [
        answer(client, method, address.filled(**values(address, read)), headers=TUS).status_code
        for method in ("get", "post", *(["delete"] if address.room == "uploads" else []))
    ]
    assert set(found) - {404, 405}


def test_a_part_is_only_found_under_its_own_document(
    browser: Client, read: Document, upload: Any
) -> None:
    other = finish(upload("other.txt"))
    theirs = values(Address("", None), other)
    for part in ("analyses/{analysis_id}", "items/{item_id}"):
        path = f"/d/{read.pk}/{part.format_map(theirs)}"
        assert answer(browser, "post", path).status_code in {404, 405}, path
    item = other.analyses.get().action_items.first()
    assert item
    assert not item.done


# People.


def test_whoever_is_not_signed_in_is_asked_who_he_is(read: Document) -> None:
    client = Client()
    before = state()
    for address, path in everything(client, read):
        for method in ("get", *UNSAFE):
            response = answer(client, method, path)
            if address.route in PUBLIC:
                continue
            asked = response.status_code in {401, 405} or (
                response.status_code == 302 and "/login" in response["Location"]
            )
            assert asked, f"{method} {path}: {response.status_code}"
    assert state() == before


def test_the_list_of_public_addresses_names_only_what_there_is() -> None:
    assert {address.route for address in ALL} >= PUBLIC | WITHOUT_COOKIES | ENDLESS | NOBODYS


def test_the_admin_is_for_staff_only(browser: Client, read: Document) -> None:
    before = state()
    for address, path in everything(browser, read):
        if address.room == "admin" and address.route not in {"admin/login", "admin/logout"}:
            for method in ("get", "post"):
                status = answer(browser, method, path).status_code
                own_page = address.route.startswith("admin/password_change")
                assert status in {302, 403, 404, 405} or own_page, f"{method} {path}: {status}"
    assert state() == before


# Forged requests.


def test_nothing_is_changed_by_a_session_without_the_token_of_a_form(
    alice: User, read: Document
) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(alice)
    before = state()
    for address, path in everything(client, read):
        for method in UNSAFE:
            response = answer(client, method, path)
            where = f"{method} {address.route}: {response.status_code}"
            if address.route in WITHOUT_COOKIES:
                assert response.status_code in {400, 401, 405, 415}, where
            else:
                assert response.status_code in {403, 405}, where
    assert state() == before


def test_a_form_from_another_site_is_refused_with_its_token(alice: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(alice)
    client.get("/password")
    token = client.cookies["csrftoken"].value
    form = {"csrfmiddlewaretoken": token}
    foreign = client.post("/d/sample", form, headers={"Origin": "https://evil.example"})
    assert foreign.status_code == 403
    assert client.post("/d/sample", form).status_code == 302


def test_no_get_changes_anything(browser: Client, read: Document) -> None:
    before = state()
    for address, path in everything(browser, read):
        for method in ("get", "head", "options"):
            answer(browser, method, path)
        assert state() == before, address.route


# Methods.


@pytest.mark.parametrize("method", ["TRACE", "TRACK", "CONNECT", "PROPFIND", "FOO"])
def test_methods_nobody_uses_are_refused_everywhere(
    staff: User, read: Document, method: str
) -> None:
    client = Client()
    client.force_login(staff)
    for address, path in everything(client, read):
        response = answer(client, method, path)
        assert response.status_code == 405, f"{method} {address.route}"
        assert PASSWORD not in response.content.decode()


def test_no_method_at_any_address_is_an_accident(
    browser: Client, read: Document, caplog: pytest.LogCaptureFixture
) -> None:
    for _, path in everything(browser, read):
        for method in ("get", "head", "options", "put", "patch"):
            assert answer(browser, method, path).status_code not in {500, 502, 504}, path
    assert not [each for each in caplog.records if "Unforeseen" in each.getMessage()]


# Headers.


def test_every_answer_carries_the_headers_that_bind_browsers(
    staff: User, browser: Client, read: Document
) -> None:
    desk = Client()
    desk.force_login(staff)
    for address, path in everything(browser, read):
        client = desk if address.room == "admin" else browser
        for accept in ("text/html", "application/json"):
            response = client.get(path, headers={"Accept": accept})
            _is_bound(response, address)


def test_static_files_carry_them_too(db: None) -> None:
    response = Client().get("/static/css/base.css")
    assert response.status_code == 200
    _is_bound(response, Address("static", None))
    response.close()


def _is_bound(response: Any, address: Address) -> None:
    where = address.route
    assert response["X-Content-Type-Options"] == "nosniff", where
    assert response["Referrer-Policy"] == "same-origin", where
    assert response["Cross-Origin-Opener-Policy"] == "same-origin", where
    policy = response["Content-Security-Policy"]
    directives = _directives(policy)
    if address.room not in {"admin", "d"} and address.route not in OUR_PAGES:
        directives.pop("style-src-attr", None)
    assert policy == FILE_POLICY or directives == PAGE_POLICY, where
    kind = response.get("Content-Type", "")
    if kind.startswith("text/"):
        assert "charset=" in kind, where
    assert not [name for name in response.headers if name.startswith("Access-Control")], where


def _directives(policy: str) -> dict[str, str]:
    parts = [part.strip().partition(" ") for part in policy.split(";")]
    return {name: sources for name, _, sources in parts}


def test_no_other_site_may_read_anything(browser: Client, read: Document) -> None:
    foreign = {"Origin": "https://evil.example", "Access-Control-Request-Method": "DELETE"}
    for address, path in everything(browser, read):
        for method in ("get", "options"):
            response = answer(browser, method, path, headers=foreign)
            allowed = [name for name in response.headers if name.startswith("Access-Control")]
            assert not allowed, address.route


def test_what_belongs_to_somebody_is_kept_by_no_cache(
    staff: User, browser: Client, read: Document
) -> None:
    desk = Client()
    desk.force_login(staff)
    for address, path in everything(browser, read):
        if address.route not in PUBLIC | NOBODYS:
            client = desk if address.room == "admin" else browser
            response = client.get(path)
            if response.status_code == 200:
                assert "no-store" in response.get("Cache-Control", ""), address.route
