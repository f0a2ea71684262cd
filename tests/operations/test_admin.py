"""What staff see of everybody's documents, and the levers they have."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import demo
from accounts.models import User
from documents import queue
from documents.failures import failure
from documents.models import (
    ActionItem,
    Analysis,
    Document,
    ModelCall,
    OpenCircuit,
    Page,
    Status,
    StatusEvent,
    UploadReceipt,
    WorkerHeartbeat,
)
from tests.conftest import statuses

LISTS = [
    "document",
    "statusevent",
    "analysis",
    "actionitem",
    "modelcall",
    "opencircuit",
    "workerheartbeat",
    "uploadreceipt",
]
ALL_DOCUMENTS = "/admin/documents/document/"


@pytest.fixture
def desk(staff):
    """The staff's browser."""
    client = Client()
    client.force_login(staff)
    return client


@pytest.fixture
def observer(db):
    """May look at everything, like the demo user, and change nothing."""
    demo.create()
    client = Client()
    client.force_login(User.objects.get(username=demo.USERNAME))
    return client


def analyzed(document):
    """Give the document one of everything that can be looked at."""
    analysis = Analysis.objects.create(
        document=document, engine="offline", prompt_version="1", result={}, coverage={}
    )
    ActionItem.objects.create(analysis=analysis, position=1, task="Send the survey")
    Page.objects.get_or_create(
        document=document, number=1, defaults={"text": "secret words", "condition": "read"}
    )
    ModelCall.objects.create(
        document=document,
        owner=document.owner,
        attempt=1,
        request_hash="0" * 64,
        chunk=1,
        model="gpt-4.1",
        answer="secret answer",
        closed_at=timezone.now(),
    )
    UploadReceipt.objects.create(owner=document.owner, key=str(analysis.pk), request_hash="0" * 64)
    WorkerHeartbeat.objects.create(name=f"worker-{analysis.pk}", host="h", pid=1, slots=4)
    paused(account=str(analysis.pk))
    return document


def paused(reason="key_rejected", account="an account"):
    return OpenCircuit.objects.create(
        account=account, reason=reason, probe_at=timezone.now() + timedelta(seconds=50)
    )


def act(client, action, *documents):
    return client.post(
        ALL_DOCUMENTS,
        {"action": action, "_selected_action": [str(document.pk) for document in documents]},
        follow=True,
    )


def claimed():
    document = queue.claim_next("worker-1")
    assert document
    return document


def failed(code="damaged"):
    document = claimed()
    queue.fail(document, failure(code))
    return document


@pytest.mark.parametrize("name", LISTS)
def test_everything_can_be_listed(desk, upload, name):
    analyzed(upload())
    response = desk.get(f"/admin/documents/{name}/")
    assert response.status_code == 200
    assert b"1 " in response.content


@pytest.mark.parametrize("name", LISTS)
def test_lists_take_as_many_queries_for_ten_rows_as_for_one(desk, upload, name):
    analyzed(upload())
    address = f"/admin/documents/{name}/"
    desk.get(address)
    with CaptureQueriesContext(
        connection,
    ) as for_one:
        desk.get(address)
    for _ in range(9):
        analyzed(upload())
    with CaptureQueriesContext(connection) as for_ten:
        desk.get(address)
    assert len(for_ten) == len(for_one)


@pytest.mark.parametrize(
    "model",
    [
        *[Document, StatusEvent, Analysis, ActionItem, ModelCall, OpenCircuit],
        *[WorkerHeartbeat, UploadReceipt],
    ],
)
def test_everything_can_be_looked_at_and_nothing_changed(desk, upload, model):
    analyzed(upload())
    name, pk = model._meta.model_name, model.objects.first().pk
    page = desk.get(f"/admin/documents/{name}/{pk}/change/")
    assert page.status_code == 200
    assert b'name="_save"' not in page.content
    assert desk.post(f"/admin/documents/{name}/{pk}/change/", {}).status_code == 403
    assert desk.post(f"/admin/documents/{name}/{pk}/delete/", {"post": "yes"}).status_code == 403
    assert desk.get(f"/admin/documents/{name}/add/").status_code == 403
    assert model.objects.filter(pk=pk).exists()


