"""A running total of what is pending and not held: how long the line is.

Triggers are made, and all is counted, when the migrations are through: see `documents.models.totals`.
"""

from django.db import migrations, models

KEPT = [f"documents_owned_{event}" for event in ("insert", "delete", "update")]


def drop_triggers(apps, schema_editor):
    """Those of before know nothing of the column; those of after would let nothing in without it."""
    for name in KEPT:
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f"DROP FUNCTION IF EXISTS {name}() CASCADE")
        else:
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {name}")


class Migration(migrations.Migration):
    dependencies = [("documents", "0039_external_id")]

    operations = [
        migrations.RunPython(drop_triggers, migrations.RunPython.noop),
        migrations.AddField(
            "ownertotals",
            "ready",
            models.BigIntegerField(default=0, help_text="pending and not held"),
        ),
        migrations.RunPython(migrations.RunPython.noop, drop_triggers),
    ]
