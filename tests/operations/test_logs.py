"""What the lines of the logs hold, and what they never hold."""

from __future__ import annotations

import asyncio
import io
import json
import logging
from datetime import timedelta

import pytest
from asgiref.sync import async_to_sync
from django.db import OperationalError
from django.test import AsyncClient, Client
from django.utils import timezone

from accounts import tokens
from atom_project import logs
from atom_project.request_log import RequestLog
from documents import queue
from documents.leases import LeaseKeeper
from documents.models import Document, ModelCall
from documents.worker import Worker
from tests.conftest import PASSWORD
from tests.engines import OneCall

QUOTED = "Maria owes me money."
TRAPS = ["a\nERROR documents forged", "\x1b[2J\x1b[31m", "\r\u2028\u2029\x85", "\u202egpj.exe"]


@pytest.fixture(params=["json", "text"])
def lines(request):
    yield from _written(request.param)


@pytest.fixture
def json_lines():
    yield from _written("json")


def _written(style):
    """The lines as they are written with this style, instead of those of the test run."""
    page = io.StringIO()
    handler = logging.StreamHandler(page)
    handler.setFormatter(logs.JSONLines() if style == "json" else logs.TextLines())
    root = logging.getLogger()
    levels = {name: logging.getLogger(name).level for name in ("", "atom_project.requests")}
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    logging.getLogger("atom_project.requests").setLevel(logging.INFO)
    yield lambda: page.getvalue().splitlines()
    root.removeHandler(handler)
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)


def answer(application, path="/documents", *, client=("127.0.0.1", 40000), headers=(), query=b""):
    """What an ASGI application sends for one GET."""
    sent = []
    scope = {
        "type": "http",
        "method": "GET",
        "path": path,
        "query_string": query,
        "headers": [(name.encode(), value.encode()) for name, value in headers],
        "client": client,
    }

    async def receive():
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message):
        sent.append(message)

    asyncio.run(RequestLog(application)(scope, receive, send))
    return sent


async def greet(scope, receive, send):
    scope["atom_user"] = 7
    logging.getLogger("documents").info("asked for %s", scope["path"])
    await send({"type": "http.response.start", "status": 200, "headers": [(b"a", b"b")]})
    await send({"type": "http.response.body", "body": b"hello"})


def id_of(sent):
    return dict(sent[0]["headers"])[b"x-request-id"].decode()


@pytest.mark.parametrize("trap", TRAPS)
def test_a_name_cannot_begin_a_line_or_command_a_terminal(lines, trap):
    with logs.about(document=trap):
        logging.getLogger("documents").warning("Refused %s", trap)
    [line] = lines()
    assert line.isprintable()
    assert "Refused" in line


def test_a_json_line_is_read_back_as_it_was_meant(json_lines):
    with logs.about(request_id="abc", document=""):
        logging.getLogger("documents.queue").warning("Name %s", TRAPS[0])
    [line] = map(json.loads, json_lines())
    assert line.pop("time").endswith("Z")
    assert line == {
        "level": "warning",
        "logger": "documents.queue",
        "message": f"Name {TRAPS[0]}",
        "request_id": "abc",
    }


def test_an_exception_shows_where_but_not_what_it_said(lines):
    try:
        try:
            raise ValueError(QUOTED)
        except ValueError:
            raise KeyError(QUOTED) from None
    except KeyError:
        logging.getLogger("documents").exception("Something broke")
    said = "\n".join(lines())
    assert "builtins.KeyError" in said
    assert "test_logs.py" in said
    assert "Maria" not in said.replace("raise KeyError(QUOTED)", "")


def test_a_debug_run_shows_what_an_exception_said(lines, settings):
    settings.DEBUG = True
    try:
        raise ValueError("not a number")
    except ValueError:
        logging.getLogger("documents").exception("Something broke")
    assert "builtins.ValueError: not a number" in "\n".join(lines())


