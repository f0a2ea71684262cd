"""The list of documents: upload, retry and delete several, and whether it is out of date."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.files import File
from django.core.files.base import ContentFile
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_safe

from accounts.models import User
from accounts.requests import SignedInRequest
from atom_project.problem_codes import ProblemCode
from atom_project.problems import MEDIA_TYPE, Problem
from documents import events, filters, quotas
from documents.dashboard import freshness, rows, ticked, undo
from documents.dashboard.access import change, own, requeue
from documents.failures import Failure, FailureCode
from documents.trash import moves
from documents.uploads import file_types, identical, intake, multipart, validators

SAMPLE = Path(__file__).parent / "sample" / "harbor-committee-minutes.txt"
VERDICTS = "upload_verdicts"
PASTED = "Pasted text %Y-%m-%d %H.%M.%S"

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
        "largest_bytes": settings.ATOM_MAX_FILE_SIZE,
        "largest_in_words": quotas.shown(settings.ATOM_MAX_FILE_SIZE),
        "too_large_pdf": _in_words(validators.too_large(file_types.PDF, is_resumable=True)),
        "file_types": file_types.in_words(),
        "endings": ",".join(file_types.accepted()),
        "accept": file_types.accept_attribute(),
        "max_megabytes": settings.MAX_FILE_SIZE // 1024**2,
        "refusals": {code.value: _refusal(code) for code in REFUSED_AT_SIGHT},
        "verdicts": request.session.pop(VERDICTS, None),
        "undo": undo.taken(request),
    }
    return render(request, "documents/list.html", context)


def _refusal(code: FailureCode) -> str:
    if code == FailureCode.TOO_LARGE:
        return _in_words(validators.too_large(file_types.TEXT, is_resumable=True))
    return _in_words(validators.why_refused(code))


def _in_words(why: Failure) -> str:
    return f"{why.detail} {why.advice}"


def _listing(request: SignedInRequest) -> dict[str, Any]:
    # The cursor first: what happens after it is told by the stream, so nothing falls between.
    cursor = events.latest_id()
    with filters.searching(request.user.pk, request.GET.get("search")):
        listing = rows.listing(own(request), request.GET, owner_id=request.user.pk)
    return {
        "cursor": cursor,
        "page_state": freshness.page_state(request.user),
        "languages": LANGUAGES,
        "listing": listing,
        "trash_days": settings.ATOM_TRASH_DAYS,
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
    words = filters.sensible(request.GET).get("search", "")
    found = rows.read(own(request).filter(pk=document_id))
    if not found:
        raise Http404
    [shown] = rows.with_hits(found, words)
    context = {
        "row": shown,
        "page_state": freshness.page_state(request.user),
    }
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
    _keep_verdicts(request, received)
    return redirect("dashboard:documents")


def _keep_verdicts(request: SignedInRequest, received: intake.UploadResult) -> None:
    """Told by the page that follows: reloading that sends no file again."""
    twins = identical.earlier(request.user, received.documents)
    accepted = [
        {
            "id": str(document.pk),
            "filename": document.filename,
            "same_as": twins[document.pk].filename if document.pk in twins else "",
        }
        for document in received.documents
    ]
    request.session[VERDICTS] = {"accepted": accepted, "refused": received.errors}


@change
def paste(request: SignedInRequest) -> HttpResponse:
    """Text as the text file that it would be."""
    # Forms send a line's end as two characters.
    text = request.POST.get("text", "").replace("\r\n", "\n")
    name = request.POST.get("name", "").strip() or timezone.now().strftime(PASTED)
    if not name.lower().endswith(".txt"):
        name += ".txt"
    received = intake.receive(request.user, [ContentFile(text.encode(), name=name)])
    _keep_verdicts(request, received)
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
    chosen = ticked.among(own(request).newest_first(), request)
    reasons = Counter(requeue(document) for document in chosen)
    if queued := reasons.pop("", 0):
        messages.success(request, f"{ticked.in_words(queued)} put back in line.")
    for why_not, number in reasons.items():
        messages.warning(request, f"{ticked.in_words(number)} {why_not} and left alone.")
    return redirect("dashboard:documents")


@never_cache
@change
def delete_several(request: SignedInRequest) -> HttpResponse:
    """Into the trash. Without one it is for good: ask first; the answer comes with `confirmed`."""
    chosen = ticked.among(own(request).newest_first(), request)
    if chosen and not settings.ATOM_TRASH_DAYS and "confirmed" not in request.POST:
        return render(request, "documents/delete_several.html", {"documents": chosen})
    for document in chosen:
        moves.delete(document, request=request)
    undo.offer(request, chosen)
    return redirect("dashboard:documents")
