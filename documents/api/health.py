"""Health checks for supervisors and load balancers: is it there, can it do its work?"""

from __future__ import annotations

from typing import Any

from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.throttles import ProbeThrottle
from atom_project import database_file
from documents.api import describe_operation
from documents.operations import readiness


class HealthView(APIView):
    """The process answers."""

    # Nothing is looked up, no login either: a restart of this process brings back no database.
    # But a process that has opened another SQLite file than the one in its place has to go.
    authentication_classes = []
    permission_classes = [AllowAny]
    throttle_classes = []

    @describe_operation.health
    def get(self, request: Request) -> Response:
        if database_file.was_replaced():
            return _uncached({"status": "database_replaced"}, 503)
        return _uncached({"status": "ok"}, 200)


class ReadinessView(APIView):
    """Whether uploads can be taken and will be worked on, or a code; details are for staff."""

    permission_classes = [AllowAny]
    throttle_classes = [ProbeThrottle]

    def perform_authentication(self, request: Request) -> None:
        """Later, if at all: asking who it is needs the database that may be away."""

    @describe_operation.readiness
    def get(self, request: Request) -> Response:
        found = readiness.examine()
        problems = [code for code in found.values() if code]
        body: dict[str, Any] = {"status": "not_ready" if problems else "ready"}
        if problems:
            body["code"] = problems[0]
        if not found["database"] and getattr(request.user, "is_staff", False):
            body["checks"] = {name: "failed" if code else "ok" for name, code in found.items()}
        return _uncached(body, 503 if problems else 200)


def _uncached(body: dict[str, Any], status: int) -> Response:
    return Response(body, status=status, headers={"Cache-Control": "no-store, private"})
