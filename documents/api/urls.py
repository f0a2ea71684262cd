"""The addresses of the API, each with and without a slash at its end."""

from __future__ import annotations

from typing import Any

from django.urls import URLPattern, re_path

from documents.api import health, metrics, schema, stream, uploads, usage, views

ID = "(?P<id>[^/]+)"


def either(route: str, view: type[Any], name: str) -> URLPattern:
    """Addresses are made without the slash; a redirect would lose the body of a POST."""
    pattern: URLPattern = re_path(rf"^{route}/?$", view.as_view(), name=name)
    return pattern


urlpatterns = [
    either("upload", uploads.UploadView, "api-upload"),
    either("documents", views.DocumentListView, "api-documents"),
    either("documents/stream", stream.StreamView, "api-stream"),
    either(f"documents/{ID}", views.DocumentView, "api-document"),
    either(f"documents/{ID}/status", views.DocumentStatusView, "api-document-status"),
    either(f"documents/{ID}/pages", views.PageListView, "api-document-pages"),
    either(f"documents/{ID}/file", views.FileView, "api-document-file"),
    either(f"documents/{ID}/export", views.ExportView, "api-document-export"),
    either(f"documents/{ID}/analyses", views.AnalysisListView, "api-document-analyses"),
    either(f"documents/{ID}/retry", views.RetryView, "api-document-retry"),
    either(f"documents/{ID}/cancel", views.CancelView, "api-document-cancel"),
    either(f"action-items/{ID}", views.ActionItemView, "api-action-item"),
    either("usage", usage.UsageView, "api-usage"),
    either("schema", schema.SchemaView, "api-schema"),
    either("docs", schema.DocsView, "api-docs"),
    either("healthz", health.HealthView, "healthz"),
    either("readyz", health.ReadinessView, "readyz"),
    either("metrics", metrics.MetricsView, "metrics"),
]
