"""Task feeds: who has one, since when, and when it was fetched; never the hash of its secret."""

from __future__ import annotations

from django.contrib import admin

from accounts.read_only_admin import ReadOnlyAdmin
from documents.models import TaskFeed


@admin.register(TaskFeed)
class TaskFeedAdmin(ReadOnlyAdmin):
    fields = ("owner", "made_at", "fetched_at")
    list_display = fields
    list_select_related = ("owner",)
    search_fields = ("owner__username",)
    date_hierarchy = "made_at"
