from django.apps import AppConfig
from django.db.models.signals import post_migrate


class DocumentsConfig(AppConfig):
    name = "documents"

    def ready(self) -> None:
        from documents.models import totals

        post_migrate.connect(totals.keep, sender=self)
