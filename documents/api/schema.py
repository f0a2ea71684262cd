"""The API described for programs (OpenAPI 3.1) and shown to people (Swagger UI, offline)."""

from __future__ import annotations

from typing import Any

from drf_spectacular.renderers import (
    OpenApiJsonRenderer,
    OpenApiJsonRenderer2,
    OpenApiYamlRenderer,
    OpenApiYamlRenderer2,
)
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.request import Request
from rest_framework.response import Response

from documents.api.access import INLINE_STYLES


def without_slash(endpoints: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """The addresses as they are meant to be used, where a slash at the end may also stand."""
    return [(path.rstrip("/") or "/", *rest) for path, *rest in endpoints]


@extend_schema(exclude=True)
class SchemaView(SpectacularAPIView):
    """JSON unless YAML is asked for."""

    renderer_classes = [
        OpenApiJsonRenderer2,
        OpenApiJsonRenderer,
        OpenApiYamlRenderer,
        OpenApiYamlRenderer2,
    ]


class DocsView(SpectacularSwaggerSplitView):
    """Its script comes from an address of its own, so that no inline script is needed."""

    # OPTIONS would ask its template for something to tell, and find none.
    http_method_names = ["get", "head"]
    url_name = "api-schema"
    url_self = None

    def finalize_response(
        self, request: Request, response: Response, *args: Any, **kwargs: Any
    ) -> Response:
        answer = super().finalize_response(request, response, *args, **kwargs)
        answer._csp_update = INLINE_STYLES  # type: ignore[attr-defined]
        return answer
