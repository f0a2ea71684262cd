"""The addresses of the pages, each with and without a trailing slash."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpResponse
from django.urls import URLPattern, path
from django.views.decorators.gzip import gzip_page

from documents.dashboard import views

app_name = "dashboard"


def _both(route: str, view: Callable[..., HttpResponse], name: str) -> list[URLPattern]:
    # A list of fifty documents shrinks to a tenth. Each answer masks its form tokens anew and is
    # padded at random, so that its size gives nothing away.
    view = gzip_page(view)
    return [path(route, view, name=name), path(f"{route}/", view)]


urlpatterns = [
    path("", gzip_page(views.documents), name="documents"),
    *_both("d/list", views.listing, "listing"),
    *_both("d/news", views.news, "news"),
    *_both("d/upload", views.upload, "upload"),
    *_both("d/sample", views.upload_sample, "sample"),
    *_both("d/retry", views.retry_several, "retry_several"),
    *_both("d/delete", views.delete_several, "delete_several"),
    *_both("d/<uuid:document_id>", views.document, "document"),
    *_both("d/<uuid:document_id>/row", views.row, "row"),
    *_both("d/<uuid:document_id>/panel", views.document_panel, "panel"),
    *_both("d/<uuid:document_id>/analyses/<int:analysis_id>", views.analysis, "analysis"),
    *_both("d/<uuid:document_id>/pages/<int:number>", views.page, "page"),
    *_both("d/<uuid:document_id>/retry", views.retry, "retry"),
    *_both("d/<uuid:document_id>/cancel", views.cancel, "cancel"),
    *_both("d/<uuid:document_id>/delete", views.delete, "delete"),
    *_both("d/<uuid:document_id>/items/<int:item_id>", views.tick, "tick"),
]