def test_what_a_database_says_is_shown_without_its_details(lines):
    try:
        raise OperationalError(f"connection refused\nDETAIL: Key (text)=({QUOTED})")
    except OperationalError:
        logging.getLogger("documents").exception("No database")
    said = "\n".join(lines())
    assert "OperationalError: connection refused" in said
    assert QUOTED not in said


def test_each_request_is_one_line_with_its_user_and_without_its_query(json_lines):
    answer(greet, "/documents", query=b"search=secret+words")
    inner, line = map(json.loads, json_lines())
    assert (line["method"], line["path"], line["status"]) == ("GET", "/documents", 200)
    assert line["user"] == 7
    assert line["ms"] >= 0
    assert inner["request_id"] == line["request_id"]
    assert "secret" not in "".join(json_lines())


def test_the_id_of_a_request_is_in_its_answer_beside_the_other_headers(json_lines):
    sent = answer(greet)
    assert id_of(sent) == json.loads(json_lines()[-1])["request_id"]
    assert (b"a", b"b") in sent[0]["headers"]


def test_two_requests_have_two_ids():
    assert id_of(answer(greet)) != id_of(answer(greet))


@pytest.mark.parametrize(
    ("proxy", "client", "given", "believed"),
    [
        ("", ("127.0.0.1", 40000), "from-proxy-1", False),
        ("10.0.0.0/8", ("10.1.2.3", 40000), "from-proxy-1", True),
        # What uvicorn leaves of a client that a proxy told it about.
        ("10.0.0.0/8", ("203.0.113.9", 0), "from-proxy-1", True),
        ("10.0.0.0/8", ("203.0.113.9", 40000), "from-proxy-1", False),
        ("10.0.0.0/8", ("10.1.2.3", 40000), "short", False),
        ("10.0.0.0/8", ("10.1.2.3", 40000), "x" * 65, False),
        ("10.0.0.0/8", ("10.1.2.3", 40000), 'forged","level":"error', False),
        ("10.0.0.0/8", None, "from-proxy-1", False),
    ],
)
def test_an_id_is_taken_from_a_trusted_proxy_only(settings, proxy, client, given, believed):
    settings.ATOM_TRUSTED_PROXY = proxy
    sent = answer(greet, client=client, headers=[("x-request-id", given)])
    assert (id_of(sent) == given) == believed


@pytest.mark.parametrize("path", ["/healthz", "/readyz/", "/metrics"])
def test_the_questions_of_machines_do_not_bury_the_others(json_lines, path):
    answer(greet, path)
    assert not any("request" in json.loads(line)["message"] for line in json_lines())


def test_a_request_that_breaks_is_a_line_too(json_lines):
    async def breaks(scope, receive, send):
        raise RuntimeError

    with pytest.raises(RuntimeError):
        answer(breaks)
    assert json.loads(json_lines()[-1])["status"] == 0


def test_an_upload_leads_to_the_lines_of_the_worker(json_lines, upload):
    with logs.about(request_id="from-upload"):
        document = upload(text="The quay wall is safe.")
    assert Document.objects.get().request_id == "from-upload"
    Worker(slots=1, engine=OneCall()).work_once()
    [line] = [json.loads(line) for line in json_lines() if "is completed" in line]
    assert line["request_id"] == "from-upload"
    assert line["document"] == str(document.pk)
    assert line["attempt"] == 1


def story(json_lines, request_id):
    """What the lines of a request say of its document, without the document's id."""
    found = [json.loads(line) for line in json_lines()]
    found = [line for line in found if line.get("request_id") == request_id]
    return [
        (" ".join(word for word in line["message"].split() if len(word) < 36), line)
        for line in found
        if line["message"] != "request"
    ]


