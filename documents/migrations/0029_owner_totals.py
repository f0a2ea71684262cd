"""Running totals of each owner. The triggers that keep them are made, and all is counted, when the
migrations are through: see `documents.models.owner_totals.keep`.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

TRIGGERS = ("documents_owned_added", "documents_owned_removed", "documents_owned_changed")


def drop_triggers(apps, schema_editor):
    """Without the table they would let no document in."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP FUNCTION IF EXISTS documents_owned() CASCADE")
        return
    for name in TRIGGERS:
        schema_editor.execute(f"DROP TRIGGER IF EXISTS {name}")


class Migration(migrations.Migration):
    dependencies = [
        ("documents", "0028_search"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="OwnerTotals",
            fields=[
                ("owner", models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name="+", serialize=False, to=settings.AUTH_USER_MODEL)),
                ("documents", models.BigIntegerField(default=0)),
                ("bytes", models.BigIntegerField(default=0, help_text="files, with text and analyses")),
            ],
            options={"verbose_name_plural": "owner totals"},
        ),
        migrations.RunPython(migrations.RunPython.noop, drop_triggers),
    ]
