from typing import Any

from django.db import migrations, models
from django.db.models import F


def hold(apps: Any, editor: Any) -> None:
    """Until now staff's pause was written over the owner's, of which nothing is known any more."""
    webhooks = apps.get_model("documents", "Webhook").objects.using(editor.connection.alias)
    webhooks.filter(pause_reason="staff").update(
        held_at=F("paused_at"), paused_at=None, pause_reason=""
    )


def pause(apps: Any, editor: Any) -> None:
    webhooks = apps.get_model("documents", "Webhook").objects.using(editor.connection.alias)
    webhooks.exclude(held_at=None).update(paused_at=F("held_at"), pause_reason="staff")


class Migration(migrations.Migration):
    dependencies = [
        ("documents", "0043_tell_task_doubts"),
    ]

    operations = [
        migrations.AddField(
            model_name="webhook",
            name="held_at",
            field=models.DateTimeField(blank=True, help_text="since when staff hold it", null=True),
        ),
        migrations.AlterField(
            model_name="webhook",
            name="pause_reason",
            field=models.CharField(
                blank=True,
                choices=[
                    ("owner", "Paused by its owner"),
                    ("failing", "Paused after a day of failures"),
                    ("gone", "Paused because the receiver answered 410 Gone"),
                    ("restored", "Paused because a backup was restored"),
                ],
                max_length=10,
            ),
        ),
        migrations.RunPython(hold, pause),
    ]
