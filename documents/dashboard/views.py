"""The pages: they read what is there and hand every wish to the module that knows how."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from functools import wraps
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.files import File
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from accounts.requests import SignedInRequest
from atom_project.problems import MEDIA_TYPE, Problem
from documents import events, failures, queue, quotas, removal, results
from documents.dashboard import highlights, panel, rows
from documents.dashboard import news as changes
from documents.models import ActionItem, Analysis, Document, DocumentQuerySet, Page
from documents.uploads import intake, multipart

SAMPLE = Path(__file__).parent / "sample" / "harbor-committee-minutes.txt"
VERDICTS = "upload_verdicts"

# What a page can tell of a file without reading it.
REFUSED_AT_SIGHT = ("unsupported_type", "empty", "too_large", "too_many_files")

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

View = Callable[..., HttpResponse]


def _change(view: View) -> View:
    """A view that changes something, by POST only.

    A GET comes from signing in again after the session ended; it leads back to the page
    on which the change was asked for.
    """

    @wraps(view)
    def answer(request: SignedInRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "POST":
            return view(request, *args, **kwargs)
        if request.method not in {"GET", "HEAD"}:
            return HttpResponseNotAllowed(["POST"])
        if "document_id" in kwargs:
            return redirect("dashboard:document", kwargs["document_id"])
        return redirect("dashboard:documents")

    return answer


def _own(request: SignedInRequest) -> DocumentQuerySet:
    return Document.objects.visible_to(request.user)


def _own_or_404(request: SignedInRequest, document_id: UUID) -> Document:
    return get_object_or_404(_own(request), pk=document_id)


# The list


@require_safe
@never_cache
def documents(request: SignedInRequest) -> HttpResponse:
    context = {
        **_listing(request),
        "max_files": settings.MAX_FILES_PER_UPLOAD,
        "max_bytes": settings.MAX_FILE_SIZE,
        "max_megabytes": settings.MAX_FILE_SIZE // 1024**2,
        "refusals": {code: _refusal(code) for code in REFUSED_AT_SIGHT},
        "verdicts": request.session.pop(VERDICTS, None),
    }
    return render(request, "documents/list.html", context)


def _refusal(code: str) -> str:
    why = failures.failure(code)
    return f"{why.detail} {why.advice}"


def _listing(request: SignedInRequest) -> dict[str, Any]:
    # The cursor first: what happens after it is told by the stream, so nothing falls between.
    cursor = events.latest_id()
    return {
        "cursor": cursor,
        "circumstances": changes.circumstances(),
        "languages": LANGUAGES,
        "listing": rows.listing(_own(request), request.GET),
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
        problem = Problem(401, "not_authenticated", "Sign in first.")
        return JsonResponse(problem.as_json(), status=401, content_type=MEDIA_TYPE)
    return JsonResponse(changes.of(request.user))


@require_safe
@never_cache
def row(request: SignedInRequest, document_id: UUID) -> HttpResponse:
    found = rows.read(_own(request).filter(pk=document_id))
    if not found:
        raise Http404
    context = {"row": found[0], "circumstances": changes.circumstances()}
    return render(request, "documents/_document_row.html", context)


@csrf_exempt
def upload(request: SignedInRequest) -> HttpResponse:
    """Say how the form is to be read before the token in it is looked for, and then look."""
    multipart.lose_no_file(request)
    return _upload(request)


@csrf_protect
@_change
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
    request.session[VERDICTS] = {
        "accepted": [{"id": str(d.pk), "filename": d.filename} for d in received.documents],
        "refused": received.errors,
    }
    return redirect("dashboard:documents")


@_change
def upload_sample(request: SignedInRequest) -> HttpResponse:
    with SAMPLE.open("rb") as file:
        received = intake.receive(request.user, [File(file, name=SAMPLE.name)])
    if received.errors:
        messages.error(request, received.errors[0]["detail"])
        return redirect("dashboard:documents")
    return redirect("dashboard:document", received.documents[0].pk)


@_change
def retry_several(request: SignedInRequest) -> HttpResponse:
    chosen = _chosen(request)
    reasons = Counter(_requeue(document) for document in chosen)
    if queued := reasons.pop("", 0):
        messages.success(request, f"{_count(queued)} put back in line.")
    for why_not, number in reasons.items():
        messages.warning(request, f"{_count(number)} {why_not} and left alone.")
    return redirect("dashboard:documents")


@never_cache
@_change
def delete_several(request: SignedInRequest) -> HttpResponse:
    """Ask first; the answer comes with `confirmed`."""
    chosen = _chosen(request)
    if chosen and "confirmed" not in request.POST:
        return render(request, "documents/delete_several.html", {"documents": chosen})
    for document in chosen:
        removal.delete(document)
    if chosen:
        messages.success(request, f"{_count(len(chosen))} deleted.")
    return redirect("dashboard:documents")


def _chosen(request: SignedInRequest) -> list[Document]:
    """The ticked documents, those that are there and one's own, in the order of the list."""
    chosen = list(
        _own(request).filter(pk__in=_ids(request.POST.getlist("document"))).newest_first()
    )
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


