"""The list of documents: upload, retry and delete several, and whether it is out of date."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.files import File
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_safe

from accounts.models import User
from accounts.requests import SignedInRequest
from atom_project.problem_codes import ProblemCode
from atom_project.problems import MEDIA_TYPE, Problem
from documents import events, filters, removal
from documents.dashboard import freshness, rows
from documents.dashboard.access import change, own, requeue
from documents.failures import FailureCode
from documents.models import Document
from documents.uploads import file_types, intake, multipart, validators

SAMPLE = Path(__file__).parent / "sample" / "harbor-committee-minutes.txt"
VERDICTS = "upload_verdicts"

# What a page can tell of a file without reading it.
REFUSED_AT_SIGHT = (
    FailureCode.UNSUPPORTED_TYPE,
    FailureCode.EMPTY,
    FailureCode.TOO_LARGE,
    FailureCode.TOO_MANY_FILES,
)

# In the words the model is asked with; the built-in engine cannot translate.
LANGUAGES = [
    "Arabic",
    "Chinese",
    "Dutch",
    "English",
    "French",
    "German",
    "Hindi",
    "Italian",
    "Japanese",
    "Korean",
    "Polish",
    "Portuguese",
    "Russian",
    "Spanish",
    "Turkish",
    "Ukrainian",
]


@require_safe
@never_cache
def documents(request: SignedInRequest) -> HttpResponse:
    context = {
        **_listing(request),
        "max_files": settings.MAX_FILES_PER_UPLOAD,
        "max_bytes": settings.MAX_FILE_SIZE,
        "file_types": file_types.in_words(),
        "endings": ",".join(file_types.accepted()),
        "accept": file_types.accept_attribute(),
        "max_megabytes": settings.MAX_FILE_SIZE // 1024**2,
        "refusals": {code.value: _refusal(code) for code in REFUSED_AT_SIGHT},
        "verdicts": request.session.pop(VERDICTS, None),
    }
    return render(request, "documents/list.html", context)


def _refusal(code: FailureCode) -> str:
    why = validators.why_refused(code)
    return f"{why.detail} {why.advice}"


def _listing(request: SignedInRequest) -> dict[str, Any]:
    # The cursor first: what happens after it is told by the stream, so nothing falls between.
    cursor = events.latest_id()
    with filters.searching(request.user.pk, request.GET.get("search")):
        listing = rows.listing(own(request), request.GET)
    return {
        "cursor": cursor,
        "page_state": freshness.page_state(request.user),
        "languages": LANGUAGES,
        "listing": listing,
    }


@require_safe
@never_cache
def listing(request: SignedInRequest) -> HttpResponse:
    """The parts of the page that can change, to be read again while the page is looked at."""
    return render(request, "documents/_list_parts.html", _listing(request))


@login_not_required
@require_safe
@never_cache
def news(request: HttpRequest) -> HttpResponse:
    """Whether a page is out of date, also where an event was lost on its way.

    Signed out is 401 here, not a redirect: the page stays and says so.
    """
    if not isinstance(request.user, User):
        problem = Problem(401, ProblemCode.NOT_AUTHENTICATED, "Sign in first.")
        return JsonResponse(problem.as_json(), status=401, content_type=MEDIA_TYPE)
    return JsonResponse(freshness.of(request.user))


@require_safe
@never_cache
def row(request: SignedInRequest, document_id: UUID) -> HttpResponse:
    found = rows.read(own(request).filter(pk=document_id))
    if not found:
        raise Http404
    context = {"row": found[0], "page_state": freshness.page_state(request.user)}
    return render(request, "documents/_document_row.html", context)


@csrf_exempt
def upload(request: SignedInRequest) -> HttpResponse:
    """Say how the form is to be read before the token in it is looked for, and then look."""
    multipart.lose_no_file(request)
    return _upload(request)


@csrf_protect
@change
def _upload(request: SignedInRequest) -> HttpResponse:
    files = request.FILES.getlist("files")
    # Where nothing was chosen, browsers send one part without a name.
    if not any(file.name for file in files):
        messages.error(request, "Choose at least one file, then upload.")
        return redirect("dashboard:documents")
    language = request.POST.get("language", "")
    received = intake.receive(
        request.user, files, output_language=language if language in LANGUAGES else ""
    )
    # Told by the page that follows: reloading that sends no file again.
    request.session[VERDICTS] = {
        "accepted": [{"id": str(d.pk), "filename": d.filename} for d in received.documents],
        "refused": received.errors,
    }
    return redirect("dashboard:documents")


@change
def upload_sample(request: SignedInRequest) -> HttpResponse:
    with SAMPLE.open("rb") as file:
        received = intake.receive(request.user, [File(file, name=SAMPLE.name)])
    if received.errors:
        messages.error(request, received.errors[0]["detail"])
        return redirect("dashboard:documents")
    return redirect("dashboard:document", received.documents[0].pk)


@change
def retry_several(request: SignedInRequest) -> HttpResponse:
    chosen = _chosen(request)
    reasons = Counter(requeue(document) for document in chosen)
    if queued := reasons.pop("", 0):
        messages.success(request, f"{_count(queued)} put back in line.")
    for why_not, number in reasons.items():
        messages.warning(request, f"{_count(number)} {why_not} and left alone.")
    return redirect("dashboard:documents")


@never_cache
@change
def delete_several(request: SignedInRequest) -> HttpResponse:
    """Ask first; the answer comes with `confirmed`."""
    chosen = _chosen(request)
    if chosen and "confirmed" not in request.POST:
        return render(request, "documents/delete_several.html", {"documents": chosen})
    for document in chosen:
        removal.delete(document, request=request)
    if chosen:
        messages.success(request, f"{_count(len(chosen))} deleted.")
    return redirect("dashboard:documents")


def _chosen(request: SignedInRequest) -> list[Document]:
    """The ticked documents, those that are there and one's own, in the order of the list."""
    chosen = list(own(request).filter(pk__in=_ids(request.POST.getlist("document"))).newest_first())
    if not chosen:
        messages.error(request, "Tick at least one document first.")
    return chosen


def _ids(given: Iterable[str]) -> list[UUID]:
    ids = []
    for text in given:
        try:
            ids.append(UUID(text))
        except ValueError:
            continue  # Not from our form.
    return ids


def _count(number: int) -> str:
    """How a sentence begins that says what happened; what is, the page itself shows."""
    return "1 document was" if number == 1 else f"{number} documents were"
