"""Everything to look at when something is wrong, and the few levers that help then."""

from django.contrib import admin

from documents.admin import documents, feeds, findings, operations, webhooks

# Reading the modules registers them.
__all__ = ["documents", "feeds", "findings", "operations", "webhooks"]

admin.site.site_header = "ATOM"
admin.site.site_title = "ATOM"
admin.site.index_title = "Administration"
