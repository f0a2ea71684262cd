from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("documents", "0044_webhook_hold"),
    ]

    operations = [
        migrations.AddField(
            model_name="page",
            name="struck_out",
            field=models.PositiveIntegerField(
                blank=True,
                help_text="letters with a line through them; null: not looked for",
                null=True,
            ),
        ),
    ]
