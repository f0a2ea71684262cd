from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('documents', '0008_changed_events'),
    ]

    operations = [
        migrations.RenameField('document', 'losses', 'lease_expirations'),
        migrations.AlterField(
            model_name='document',
            name='lease_expirations',
            field=models.PositiveIntegerField(default=0, help_text='leases run out in a row'),
        ),
    ]
