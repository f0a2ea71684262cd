"""The API described for programs (OpenAPI 3.1) and shown to people (Swagger UI, offline)."""

from __future__ import annotations

from typing import Any, ClassVar

from django.http import HttpResponse
from drf_spectacular.renderers import (
    OpenApiJsonRenderer,
    OpenApiJsonRenderer2,
    OpenApiYamlRenderer,
    OpenApiYamlRenderer2,
)
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.authentication import SessionAuthentication
from rest_framework.request import Request
from rest_framework.response import Response

# Swagger UI sets style attributes from its script; scripts stay ours alone.
INLINE_STYLES = {"style-src-attr": ["'unsafe-inline'"]}


def without_slash(endpoints: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """The addresses as they are meant to be used, where a slash at the end may also stand."""
    return [(path.rstrip("/") or "/", *rest) for path, *rest in endpoints]


@extend_schema(exclude=True)
class SchemaView(SpectacularAPIView):
    """JSON unless YAML is asked for, each made once: it takes 40 ms, and anybody may ask."""

    _made: ClassVar[dict[str, Response]] = {}

    renderer_classes = [
        OpenApiJsonRenderer2,
        OpenApiJsonRenderer,
        OpenApiYamlRenderer,
        OpenApiYamlRenderer2,
    ]

    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        renderer = request.accepted_renderer
        made = self._made.get(renderer.media_type)
        if made is None:
            made = super().get(request, *args, **kwargs)  # type: ignore[no-untyped-call]
            made.accepted_renderer = renderer
            made.accepted_media_type = renderer.media_type
            made.renderer_context = self.get_renderer_context()
            self._made[renderer.media_type] = made.render()
        headers = {"Content-Disposition": made["Content-Disposition"]}
        return HttpResponse(made.content, made["Content-Type"], headers=headers)


class DocsView(SpectacularSwaggerSplitView):
    """Its script comes from an address of its own, so that no inline script is needed."""

    template_name = "swagger.html"
    # Anybody may read it; whoever is signed in finds the way back to their documents.
    authentication_classes = [SessionAuthentication]
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
