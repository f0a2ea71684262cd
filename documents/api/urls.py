"""The addresses of the API, each with and without a slash at its end."""

from __future__ import annotations

from typing import Any

from django.urls import URLPattern, re_path
from rest_framework.routers import SimpleRouter

from documents.api import health, metrics, schema, stream, uploads, usage, views


def either(route: str, view: type[Any], name: str) -> URLPattern:
    """Addresses are made without the slash; a redirect would lose the body of a POST."""
    pattern: URLPattern = re_path(rf"^{route}/?$", view.as_view(), name=name)
    return pattern


router = SimpleRouter()
router.trailing_slash = "/?"
router.register("documents", views.DocumentViewSet, "api-document")
router.register("action-items", views.ActionItemViewSet, "api-action-item")

urlpatterns = [
    either("upload", uploads.UploadView, "api-upload"),
    either("documents/stream", stream.StreamView, "api-stream"),
    *router.urls,
    either("usage", usage.UsageView, "api-usage"),
    either("schema", schema.SchemaView, "api-schema"),
    either("docs", schema.DocsView, "api-docs"),
    either("healthz", health.HealthView, "healthz"),
    either("readyz", health.ReadinessView, "readyz"),
    either("metrics", metrics.MetricsView, "metrics"),
]
