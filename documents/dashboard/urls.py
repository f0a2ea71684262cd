"""The addresses of the pages, each with and without a trailing slash."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpResponse
from django.urls import URLPattern, path
from django.views.decorators.gzip import gzip_page

from documents.dashboard import (
    document_views,
    feed_views,
    list_views,
    marks,
    overview_views,
    todo_views,
    trash_views,
    webhook_views,
)

app_name = "dashboard"


def _both(route: str, view: Callable[..., HttpResponse], name: str) -> list[URLPattern]:
    # A list of fifty documents shrinks to a tenth. Each answer masks its form tokens anew and is
    # padded at random, so that its size gives nothing away.
    view = gzip_page(view)
    return [path(route, view, name=name), path(f"{route}/", view)]


urlpatterns = [
    path("", gzip_page(list_views.documents), name="documents"),
    *_both("todo", todo_views.todo, "todo"),
    *_both("todo/list", todo_views.todo_parts, "todo_list"),
    *_both("todo/items/<int:item_id>", todo_views.tick, "todo_tick"),
    *_both("todo/feed", feed_views.settings_page, "feed_settings"),
    # Not zipped: no browser asks for it, and it has no slash at its end.
    path("todo/feed/<str:secret>.ics", feed_views.feed, name="feed"),
    *_both("account/webhooks", webhook_views.webhooks, "webhooks"),
    *_both("account/webhooks/<uuid:webhook_id>", webhook_views.webhook, "webhook"),
    *_both(
        "account/webhooks/<uuid:webhook_id>/resend/<int:delivery_id>",
        webhook_views.resend,
        "webhook_resend",
    ),
    *_both("overview", overview_views.overview, "overview"),
    *_both("my-usage", overview_views.my_usage, "my_usage"),
    *_both("d/list", list_views.listing, "listing"),
    *_both("d/news", list_views.news, "news"),
    *_both("d/upload", list_views.upload, "upload"),
    *_both("d/paste", list_views.paste, "paste"),
    *_both("d/sample", list_views.upload_sample, "sample"),
    *_both("d/retry", list_views.retry_several, "retry_several"),
    *_both("d/delete", list_views.delete_several, "delete_several"),
    *_both("d/trash", trash_views.trash, "trash"),
    *_both("d/trash/restore", trash_views.restore, "restore"),
    *_both("d/trash/delete", trash_views.delete, "delete_for_good"),
    *_both("d/trash/empty", trash_views.empty, "empty_trash"),
    *_both("d/<uuid:document_id>", document_views.document, "document"),
    *_both("d/<uuid:document_id>/row", list_views.row, "row"),
    *_both("d/<uuid:document_id>/panel", document_views.document_panel, "panel"),
    *_both("d/<uuid:document_id>/analyses/<int:analysis_id>", document_views.analysis, "analysis"),
    *_both("d/<uuid:document_id>/pages/<int:number>", document_views.page, "page"),
    *_both("d/<uuid:document_id>/pages/<int:number>/marks.svg", marks.marks, "marks"),
    *_both("d/<uuid:document_id>/retry", document_views.retry, "retry"),
    *_both("d/<uuid:document_id>/read-as", document_views.read_as, "read_as"),
    *_both("d/<uuid:document_id>/recognize", document_views.recognize, "recognize"),
    *_both("d/<uuid:document_id>/cancel", document_views.cancel, "cancel"),
    *_both("d/<uuid:document_id>/delete", document_views.delete, "delete"),
    *_both("d/<uuid:document_id>/items/<int:item_id>", document_views.tick, "tick"),
]
