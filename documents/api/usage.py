"""What one's own documents have cost at the model server."""

from __future__ import annotations

from rest_framework.request import Request
from rest_framework.response import Response

from documents.api import describe
from documents.api.access import OwnersView
from documents.models import ModelCall

DAYS = 30


class UsageView(OwnersView):
    """Calls to the model, tokens and cost of the last 30 days, by day in UTC and in total."""

    @describe.usage
    def get(self, request: Request) -> Response:
        calls = ModelCall.objects.visible_to(self.owner).recent(DAYS)
        return Response({"days": calls.figures_per(), "total": calls.figures()})
