"""Who asks, and what he may: so that a program need not find limits out by being refused."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.keys.model import Scope
from accounts.rate_limits import WINDOW
from accounts.throttles import RequestThrottle, UploadThrottle
from accounts.tokens import Credential
from atom_project import __version__
from documents import quotas
from documents.api import describe_me
from documents.api.access import OwnersView
from documents.api.archive.view import ExportThrottle
from documents.api.bulk import MOST, BulkThrottle
from documents.api.page_images import PageImageThrottle
from documents.api.paging import NumberedPages
from documents.models.uploads import LONGEST_EXTERNAL_ID
from documents.pipeline import engines
from documents.uploads import file_types

THROTTLES = (RequestThrottle, UploadThrottle, BulkThrottle, PageImageThrottle, ExportThrottle)


class MeView(OwnersView):
    """Your name, what your credential may, the limits, and what is left of your quotas."""

    key_scope_to_look = None  # Every key may ask what it is.

    @describe_me.me
    def get(self, request: Request) -> Response:
        return Response(
            {
                "username": self.owner.get_username(),
                "version": __version__,
                "credential": _credential(request),
                "limits": _limits(),
                "quotas": self._quotas(),
                "engine": _engine(),
                "throttles": _throttles(),
            }
        )

    def _quotas(self) -> dict[str, Any]:
        used = quotas.Used.of(self.owner)
        return {
            "documents": _quota(used.documents, settings.ATOM_MAX_DOCUMENTS_PER_USER),
            "bytes": _quota(used.bytes, settings.ATOM_MAX_BYTES_PER_USER),
            "queued": _quota(used.places, settings.ATOM_MAX_QUEUED_PER_USER),
        }


def _credential(request: Request) -> dict[str, Any]:
    proof = request.auth
    if not isinstance(proof, Credential):
        return {"kind": "session", "name": None, "scopes": [Scope.ALL], "expires_at": None}
    if proof.key is None:
        scopes = [Scope.ALL]
        return {"kind": "token", "name": None, "scopes": scopes, "expires_at": proof.expires_at}
    return {
        "kind": "key",
        "name": proof.key.name,
        "scopes": sorted(proof.key.scopes),
        "expires_at": proof.expires_at,
    }


def _limits() -> dict[str, Any]:
    return {
        "file_bytes": settings.MAX_FILE_SIZE,
        "resumable_file_bytes": settings.ATOM_MAX_FILE_SIZE,
        "files_per_upload": settings.MAX_FILES_PER_UPLOAD,
        "upload_bytes": settings.MAX_UPLOAD_BODY,
        "file_types": list(file_types.accepted()),
        "external_id_characters": LONGEST_EXTERNAL_ID,
        "page_size": NumberedPages.max_page_size,
        "bulk_ids": MOST,
    }


def _quota(used: int, limit: int) -> dict[str, int | None]:
    """A limit of 0 is none."""
    return {"used": used, "limit": limit or None, "left": max(0, limit - used) if limit else None}


def _engine() -> dict[str, Any]:
    is_built_in = settings.ANALYSIS_ENGINE == engines.BUILT_IN
    return {
        "name": settings.ANALYSIS_ENGINE,
        "model": None if is_built_in else settings.ATOM_MODEL,
        "choices": list(engines.choices()),
    }


def _throttles() -> list[dict[str, Any]]:
    kinds = THROTTLES if settings.ATOM_THROTTLE else ()
    return [{"name": one.scope, "limit": one.limit, "seconds": WINDOW} for one in kinds]
