from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("documents", "0038_list_orders"),
    ]

    # Nullable: SQLite then adds the column, instead of copying the table and losing its triggers.
    operations = [
        migrations.AddField(
            model_name="document",
            name="external_id",
            field=models.CharField(
                blank=True,
                help_text="its owner's own name for it; several documents may share one",
                max_length=200,
                null=True,
            ),
        ),
        migrations.AddField(
            model_name="resumableupload",
            name="external_id",
            field=models.CharField(blank=True, max_length=200, null=True),
        ),
        migrations.AddIndex(
            model_name="document",
            index=models.Index(
                condition=models.Q(("external_id__isnull", False)),
                fields=["owner", "external_id"],
                name="document_external_id",
            ),
        ),
    ]
