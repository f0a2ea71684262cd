"""Let a call stay in the ledger when its owner is erased; a retry leads to its own request."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('documents', '0016_write_probe'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name='document',
            name='request_id',
            field=models.CharField(blank=True, editable=False, help_text='that queued it last, in the logs', max_length=64),
        ),
        migrations.AlterField(
            model_name='modelcall',
            name='owner',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='model_calls', to=settings.AUTH_USER_MODEL),
        ),
    ]
