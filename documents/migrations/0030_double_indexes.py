import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# The first column of an index or constraint that is named stands in one of Django's own besides.
DOUBLES = (
    ("documents_modelcall", "document_id"),
    ("documents_modelcall", "owner_id"),
    ("documents_uploadreceipt", "owner_id"),
)


def drop_doubles(apps, schema_editor):
    """Drop the indexes alone: SQLite would write the whole table anew to alter its column."""
    connection = schema_editor.connection
    for table, column in DOUBLES:
        with connection.cursor() as cursor:
            found = connection.introspection.get_constraints(cursor, table)
        for name, constraint in found.items():
            plain = not (constraint["unique"] or constraint["primary_key"])
            if constraint["index"] and plain and constraint["columns"] == [column]:
                schema_editor.execute(f"DROP INDEX {schema_editor.quote_name(name)}")


class Migration(migrations.Migration):
    dependencies = [
        ("documents", "0029_owner_totals"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        # Quotas ask running totals now: an index of what they added up would be written for nothing.
        migrations.RemoveIndex(model_name="document", name="document_owner_status"),
        migrations.AddIndex(
            model_name="document",
            index=models.Index(
                fields=["owner", "status", "-created_at", "-queue_number"],
                name="document_owner_status",
            ),
        ),
        migrations.SeparateDatabaseAndState(
            # Going back leaves them out: without them all is as right.
            database_operations=[migrations.RunPython(drop_doubles, migrations.RunPython.noop)],
            state_operations=[
                migrations.AlterField(
                    model_name="modelcall",
                    name="document",
                    field=models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="model_calls",
                        to="documents.document",
                    ),
                ),
                migrations.AlterField(
                    model_name="modelcall",
                    name="owner",
                    field=models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="model_calls",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AlterField(
                    model_name="uploadreceipt",
                    name="owner",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="upload_receipts",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
    ]
