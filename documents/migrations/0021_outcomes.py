from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("documents", "0020_growth"),
    ]

    operations = [
        migrations.AddField(
            model_name="document",
            name="chosen_engine",
            field=models.CharField(
                blank=True,
                help_text="its owner's choice: `offline` or a model; blank: as the settings say",
                max_length=200,
            ),
        ),
        migrations.AddField(
            model_name="document",
            name="warning",
            field=models.CharField(
                blank=True, help_text="of the analysis it was completed with", max_length=20
            ),
        ),
    ]
