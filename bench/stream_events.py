"""The events that `bench/stream.py` waits for, written by a process of its own."""

from __future__ import annotations

import os
import socket
import sys
import time
from typing import Any


def prepare(people: int) -> None:
    """Users with a document each; prints number, token and document of each user."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from accounts import tokens
    from accounts.models import User
    from documents.models import Document, Status

    completed = "BENCH_COMPLETED" in os.environ

    call_command("migrate", verbosity=0)
    User.objects.bulk_create(User(username=f"bench{number}") for number in range(people))
    for number, user in enumerate(User.objects.order_by("pk"), start=1):
        document = Document.objects.create(
            owner=user,
            filename=f"{number} of a usual length.pdf",
            content_type="application/pdf",
            size=1,
            file="none",
            queue_number=number,
            status=Status.COMPLETED if completed else Status.PENDING,
        )
        if completed:
            analyzed(document)
        print(user.pk, tokens.log_in(user).access, document.pk, flush=True)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # As PostgreSQL does by itself within minutes.


def analyzed(document: Any) -> None:
    """What a short letter leaves: a few claims with their quotes, three things to do."""
    from documents.models import Analysis

    quote = "The quay wall is to be surveyed before the winter, and the insurer is to hear of it."
    evidence = [{"page": 1, "start": 0, "end": len(quote), "quote": quote, "match": "verbatim"}]
    tasks = [
        {"task": f"Send part {n} of the survey", "assignee": "Maria Lopez", "evidence": evidence}
        for n in range(3)
    ]
    points = [{"text": f"Point {n} of the letter.", "evidence": evidence} for n in range(6)]
    analysis = Analysis.objects.create(
        document=document,
        engine="offline",
        prompt_version="bench",
        summary=quote,
        coverage={"pages_total": 1, "pages_read": 1, "not_read": []},
        result={
            "summary": quote,
            "topics": ["quay wall"],
            "sentiment": "neutral",
            "findings": {"key_points": points, "actionable_items": tasks},
        },
    )
    for position, task in enumerate(tasks, start=1):
        analysis.action_items.create(position=position, task=task["task"])


def write(design: str, count: int, rate: float, people: int) -> None:
    """Commit events for these people in turn; prints the number and the moment of each commit."""
    commit = commit_to_bare() if design == "bare" else commit_to_database()
    begin = time.monotonic()
    for sequence in range(count):
        time.sleep(max(0.0, begin + sequence / rate - time.monotonic()))
        print(sequence, commit(sequence, 1 + sequence * 7919 % people), flush=True)


def commit_to_bare() -> Any:
    door = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)

    def commit(sequence: int, user: int) -> float:
        said = f'{{"event": "status", "reason": "{sequence}", "filename": "{"x" * 150}"}}'
        moment = time.monotonic()
        frame = f"{user} event: status\nid: {sequence}\ndata: {said}\n\n"
        door.sendto(frame.encode(), os.environ["BENCH_DOOR"])
        return moment

    return commit


def commit_to_database() -> Any:
    import django

    django.setup()
    from django.db import transaction

    from documents import events
    from documents.models import Document

    documents = {document.owner_id: document for document in Document.objects.all()}

    def commit(sequence: int, user: int) -> float:
        moments: list[float] = []
        with transaction.atomic():
            # Before the notification, which follows the commit as well.
            transaction.on_commit(lambda: moments.append(time.monotonic()))
            events.record(documents[user], reason=str(sequence))
        return moments[0]

    return commit


def main() -> None:
    match sys.argv[1:]:
        case ["prepare", people]:
            prepare(int(people))
        case ["write", design, count, rate, people]:
            write(design, int(count), float(rate), int(people))


if __name__ == "__main__":
    main()
