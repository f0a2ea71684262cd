"""The addresses of the API, each with and without a slash at its end."""

from __future__ import annotations

from typing import Any

from django.urls import URLPattern, re_path
from rest_framework.routers import SimpleRouter

from atom_project.browsable_api import ROOT
from documents.api import (
    bulk,
    following,
    health,
    me,
    metrics,
    page_images,
    resumable_uploads,
    root,
    schema,
    stream,
    uploads,
    usage,
    views,
    webhooks,
)
from documents.api.archive import view as archive


def either(route: str, view: type[Any], name: str, **given: Any) -> URLPattern:
    """Addresses are made without the slash; a redirect would lose the body of a POST."""
    pattern: URLPattern = re_path(rf"^{route}/?$", view.as_view(**given), name=name)
    return pattern


router = SimpleRouter()
router.trailing_slash = "/?"
router.register("documents", views.DocumentViewSet, "api-document")
router.register("action-items", views.ActionItemViewSet, "api-action-item")

_PAGE = "documents/(?P<id>[^/.]+)/pages/(?P<number>[^/.]+)"
_WEBHOOK = "webhooks/(?P<id>[^/.]+)"

urlpatterns = [
    either("upload", uploads.UploadView, "api-upload"),
    either("uploads", resumable_uploads.ResumableUploadsView, "api-resumable-uploads"),
    either("uploads/(?P<id>[^/.]+)", resumable_uploads.ResumableUploadView, "api-resumable-upload"),
    either("documents/stream", stream.StreamView, "api-stream"),
    either("events", following.EventsView, "api-events"),
    either(f"{_PAGE}/image", page_images.PageImageView, "api-page-image"),
    either(f"{_PAGE}/boxes", page_images.QuoteBoxesView, "api-quote-boxes"),
    # Before the router, whose documents have ids.
    either("documents/export", archive.DocumentsExportView, "api-documents-export"),
    either("documents/bulk", bulk.BulkDocumentsView, "api-bulk-documents"),
    either("action-items/bulk", bulk.BulkTicksView, "api-bulk-ticks"),
    *router.urls,
    either("webhooks", webhooks.WebhooksView, "api-webhooks"),
    either(_WEBHOOK, webhooks.WebhookView, "api-webhook"),
    either(f"{_WEBHOOK}/secret", webhooks.SecretView, "api-webhook-secret"),
    either(f"{_WEBHOOK}/test", webhooks.TrialView, "api-webhook-test"),
    either(f"{_WEBHOOK}/deliveries", webhooks.DeliveriesView, "api-webhook-deliveries"),
    either(
        f"{_WEBHOOK}/deliveries/(?P<delivery>[^/.]+)/resend",
        webhooks.ResendView,
        "api-webhook-resend",
    ),
    either("me", me.MeView, "api-me"),
    either("usage", usage.UsageView, "api-usage"),
    either("schema", schema.SchemaView, "api-schema"),
    either("docs", schema.DocsView, "api-docs"),
    either("healthz", health.HealthView, "healthz"),
    either("readyz", health.ReadinessView, "readyz"),
    either("metrics", metrics.MetricsView, "metrics"),
]

# Last, because it lists those above that need no id.
_LISTED = [getattr(each, "name", "") for each in urlpatterns if "(?P" not in str(each.pattern)]
urlpatterns.append(either("api", root.RootView, ROOT, names=_LISTED))
