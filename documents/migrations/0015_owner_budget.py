import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('documents', '0014_read_findings'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='BudgetHold',
            fields=[
                ('owner', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='budget_hold', serialize=False, to=settings.AUTH_USER_MODEL)),
                ('until', models.DateTimeField(help_text='the end of the day whose budget is used up')),
                ('budget', models.DecimalField(decimal_places=6, help_text='in USD, that was found used up', max_digits=20)),
                ('held_at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'ordering': ['held_at'],
            },
        ),
        # Nullable and without a default: on SQLite too the table is not written anew.
        migrations.AddField(
            model_name='document',
            name='held_until',
            field=models.DateTimeField(blank=True, help_text='claims pass over it while this is set; see BudgetHold', null=True),
        ),
        migrations.RemoveIndex(
            model_name='document',
            name='document_line',
        ),
        migrations.AddIndex(
            model_name='document',
            index=models.Index(condition=models.Q(('held_until', None), ('status', 'pending')), fields=['queue_number', 'status', 'held_until'], name='document_line'),
        ),
    ]
