"""Every address of the service."""

from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from atom_project.error_handlers import never_there

admin.autodiscover()

urlpatterns = [
    path("", include("accounts.urls")),
    path("auth/", include("accounts.api.urls")),
    path("", include("documents.operations.admin_page")),
    path("admin", RedirectView.as_view(pattern_name="admin:index")),
    # No form here completes names, and Django's fails at the other end of a relation.
    path("admin/autocomplete/", never_there),
    path("admin/", admin.site.urls),
    path("", include("documents.api.urls")),
    path("", include("documents.dashboard.urls")),
]

handler400 = "atom_project.error_handlers.handler400"
handler403 = "atom_project.error_handlers.handler403"
handler404 = "atom_project.error_handlers.handler404"
handler500 = "atom_project.error_handlers.handler500"
