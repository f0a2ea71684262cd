from django.db import migrations, models


def rename_permissions(apps, schema_editor):
    """Whoever was allowed to resume the queue still is; Django renames no permissions."""
    _rename(apps, "linepause", "opencircuit", "line pause", "open circuit")


def restore_permissions(apps, schema_editor):
    _rename(apps, "opencircuit", "linepause", "open circuit", "line pause")


def _rename(apps, old, new, old_name, new_name):
    permissions = apps.get_model("auth", "Permission").objects
    for permission in permissions.filter(
        content_type__app_label="documents", codename__endswith=f"_{old}"
    ):
        permission.codename = permission.codename.replace(old, new)
        permission.name = permission.name.replace(old_name, new_name)
        permission.save()


class Migration(migrations.Migration):

    dependencies = [
        ('documents', '0009_lease_expirations'),
        ('auth', '0012_alter_user_first_name_max_length'),
        ('contenttypes', '0002_remove_content_type_name'),
    ]

    operations = [
        migrations.RenameModel('LinePause', 'OpenCircuit'),
        migrations.RenameField('opencircuit', 'since', 'opened_at'),
        migrations.RenameField('opencircuit', 'met_at', 'refused_at'),
        migrations.RenameField('opencircuit', 'next_try_at', 'probe_at'),
        migrations.RenameField('opencircuit', 'tries', 'probes'),
        migrations.RenameField('opencircuit', 'tried_with', 'probed_with'),
        migrations.AlterModelOptions('opencircuit', {'ordering': ['opened_at']}),
        migrations.AlterField(
            model_name='opencircuit',
            name='probed_with',
            field=models.UUIDField(blank=True, help_text='the document let through last', null=True),
        ),
        migrations.AlterField(
            model_name='workerheartbeat',
            name='account',
            field=models.CharField(blank=True, help_text='that pays for its calls; see OpenCircuit', max_length=64),
        ),
        migrations.RunPython(rename_permissions, restore_permissions),
    ]
