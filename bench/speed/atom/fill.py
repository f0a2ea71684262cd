"""Fills the database of one checkout: `fill.py DOCUMENTS WAITING`, the rest completed.

One text goes through the whole pipeline, another one waits; all others are copies of their rows,
pages, analyses, events and search entries, made by the database itself, a minute apart. Prints a
token, a session of the admin, and ids to ask for.
"""

from __future__ import annotations

import json
import os
import sys
from datetime import timedelta
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "atom_project.settings")
django.setup()

from django.apps import apps  # noqa: E402
from django.core.files.uploadedfile import SimpleUploadedFile  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection, models, transaction  # noqa: E402
from django.db.models import F  # noqa: E402
from django.test import Client  # noqa: E402

from accounts import tokens  # noqa: E402
from accounts.models import User  # noqa: E402
from documents.models import Document, Status, StatusEvent  # noqa: E402
from documents.originals import ownership  # noqa: E402
from documents.uploads import intake  # noqa: E402
from documents.worker import Worker  # noqa: E402

SPACING = {Status.COMPLETED: 60, Status.PENDING: 1}  # seconds between two documents
AGE = timedelta(minutes=10)  # of the youngest that is completed: those that wait come first
TEXT = "The quay wall is safe. Maria Lopez must send the survey to the insurer by 20 March 2027. "
IS_SQLITE = connection.vendor == "sqlite"
NUMBERS = """
    WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {count})
"""


def uploaded(owner: User, name: str, times: int) -> Document:
    file = SimpleUploadedFile(name, f"{name}. {TEXT * times}".encode())
    return intake.receive(owner, [file]).documents[0]


def copied(template: Document, count: int, first: int) -> None:
    """So many copies of a document and of every row that belongs to it, oldest first."""
    template.refresh_from_db()
    analysis = template.analyses.first()
    parents = [("document_id", template.pk)] + ([("analysis_id", analysis.pk)] if analysis else [])
    spacing = SPACING[Status(template.status)]
    ages = f"({count} - n) * {spacing}"  # seconds
    _copy(Document, "id", template.pk, count, first, ages)
    for column, pk in parents:
        for model in apps.get_app_config("documents").get_models():
            columns = {field.column for field in model._meta.concrete_fields}
            # What has its rows by an analysis is copied with that.
            if column in columns:
                _copy(model, column, pk, count, first, ages)


def _copy(
    model: type[models.Model], column: str, pk: Any, count: int, first: int, ages: str
) -> None:
    if count <= 0:
        return
    table = connection.ops.quote_name(model._meta.db_table)
    made = _expressions(model, first, ages)
    names = ", ".join(connection.ops.quote_name(name) for name in made)
    given = pk.hex if IS_SQLITE and hasattr(pk, "hex") else pk
    statement = (
        f"INSERT INTO {table} ({names}) {NUMBERS.format(count=count)} "  # noqa: S608
        f"SELECT {', '.join(made.values())} FROM {table} t, numbers WHERE t.{column} = %s "
        f"ORDER BY n, t.{connection.ops.quote_name(model._meta.pk.column)}"
    )
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, [given])


def _expressions(model: type[models.Model], first: int, ages: str) -> dict[str, str]:
    """SQL of each column of a copy; what is not named here is taken over."""
    made = {}
    for field in model._meta.concrete_fields:
        if getattr(field, "generated", False):
            continue
        if field.primary_key and field.get_internal_type() in ("BigAutoField", "AutoField"):
            if model._meta.model_name == "analysis":
                made[field.column] = f"{first} + n"
            continue
        made[field.column] = _expression(model, field, first, ages)
    return made


def _expression(model: Any, field: Any, first: int, ages: str) -> str:
    is_own_key = model is Document and field.primary_key
    if is_own_key or field.column == "document_id":
        return _uuid(first)
    if field.column == "analysis_id":
        return f"{first} + n"
    if field.column == "queue_number":
        return f"{first} + n"
    if isinstance(field, models.DateTimeField):
        name = f"t.{field.column}"
        if IS_SQLITE:
            return f"strftime('%%Y-%%m-%%d %%H:%%M:%%f', {name}, '-' || ({ages}) || ' seconds')"
        return f"{name} - ({ages}) * interval '1 second'"
    return f"t.{connection.ops.quote_name(field.column)}"


def _uuid(first: int) -> str:
    """Different for each n, and as scattered as those of uploads."""
    scattered = "(n * 2654435761) %% 4294967296"
    if IS_SQLITE:
        return f"printf('%%08x%%024x', {scattered}, {first} + n)"
    return f"(lpad(to_hex({scattered}), 8, '0') || lpad(to_hex({first} + n), 24, '0'))::uuid"


def looked_after() -> None:
    """As the housekeeping of either database does before long; and keys count on from here."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE" if IS_SQLITE else "VACUUM ANALYZE")
        if not IS_SQLITE:
            table = "documents_analysis"
            cursor.execute(
                f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}"  # noqa: S608
            )


def main(documents: int, waiting: int) -> None:
    call_command("migrate", verbosity=0)
    ownership.require_stamp()
    owner = User.objects.create_superuser("bench", password="correct horse battery")  # noqa: S106
    done = uploaded(owner, "minutes.txt", 20)
    Worker(slots=1).drain()
    older = {name: F(name) - AGE for name in ("created_at", "queued_at", "finished_at")}
    Document.objects.filter(pk=done.pk).update(**older)
    copied(done, documents - waiting - 1, 1_000)
    last = uploaded(owner, "waits.txt", 1)
    copied(last, waiting - 1, 10_000_000)
    looked_after()
    client = Client()
    client.force_login(owner)
    finished = Document.objects.filter(status=Status.COMPLETED).order_by("-created_at").first()
    waits = Document.objects.pending().order_by("-queue_number").first()
    print(
        json.dumps(
            {
                "token": tokens.log_in(owner).access,
                "session": client.cookies["sessionid"].value,
                "waiting": str(waits.pk if waits else last.pk),
                "finished": str(finished.pk if finished else done.pk),
                "event": StatusEvent.objects.order_by("-pk").values_list("pk", flat=True)[0],
                "documents": Document.objects.count(),
            }
        ),
        flush=True,
    )
    os._exit(0)  # Not waiting for threads that keep house.


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
