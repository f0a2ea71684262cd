"""Counters for metrics."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('documents', '0017_anonymous_calls'),
    ]

    operations = [
        migrations.CreateModel(
            name='Counter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=40)),
                ('label', models.CharField(blank=True, max_length=200)),
                ('value', models.BigIntegerField(default=0)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('name', 'label'), name='counter_once')],
            },
        ),
    ]