def resume(client, pause):
    return client.post(
        "/admin/documents/opencircuit/",
        {"action": "probe_now", "_selected_action": [pause.pk]},
        follow=True,
    )


def test_a_paused_line_can_be_resumed_at_once(desk, upload):
    upload()
    pause, other = paused(), paused(account="another")
    assert queue.claim_next("w", pause.account) is None
    assert b"One document tries now" in resume(desk, pause).content
    assert queue.claim_next("w", other.account) is None
    assert queue.claim_next("w", pause.account)


def test_a_line_paused_for_the_budget_is_not_resumed_by_hand(desk, db):
    pause = paused("budget")
    assert b"ATOM_DAILY_BUDGET_USD" in resume(desk, pause).content
    assert OpenCircuit.objects.get().probe_at == pause.probe_at


def test_an_observer_resumes_nothing(observer, upload):
    upload()
    pause = paused()
    resume(observer, pause)
    assert queue.claim_next("w", pause.account) is None


def test_calls_are_added_up_per_day_and_user(desk, alice, bob):
    for owner, cost in [(alice, "0.25"), (alice, "0.5"), (bob, None)]:
        ModelCall.objects.create(
            owner=owner,
            attempt=1,
            request_hash="0" * 64,
            chunk=1,
            model="gpt-4.1",
            state="answered",
            cost_usd=cost,
        )
    page = desk.get("/admin/documents/modelcall/").content.decode()
    assert "0.750000" in page
    assert "<td>unknown</td>" in page
    figures = desk.get("/admin/documents/modelcall/", {"owner__id__exact": bob.pk}).context
    assert [row["owner__username"] for row in figures["figures"]] == ["bob"]
    assert (figures["total"]["calls"], figures["total"]["cost_usd"]) == (1, None)


def test_of_very_many_calls_the_newest_are_added_up_and_the_page_says_so(desk, alice, monkeypatch):
    monkeypatch.setattr("documents.admin.operations.ADDED_UP", 2)
    facts = {"owner": alice, "attempt": 1, "request_hash": "0" * 64, "chunk": 1, "model": "gpt-4.1"}
    for cost in ("0.5", "0.25", "0.125"):
        ModelCall.objects.create(state="answered", cost_usd=cost, **facts)
    page = desk.get("/admin/documents/modelcall/")
    assert page.context["total"]["cost_usd"] == "0.375000"
    assert "of the newest 2 calls chosen here" in page.content.decode()
    assert len(page.context["cl"].result_list) == 3


@pytest.mark.parametrize("name", ["document", "modelcall"])
def test_those_who_have_a_row_can_be_chosen_as_owners(desk, upload, alice, bob, staff, name):
    analyzed(upload("hers.txt"))
    analyzed(upload("his.txt", owner=bob))
    page = desk.get(f"/admin/documents/{name}/").content.decode()
    offered = set(re.findall(r"owner__id__exact=(\d+)", page))
    assert offered == {str(alice.pk), str(bob.pk)}
    page = desk.get(f"/admin/documents/{name}/?owner__id__exact={bob.pk}")
    assert [row.owner for row in page.context["cl"].result_list] == [bob]


def test_values_of_the_newest_rows_can_be_chosen(desk, upload):
    analyzed(upload())
    page = desk.get("/admin/documents/analysis/").content.decode()
    [version] = Analysis.objects.values_list("prompt_version", flat=True)
    assert f"?prompt_version={version}" in page
    for query in (f"prompt_version={version}", "engine=offline", "engine=openai", "model=x"):
        assert desk.get(f"/admin/documents/analysis/?{query}").status_code == 200


def test_a_person_who_is_not_staff_sees_nothing(browser, upload):
    document = upload()
    for address in (ALL_DOCUMENTS, f"{ALL_DOCUMENTS}{document.pk}/change/"):
        response = browser.get(address, follow=True)
        assert document.filename.encode() not in response.content


