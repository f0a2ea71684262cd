from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('documents', '0013_stored_bytes'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='analysis',
            options={'ordering': ['-id'], 'permissions': (('read_findings', "Can read what was found in everybody's documents, in the admin"),), 'verbose_name_plural': 'analyses'},
        ),
        migrations.AlterModelOptions(
            name='workerheartbeat',
            options={'ordering': ['-seen_at'], 'permissions': (('view_operations', 'Can view the operations page and the metrics'),)},
        ),
    ]
