from django.conf import settings
from django.db import migrations, models

from documents.models.indexes import NullsLastIndex


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("documents", "0037_totals"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="document",
            index=models.Index(
                fields=["owner", "-updated_at", "-queue_number"], name="document_owner_updated"
            ),
        ),
        migrations.AddIndex(
            model_name="document",
            index=NullsLastIndex(
                fields=["owner", "-finished_at", "-queue_number"], name="document_owner_finished"
            ),
        ),
    ]