def test_staff_without_view_rights_see_no_document(db, upload):
    document = upload()
    clerk = User.objects.create_user("clerk", password="correct horse battery", is_staff=True)
    client = Client()
    client.force_login(clerk)
    assert client.get(ALL_DOCUMENTS).status_code == 403
    assert client.get(f"{ALL_DOCUMENTS}{document.pk}/change/").status_code == 403


def test_neither_the_text_of_a_document_nor_a_models_answer_is_shown(desk, upload):
    document = analyzed(upload(text="secret words"))
    call = ModelCall.objects.get()
    for address in (f"document/{document.pk}", f"modelcall/{call.pk}"):
        page = desk.get(f"/admin/documents/{address}/change/")
        assert page.status_code == 200
        assert b"secret" not in page.content


def test_a_document_shows_its_history_and_its_analyses(desk, upload):
    document = upload()
    analyzed(failed())
    page = desk.get(f"{ALL_DOCUMENTS}{document.pk}/change/").content.decode()
    steps = [page.index(f" {status} (attempt") for status in ("pending", "processing", "failed")]
    assert steps == sorted(steps)
    assert f"/admin/documents/analysis/{Analysis.objects.get().pk}/change/" in page


def test_a_hostile_file_name_is_shown_as_text(desk, upload):
    document = upload("<img src=x onerror=alert(1)>.txt")
    for address in (ALL_DOCUMENTS, f"{ALL_DOCUMENTS}{document.pk}/change/"):
        page = desk.get(address).content.decode()
        assert "<img src=x" not in page
        assert "&lt;img src=x" in page


@pytest.mark.parametrize("words", ["minutes", "alice", "id"])
def test_a_document_is_found_by_name_owner_and_id(desk, upload, bob, words):
    wanted = upload("minutes.txt")
    other = upload("letter.txt", owner=bob)
    page = desk.get(ALL_DOCUMENTS, {"q": str(wanted.pk) if words == "id" else words})
    assert str(wanted.pk).encode() in page.content
    assert str(other.pk).encode() not in page.content


@pytest.mark.parametrize(
    "address", ["?q='\"%25", "?status__exact=nonsense", "?claim=nonsense", "?p=999"]
)
def test_odd_filters_and_searches_are_no_accident(desk, upload, address):
    upload()
    assert desk.get(ALL_DOCUMENTS + address).status_code in {200, 302}


@pytest.mark.parametrize(
    "address",
    [
        *("documents/document/?status__exact=%00", "documents/document/?failure=a%00b"),
        *("documents/modelcall/?code=%00", "documents/document/?q=%00", "auth/group/?name=%00"),
        *("accounts/user/?username=%00", "documents/workerheartbeat/%00/change/"),
    ],
)
def test_a_nul_in_an_address_is_refused(desk, address):
    assert desk.get("/admin/" + address).status_code == 400


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("documents/document/?_popup=1&_to_field=pages", 400),
        ("accounts/user/?_popup=1&_to_field=documents", 400),
        ("autocomplete/?app_label=documents&model_name=document&field_name=analyses", 404),
    ],
)
def test_the_other_end_of_a_relation_in_an_address_is_no_accident(desk, address, status):
    assert desk.get("/admin/" + address).status_code == status


@pytest.mark.parametrize("name", ["analysis", "actionitem"])
def test_lists_leave_the_findings_of_documents_where_they_are(desk, upload, name):
    analyzed(upload())
    with CaptureQueriesContext(connection) as asked:
        desk.get(f"/admin/documents/{name}/")
    statements = " ".join(query["sql"] for query in asked)
    assert '"documents_analysis"."engine"' in statements
    assert '"documents_analysis"."result"' not in statements
    assert '"documents_analysis"."coverage"' not in statements


def shown(page, *documents):
    return [str(document.pk).encode() in page.content for document in documents]


def test_failed_documents_are_filtered_by_their_code(desk, upload):
    upload(), upload(), upload()
    damaged, encrypted = failed("damaged"), failed("encrypted")
    assert "failure=encrypted" in desk.get(ALL_DOCUMENTS).content.decode()
    assert shown(desk.get(ALL_DOCUMENTS, {"failure": "damaged"}), damaged, encrypted) == [
        True,
        False,
    ]