def test_the_id_of_a_request_tells_the_whole_story_of_its_document(json_lines, upload):
    with logs.about(request_id="from-upload"):
        document = upload(text="Ann must check the crane.")
    Worker(slots=1, engine=OneCall()).work_once()
    told = story(json_lines, "from-upload")
    call = ModelCall.objects.get().pk
    assert [words for words, _ in told] == [
        "Document is queued",
        "Document is claimed",
        "Document is extracted",
        f"Model call {call} is answered",
        "Document is completed",
    ]
    assert {line["document"] for _, line in told} == {str(document.pk)}
    extracted, answered, completed = (line for _, line in told[2:])
    assert extracted["pages"] == 1
    assert answered["input_tokens"] >= 0
    assert answered["output_tokens"] >= 0
    assert min(line["seconds"] for line in (extracted, answered, completed)) >= 0


def test_a_retry_leads_to_its_own_request_and_from_there_to_the_upload(json_lines, upload):
    with logs.about(request_id="from-upload"):
        document = upload()
    queue.cancel(document)
    with logs.about(request_id="from-retry"):
        queue.requeue(document)
    Worker(slots=1, engine=OneCall()).work_once()
    told = story(json_lines, "from-retry")
    assert told[0][0] == "Document is queued again"
    assert told[0][1]["queued_before_by"] == "from-upload"
    assert told[-1][0] == "Document is completed"


def test_a_lost_lease_is_told_by_whoever_lost_it_and_by_whoever_found_it(json_lines, upload):
    with logs.about(request_id="from-upload"):
        document = upload()
    leases = LeaseKeeper("slow", account="", slots=1, on_lost=lambda: None)
    with leases.hold(queue.claim_next("slow")):
        Document.objects.update(lease_expires_at=timezone.now() - timedelta(seconds=1))
        assert queue.recover_expired() == 1
        leases.keep_once()
    _, *told = [words for words, _ in story(json_lines, "from-upload")]
    assert told == [
        "The lease of document expired; it is pending",
        "The lease of document is lost",
    ]
    document.refresh_from_db()
    assert document.lease_expirations == 1


def test_no_line_holds_text_names_of_files_passwords_or_tokens(lines, alice, text_file):
    client = Client()
    given = {"username": "alice", "password": PASSWORD}
    pair = client.post("/auth/login", given, "application/json").json()
    bearer = {"authorization": f"Bearer {pair['access']}"}
    client.post("/upload", {"files": text_file("diary.txt", QUOTED)}, headers=bearer)
    client.post("/upload", {"files": text_file("diary.exe", "Maria")}, headers=bearer)
    client.post("/auth/login", {**given, "password": "wrong-secret-1"}, "application/json")
    client.get("/documents?search=Maria", headers={"authorization": "Bearer forged.token.here"})
    Worker(slots=1, engine=OneCall()).work_once()

    class Broken(OneCall):
        def analyze(self, *_, **__):
            raise RuntimeError(QUOTED)

    client.post("/upload", {"files": text_file("diary.txt", "Maria again.")}, headers=bearer)
    Worker(slots=1, engine=Broken()).work_once()
    said = "\n".join(lines())
    assert "is completed" in said
    assert "failed, reference" in said
    assert "in analyze" in said
    secret = ["owes me", "again.", "diary", PASSWORD, "wrong-secret-1", "forged.token"]
    secret += [pair["access"], pair["refresh"]]
    assert [word for word in secret if word in said] == []


def test_the_web_servers_own_lines_take_the_same_way():
    configured = logs.configuration("json")["loggers"]
    for name in ("uvicorn", "uvicorn.error"):
        assert configured[name] == {"handlers": [], "propagate": True}
    # That one writes queries, and every request has a line already.
    assert configured["uvicorn.access"]["propagate"] is False


def test_who_asked_is_known_by_session_by_token_and_not_at_all(alice):
    def asked(path, **headers):
        request = async_to_sync(client.get)(path, headers=headers).asgi_request
        return request.scope.get("atom_user")

    client = AsyncClient()
    assert asked("/healthz") is None
    assert asked("/documents") is None
    bearer = f"Bearer {tokens.log_in(alice).access}"
    assert asked("/documents", authorization=bearer) == alice.pk
    async_to_sync(client.aforce_login)(alice)
    assert asked("/documents") == alice.pk
    assert asked("/") == alice.pk
