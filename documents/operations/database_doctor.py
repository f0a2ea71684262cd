"""Health checks of the database itself: is it there, whole, one's own, and does it take changes?"""

from __future__ import annotations

from pathlib import Path

import psycopg
from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection

from atom_project import paths
from atom_project.exception_table import problem_of
from atom_project.problem_codes import ProblemCode
from documents import wakeup
from documents.models import WorkerHeartbeat
from documents.operations import postgresql_programs as programs
from documents.operations import readiness
from documents.operations.checks import CheckResult, broken, good, warning

# Beside those of its threads: streams, probes, questions, exports, the relay and its notifications.
OF_WEB_PROCESS = 12
OF_WORKER = 3  # beside one for each slot: leases, webhooks, notifications
RESTORE = f"Stop everything and restore a backup ({paths.command('restore --force')})."


def examine_file() -> CheckResult:
    """Whether there is a whole database file; asked before anything is read."""
    path = Path(connection.settings_dict["NAME"])
    if path.exists():
        return examine_soundness(quick_check())
    # Not opened: SQLite would make an empty one.
    return broken(
        f"There is no database at {path}.",
        "Check DATABASE_URL and ATOM_DATA_DIR; for a new installation, run "
        f"{paths.command('migrate')}.",
    )


def quick_check() -> str:
    """What SQLite says about its file; `ok` if it is sound."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA quick_check(1)")
            return str(cursor.fetchone()[0])
    except DatabaseError as error:
        return str(error)


def examine_soundness(verdict: str) -> CheckResult:
    if verdict != "ok":
        said = " ".join(verdict.split())
        return broken(f"The database is damaged: {said}.", RESTORE)
    return good("The database is sound.")


def examine_writing() -> CheckResult:
    """Needs a database that is up to date."""
    try:
        readiness.write_row()
    except (DatabaseError, InterfaceError) as error:
        code = problem_of(error, where="doctor").code
        return broken(f"The database takes no changes: {_said(error)}", _REMEDIES.get(code, _ELSE))
    return good("The database takes changes.")


_REMEDIES: dict[str, str] = {
    ProblemCode.DATABASE_READ_ONLY: (
        "Promote the standby, or let the user who runs ATOM change the database."
    ),
    ProblemCode.DATABASE_DAMAGED: RESTORE,
    ProblemCode.STORAGE_FULL: "Free some space on the disk of the database.",
}
_ELSE = "Look at the log of the database server."


def examine_programs() -> CheckResult:
    """Whether backups can be made here: PostgreSQL's `pg_dump` refuses newer servers."""
    server = connection.pg_version // 10_000  # type: ignore[attr-defined]
    try:
        here = programs.major_version("pg_dump")
    except programs.ProgramFailed as reason:
        return warning(f"No backup can be made here: {reason}", "Install them where backups run.")
    if here < server:
        return broken(
            f"No backup can be made here: pg_dump is {here}, and the server is {server}.",
            f"Install the client programs of PostgreSQL {server} or newer.",
        )
    return good(f"pg_dump {here} can save the database, which is PostgreSQL {server}.")


def examine_notifications() -> CheckResult:
    try:
        arrive = wakeup.notifications_arrive()
    except psycopg.OperationalError as error:
        return broken(
            f"Nobody can listen for notifications: {_said(error)}", "Check ATOM_LISTEN_URL."
        )
    if not arrive:
        return warning(
            "Notifications of the database do not arrive, as behind a pooler in transaction mode; "
            f"workers and streams look every {wakeup.DEAF_POLL} s instead.",
            "Set ATOM_LISTEN_URL to the address of PostgreSQL itself.",
        )
    return good("Notifications of the database arrive.")


def examine_connections() -> CheckResult:
    """Whether there are as many as the web server of this host and all workers may take."""
    there = most_connections()
    threads = settings.ATOM_WEB_THREADS
    web = settings.ATOM_WEB_PROCESSES * (threads + max(2, threads // 2) + OF_WEB_PROCESS)
    slots = WorkerHeartbeat.objects.alive().values_list("slots", flat=True)
    wanted = web + sum(each + OF_WORKER for each in slots)
    if wanted > there:
        return warning(
            f"PostgreSQL takes {there} connections, and web server and workers may need {wanted}.",
            "Raise max_connections, or put a pooler before it; see docs/deployment.md.",
        )
    return good(f"Web server and workers may need {wanted} of {there} connections.")


def most_connections() -> int:
    """That PostgreSQL gives to others than its superusers."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('max_connections')::int"
            " - current_setting('superuser_reserved_connections')::int"
        )
        return int(cursor.fetchone()[0])


def _said(error: Exception) -> str:
    return " ".join(str(error).split())
