import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

TOLD = ["pending", "processing", "analyzing", "completed", "failed"]
RUNNING = ["processing", "analyzing"]


def take_out(apps, schema_editor):
    """Without a trash nothing is in it: what was there is as before; what ran waits again."""
    Document = apps.get_model("documents", "Document")
    TrashedDocument = apps.get_model("documents", "TrashedDocument")
    for status in TOLD:
        ids = TrashedDocument.objects.filter(status=status).values("document")
        rows = Document.objects.filter(status="trashed", pk__in=ids)
        rows.update(status="pending" if status in RUNNING else status)


class Migration(migrations.Migration):
    dependencies = [
        ("documents", "0022_model_servers"),
    ]

    operations = [
        migrations.CreateModel(
            name="TrashedDocument",
            fields=[
                (
                    "document",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="trashed",
                        serialize=False,
                        to="documents.document",
                    ),
                ),
                (
                    "status",
                    models.CharField(help_text="before it was moved to the trash", max_length=10),
                ),
                (
                    "trashed_at",
                    models.DateTimeField(db_index=True, default=django.utils.timezone.now),
                ),
            ],
            options={"ordering": ["-trashed_at"]},
        ),
        migrations.RemoveConstraint(model_name="document", name="document_status_known"),
        migrations.AddConstraint(
            model_name="document",
            constraint=models.CheckConstraint(
                condition=models.Q(status__in=[*TOLD, "trashed"]), name="document_status_known"
            ),
        ),
        migrations.RunPython(migrations.RunPython.noop, take_out),
    ]
