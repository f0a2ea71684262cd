"""The addresses of the pages, each with and without a trailing slash."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpResponse
from django.urls import URLPattern, path
from django.views.decorators.gzip import gzip_page

from documents.dashboard import document_views, list_views

app_name = "dashboard"


def _both(route: str, view: Callable[..., HttpResponse], name: str) -> list[URLPattern]:
    # A list of fifty documents shrinks to a tenth. Each answer masks its form tokens anew and is
    # padded at random, so that its size gives nothing away.
    view = gzip_page(view)
    return [path(route, view, name=name), path(f"{route}/", view)]


urlpatterns = [
    path("", gzip_page(list_views.documents), name="documents"),
    *_both("d/list", list_views.listing, "listing"),
    *_both("d/news", list_views.news, "news"),
    *_both("d/upload", list_views.upload, "upload"),
    *_both("d/sample", list_views.upload_sample, "sample"),
    *_both("d/retry", list_views.retry_several, "retry_several"),
    *_both("d/delete", list_views.delete_several, "delete_several"),
    *_both("d/<uuid:document_id>", document_views.document, "document"),
    *_both("d/<uuid:document_id>/row", list_views.row, "row"),
    *_both("d/<uuid:document_id>/panel", document_views.document_panel, "panel"),
    *_both("d/<uuid:document_id>/analyses/<int:analysis_id>", document_views.analysis, "analysis"),
    *_both("d/<uuid:document_id>/pages/<int:number>", document_views.page, "page"),
    *_both("d/<uuid:document_id>/retry", document_views.retry, "retry"),
    *_both("d/<uuid:document_id>/read-as", document_views.read_as, "read_as"),
    *_both("d/<uuid:document_id>/cancel", document_views.cancel, "cancel"),
    *_both("d/<uuid:document_id>/delete", document_views.delete, "delete"),
    *_both("d/<uuid:document_id>/items/<int:item_id>", document_views.tick, "tick"),
]
