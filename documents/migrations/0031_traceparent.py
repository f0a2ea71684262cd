from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('documents', '0030_double_indexes'),
    ]

    operations = [
        migrations.AddField(
            model_name='document',
            name='traceparent',
            field=models.CharField(blank=True, default='', editable=False, help_text='the span of that request, if traced', max_length=55),
            preserve_default=False,
        ),
    ]
