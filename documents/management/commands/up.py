"""Run the web server and a worker together, until Ctrl-C."""

from __future__ import annotations

import argparse
import logging
import socket
import sys
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core import checks
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import DatabaseError, InterfaceError, connections

from accounts import demo
from atom_project import database_file, liveness, presence, serving
from atom_project.code_watch import CodeWatch
from atom_project.persistent_connections import reconnecting
from atom_project.supervisor import Child, Supervisor
from documents.operations import housekeeping, migrations, start_check
from documents.operations.standing import DataCommand

logger = logging.getLogger(__name__)


class Command(DataCommand):
    help = "Run the web server and a worker together, until Ctrl-C."
    requires_system_checks = ()  # `_refuse_wrong_settings` does, and tells warnings as notes.

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--no-worker", action="store_true", help="run the web server only")
        parser.add_argument(
            "--prepare",
            action="store_true",
            help="first bring the database up to date and make the first user, as "
            "`migrate` and `demo` do",
        )

    def tell(self, sentence: str) -> None:
        self._say(sentence)  # Among all that it tells people.

    def handle(self, *, no_worker: bool, prepare: bool, **options: Any) -> None:
        _refuse_wrong_settings()
        presence.hold()  # Also while a child that ended starts again.
        try:
            self._ready_the_database(prepare=prepare)
        except (DatabaseError, InterfaceError) as error:
            why = " ".join(str(error).split())
            raise CommandError(
                f"The database cannot be used: {why}. Check DATABASE_URL, and ATOM_DATA_DIR where "
                "it is a file."
            ) from error
        except start_check.StartRefused as reason:
            raise CommandError(str(reason)) from reason
        housekeeping.forgotten_uploads()  # Where no worker shares the folder.
        # Before the children start, which inherit it.
        serving.allow_many_connections()
        listener = _listen()
        port = listener.getsockname()[1]
        children = [_web_server(listener)]
        if not no_worker:
            signs = liveness.signs_of_life(settings.LEASE.total_seconds())
            children.append(Child("worker", serving.worker_command(), liveness=signs))
        Supervisor(
            children,
            is_ready=lambda: serving.answers(port),
            announce=lambda: self._announce(port, no_worker=no_worker),
            say=self._say,
            has_changed=_code().has_changed if settings.DEBUG else None,
            must_restart=_why_to_restart,
        ).run()
        self._say("Stopped.")

    def _ready_the_database(self, *, prepare: bool) -> None:
        # Before anything is written: it may be the wrong database, or an empty one by mistake.
        start_check.refuse_newer_database()
        start_check.refuse_empty_database()
        if prepare:
            call_command("migrate", verbosity=0)
            call_command("demo", stdout=self.stdout, verbosity=0)
        if migrations.unapplied():
            raise CommandError("The database is not up to date. Run `python manage.py migrate`.")
        start_check.require_fit()
        self._refuse_the_demo_password()

    def _refuse_the_demo_password(self) -> None:
        if not demo.is_allowed() and demo.stands():
            raise CommandError(
                f"Others could sign in as {demo.USERNAME} with the password everybody knows. "
                f"Change it with `python manage.py changepassword {demo.USERNAME}`, or set "
                "ATOM_DEMO=1 if this installation is a throw-away."
            )

    def _announce(self, port: int, *, no_worker: bool) -> None:
        if port != settings.ATOM_PORT:
            self._say(f"Port {settings.ATOM_PORT} is taken, so this is port {port}.")
        self._say(f"ATOM is ready at {serving.address(port)}")
        if settings.ATOM_PUBLIC_URL:
            self._say(f"Its public address is {settings.ATOM_PUBLIC_URL}")
        if self._demo_stands():
            self._say(f"Sign in as {demo.USERNAME} with the password {demo.PASSWORD}.")
        self._say(_engine_in_use())
        if no_worker:
            self._say(
                "No worker runs: documents will wait until you start one with "
                "`python manage.py worker`."
            )
        if settings.DEBUG:
            self._say("ATOM_DEBUG is on: changed code starts at once, accidents are shown in full.")
        for note in settings.SETTING_NOTES:
            self._say(f"Note: {note}")
        self._say("Press Ctrl-C to stop.")

    def _demo_stands(self) -> bool:
        """Announcements never end the supervisor: the database may go away at any moment."""
        try:
            return reconnecting(demo.stands)
        except (DatabaseError, InterfaceError) as error:
            why = str(error).split("\n")[0]
            logger.warning("The database did not answer while this was said: %s", why)
            return False
        finally:
            # Not asked again: the supervisor may sleep for months.
            connections.close_all()

    def _say(self, sentence: str) -> None:
        self.stdout.write(sentence)
        self.stdout.flush()


def _why_to_restart() -> str:
    """A restored SQLite file: processes that have opened the former would write into nothing."""
    if not database_file.was_replaced():
        return ""
    database_file.accept()
    return "The database file was replaced"


def _listen() -> socket.socket:
    # Behind a proxy, or with nobody to read the address, another port is no help.
    may_move = _is_at_a_terminal() and not settings.ATOM_PUBLIC_URL
    try:
        return serving.listen(settings.ATOM_HOST, settings.ATOM_PORT, may_move=may_move)
    except serving.CannotListen as reason:
        raise CommandError(str(reason)) from reason


def _web_server(listener: socket.socket) -> Child:
    limit = settings.ATOM_HEALTH_TIMEOUT
    connect = partial(serving.connect, listener.getsockname()[1])
    return Child(
        "web server",
        serving.web_command(listener),
        [listener.fileno()],
        liveness.HealthProbe(connect, limit) if limit else None,
    )


def _refuse_wrong_settings() -> None:
    errors = [message for message in checks.run_checks() if message.is_serious()]
    if errors:
        raise CommandError("\n".join(f"{error.msg} {error.hint or ''}" for error in errors))


def _is_at_a_terminal() -> bool:
    return sys.stdin is not None and sys.stdin.isatty()


def _code() -> CodeWatch:
    rooms = ("accounts", "atom_project", "documents", "templates")
    return CodeWatch(settings.BASE_DIR / room for room in rooms)


def _engine_in_use() -> str:
    if settings.ANALYSIS_ENGINE == "offline":
        why = "ATOM_ENGINE is offline" if settings.ATOM_ENGINE == "offline" else "No OPENAI_API_KEY"
        return f"{why}: using the built-in engine; no text leaves this machine."
    host = urlsplit(settings.OPENAI_BASE_URL).netloc or "api.openai.com"
    return f"Documents are analyzed by the model {settings.ATOM_MODEL} at {host}."