def test_documents_are_filtered_by_engine_and_shown_once(desk, upload):
    by_words, by_model = upload(), upload()
    analyzed(by_words)
    analyzed(by_words)
    Analysis.objects.create(
        document=by_model, engine="openai", prompt_version="1", result={}, coverage={}
    )
    page = desk.get(ALL_DOCUMENTS, {"engine": "offline"})
    assert shown(page, by_words, by_model) == [True, False]
    assert page.content.decode().count(f'value="{by_words.pk}"') == 1


def test_documents_of_silent_workers_can_be_found(desk, upload):
    upload(), upload()
    held, lost = claimed(), claimed()
    Document.objects.filter(pk=lost.pk).update(
        lease_expires_at=timezone.now() - timedelta(minutes=1)
    )
    assert shown(desk.get(ALL_DOCUMENTS, {"claim": "lost"}), lost, held) == [True, False]
    assert shown(desk.get(ALL_DOCUMENTS, {"claim": "held"}), lost, held) == [True, True]


def test_a_silent_worker_is_shown_as_gone(desk, db):
    quiet = timezone.now() - timedelta(minutes=5)
    WorkerHeartbeat.objects.create(name="here", host="h", pid=1, slots=4)
    WorkerHeartbeat.objects.create(name="gone", host="h", pid=2, slots=4, seen_at=quiet)
    page = desk.get("/admin/documents/workerheartbeat/").content.decode()
    alive = re.findall(r'field-alive"><img src="[^"]*" alt="(\w+)"', page)
    assert alive == ["True", "False"]


def test_retry_sends_a_finished_document_to_the_end_of_the_line(desk, upload):
    first, second = upload(), upload()
    failed()
    page = act(desk, "retry", first)
    assert b"Documents retried: 1." in page.content
    assert [queue.claim_next("w"), queue.claim_next("w")] == [second, first]


def test_retry_leaves_a_waiting_document_where_it_is_and_says_so(desk, upload):
    waiting = upload()
    page = act(desk, "retry", waiting)
    assert b"Left as they were" in page.content
    assert statuses(waiting) == [Status.PENDING]


def test_a_running_document_is_taken_from_its_worker_to_its_old_place(desk, upload):
    stuck, _ = upload(), upload()
    assert claimed() == stuck
    act(desk, "put_back", stuck)
    assert queue.claim_next("worker-2") == stuck


@pytest.mark.parametrize("end", [Status.FAILED, Status.PENDING])
def test_only_a_running_document_can_be_taken_from_its_worker(desk, upload, end):
    document = upload()
    if end == Status.FAILED:
        failed()
    page = act(desk, "put_back", document)
    document.refresh_from_db()
    assert document.status == end
    assert b"Left as they were" in page.content


def test_cancel_ends_waiting_and_running_documents(desk, upload):
    running, waiting = upload(), upload()
    claimed()
    act(desk, "cancel", running, waiting)
    codes = Document.objects.in_queue_order().values_list("failure__code", flat=True)
    assert list(codes) == ["cancelled", "cancelled"]
    waiting.refresh_from_db()
    assert waiting.failure["detail"] == "The work was canceled."


def test_the_levers_leave_a_record_of_who_pulled_them(desk, upload, staff):
    document = upload()
    act(desk, "cancel", document)
    page = desk.get(f"{ALL_DOCUMENTS}{document.pk}/history/").content.decode()
    assert "canceled" in page
    assert staff.username in page


@pytest.mark.parametrize("action", ["retry", "put_back", "cancel"])
def test_an_observer_has_no_levers(observer, upload, action):
    document = upload()
    assert f'value="{action}"' not in observer.get(ALL_DOCUMENTS).content.decode()
    act(observer, action, document)
    assert statuses(document) == [Status.PENDING]


def test_staff_with_the_right_to_change_documents_have_the_levers(observer, upload):
    user = User.objects.get(username=demo.USERNAME)
    user.user_permissions.add(Permission.objects.get(codename="change_document"))
    document = upload()
    assert 'value="cancel"' in observer.get(ALL_DOCUMENTS).content.decode()
    act(observer, "cancel", document)
    assert statuses(document)[-1] == Status.FAILED
