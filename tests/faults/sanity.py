"""What must hold of database and stored files after anything that can happen.

`violations()` looks from inside Django, at whatever database and media the settings name.
As a program it prints them for an installation of its own, and ends with 1 if there are any.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

import django

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "atom_project.settings")
    django.setup()

import itertools

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import DatabaseError, connection, transaction

from documents import removal, storage
from documents.events import NEXT_STATUSES
from documents.models import Analysis, Document, ModelCall, Status, StatusEvent, clock
from documents.originals import quarantine
from documents.pipeline import ledger

PATIENCE = timedelta(minutes=5)  # until housekeeping must have looked


def assert_sane(
    acknowledged: Mapping[str, str] | None = None,
    *,
    settled: bool = False,
    temp: Path | None = None,
    clocks_agree: bool = True,
) -> None:
    """`acknowledged`: sha256 by id of every document somebody was told is safe, and not deleted.

    `settled`: all work was given the time to end. `temp`: where no temporary file may be left.
    """
    found = violations(acknowledged, settled=settled, temp=temp, clocks_agree=clocks_agree)
    assert not found, "\n".join(found)


def violations(
    acknowledged: Mapping[str, str] | None = None,
    *,
    settled: bool = False,
    temp: Path | None = None,
    clocks_agree: bool = True,
) -> list[str]:
    # As if an hour had passed: nobody uploads while we look. Kills may have left many.
    removal.finish_removals()
    quarantine.adopt()
    if settled:
        with patch.object(settings, "ATOM_MODEL_DEADLINE", -settings.LEASE.total_seconds()):
            ledger.close_overdue()
    documents = {document.pk: document for document in Document.objects.all()}
    histories = _histories()
    return [
        *_unkept_promises(acknowledged or {}, documents),
        *_files_unlike_rows(documents),
        *_stuck(documents, settled, clocks_agree),
        *_wrong_histories(documents, histories),
        *_overtaken(histories),
        *_wrong_analyses(documents, histories),
        *_open_calls(settled),
        *_database_damage(),
        *_leftovers(temp),
    ]


def _histories() -> dict[Any, list[StatusEvent]]:
    """All events by document, oldest first."""
    histories = defaultdict(list)
    for event in StatusEvent.objects.oldest_first():
        histories[event.document_id].append(event)
    return histories


def _unkept_promises(acknowledged: Mapping[str, str], documents: dict[Any, Any]) -> Iterator[str]:
    known = {str(pk): document for pk, document in documents.items()}
    for pk, sha256 in acknowledged.items():
        if pk not in known:
            yield f"document {pk} was acknowledged and is gone"
        elif known[pk].sha256 != sha256:
            yield f"document {pk} has another sha256 than what was sent"


def _files_unlike_rows(documents: dict[Any, Any]) -> Iterator[str]:
    for pk, document in documents.items():
        try:
            content = document.file.open("rb").read()
        except OSError as error:
            yield f"document {pk} has no file: {error}"
            continue
        finally:
            document.file.close()
        if hashlib.sha256(content).hexdigest() != document.sha256:
            yield f"document {pk} has other bytes than its sha256 says"
        if len(content) != document.size:
            yield f"document {pk} has {len(content)} bytes, its row says {document.size}"
    expected = {Path(default_storage.path(document.file.name)) for document in documents.values()}
    uploads = Path(default_storage.path(storage.UPLOADS))
    for path in uploads.rglob("*"):
        if path.is_file() and path not in expected:
            yield f"the file {path.relative_to(uploads)} belongs to no document"


def _stuck(documents: dict[Any, Any], settled: bool, clocks_agree: bool) -> Iterator[str]:
    for document in Document.objects.running():
        if settled:
            yield f"document {document.pk} is still {document.status}"
        if not document.claimed_by or not document.lease_expires_at:
            yield f"document {document.pk} is {document.status}, but nobody holds it"
    if settled:
        waiting = sum(document.is_queued for document in documents.values())
        if waiting:
            yield f"{waiting} documents still wait"
    elif clocks_agree:
        limit = clock.now() - settings.LEASE_RENEWAL
        for document in Document.objects.running().filter(lease_expires_at__lt=limit):
            yield f"document {document.pk} is past its lease and nobody took it back"


def _wrong_histories(
    documents: dict[Any, Any], histories: Mapping[Any, list[StatusEvent]]
) -> Iterator[str]:
    for pk, document in documents.items():
        moves = [event for event in histories[pk] if event.kind == StatusEvent.Kind.STATUS]
        if not moves or moves[0].status != Status.PENDING or moves[0].attempt:
            yield f"the history of {pk} does not begin with its upload"
            continue
        last = moves[-1]
        if (last.status, last.attempt) != (document.status, document.attempts):
            yield (
                f"the history of {pk} ends {last.status} at attempt {last.attempt}, "
                f"its row is {document.status} at {document.attempts}"
            )
        yield from _illegal_steps(pk, moves)
    yield from _events_of_nobody(documents, histories)


def _illegal_steps(pk: Any, moves: list[StatusEvent]) -> Iterator[str]:
    for before, after in itertools.pairwise(moves):
        step = f"{before.status} {before.attempt} -> {after.status} {after.attempt}"
        if after.status not in NEXT_STATUSES[before.status]:
            yield f"illegal step of {pk}: {step}"
        is_claim = after.status == Status.PROCESSING
        if (after.attempt <= before.attempt) if is_claim else (after.attempt != before.attempt):
            yield f"the attempts of {pk} do not count claims: {step}"


def _events_of_nobody(
    documents: dict[Any, Any], histories: Mapping[Any, list[StatusEvent]]
) -> Iterator[str]:
    for pk, history in histories.items():
        if pk in documents:
            if any(event.kind == StatusEvent.Kind.DELETED for event in history):
                yield f"document {pk} exists and is told to be deleted"
            if documents[pk].is_finished and history[-1].kind == StatusEvent.Kind.PROGRESS:
                yield f"document {pk} is finished and still tells progress"
        elif [event.kind for event in history] != [StatusEvent.Kind.DELETED]:
            yield f"{len(history)} events of {pk}, which is gone, instead of one tombstone"


def _overtaken(histories: Mapping[Any, list[StatusEvent]]) -> Iterator[str]:
    """First claims come in the order in which their documents joined the line."""
    claims = []
    for pk, history in histories.items():
        joined = 0
        for event in history:
            if event.status == Status.PENDING:
                joined = event.pk
            elif event.status == Status.PROCESSING:
                claims.append((event.pk, joined, pk))
                break
    newest = 0
    for _, joined, pk in sorted(claims):
        if joined < newest:
            yield f"document {pk} was overtaken by one that came later"
        newest = max(newest, joined)


def _wrong_analyses(
    documents: dict[Any, Any], histories: Mapping[Any, list[StatusEvent]]
) -> Iterator[str]:
    stored = Counter(Analysis.objects.values_list("document_id", flat=True))
    for pk, document in documents.items():
        finished = sum(event.status == Status.COMPLETED for event in histories[pk])
        if stored[pk] != finished:
            yield f"document {pk} was completed {finished} times and has {stored[pk]} analyses"
        numbers = set(document.pages.values_list("number", flat=True))
        if document.page_count is None and numbers:
            yield f"document {pk} has pages but no page count"
    if stored.keys() - documents.keys():
        yield "there are analyses of documents that are gone"
    open_calls = ModelCall.objects.filter(
        state=ModelCall.State.INTENDED, document__status=Status.COMPLETED
    )
    for call in open_calls:
        yield f"document {call.document_id} is completed with a call still open"


def _open_calls(settled: bool) -> Iterator[str]:
    """Nothing is told to be on its way that nobody waits for: it may have been billed."""
    longest = timedelta(seconds=settings.ATOM_MODEL_DEADLINE) + settings.LEASE
    open_calls = ModelCall.objects.filter(state=ModelCall.State.INTENDED)
    if not settled:
        open_calls = open_calls.filter(sent_at__lt=clock.now() - longest - PATIENCE)
    for call in open_calls:
        yield f"call {call.pk} of document {call.document_id} is still told to be on its way"


def _database_damage() -> Iterator[str]:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for (said,) in cursor.execute("PRAGMA integrity_check").fetchall():
                if said != "ok":
                    yield f"integrity_check: {said}"
        else:
            yield from _damaged_indexes(cursor)
    with transaction.atomic():
        connection.check_constraints()


def _damaged_indexes(cursor: Any) -> Iterator[str]:
    """With the extension amcheck, where the database has it."""
    cursor.execute("SELECT 1 FROM pg_extension WHERE extname = 'amcheck'")
    if not cursor.fetchone():
        return
    try:
        cursor.execute(BTREE_CHECK)
    except DatabaseError as error:
        yield f"amcheck: {error}"


BTREE_CHECK = (
    "SELECT bt_index_check(index.indexrelid, true) FROM pg_index index"
    " JOIN pg_class class ON class.oid = index.indexrelid"
    " JOIN pg_am am ON am.oid = class.relam"
    " WHERE am.amname = 'btree' AND class.relnamespace = 'public'::regnamespace"
)


def _leftovers(temp: Path | None) -> Iterator[str]:
    for path in temp.rglob("*") if temp else ():
        if path.is_file():
            yield f"a temporary file is left: {path.name}"


def answers_unbecoming(answers: Iterable[tuple[int, bytes]]) -> list[str]:
    """Answers of a server that no client should see, whatever happened to the server."""
    found = []
    for status, body in answers:
        if status >= 500 and status not in (503, 507):
            found.append(f"answered {status}: {body[:300]!r}")
        if b"Traceback (most" in body or b'File "' in body:
            found.append(f"a traceback went to a client with {status}")
    return found


def main() -> int:
    """Reads `acknowledged` as JSON from standard input; prints what is wrong, as JSON."""
    found = violations(json.load(sys.stdin), settled="--settled" in sys.argv)
    print(json.dumps(found))
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
