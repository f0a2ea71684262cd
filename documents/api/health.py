"""Health checks for supervisors and load balancers: is it there, can it do its work?"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from documents import queue, storage
from documents.api import describe
from documents.api.access import BrowsableView


class HealthView(BrowsableView):
    """The process answers."""

    # Nothing is looked up, no login either: a restart of this process brings back no database.
    authentication_classes = []
    permission_classes = [AllowAny]
    throttle_classes = []

    @describe.health
    def get(self, request: Request) -> Response:
        return _uncached({"status": "ok"}, 200)


class ReadinessView(BrowsableView):
    """Whether uploads can be taken and will be worked on. Details are for staff."""

    permission_classes = [AllowAny]
    throttle_classes = []

    def perform_authentication(self, request: Request) -> None:
        """Later, if at all: asking who it is needs the database that may be away."""

    @describe.readiness
    def get(self, request: Request) -> Response:
        checks = {"database": database_answers(), "disk": has_room()}
        # Only where the database answers: each further question would wait for its timeout.
        checks["migrations"] = checks["database"] and is_migrated()
        checks["worker"] = checks["database"] and queue.worker_available()
        ready = all(checks.values())
        body: dict[str, Any] = {"status": "ready" if ready else "not_ready"}
        if checks["database"] and getattr(request.user, "is_staff", False):
            body["checks"] = {name: "ok" if good else "failed" for name, good in checks.items()}
        return _uncached(body, 200 if ready else 503)


def _uncached(body: dict[str, Any], status: int) -> Response:
    return Response(body, status=status, headers={"Cache-Control": "no-store, private"})


def database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def is_migrated() -> bool:
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def has_room() -> bool:
    """Whether one upload of the largest size can be stored."""
    return storage.free_bytes() >= settings.MAX_UPLOAD_BODY
