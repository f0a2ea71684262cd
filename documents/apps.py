from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate

from atom_project import jit


class DocumentsConfig(AppConfig):
    name = "documents"

    def ready(self) -> None:
        from documents.models import totals

        post_migrate.connect(totals.keep, sender=self)
        connection_created.connect(jit.turn_off)
