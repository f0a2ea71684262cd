"""GET /documents/export: many documents in one answer, however many they are."""

from __future__ import annotations

from collections.abc import Generator

from django.http import HttpResponseBase
from rest_framework.request import Request

from accounts import audit
from accounts.throttles import RequestThrottle
from atom_project.file_responses import saved_as
from atom_project.problem_codes import ProblemCode
from atom_project.problems import Problem
from atom_project.web.pieces import PiecewiseResponse
from documents import filters
from documents.api import lists
from documents.api.access import OneForm, OwnersView
from documents.api.archive import contents, describe, lines, zipped
from documents.filters import YES_OR_NO

PER_MINUTE = 10
ZIP, NDJSON = FORMS = ("zip", "ndjson")
CONTENT_TYPES = {ZIP: "application/zip", NDJSON: "application/x-ndjson"}


class ExportThrottle(RequestThrottle):
    """Each may be the work of a hundred thousand."""

    scope = "exports"
    limit = PER_MINUTE


class DocumentsExportView(OwnersView):
    """All your documents, or those that the filters of the list let through, to take away."""

    content_negotiation_class = OneForm
    throttle_classes = [RequestThrottle, ExportThrottle]

    @describe.export
    def get(self, request: Request) -> HttpResponseBase:
        asked, owner = request.query_params, self.owner
        visible, known = self.get_queryset(), ("as", "originals")
        with filters.searching(owner.pk, asked.get("search", "").strip()):
            found = lists.chosen(visible, asked, owner_id=owner.pk, besides=known)
            form, with_originals = _form(request), _with_originals(request)
            ids = contents.Ids(found)
        audit.record(
            audit.Action.ANALYSIS_EXPORTED, owner, request=request._request, documents=len(ids)
        )
        headers = saved_as(f"atom-export.{form}", CONTENT_TYPES[form])
        if request.method == "HEAD":
            return PiecewiseResponse(_nothing(), headers)
        entries = contents.read(ids, visible, request)
        if form == ZIP:
            pieces = zipped.pieces(entries, with_originals=with_originals)
        else:
            pieces = lines.pieces(entries)
        return PiecewiseResponse(pieces, headers)


def _form(request: Request) -> str:
    form = request.query_params.get("as", ZIP)
    if form not in FORMS:
        raise Problem(400, ProblemCode.UNKNOWN_FORM, f"`as` must be one of {', '.join(FORMS)}.")
    return form


def _with_originals(request: Request) -> bool:
    answer = request.query_params.get("originals") or "false"
    if answer not in YES_OR_NO:
        raise Problem(400, ProblemCode.UNKNOWN_ANSWER, "`originals` must be true or false.")
    if answer == "true" and _form(request) != ZIP:
        raise Problem(
            400, ProblemCode.UNKNOWN_ANSWER, "`originals=true` needs `as=zip`: lines hold no files."
        )
    return answer == "true"


def _nothing() -> Generator[bytes]:
    yield from ()
