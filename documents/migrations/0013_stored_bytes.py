from django.db import migrations, models


class Migration(migrations.Migration):
    # Empty for documents of before: counting them here would read all their text while nobody
    # can use the service. `housekeeping` counts them; until then their file counts alone.

    dependencies = [
        ('documents', '0012_installation'),
    ]

    operations = [
        migrations.AddField(
            model_name='document',
            name='stored_bytes',
            field=models.PositiveBigIntegerField(blank=True, help_text='bytes with text and analyses; empty: not counted yet', null=True),
        ),
    ]
