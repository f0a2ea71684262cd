"""What staff may see and become: every column of every table, every address of the admin."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, Permission
from django.db import models
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import tokens
from accounts.keys import api_keys
from accounts.models import ApiKey, AuditEvent, Identity, LoginSession, User
from accounts.named_columns import NamedColumnsAdmin
from documents.models import (
    ActionItem,
    Analysis,
    Document,
    ModelCall,
    OpenCircuit,
    Page,
    StatusEvent,
    TaskFeed,
    UploadReceipt,
    Webhook,
    WebhookDelivery,
    WorkerHeartbeat,
)
from documents.webhooks import subscriptions
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db

# What staff may look at. A column that is new, or in no list, must not be shown.
SHOWN = {
    "accounts.User": {"username", "first_name", "last_name", "email"},
    "auth.Group": {"name"},
    "accounts.ApiKey": {"name", "prefix", "scope"},
    "accounts.Identity": {"issuer", "subject"},
    "accounts.AuditEvent": {"subject_kind", "subject", "address", "request_id"},
    "documents.Document": {
        *("filename", "content_type", "sha256", "file", "failure", "claimed_by", "request_id"),
        *(
            "external_id",
            "encoding",
            "language",
            "output_language",
            "progress",
            "warning",
            "chosen_engine",
        ),
    },
    "documents.StatusEvent": {"reason", "status"},
    "documents.Analysis": {"engine", "model", "prompt_version", "language"},
    "documents.ActionItem": {"priority"},
    "documents.ModelCall": {"request_hash", "model", "code"},
    "documents.OpenCircuit": {"account"},
    "documents.UploadReceipt": {"key", "request_hash", "document_ids"},
    "documents.WorkerHeartbeat": {"name", "host", "account"},
    # Not the address: its path may be a secret of the receiver's.
    "documents.Webhook": {"event_types"},
    "documents.WebhookDelivery": {"message_id", "event_type", "code"},
}
FINDINGS = {
    "documents.Analysis": {"summary", "result", "coverage"},
    "documents.ActionItem": {"task", "assignee", "due_text", "evidence"},
}
TEXTS = (models.CharField, models.TextField, models.JSONField, models.FileField)
LOOKUPS = ("", "__exact", "__startswith", "__contains", "__regex", "__gte", "__in", "__isnull")


def ours() -> list[type[models.Model]]:
    rooms = ("accounts", "documents")
    return [model for room in rooms for model in apps.get_app_config(room).get_models()] + [Group]


def listed() -> list[type[models.Model]]:
    return [model for model in ours() if model in admin.site._registry]


def text_columns(model: type[models.Model]) -> list[Any]:
    columns = [field for field in model._meta.concrete_fields if isinstance(field, TEXTS)]
    return [column for column in columns if not column.choices]


def marker(model: type[models.Model], column: str) -> str:
    """Eight characters that stand in no other column and in no page by themselves."""
    names = [field.name for field in model._meta.concrete_fields]
    return f"zq{ours().index(model):02d}{names.index(column):02d}qz"


def mark(model: type[models.Model], row: Any) -> None:
    values: dict[str, Any] = {}
    for column in text_columns(model):
        text = marker(model, column.name)
        is_json = isinstance(column, models.JSONField)
        values[column.attname] = {"code": text, "said": [text]} if is_json else text
    model._base_manager.filter(pk=row.pk).update(**values)


@pytest.fixture
def full(alice: User, upload: Callable[..., Document]) -> dict[type[models.Model], Any]:
    """A row of every table, with a marker in every column of text."""
    document = upload()
    tokens.log_in(alice)
    analysis = Analysis.objects.create(
        document=document, engine="offline", prompt_version="1", result={}, coverage={}
    )
    now = timezone.now()
    worker = {"host": "h", "pid": 1, "slots": 4}
    webhook = subscriptions.make(alice, "https://hooks.example.com/")
    rows = {
        User: alice,
        Group: Group.objects.create(name="office"),
        LoginSession: LoginSession.objects.get(),
        Document: document,
        Page: Page.objects.create(document=document, number=1, text="t", condition="read"),
        StatusEvent: StatusEvent.objects.of(document).latest("id"),
        Analysis: analysis,
        ActionItem: ActionItem.objects.create(analysis=analysis, position=1, task="t"),
        ModelCall: ModelCall.objects.create(
            document=document, owner=alice, attempt=1, request_hash="h", chunk=1, model="m"
        ),
        OpenCircuit: OpenCircuit.objects.create(account="a", reason="budget", probe_at=now),
        UploadReceipt: UploadReceipt.objects.create(owner=alice, key="k", request_hash="h"),
        WorkerHeartbeat: WorkerHeartbeat.objects.create(name="w", **worker),
        AuditEvent: AuditEvent.objects.create(action="moved"),
        ApiKey: api_keys.make(alice, "script", ["all"])[0],
        Webhook: webhook,
        WebhookDelivery: subscriptions.send_test(webhook),
        Identity: Identity.objects.create(user=alice, issuer="i", subject="s"),
        TaskFeed: TaskFeed.objects.create(owner=alice, secret_hash="h"),
    }
    for model, row in rows.items():
        mark(model, row)
    # A key of its own may have been marked as well.
    rows[OpenCircuit] = OpenCircuit.objects.get()
    return rows


def staff_with(*permissions: str, viewing: bool = True) -> Client:
    """The browser of somebody who may look at every table, and has these permissions."""
    user = User.objects.create_user("clerk", password=PASSWORD, is_staff=True)
    chosen = Permission.objects.filter(codename__in=permissions)
    if viewing:
        chosen = chosen | Permission.objects.filter(codename__startswith="view_")
    user.user_permissions.set(chosen.distinct())
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def viewer(db: None) -> Client:
    return staff_with()


def name(model: type[models.Model]) -> str:
    return f"{model._meta.app_label}_{model._meta.model_name}"


def address_of_list(model: type[models.Model]) -> str:
    return reverse(f"admin:{name(model)}_changelist")


def pages(rows: dict[type[models.Model], Any]) -> Iterator[str]:
    """Every address of the admin that shows something."""
    yield from (reverse("admin:index"), reverse("operations"))
    for room in ("accounts", "auth", "documents"):
        yield reverse("admin:app_list", args=[room])
    for model in listed():
        yield address_of_list(model)
        yield address_of_list(model) + "?all=&_facets=True"
        for kind in ("change", "history", "delete"):
            yield reverse(f"admin:{name(model)}_{kind}", args=[rows[model].pk])
    yield reverse("admin:auth_user_password_change", args=[rows[User].pk])


def hidden(model: type[models.Model], shown: dict[str, set[str]]) -> list[str]:
    allowed = shown.get(model._meta.label, set())
    return [column.name for column in text_columns(model) if column.name not in allowed]


def leaks(page: str, shown: dict[str, set[str]]) -> set[str]:
    return {
        f"{model._meta.label}.{column}"
        for model in ours()
        for column in hidden(model, shown)
        if marker(model, column) in page
    }


def test_every_model_of_the_admin_names_its_columns() -> None:
    assert all(isinstance(each, NamedColumnsAdmin) for each in admin.site._registry.values())


def test_no_address_of_the_admin_shows_viewers_a_word_of_a_document(
    viewer: Client, full: dict[type[models.Model], Any]
) -> None:
    seen = ""
    for address in pages(full):
        response = viewer.get(address)
        assert response.status_code in {200, 403}, address
        assert leaks(response.content.decode(), SHOWN) == set(), address
        seen += response.content.decode()
    # The markers do arrive where they may.
    assert marker(Document, "filename") in seen
    assert marker(LoginSession, "refresh_jti") not in seen


@pytest.mark.parametrize("model", listed(), ids=lambda model: model.__name__)
def test_no_column_can_be_read_by_filters(
    viewer: Client, full: dict[type[models.Model], Any], model: type[models.Model]
) -> None:
    address = address_of_list(model)
    for column in model._meta.concrete_fields:
        text = marker(model, column.name)
        for lookup in LOOKUPS:
            asked = {f"{column.name}{lookup}": "1" if lookup == "__isnull" else text[:3]}
            answer = viewer.get(address, asked)
            if answer.status_code == 400:
                continue
            # What the list itself offers, over a column it shows.
            assert column.name not in hidden(model, SHOWN), asked
            assert lookup in {"", "__exact", "__isnull", "__gte"}, asked


@pytest.mark.parametrize(
    ("model", "lookup"),
    [
        (Document, "pages__text__startswith"),
        (Document, "analyses__summary__contains"),
        (Document, "owner__password__startswith"),
        (ActionItem, "analysis__result__contains"),
        (ModelCall, "owner__login_sessions__refresh_jti__startswith"),
        (LoginSession, "user__password__startswith"),
        (User, "documents__pages__text__startswith"),
        (User, "login_sessions__auth_hash__startswith"),
        (Group, "user__password__startswith"),
    ],
)
def test_no_column_can_be_read_across_tables(
    viewer: Client, full: Any, model: type[models.Model], lookup: str
) -> None:
    assert viewer.get(address_of_list(model), {lookup: "a"}).status_code == 400


@pytest.mark.parametrize("model", listed(), ids=lambda model: model.__name__)
def test_no_hidden_column_is_searched_or_sorted_by(
    viewer: Client, full: dict[type[models.Model], Any], model: type[models.Model]
) -> None:
    for column in hidden(model, SHOWN):
        found = viewer.get(address_of_list(model), {"q": marker(model, column)})
        changelist = found.context["cl"]
        assert not changelist.search_fields or changelist.result_count == 0, column
    for number in range(20):
        changelist = viewer.get(address_of_list(model), {"o": str(number)}).context["cl"]
        sorted_by = {str(each).lstrip("-") for each in changelist.queryset.query.order_by}
        assert sorted_by.isdisjoint(hidden(model, SHOWN)), number


def test_findings_are_shown_to_those_who_may_read_them(
    full: dict[type[models.Model], Any],
) -> None:
    reader = staff_with("read_findings")
    shown = {label: SHOWN.get(label, set()) | FINDINGS.get(label, set()) for label in SHOWN}
    seen = ""
    for address in pages(full):
        page = reader.get(address).content.decode()
        assert leaks(page, shown) == set(), address
        seen += page
    for model in (Analysis, ActionItem):
        for column in FINDINGS[model._meta.label]:
            assert marker(model, column) in seen
    found = reader.get(address_of_list(ActionItem), {"q": marker(ActionItem, "task")})
    assert found.context["cl"].result_count == 1


@pytest.mark.parametrize("asked", ["answer__startswith", "_to_field"])
def test_a_refused_filter_is_one_line_in_the_log(
    viewer: Client, full: Any, caplog: pytest.LogCaptureFixture, asked: str
) -> None:
    answer = viewer.get(address_of_list(ModelCall), {asked: "The secret"})
    assert answer.status_code == 400
    (record,) = caplog.records
    assert record.levelname == "WARNING"
    assert record.exc_info is None
    assert "secret" not in record.getMessage()


def test_operations_and_metrics_want_a_permission(db: None) -> None:
    clerk = staff_with("view_document", viewing=False)
    for address in ("/admin/operations/", "/metrics"):
        assert clerk.get(address).status_code == 403
    assert "/admin/operations/" not in clerk.get("/admin/").content.decode()
    User.objects.get(username="clerk").user_permissions.add(
        Permission.objects.get(codename="view_operations")
    )
    for address in ("/admin/operations/", "/metrics"):
        assert clerk.get(address).status_code == 200
    assert not LogEntry.objects.exists()
