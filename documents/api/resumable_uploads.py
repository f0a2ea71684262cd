"""Resumable upload over HTTP: tus 1.0 with creation, termination, expiration and checksum.

The bytes of a PATCH do not come by here: this view says what becomes of them, and
`atom_project.appended_bodies` has them kept.
"""

from __future__ import annotations

from contextlib import closing
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import Http404
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.keys.model import Scope
from accounts.throttles import UploadThrottle
from atom_project.appended_bodies import SLOT, Reply, Slot
from atom_project.problem_codes import ProblemCode
from atom_project.problems import Problem
from documents.api import describe_resumable
from documents.api.access import OneForm, OwnersView
from documents.api.uploads import external_id_of, language_of
from documents.models import ResumableUpload
from documents.uploads.resumable import appending, creation, metadata, refusals
from documents.uploads.resumable.appending import Appending
from documents.uploads.resumable.metadata import ALGORITHMS, Checksum

VERSION = refusals.RESUMABLE["Tus-Resumable"]
EXTENSIONS = "creation,expiration,termination,checksum"
BYTES = "application/offset+octet-stream"
LONGEST_NUMBER = 15  # digits; more are no size of a file, and slow to read


class TusView(OwnersView):
    """What all requests of the protocol have in common."""

    content_negotiation_class = OneForm
    key_scope = key_scope_to_look = Scope.UPLOAD  # Who hands in asks where to go on.

    def require_version(self) -> None:
        """Asked once it is known whose upload it is about: others hear nothing else than 404."""
        if self.request.headers.get("Tus-Resumable") != VERSION:
            raise Problem(
                412,
                ProblemCode.TUS_VERSION,
                f"Send the version of the protocol that is spoken here: Tus-Resumable: {VERSION}.",
                headers={"Tus-Version": VERSION},
            )

    def finalize_response(
        self, request: Request, response: Response, *args: Any, **kwargs: Any
    ) -> Response:
        answer = super().finalize_response(request, response, *args, **kwargs)
        answer["Tus-Resumable"] = VERSION
        return answer

    def options(self, request: Any, *args: Any, **kwargs: Any) -> Response:
        """What this server understands of tus."""
        headers = {
            "Tus-Version": VERSION,
            "Tus-Extension": EXTENSIONS,
            "Tus-Max-Size": str(settings.ATOM_MAX_FILE_SIZE),
            "Tus-Checksum-Algorithm": ",".join(ALGORITHMS),
        }
        return Response(status=204, headers=headers)


class ResumableUploadsView(TusView):
    """Begin a resumable upload."""

    throttle_classes = [UploadThrottle]

    @describe_resumable.begin
    def post(self, request: Request) -> Response:
        self.require_version()
        length = _number(request, "Upload-Length", ProblemCode.BAD_UPLOAD_LENGTH)
        try:
            said = metadata.parse(request.headers.get("Upload-Metadata", ""))
        except metadata.BadMetadata as bad:
            raise Problem(400, ProblemCode.BAD_UPLOAD_METADATA, str(bad)) from None
        upload = creation.begin(
            self.owner,
            said.get("filename", ""),
            length,
            output_language=language_of(said.get("language", "")),
            external_id=external_id_of(said.get("external_id", "")),
        )
        headers = {"Location": f"{request.path.rstrip('/')}/{upload.pk}"}
        return Response(status=201, headers={**headers, **refusals.expires(upload.expires_at)})


class ResumableUploadView(TusView):
    """One resumable upload: where to go on, the next bytes, or its end."""

    def head(self, request: Request, id: str) -> Response:
        return self._answer(appending.answer_head(self._own()))

    @describe_resumable.append
    def patch(self, request: Request, id: str) -> Response:
        upload, slot = self._own(), self._slot
        if slot is None:
            raise Problem(
                503,
                ProblemCode.NEEDS_ASGI,
                "Resumable uploads need an ASGI server, as `manage.py up` starts one.",
            )
        if request.content_type != BYTES:
            detail = f"Send the bytes as {BYTES}."
            raise Problem(415, ProblemCode.UNSUPPORTED_MEDIA_TYPE, detail)
        offset = _number(request, "Upload-Offset", ProblemCode.BAD_UPLOAD_OFFSET)
        begun = appending.begin(
            upload, offset, announced=slot.announced, checksum=_checksum(request)
        )
        return self._answer(begun)

    @describe_resumable.discard
    def delete(self, request: Request, id: str) -> Response:
        appending.discard(self._own())
        return Response(status=204)

    def _answer(self, begun: Appending | Reply) -> Response:
        """The answer, or the way to it left for whoever asked on behalf of the client."""
        if isinstance(begun, Appending) and self._slot is not None:
            self._slot.appending = begun
            return Response(status=204)  # Nobody hears it.
        if isinstance(begun, Appending):
            with closing(begun):
                begun = begun.end()
        return Response(status=begun.status, headers=dict(begun.headers))

    @property
    def _slot(self) -> Slot | None:
        scope: dict[str, Any] = getattr(self.request._request, "scope", {})
        return scope.get(SLOT)

    def _own(self) -> ResumableUpload:
        """Raises `Http404`, the same for every other id."""
        try:
            pk = UUID(self.kwargs["id"])
        except ValueError:
            raise Http404 from None
        upload = ResumableUpload.objects.of(self.owner).filter(pk=pk).first()
        if upload is None:
            raise Http404
        self.require_version()
        return upload


def _number(request: Request, header: str, code: ProblemCode) -> int:
    given = request.headers.get(header, "")
    if not (given.isascii() and given.isdigit() and len(given) <= LONGEST_NUMBER):
        raise Problem(400, code, f"{header} must be a number of bytes.")
    return int(given)


def _checksum(request: Request) -> Checksum | None:
    try:
        return Checksum.of(request.headers.get("Upload-Checksum", ""))
    except metadata.UnknownChecksum:
        raise refusals.unknown_checksum() from None
