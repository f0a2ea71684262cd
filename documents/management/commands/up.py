"""Run the web server and a worker together, until Ctrl-C."""

from __future__ import annotations

import argparse
import logging
import socket
import sys
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core import checks
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import DatabaseError, InterfaceError, OperationalError, connections

from accounts import demo
from accounts.checks import SETTINGS
from atom_project import database_file, paths, presence, running, serving, supervise
from atom_project.persistent_connections import reconnecting
from atom_project.supervise import Plan
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
            action=argparse.BooleanOptionalAction,
            # Whoever installed a package has typed one command, and it is this one.
            default=not paths.IS_CHECKOUT,
            help="first bring the database up to date and make the first user, as "
            "`migrate` and `demo` do",
        )

    def tell(self, sentence: str) -> None:
        self._say(sentence)  # Among all that it tells people.

    def handle(self, *, no_worker: bool, prepare: bool, **options: Any) -> None:
        _refuse_wrong_settings()
        try:
            place = running.claim(no_worker=no_worker)
        except running.Running as other:
            # No failure: whoever types it twice wants to know where it is.
            self._say(_already_there(other.address))
            return
        presence.hold()  # Also while a child that ended starts again.
        self._make_ready(prepare=prepare)
        self._run(place, no_worker=no_worker)

    def _make_ready(self, *, prepare: bool) -> None:
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

    def _run(self, place: running.Place, *, no_worker: bool) -> None:
        # What is done from here on outlives this process: it becomes the supervisor.
        serving.allow_many_connections()
        listener = _listen()
        port = listener.getsockname()[1]
        place.outlive()
        presence.outlive()
        plan = Plan(
            web_command=serving.web_command(listener),
            web_processes=settings.ATOM_WEB_PROCESSES,
            worker_command=[] if no_worker else serving.worker_command(),
            listener=listener.fileno(),
            host=serving.own_address(),
            port=port,
            address=serving.address(port),
            announcement=list(self._announcement(port, no_worker=no_worker)),
            health_timeout=settings.ATOM_HEALTH_TIMEOUT,
            lease=settings.LEASE.total_seconds(),
            place=place.descriptor,
            database=database_file.path_in_use(),
            code=_code() if settings.DEBUG else [],
        )
        connections.close_all()
        supervise.become(plan, paths.CODE)

    def _ready_the_database(self, *, prepare: bool) -> None:
        # Before anything is written: it may be the wrong database, or an empty one by mistake.
        start_check.refuse_newer_database()
        start_check.refuse_empty_database()
        if prepare:
            if _is_behind():
                call_command("migrate", verbosity=0)
            call_command("demo", stdout=self.stdout, verbosity=0)
        if migrations.unapplied():
            raise CommandError(f"The database is not up to date. Run {paths.command('migrate')}.")
        start_check.require_fit()
        self._refuse_the_demo_password()

    def _refuse_the_demo_password(self) -> None:
        if not demo.is_allowed() and demo.stands():
            raise CommandError(
                f"Others could sign in as {demo.USERNAME} with the password everybody knows. "
                f"Change it with {paths.command(f'changepassword {demo.USERNAME}')}, or set "
                "ATOM_DEMO=1 if this installation is a throw-away."
            )

    def _announcement(self, port: int, *, no_worker: bool) -> Iterator[str]:
        """What is said once the web server answers."""
        if port != settings.ATOM_PORT:
            yield f"Port {settings.ATOM_PORT} is taken, so this is port {port}."
        yield f"ATOM is ready at {serving.address(port)}"
        if settings.ATOM_PUBLIC_URL:
            yield f"Its public address is {settings.ATOM_PUBLIC_URL}"
        if self._demo_stands():
            yield f"Sign in as {demo.USERNAME} with the password {demo.PASSWORD}."
        yield _engine_in_use()
        if no_worker:
            yield (
                "No worker runs: documents will wait until you start one with "
                f"{paths.command('worker')}."
            )
        if settings.DEBUG:
            yield "ATOM_DEBUG is on: changed code starts at once, accidents are shown in full."
        yield from (f"Note: {note}" for note in settings.SETTING_NOTES)
        yield "Press Ctrl-C to stop."

    def _demo_stands(self) -> bool:
        """Announcements never stop a start: the database may go away at any moment."""
        try:
            return reconnecting(demo.stands)
        except (DatabaseError, InterfaceError) as error:
            why = str(error).split("\n")[0]
            logger.warning("The database did not answer while this was said: %s", why)
            return False

    def _say(self, sentence: str) -> None:
        self.stdout.write(sentence)
        self.stdout.flush()


def _is_behind() -> bool:
    """Whether `migrate` has something to do: to look is quicker than to let it find nothing."""
    try:
        return bool(migrations.unapplied())
    except OperationalError:
        return True  # There is no file yet; of a server that is away `migrate` says so.


def _already_there(address: str) -> str:
    return f"Already running at {address}" if address else "Already starting in this folder."


def _listen() -> socket.socket:
    # Behind a proxy, or with nobody to read the address, another port is no help.
    may_move = _is_at_a_terminal() and not settings.ATOM_PUBLIC_URL
    try:
        return serving.listen(settings.ATOM_HOST, settings.ATOM_PORT, may_move=may_move)
    except serving.CannotListen as reason:
        raise CommandError(str(reason)) from reason


def _refuse_wrong_settings() -> None:
    # Not those of models and addresses: they load the whole API, which only web processes need.
    found = checks.run_checks(tags=[SETTINGS])
    errors = [message for message in found if message.is_serious()]
    if errors:
        raise CommandError("\n".join(f"{error.msg} {error.hint or ''}" for error in errors))


def _is_at_a_terminal() -> bool:
    return sys.stdin is not None and sys.stdin.isatty()


def _code() -> list[str]:
    # With other static files they have another version, and browsers take them afresh.
    rooms = ("accounts", "atom_project", "documents", "templates", "static")
    return [str(settings.BASE_DIR / room) for room in rooms]


def _engine_in_use() -> str:
    if settings.ANALYSIS_ENGINE == "offline":
        why = "ATOM_ENGINE is offline" if settings.ATOM_ENGINE == "offline" else "No OPENAI_API_KEY"
        return f"{why}: using the built-in engine; no text leaves this machine."
    host = urlsplit(settings.OPENAI_BASE_URL).netloc or "api.openai.com"
    return f"Documents are analyzed by the model {settings.ATOM_MODEL} at {host}."
