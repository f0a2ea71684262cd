from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('documents', '0005_line_pause'),
    ]

    operations = [
        migrations.AddField(
            model_name='document',
            name='request_id',
            field=models.CharField(blank=True, editable=False, help_text='of the upload, in the logs', max_length=64),
        ),
        migrations.AddIndex(
            model_name='document',
            index=models.Index(fields=['finished_at'], name='document_finished'),
        ),
    ]
