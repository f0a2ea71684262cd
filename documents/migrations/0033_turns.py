from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("documents", "0032_resumable_upload"),
    ]

    operations = [
        migrations.RemoveIndex(model_name="document", name="document_line"),
        migrations.RemoveIndex(model_name="document", name="document_line_built_in"),
        migrations.AddField(
            model_name="document",
            name="turn",
            field=models.BigIntegerField(
                default=0,
                help_text="comes before the number in the order of the queue; see `turns`",
            ),
        ),
        migrations.AddIndex(
            model_name="document",
            index=models.Index(
                condition=models.Q(("held_until", None), ("status", "pending")),
                fields=["turn", "queue_number", "status", "held_until"],
                name="document_line",
            ),
        ),
        migrations.AddIndex(
            model_name="document",
            index=models.Index(
                condition=models.Q(
                    ("chosen_engine", "offline"), ("held_until", None), ("status", "pending")
                ),
                fields=["turn", "queue_number", "status", "held_until", "chosen_engine"],
                name="document_line_built_in",
            ),
        ),
        migrations.AddIndex(
            model_name="document",
            index=models.Index(
                condition=models.Q(("status", "pending")),
                fields=["owner", "turn"],
                name="document_owner_turns",
            ),
        ),
    ]
