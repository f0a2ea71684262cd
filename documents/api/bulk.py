"""Many at once: the same done with up to a hundred documents or action items, with a verdict each.

Each is done by itself, as one call of its own would, so one that cannot be done stops no other.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Hashable
from typing import Any

from django.http import Http404
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.throttles import RequestThrottle
from atom_project.problem_codes import ProblemCode
from atom_project.problems import Problem
from documents import removal
from documents.api import describe_bulk, moves
from documents.api.access import OwnersView
from documents.api.fields import StrictBooleanField, StrictUUIDField
from documents.models import ActionItem
from documents.pipeline import ticks

MOST = 100  # in one call
PER_MINUTE = 30


class BulkThrottle(RequestThrottle):
    """Each call is the work of a hundred."""

    scope = "bulk"
    limit = PER_MINUTE


class Ids(serializers.ListField):
    """Some ids, each once."""

    def __init__(self, child: serializers.Field[Any, Any, Any, Any]) -> None:
        super().__init__(child=child, min_length=1, max_length=MOST)

    def run_validation(self, data: Any = serializers.empty) -> Any:
        ids = super().run_validation(data)
        if len(set(ids)) != len(ids):
            raise serializers.ValidationError("An id is named twice.")
        return ids


class BulkDocumentsSerializer(serializers.Serializer[Any]):
    action = serializers.ChoiceField(choices=["retry", "cancel", "delete"])
    ids = Ids(StrictUUIDField())
    engine = serializers.CharField(
        max_length=200, required=False, allow_blank=True, help_text="For `retry`, as of one call."
    )


class BulkTicksSerializer(serializers.Serializer[Any]):
    ids = Ids(serializers.IntegerField(min_value=1, max_value=2**63 - 1))
    done = StrictBooleanField()


class BulkView(OwnersView):
    """POST says what is to be done with which; what became of each is in the answer."""

    throttle_classes = [RequestThrottle, BulkThrottle]

    def given(self, request: Request) -> dict[str, Any]:
        serializer = self.get_serializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        return dict(serializer.validated_data)

    @staticmethod
    def each(ids: list[Hashable], act: Callable[[Any], None]) -> Response:
        """Act on each id; 207 where something was not done."""
        verdicts = [_verdict(one, act) for one in ids]
        is_done = all(verdict["done"] for verdict in verdicts)
        return Response({"results": verdicts}, status=200 if is_done else 207)


def _verdict(one: Any, act: Callable[[Any], None]) -> dict[str, Any]:
    try:
        act(one)
    except (Http404, *moves.GONE):
        return _refused(one, ProblemCode.NOT_FOUND, "Nothing of yours has this id.")
    except Problem as problem:
        return _refused(one, problem.code, str(problem.detail))
    return {"id": one, "done": True, "code": None, "detail": None}


def _refused(one: Any, code: str, detail: str) -> dict[str, Any]:
    return {"id": one, "done": False, "code": str(code), "detail": detail}


class BulkDocumentsView(BulkView):
    serializer_class = BulkDocumentsSerializer

    @describe_bulk.documents
    def post(self, request: Request) -> Response:
        """Retry, cancel or delete up to a hundred documents."""
        given = self.given(request)
        act: moves.Move = moves.cancel
        if given["action"] == "retry":
            act = moves.retry(given.get("engine", ""))
        elif given["action"] == "delete":
            act = functools.partial(removal.delete, request=request._request)

        def act_on(document_id: Any) -> None:
            document = self.get_queryset().filter(pk=document_id).first()
            if document is None:
                raise Http404
            act(document)

        return self.each(given["ids"], act_on)


class BulkTicksView(BulkView):
    serializer_class = BulkTicksSerializer

    @describe_bulk.ticks
    def post(self, request: Request) -> Response:
        """Tick up to a hundred action items, or take their ticks back."""
        given = self.given(request)
        items = ActionItem.objects.visible_to(self.owner).select_related("analysis__document")

        def tick(item_id: Any) -> None:
            item = items.filter(pk=item_id).first()
            if item is None:
                raise Http404
            ticks.tick(item, done=given["done"])

        return self.each(given["ids"], tick)