def _requeue(document: Document) -> str:
    """Send it back in line, or say why not; a document deleted meanwhile is not."""
    try:
        queue.requeue(document, within_quota=True)
    except (queue.NotFinished, Document.DoesNotExist):
        return "not finished yet"
    except quotas.OverQuota:
        return "one more than may wait at once"
    return ""


# One document


def _panel_or_404(
    request: SignedInRequest, document_id: UUID, analysis: Analysis | None = None
) -> panel.Panel:
    document: Any = get_object_or_404(rows.with_version(_own(request)), pk=document_id)
    return panel.read(document, version=document.version or 0, analysis=analysis)


def _in_panel(request: SignedInRequest, document_id: UUID) -> dict[str, Any]:
    cursor = events.latest_id()
    return {
        "cursor": cursor,
        "circumstances": changes.circumstances(),
        "panel": _panel_or_404(request, document_id),
    }


@require_safe
@never_cache
def document(request: SignedInRequest, document_id: UUID) -> HttpResponse:
    return render(request, "documents/document.html", _in_panel(request, document_id))


@require_safe
@never_cache
def document_panel(request: SignedInRequest, document_id: UUID) -> HttpResponse:
    return render(request, "documents/_document_panel.html", _in_panel(request, document_id))


@require_safe
@never_cache
def analysis(request: SignedInRequest, document_id: UUID, analysis_id: int) -> HttpResponse:
    """An earlier analysis, to read only."""
    chosen = get_object_or_404(_own_or_404(request, document_id).analyses, pk=analysis_id)
    context = {
        "panel": _panel_or_404(request, document_id, chosen),
        "circumstances": changes.circumstances(),
    }
    return render(request, "documents/analysis.html", context)


@require_safe
@never_cache
def page(request: SignedInRequest, document_id: UUID, number: int) -> HttpResponse:
    """The text of one page; `?quote=120-188` marks these characters of it."""
    document = _own_or_404(request, document_id)
    shown = get_object_or_404(document.pages, number=number)
    asked = request.GET.getlist("quote")
    places = highlights.spans(asked, shown.text)
    context = {
        "document": document,
        "page": shown,
        "segments": highlights.segments(shown.text, places),
        "is_misplaced": len(places) < len(asked),
        **_neighbors(document, number),
    }
    return render(request, "documents/page.html", context)


def _neighbors(document: Document, number: int) -> dict[str, int | None]:
    """The pages before and after; numbers may be missing where limits cut."""
    numbers = Page.objects.filter(document=document).values_list("number", flat=True)
    return {
        "previous_number": numbers.filter(number__lt=number).order_by("-number").first(),
        "next_number": numbers.filter(number__gt=number).order_by("number").first(),
    }


@_change
def retry(request: SignedInRequest, document_id: UUID) -> HttpResponse:
    why_not = _requeue(_own_or_404(request, document_id))
    if why_not:
        messages.warning(request, f"The document was {why_not}, so it was left alone.")
    else:
        messages.success(request, "The document was put back in line.")
    return redirect("dashboard:document", document_id)


@_change
def cancel(request: SignedInRequest, document_id: UUID) -> HttpResponse:
    document = _own_or_404(request, document_id)
    try:
        queue.cancel(document)
    except queue.AlreadyFinished:
        messages.warning(request, "The document was finished before it could be canceled.")
    except Document.DoesNotExist:
        return redirect("dashboard:documents")
    else:
        messages.success(request, "The work on the document was canceled.")
    return redirect("dashboard:document", document_id)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def delete(request: SignedInRequest, document_id: UUID) -> HttpResponse:
    """Ask, and on a POST delete."""
    document = _own_or_404(request, document_id)
    if request.method != "POST":
        return render(request, "documents/delete.html", {"document": document})
    removal.delete(document)
    messages.success(request, f"“{document.filename}” was deleted.")
    return redirect("dashboard:documents")


@_change
def tick(request: SignedInRequest, document_id: UUID, item_id: int) -> HttpResponse:
    """Set an action item to what the button said, so that pressing twice changes nothing more."""
    document = _own_or_404(request, document_id)
    items = ActionItem.objects.filter(pk=item_id, analysis__document=document)
    item = get_object_or_404(items)
    results.tick(item, done=request.POST.get("done") == "yes")
    address = redirect("dashboard:document", document_id).url
    return redirect(f"{address}#item-{item.pk}")
