"""Addresses as ATOM has them."""

from __future__ import annotations

from django.urls import include, path
from rest_framework.routers import SimpleRouter

from bench.speed.rivals.drf import views

router = SimpleRouter(trailing_slash=False)
router.register("documents", views.DocumentViewSet, "document")

urlpatterns = [
    path("", include(router.urls)),
    path("upload", views.UploadView.as_view()),
    path("upload-with-rows", views.UploadWithRowsView.as_view()),
]
