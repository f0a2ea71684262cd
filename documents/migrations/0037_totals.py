"""Running totals of more of what a person has, and of calls to models.

Triggers are made, and all is counted, when the migrations are through: see `documents.models.totals`.
"""

from django.db import migrations, models

BEFORE = ("documents_owned_added", "documents_owned_removed", "documents_owned_changed")
KEPT = [
    f"{name}_{event}"
    for name in ("documents_owned", "documents_called")
    for event in ("insert", "delete", "update")
]


def drop_triggers_before(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP FUNCTION IF EXISTS documents_owned() CASCADE")
        return
    for name in BEFORE:
        schema_editor.execute(f"DROP TRIGGER IF EXISTS {name}")


def drop_triggers(apps, schema_editor):
    """Without the columns they would let no document in."""
    for name in KEPT:
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f"DROP FUNCTION IF EXISTS {name}() CASCADE")
        else:
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {name}")


class Migration(migrations.Migration):
    dependencies = [("documents", "0034_webhooks")]

    operations = [
        migrations.RunPython(drop_triggers_before, migrations.RunPython.noop),
        migrations.AddField("ownertotals", "pending", models.BigIntegerField(default=0)),
        migrations.AddField("ownertotals", "failed", models.BigIntegerField(default=0)),
        migrations.AddField("ownertotals", "trashed", models.BigIntegerField(default=0)),
        migrations.AddField(
            "ownertotals", "trashed_bytes", models.BigIntegerField(default=0, help_text="files only")
        ),
        migrations.CreateModel(
            name="CallTotals",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField()),
                ("owner_id", models.BigIntegerField(help_text="0: people who were erased")),
                ("model", models.CharField(max_length=200)),
                ("intended", models.BigIntegerField(default=0)),
                ("answered", models.BigIntegerField(default=0)),
                ("failed", models.BigIntegerField(default=0)),
                ("unknown", models.BigIntegerField(default=0)),
                ("unpriced", models.BigIntegerField(default=0, help_text="answered at an unknown price")),
                ("micro_usd", models.BigIntegerField(default=0, help_text="millionths of a dollar, where known")),
            ],
            options={"verbose_name_plural": "call totals"},
        ),
        migrations.AddConstraint(
            "calltotals",
            models.UniqueConstraint(fields=("day", "owner_id", "model"), name="call_totals_once"),
        ),
        migrations.RemoveIndex("modelcall", "call_sent"),
        migrations.AddIndex("modelcall", models.Index(fields=["sent_at"], name="call_sent")),
        migrations.AddIndex(
            "document",
            models.Index(
                condition=models.Q(("held_until", None), ("status", "pending")),
                fields=["queued_at"],
                name="document_waits",
            ),
        ),
        migrations.RunPython(migrations.RunPython.noop, drop_triggers),
    ]
